//! What one does to a thing with one press: one at a time, and how it went.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::ui::browser::{may_leave, show_refusal};
use crate::ui::components::{Notice, Toasts, Tone, use_toasts};

/// What is being done on a page, and why the last thing was refused.
#[derive(Clone, Copy)]
pub struct Acts {
    /// What is being done right now.
    pub doing: RwSignal<Option<&'static str>>,
    /// Why it was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// Whether the browser has taken the page over.
    pub live: RwSignal<bool>,
    /// A question is open: what it is about is not drawn again under it.
    pub asking: RwSignal<bool>,
    /// Where it says how it went.
    pub toasts: Toasts,
    reload: Callback<()>,
}

impl Acts {
    /// For one page; `back`: a plain form that was refused, `reload`: reads the thing again.
    pub fn new(back: &FormReturn, reload: Callback<()>) -> Self {
        let acts = Self {
            doing: RwSignal::new(None),
            refusal: RwSignal::new(back.error.clone()),
            live: RwSignal::new(false),
            asking: RwSignal::new(false),
            toasts: use_toasts(),
            reload,
        };
        Effect::new(move |_| acts.live.set(true));
        acts
    }

    /// Whether this is being done; a signal for its button.
    pub fn is_doing(self, what: &'static str) -> Signal<bool> {
        Signal::derive(move || self.doing.get() == Some(what))
    }

    /// Reads the thing again.
    pub fn again(self) {
        self.refusal.set(None);
        self.reload.run(());
    }

    /// Does something, unless something else is under way. What was changed is read again, unless `done`
    /// leads away.
    pub fn run<T: 'static>(
        self,
        what: &'static str,
        work: impl Future<Output = Result<T, AppError>> + 'static,
        done: impl FnOnce(T) -> Onward + 'static,
    ) {
        if self.doing.get_untracked().is_some() {
            return;
        }
        self.refusal.set(None);
        self.doing.set(Some(what));
        spawn_local(async move {
            let answer = work.await;
            // The page may be gone by then.
            if self.doing.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(value) => {
                    if done(value) == Onward::Stay {
                        self.reload.run(());
                    }
                }
                Err(error) => {
                    if error.code == ErrorCode::Unauthenticated {
                        crate::ui::session::sign_in_again();
                    }
                    if matches!(error.code.status(), 404 | 409 | 412) {
                        self.reload.run(());
                    }
                    self.refusal.set(Some(error));
                    show_refusal();
                }
            }
        });
    }
}

/// Where one is once something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// On this page.
    Stay,
    /// On another.
    Away,
}

/// Why the last thing was refused.
#[component]
pub fn ActRefusal(
    /// What is done on this page.
    acts: Acts,
) -> impl IntoView {
    move || {
        let error = acts.refusal.get()?;
        let faults = error.errors.iter().map(|fault| view! { <li>{fault.message.clone()}</li> }).collect_view();
        let detail = if error.errors.is_empty() { error.detail.clone() } else { String::new() };
        Some(view! {
            <Notice tone=Tone::Rose title=error.code.title() alert=true>
                <p>{detail}</p>
                <ul>{faults}</ul>
            </Notice>
        })
    }
}

/// Says that a thing is deleted, for as long as one may take it back: `restore` does, and leads to `page`.
/// Made beforehand, while there is a page: called once the thing is gone.
pub fn undoable<T, W>(
    toasts: Toasts,
    restore: impl Fn() -> W + Clone + Send + Sync + 'static,
    page: String,
) -> impl FnOnce(String) + Clone + Send + Sync
where
    W: Future<Output = Result<T, AppError>> + 'static,
    T: 'static,
{
    let navigate = use_navigate();
    move |text: String| {
        let undo = Callback::new(move |()| {
            let (work, page, navigate) = (restore(), page.clone(), navigate.clone());
            spawn_local(async move {
                match work.await {
                    Ok(_) => {
                        toasts.done("C'est restauré.");
                        // Else they stay with what they are typing.
                        if may_leave() {
                            navigate(&page, NavigateOptions::default());
                        }
                    }
                    Err(error) => toasts.failed(error.detail),
                }
            });
        });
        toasts.undoable(text, undo);
    }
}
