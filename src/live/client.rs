//! What pages use: whether they are live, and data that is read again when somebody changes it.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{Changes, Topic};
use super::tab;
use crate::auth::permission::Role;
use crate::error::AppError;

/// How the page stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Not connected yet, or there is no JavaScript.
    #[default]
    Asleep,
    /// What others do appears by itself.
    Live,
    /// Lost; it is tried again.
    Reconnecting,
    /// The session has ended.
    Ended,
    /// The person has another role than the page was drawn for.
    OtherRole,
}

/// Whether the page has woken up and is live.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    connection: RwSignal<Connection>,
    awake: RwSignal<bool>,
}

/// Makes [`use_live`] work below here. Once, at the root.
pub fn provide_live() {
    let live = Live { connection: RwSignal::new(Connection::Asleep), awake: RwSignal::new(false) };
    Effect::new(move |_| live.awake.set(is_taken_over()));
    provide_context(live);
}

thread_local! {
    static TAKEN_OVER: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Tells that the browser has taken over the page that the server drew. Effects may run before: the frame's while
/// the code of the page in it is on its way. What they would show by then is not what the server drew.
pub fn page_taken_over() {
    TAKEN_OVER.with(|taken| taken.set(true));
}

/// Whether the browser has taken the page over, for once.
#[cfg(feature = "split")]
pub fn is_page_taken_over() -> bool {
    TAKEN_OVER.with(|taken| taken.get_untracked())
}

/// Followed by the effect that asks.
fn is_taken_over() -> bool {
    TAKEN_OVER.with(|taken| taken.get())
}

/// Whether the page is live, and how to follow changes.
pub fn use_live() -> Live {
    expect_context::<Live>()
}

impl Live {
    /// How the page stands with the server, whenever that changes.
    pub fn connection_signal(self) -> Signal<Connection> {
        self.connection.into()
    }

    /// How the page stands with the server.
    pub fn connection(self) -> Connection {
        self.connection.get()
    }

    /// Whether the browser has taken the page over: what only works with JavaScript is shown then.
    pub fn awake(self) -> bool {
        self.awake.get()
    }

    /// The same, without following it.
    pub fn awake_now(self) -> bool {
        self.awake.get_untracked()
    }

    pub(super) fn set(self, connection: Connection) {
        if self.connection.try_get_untracked() != Some(connection) {
            self.connection.try_set(connection);
        }
    }

    /// Opens the tab's one stream, as long as the caller's owner lives. `role`: for whom the page was drawn.
    /// `position`: see `PageContext::live`.
    pub fn open(self, role: Role, position: String) {
        Effect::new(move |_| {
            if is_taken_over() {
                tab::open(self, role, position.clone());
                on_cleanup(tab::close);
            }
        });
    }

    /// Calls `act` soon after changes of these topics, as long as the caller's owner lives: changes are gathered,
    /// and what happens while the tab is out of sight is told once when it comes back.
    pub fn on(self, topics: &'static [Topic], act: impl Fn(Changes) + 'static) {
        let act: tab::Act = Rc::new(move |changes| {
            act(changes);
            true
        });
        // An effect, because only the browser runs it.
        Effect::new(move |_| {
            let watcher = tab::watch(topics, act.clone());
            on_cleanup(move || tab::unwatch(watcher));
        });
    }
}

/// Data that can follow changes. What is shown stays while it is read again, also when that fails because the
/// server cannot be reached: then it is tried again.
pub struct LiveResource<T: Clone + Send + Sync + 'static> {
    /// The answer, as any resource gives it.
    pub answer: Resource<Result<T, AppError>>,
    /// The read under way, or the last one, was of the same thing again: nothing to wait for in sight.
    pub quiet: Signal<bool>,
    watcher: StoredValue<Option<u32>>,
}

impl<T: Clone + Send + Sync + 'static> Clone for LiveResource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Copy for LiveResource<T> {}

/// A resource that can follow changes: `live_resource(key, read).follow(&[Topic::Orders])`.
pub fn live_resource<K, T, Answer>(
    key: impl Fn() -> K + Send + Sync + 'static,
    read: impl Fn(K) -> Answer + Send + Sync + 'static,
) -> LiveResource<T>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let kept = StoredValue::new(None::<(K, T)>);
    let watcher = StoredValue::new(None::<u32>);
    let quiet = RwSignal::new(false);
    let key = Arc::new(key);
    let source = key.clone();
    let answer = Resource::new(
        move || source(),
        move |key| {
            let again = kept.with_value(|kept| kept.as_ref().is_some_and(|(last, _)| *last == key));
            if quiet.get_untracked() != again {
                quiet.set(again);
            }
            let asked = read(key.clone());
            async move {
                let answer = asked.await;
                // The page may be gone by then.
                let watcher = watcher.try_get_value().flatten();
                if let Some(watcher) = watcher {
                    tab::ended(watcher);
                }
                match answer {
                    Err(error) if error.code.status() >= 500 => {
                        let last = kept.try_get_value().flatten().filter(|(last, _)| *last == key);
                        let (Some((_, last)), Some(watcher)) = (last, watcher) else { return Err(error) };
                        tab::try_later(watcher);
                        Ok(last)
                    }
                    Ok(value) => {
                        // On the server nothing is ever read again.
                        if cfg!(feature = "hydrate") {
                            kept.try_set_value(Some((key, value.clone())));
                        }
                        Ok(value)
                    }
                    refused => refused,
                }
            }
        },
    );
    // What came with the page was read by the server.
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(Ok(value)) = answer.get_untracked()
        {
            kept.set_value(Some((untrack(|| key()), value)));
        }
    });
    LiveResource { answer, quiet: quiet.into(), watcher }
}

impl<T: Clone + Send + Sync + 'static> LiveResource<T>
where
    Result<T, AppError>: Serialize + DeserializeOwned,
{
    /// Read again after any change of these topics.
    pub fn follow(self, topics: &'static [Topic]) -> Self {
        self.follow_when(topics, |_| true)
    }

    /// Read again after those changes of these topics that concern what is shown.
    pub fn follow_when(self, topics: &'static [Topic], concerns: impl Fn(&Changes) -> bool + 'static) -> Self {
        self.follow_when_unless(topics, Signal::stored(false), concerns)
    }

    /// The same as [`LiveResource::follow`], but not while `held` (somebody drags what is shown): once, afterwards.
    pub fn follow_unless(self, topics: &'static [Topic], held: Signal<bool>) -> Self {
        self.follow_when_unless(topics, held, |_| true)
    }

    /// Both: after those changes that concern what is shown, and not while `held`.
    pub fn follow_when_unless(
        self,
        topics: &'static [Topic],
        held: Signal<bool>,
        concerns: impl Fn(&Changes) -> bool + 'static,
    ) -> Self {
        let Self { answer, watcher, .. } = self;
        watch_unless(held, topics, watcher, move |id, changes| {
            if concerns(&changes) {
                tab::begun(id);
                answer.refetch();
                return true;
            }
            false
        });
        self
    }
}

/// For what must not be drawn anew, because one types or drags in it: after changes of these topics `read` is
/// asked (nothing, when they do not concern what is shown), and `arrive` is given what it answered. Not while
/// `held`: once, afterwards.
pub fn follow_beside<T, Answer>(
    topics: &'static [Topic],
    held: Signal<bool>,
    read: impl Fn(&Changes) -> Option<Answer> + 'static,
    arrive: impl Fn(Result<T, AppError>) + 'static,
) where
    T: 'static,
    Answer: Future<Output = Result<T, AppError>> + 'static,
{
    let arrive = Rc::new(arrive);
    watch_unless(held, topics, StoredValue::new(None), move |id, changes| {
        let Some(asked) = read(&changes) else { return false };
        tab::begun(id);
        let arrive = arrive.clone();
        spawn_local(async move {
            let answer = asked.await;
            // The page may be gone by then.
            let Some(held) = held.try_get_untracked() else { return };
            tab::ended(id);
            match answer {
                Err(error) if error.code.status() >= 500 => tab::try_later(id),
                // Taken hold of meanwhile: asked anew once it is let go.
                _ if held => tab::again(id),
                answer => arrive(answer),
            }
        });
        true
    });
}

/// Calls `act` after changes of these topics, or once `held` has ended, with the id of what watches, which it
/// also leaves in `watcher`.
fn watch_unless(
    held: Signal<bool>,
    topics: &'static [Topic],
    watcher: StoredValue<Option<u32>>,
    act: impl Fn(u32, Changes) -> bool + 'static,
) {
    let missed = StoredValue::new(false);
    let act: tab::Act = Rc::new(move |changes| {
        let Some(id) = watcher.try_get_value().flatten() else { return false };
        if held.get_untracked() {
            missed.set_value(true);
            return false;
        }
        act(id, changes)
    });
    // An effect, because only the browser runs it.
    Effect::new(move |_| {
        let id = tab::watch(topics, act.clone());
        watcher.set_value(Some(id));
        on_cleanup(move || tab::unwatch(id));
    });
    Effect::new(move |_| {
        if !held.get()
            && missed.get_value()
            && let Some(id) = watcher.get_value()
        {
            missed.set_value(false);
            tab::again(id);
        }
    });
}
