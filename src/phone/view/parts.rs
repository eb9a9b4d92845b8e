//! What the views are made of. Leptos compiles what draws a closure, a condition, a list or a button anew for the type
//! of each, up to several thousand bytes a time: here all of a kind are of one type.

use std::hash::Hash;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::view::keyed::SerializableKey;
use leptos::web_sys::{Element, Event, HtmlElement};
use wasm_bindgen::{JsCast, JsValue};

use crate::phone::state::{Link, Phone};
use crate::phone::{host, sync};
use crate::ui::components::{Glyph, Icon};

/// What is shown anew whenever something that it reads has changed.
pub fn live<T>(read: impl FnMut() -> T + Send + 'static) -> Box<dyn FnMut() -> T + Send> {
    Box::new(read)
}

/// Whether something is so.
pub struct Condition(Box<dyn Fn() -> bool + Send + Sync>);

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for Condition {
    fn from(condition: F) -> Self {
        Self(Box::new(condition))
    }
}

/// What is there as long as a condition holds.
#[component]
pub fn When(
    /// The condition.
    #[prop(into)]
    is: Condition,
    children: ChildrenFn,
) -> AnyView {
    let is = Memo::new(move |_| (is.0)());
    live(move || is.get().then(|| children())).into_any()
}

/// A row for each key; it stays as long as its key does.
pub fn rows<K: Copy + Eq + Hash + SerializableKey + Send + 'static>(
    keys: impl Fn() -> Vec<K> + Send + 'static,
    row: impl Fn(K) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let keys: Box<dyn Fn() -> Vec<K> + Send> = Box::new(keys);
    let row: Arc<dyn Fn(K) -> AnyView + Send + Sync> = Arc::new(row);
    view! { <For each=keys key=|key| *key children=move |key| row(key)/> }.into_any()
}

/// What becomes of a picture that was made, or taken away.
pub struct Changed(pub Box<dyn Fn(Option<JsValue>)>);

impl<F: Fn(Option<JsValue>) + 'static> From<F> for Changed {
    fn from(change: F) -> Self {
        Self(Box::new(change))
    }
}

/// What a press does.
pub struct Pressed(Box<dyn Fn()>);

impl<F: Fn() + 'static> From<F> for Pressed {
    fn from(press: F) -> Self {
        Self(Box::new(press))
    }
}

/// A button that says what it does.
#[component]
pub fn Press(
    /// `btn` and what it is besides.
    class: &'static str,
    /// In front of the words.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// Side of the icon in pixels.
    #[prop(default = 20)]
    size: u8,
    /// What it says.
    words: &'static str,
    /// What it does.
    #[prop(into)]
    on_press: Pressed,
) -> AnyView {
    let Pressed(press) = on_press;
    view! {
        <button type="button" class=class on:click=move |_| press()>
            {icon.map(|of| view! { <Icon of size/> })}
            {words}
        </button>
    }
    .into_any()
}

/// The ways out of the phone's own pages: beyond them there is nothing without a network.
#[derive(Clone, Copy)]
pub struct WaysOut {
    phone: Phone,
    /// Why somebody stayed.
    refused: RwSignal<Option<&'static str>>,
    asked: StoredValue<Option<Asked>, LocalStorage>,
}

/// A way that somebody wants to take, while the server is asked whether it is there.
struct Asked {
    way: HtmlElement,
    /// What is said when it is not.
    words: &'static str,
    /// By the steady clock.
    at: f64,
}

/// How long whoever wanted to leave still means it (milliseconds): as long as reading takes at most.
const STILL_MEANT: f64 = 20_000.0;

impl WaysOut {
    /// Those of this component.
    pub fn here() -> Self {
        let ways = Self { phone: Phone::here(), refused: RwSignal::new(None), asked: StoredValue::new_local(None) };
        // Told anew with every answer, and with every answer that does not come.
        Effect::new(move |_| {
            let link = ways.phone.link.get();
            let asked = ways.asked.try_update_value(Option::take).flatten();
            match (link, asked) {
                (Link::Offline, Some(asked)) => ways.refused.set(Some(asked.words)),
                (Link::Offline, None) => {}
                (Link::Online | Link::Unknown, asked) => {
                    // Said for as long as it is so.
                    ways.refused.set(None);
                    if let Some(asked) = asked.filter(|asked| host::steady() - asked.at < STILL_MEANT) {
                        asked.way.click();
                    }
                }
            }
        });
        ways
    }

    /// Whoever leaves without a network stays, and reads why. That the server did not answer once does not hold anybody
    /// up: it is asked again, and whoever wanted to leave leaves when it answers.
    pub fn leave(self, event: &Event, words: &'static str) {
        let has_network = host::is_online();
        if !has_network {
            self.phone.link.set(Link::Offline);
        }
        if self.phone.link.get_untracked() != Link::Offline {
            return;
        }
        event.prevent_default();
        // What was pressed may be the icon inside.
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let way = pressed.and_then(|pressed| pressed.closest("a, button").ok()?);
        match way.and_then(|way| way.dyn_into::<HtmlElement>().ok()) {
            Some(way) if has_network => {
                self.asked.set_value(Some(Asked { way, words, at: host::steady() }));
                self.refused.set(Some("Recherche du réseau…"));
                sync::sync_now(self.phone);
            }
            _ => self.refused.set(Some(words)),
        }
    }

    /// Why somebody stayed.
    pub fn refused(self) -> Option<&'static str> {
        self.refused.get()
    }
}
