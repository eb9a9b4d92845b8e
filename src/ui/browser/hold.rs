//! The focus, while what has it is drawn again because others changed it. Browser only.
//!
//! A part of the page that is drawn again in place loses its attributes for an instant, and with them
//! whatever made it take the focus (an address, a tabindex); or its element is another one.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, FocusEvent, HtmlElement};

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

/// Gives the focus back to what is drawn again. Once, in the layout.
pub fn keep_hold() {
    Effect::new(|_| {
        let listener = window_event_listener(ev::focusout, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let Some(target) = target.filter(|_| event.related_target().is_none()) else { return };
            let (redrawn, name) = (is_redrawn(&event), name_of(&target));
            request_animation_frame(move || {
                let nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
                // Some browsers tell of it before the element is taken away.
                if !nowhere || (!redrawn && target.is_connected()) {
                    return;
                }
                let again = || document().query_selector(&name?).ok().flatten();
                let found = if target.is_connected() { Some(target) } else { again().and_then(|a| a.dyn_into().ok()) };
                if let Some(found) = found {
                    let _ = found.focus();
                }
            });
        });
        on_cleanup(move || listener.remove());
    });
}
