//! The focus, while what has it is drawn again because others changed it. Browser only.
//!
//! A part of the page that is drawn again in place loses its attributes for an instant, and with them
//! whatever made it take the focus (an address, a tabindex); or its element is another one.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, FocusEvent, FocusOptions, HtmlElement};

/// Whether an element lost the focus because it is being drawn again, not because somebody left it.
fn is_redrawn(event: &FocusEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| !target.is_connected() || !target.has_attribute("class"))
}

/// What finds an element again once another one is drawn in its place: its id, the row whose box it is, or where
/// it leads.
fn name_of(element: &HtmlElement) -> Option<String> {
    ["id", "data-select", "href"].into_iter().find_map(|name| {
        let value = element.get_attribute(name).filter(|value| !value.is_empty() && !value.contains(['"', '\\']))?;
        Some(format!("main [{name}=\"{value}\"]"))
    })
}

/// What had the focus when it was drawn again, until it has it again.
struct Held {
    element: HtmlElement,
    name: Option<String>,
    redrawn: bool,
}

impl Held {
    /// The element, or the one drawn in its place; none when somebody left it.
    fn now(&self) -> Option<HtmlElement> {
        // Asked late: some browsers tell of the loss before the element is taken away.
        if self.element.is_connected() {
            return self.redrawn.then(|| self.element.clone());
        }
        document().query_selector(self.name.as_ref()?).ok().flatten()?.dyn_into().ok()
    }
}

thread_local! {
    /// Between the loss and the next frame: a key pressed in between is meant for what had the focus.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// What has the focus, or is about to have it again. None when nothing on the page has it.
pub fn focused() -> Option<Element> {
    let active = document().active_element().filter(|element| element.tag_name() != "BODY");
    active.or_else(|| HELD.with_borrow(|held| held.as_ref().and_then(Held::now)).map(Into::into))
}

/// Focuses what is held, if it is there again and nothing else has the focus.
fn give_back() {
    let nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    let again = HELD.with_borrow(|held| held.as_ref().filter(|_| nowhere).and_then(Held::now));
    if let Some(again) = again {
        // Fails for an element that left the page meanwhile: then once more with the next frame.
        let _ = again.focus();
    }
}

/// What had the focus is gone for good: whoever hears the page stays near where they were (`near`), not at its top.
fn stay_near(gone: &HtmlElement, near: Option<Element>) {
    if gone.is_connected() || document().active_element().is_some_and(|element| element.tag_name() != "BODY") {
        return;
    }
    let near = near.filter(|near| near.is_connected()).or_else(|| document().query_selector("main").ok().flatten());
    if let Some(near) = near.and_then(|near| near.dyn_into::<HtmlElement>().ok()) {
        // Fails only for a name with spaces.
        let _ = near.set_attribute("tabindex", "-1");
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        // Fails for an element that has left the page meanwhile.
        let _ = near.focus_with_options(&still);
    }
}

/// Gives the focus back to what is drawn again. Once, in the layout.
pub fn keep_hold() {
    Effect::new(|_| {
        let listener = window_event_listener(ev::focusout, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let Some(element) = target.filter(|_| event.related_target().is_none()) else { return };
            let (name, redrawn) = (name_of(&element), is_redrawn(&event));
            let near = element.closest("dialog, .card, .page").ok().flatten();
            HELD.set(Some(Held { element: element.clone(), name, redrawn }));
            // As soon as it is drawn: until then a button hears no key.
            leptos::task::spawn_local(async { give_back() });
            request_animation_frame(move || {
                give_back();
                HELD.take();
                stay_near(&element, near);
            });
        });
        on_cleanup(move || listener.remove());
    });
}
