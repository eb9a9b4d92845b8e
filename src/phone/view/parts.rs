//! What the views are made of. Leptos compiles what draws a closure, a condition, a list or a button anew for the type
//! of each, up to several thousand bytes a time: here all of a kind are of one type.

use std::hash::Hash;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::view::keyed::SerializableKey;
use leptos::web_sys::Event;
use wasm_bindgen::JsValue;

use crate::phone::host;
use crate::phone::state::{Link, Phone};
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
    refused: RwSignal<Option<&'static str>>,
}

impl WaysOut {
    /// Those of this component.
    pub fn here() -> Self {
        let (phone, refused) = (Phone::here(), RwSignal::new(None));
        // Said for as long as it is so.
        Effect::new(move |_| {
            if phone.link.get() != Link::Offline {
                refused.set(None);
            }
        });
        Self { phone, refused }
    }

    /// Whoever leaves without a network stays, and reads why.
    pub fn leave(self, event: &Event, words: &'static str) {
        if !host::is_online() {
            self.phone.link.set(Link::Offline);
        }
        if self.phone.link.get_untracked() == Link::Offline {
            event.prevent_default();
            self.refused.set(Some(words));
        }
    }

    /// Why somebody stayed.
    pub fn refused(self) -> Option<&'static str> {
        self.refused.get()
    }
}
