//! What the views are made of. Leptos compiles what draws a closure, a condition, a list or a button anew for the type
//! of each, up to several thousand bytes a time: here all of a kind are of one type.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

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
    /// The server is asked whether it is there; then it was, and whoever wanted to leave leaves.
    asking: StoredValue<bool>,
    passes: StoredValue<bool>,
}

/// Said while it is uncertain whether one can leave.
const LOOKING: &str = "Recherche du réseau…";
/// For how long nothing is said of it: with a network the answer is there before.
const AT_ONCE: Duration = Duration::from_secs(1);

impl WaysOut {
    /// Those of this component.
    pub fn here() -> Self {
        let (phone, refused) = (Phone::here(), RwSignal::new(None));
        // Said for as long as it is so.
        Effect::new(move |_| {
            if phone.link.get() == Link::Online {
                refused.set(None);
            }
        });
        Self { phone, refused, asking: StoredValue::new(false), passes: StoredValue::new(false) }
    }

    /// Whoever leaves without a network stays, and reads why. The server is asked first: what the phone last knew of the
    /// network may not be so any more, and beyond is a page of the browser's.
    pub fn leave(self, event: &Event, words: &'static str) {
        if self.passes.try_update_value(std::mem::take).unwrap_or_default() {
            return;
        }
        event.prevent_default();
        if !host::is_online() {
            self.phone.link.set(Link::Offline);
            return self.refused.set(Some(words));
        }
        // What was pressed may be the icon inside.
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let way = pressed.and_then(|pressed| pressed.closest("a, button").ok()?);
        let Some(way) = way.and_then(|way| way.dyn_into::<HtmlElement>().ok()) else { return };
        if self.asking.try_update_value(|asking| std::mem::replace(asking, true)).unwrap_or(true) {
            return;
        }
        self.say_so();
        leptos::task::spawn_local(async move {
            let is_there = sync::is_there(self.phone).await;
            // The button may be gone meanwhile.
            self.asking.try_update_value(|asking| *asking = false);
            self.refused.try_set((!is_there).then_some(words));
            if is_there && self.passes.try_update_value(|passes| *passes = true).is_some() {
                way.click();
            }
        });
    }

    fn say_so(self) {
        if self.phone.link.get_untracked() != Link::Online {
            return self.refused.set(Some(LOOKING));
        }
        let still = move || {
            if self.asking.try_get_value() == Some(true) {
                self.refused.try_set(Some(LOOKING));
            }
        };
        set_timeout(still, AT_ONCE);
    }

    /// Why somebody stayed.
    pub fn refused(self) -> Option<&'static str> {
        self.refused.get()
    }
}
