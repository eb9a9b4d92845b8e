//! The one stream of this tab. It is open while the tab is in sight: a browser has six connections to a
//! server, and streams of forgotten tabs would take them all. Browser only.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Event, EventSource, MessageEvent};

use super::client::{Connection, Live};
use super::model::{Changes, Topic};
use super::pace::Pace;
use crate::auth::permission::Role;

/// What a page does about changes; false when they do not concern it.
pub(super) type Act = Rc<dyn Fn(Changes) -> bool>;

/// The server gives a sign of life every 15 s.
const SILENCE: f64 = 40_000.0;
/// The first wait before connecting again, and the longest; each is twice the one before.
const FIRST_WAIT: f64 = 500.0;
const LONGEST_WAIT: f64 = 15_000.0;
/// A session with too many streams leaves this tab alone for so long.
const REPLACED: f64 = 60_000.0;
/// A read that failed is tried again.
const RETRY: Duration = Duration::from_secs(5);

struct Tab {
    live: Live,
    /// For whom the page was drawn.
    role: Role,
    /// Where to go on; none when something may have been missed.
    position: Option<String>,
    source: Option<EventSource>,
    ear: Closure<dyn Fn(Event)>,
    failures: i32,
    /// Counts the waits: an older one that ends has nothing to say.
    wait: u32,
    heard: f64,
    listeners: Vec<WindowListenerHandle>,
    watchdog: Option<IntervalHandle>,
}

struct Watcher {
    id: u32,
    topics: &'static [Topic],
    pace: Pace,
    act: Act,
}

#[derive(Default)]
struct Watchers {
    next: u32,
    all: Vec<Watcher>,
}

thread_local! {
    static TAB: RefCell<Option<Tab>> = const { RefCell::new(None) };
    static WATCHERS: RefCell<Watchers> = RefCell::default();
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

fn in_sight() -> bool {
    !document().hidden()
}

/// Never calls out meanwhile: what runs in here must not come back.
fn with_tab<T>(f: impl FnOnce(&mut Tab) -> T) -> Option<T> {
    TAB.with_borrow_mut(|tab| tab.as_mut().map(f))
}

/// Begins to listen from where the page was drawn.
pub(super) fn open(live: Live, role: Role, position: String) {
    close();
    let tab = Tab {
        live,
        role,
        position: Some(position),
        source: None,
        ear: Closure::new(hear),
        failures: 0,
        wait: 0,
        heard: 0.0,
        listeners: vec![
            window_event_listener(ev::visibilitychange, |_| sight_changed()),
            window_event_listener(ev::online, |_| wait_and_connect(0.0)),
        ],
        watchdog: set_interval_with_handle(watch_over, Duration::from_secs(10)).ok(),
    };
    TAB.with_borrow_mut(|slot| *slot = Some(tab));
    connect();
}

/// Listens no more.
pub(super) fn close() {
    let Some(tab) = TAB.with_borrow_mut(Option::take) else { return };
    if let Some(source) = tab.source {
        source.close();
    }
    for listener in tab.listeners {
        listener.remove();
    }
    if let Some(watchdog) = tab.watchdog {
        watchdog.clear();
    }
    tab.live.set(Connection::Asleep);
}

fn connect() {
    if !in_sight() {
        return;
    }
    with_tab(|tab| {
        if tab.source.is_some() {
            return;
        }
        let position = tab.position.as_deref().unwrap_or_default();
        let address = format!("/evenements?role={}&depuis={position}", tab.role.as_str());
        // Fails only for an address that is none.
        let Ok(source) = EventSource::new(&address) else { return };
        for name in ["pret", "changement", "relire", "coupure", "vie", "remplace", "droits", "fin", "error"] {
            let _ = source.add_event_listener_with_callback(name, tab.ear.as_ref().unchecked_ref());
        }
        tab.heard = now();
        tab.source = Some(source);
    });
}

/// Connects after so many milliseconds, unless something else comes first.
fn wait_and_connect(milliseconds: f64) {
    let Some(mine) = with_tab(|tab| {
        tab.wait += 1;
        tab.wait
    }) else {
        return;
    };
    let connect_then = move || {
        if with_tab(|tab| tab.wait) == Some(mine) {
            connect();
        }
    };
    set_timeout(connect_then, Duration::from_secs_f64(milliseconds / 1000.0));
}

fn sight_changed() {
    if !in_sight() {
        if let Some(source) = with_tab(|tab| tab.source.take()).flatten() {
            source.close();
        }
        return;
    }
    wait_and_connect(0.0);
    let now = now();
    let waits: Vec<_> = WATCHERS.with_borrow_mut(|watchers| {
        watchers.all.iter_mut().filter_map(|watcher| Some((watcher.id, watcher.pace.wait(now)?))).collect()
    });
    waits.into_iter().for_each(look_after);
}

/// An event of the stream.
fn hear(event: Event) {
    let name = event.type_();
    if name == "error" {
        lost();
        return;
    }
    let Ok(message) = event.dyn_into::<MessageEvent>() else { return };
    let id = message.last_event_id();
    let live = with_tab(|tab| {
        tab.heard = now();
        tab.failures = 0;
        if !id.is_empty() {
            tab.position = Some(id);
        }
        tab.live
    });
    let Some(live) = live else { return };
    match name.as_str() {
        "pret" => live.set(Connection::Live),
        "coupure" => live.set(Connection::Reconnecting),
        "relire" => {
            live.set(Connection::Live);
            tell(&Changes::everything());
        }
        "changement" => {
            let text = message.data().as_string().unwrap_or_default();
            // A newer server may tell what this page does not understand.
            tell(&serde_json::from_str(&text).unwrap_or_else(|_| Changes::everything()));
        }
        "remplace" => disconnected(REPLACED),
        // Asked again when the tab comes back into sight: one may have signed in elsewhere.
        "droits" => let_go(Connection::OtherRole),
        "fin" => let_go(Connection::Ended),
        _ => {}
    }
}

/// The stream broke off, or was none.
fn lost() {
    let Some(failures) = with_tab(|tab| {
        tab.failures += 1;
        tab.failures
    }) else {
        return;
    };
    // All pages lose a server at the same moment, and should not all come back in the same one. Their clocks
    // began at different instants.
    let jitter = (now() / 97.0).fract();
    let wait = (FIRST_WAIT * f64::powi(2.0, failures.min(10) - 1)).min(LONGEST_WAIT);
    disconnected(wait * (0.5 + jitter / 2.0));
}

fn disconnected(wait: f64) {
    let_go(Connection::Reconnecting);
    wait_and_connect(wait);
}

/// Has no stream any more.
fn let_go(connection: Connection) {
    let Some((live, source)) = with_tab(|tab| {
        tab.position = None;
        (tab.live, tab.source.take())
    }) else {
        return;
    };
    if let Some(source) = source {
        source.close();
    }
    live.set(connection);
}

/// A line that is dead does not always say so.
fn watch_over() {
    if with_tab(|tab| tab.source.is_some() && now() - tab.heard > SILENCE) == Some(true) {
        lost();
    }
}

/// Calls `act` soon after changes of some topics, until [`unwatch`].
pub(super) fn watch(topics: &'static [Topic], act: Act) -> u32 {
    WATCHERS.with_borrow_mut(|watchers| {
        watchers.next += 1;
        let id = watchers.next;
        watchers.all.push(Watcher { id, topics, pace: Pace::default(), act });
        id
    })
}

/// Ends it.
pub(super) fn unwatch(id: u32) {
    // Dropped outside: it may own what watches too.
    let _gone = WATCHERS.with_borrow_mut(|watchers| {
        let at = watchers.all.iter().position(|watcher| watcher.id == id);
        at.map(|at| watchers.all.swap_remove(at))
    });
}

fn with_watcher<T>(id: u32, f: impl FnOnce(&mut Watcher) -> T) -> Option<T> {
    WATCHERS.with_borrow_mut(|watchers| watchers.all.iter_mut().find(|watcher| watcher.id == id).map(f))
}

/// What a watcher started goes on for a while: no other until it has [`ended`].
pub(super) fn begun(id: u32) {
    with_watcher(id, |watcher| watcher.pace.begin(now()));
}

/// It is done.
pub(super) fn ended(id: u32) {
    if let Some(wait) = with_watcher(id, |watcher| watcher.pace.end(now())).flatten() {
        look_after((id, wait));
    }
}

/// It failed: once more in a while.
pub(super) fn try_later(id: u32) {
    set_timeout(move || again(id), RETRY);
}

/// Once more, as if anything had changed.
pub(super) fn again(id: u32) {
    let wait = with_watcher(id, |watcher| watcher.pace.hear(Changes::everything(), now()));
    if let Some(wait) = wait.flatten() {
        look_after((id, wait));
    }
}

fn tell(changes: &Changes) {
    let now = now();
    let waits: Vec<_> = WATCHERS.with_borrow_mut(|watchers| {
        let told = watchers.all.iter_mut().filter_map(|watcher| {
            let changes = changes.about(watcher.topics);
            if changes.is_empty() { None } else { Some((watcher.id, watcher.pace.hear(changes, now)?)) }
        });
        told.collect()
    });
    waits.into_iter().for_each(look_after);
}

/// After the wait, acts if there is something to do then.
fn look_after((id, wait): (u32, f64)) {
    let look = move || {
        let due =
            with_watcher(id, |watcher| watcher.pace.due(in_sight()).map(|changes| (watcher.act.clone(), changes)));
        let Some((act, changes)) = due.flatten() else { return };
        if act(changes) {
            with_watcher(id, |watcher| watcher.pace.acted(now()));
        }
    };
    set_timeout(look, Duration::from_secs_f64(wait / 1000.0));
}
