//! A form that nobody types in while it is being sent: what is typed then would be lost with it. Browser only.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// Keeps a form still; what comes back lets go of it, and gives the focus back to what had it, unless it is elsewhere.
pub fn keep_still(form: &str) -> impl FnOnce() + use<> {
    let form = document().get_element_by_id(form);
    let focused = document().active_element().filter(|active| form.as_ref().is_some_and(|f| f.contains(Some(active))));
    if let Some(form) = &form {
        // Fails only for a name with spaces.
        let _ = form.set_attribute("inert", "");
    }
    move || {
        if let Some(form) = form {
            let _ = form.remove_attribute("inert");
        }
        let nowhere = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if let Some(had) = focused.filter(|_| nowhere).and_then(|had| had.dyn_into::<HtmlElement>().ok()) {
            // Fails only for an element that has left the page.
            let _ = had.focus();
        }
    }
}
