//! Where the cursor goes. Browser only: called from handlers and effects.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

/// Puts the cursor in a box, its text selected, once what was changed is on the page.
pub fn focus(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            focus_now(&element);
        }
    });
}

/// The same as soon as what was changed stands in the boxes, where the box is there already: a scanner types its next
/// key before a page is drawn. Not for what is about to be moved, which loses the cursor by it.
pub fn focus_at_once(id: String) {
    spawn_local(async move {
        // What was changed is written, then what follows from it.
        tick().await;
        tick().await;
        match document().get_element_by_id(&id) {
            Some(element) => focus_now(&element),
            None => focus(id),
        }
    });
}

/// Puts the cursor in the first box of a form that is wrong.
pub fn focus_first_fault(form: &'static str) {
    request_animation_frame(move || {
        let wrong = format!("#{form} [aria-invalid=true], #{form} [role=alert]");
        if let Ok(Some(element)) = document().query_selector(&wrong) {
            focus_now(&element);
        }
    });
}

/// Enter goes to the next box, as Tab does: an order is not sent by accident.
pub fn enter_goes_on(ev: &KeyboardEvent, form: &'static str) {
    let Some(target) = ev.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    ev.prevent_default();
    let form = document().get_element_by_id(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(boxes) = form.map(|form| form.elements()) else {
        return;
    };
    let mut rest = (0..boxes.length())
        .filter_map(|i| boxes.item(i))
        .skip_while(|element| !target.is_same_node(Some(element)))
        .skip(1);
    if let Some(next) = rest.find(takes_focus) {
        focus_now(&next);
    }
}

/// Scrolls to why a press was refused, once that is on the page: it may stand far above the button.
pub fn show_refusal() {
    request_animation_frame(|| {
        let Ok(Some(refusal)) = document().query_selector("main [role=alert]") else { return };
        let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        let place = refusal.get_bounding_client_rect();
        if place.top() < 0.0 || place.bottom() > height {
            refusal.scroll_into_view();
        }
        // The button that was pressed may be gone with what it did.
        if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
            focus_now(&refusal);
        }
    });
}

fn takes_focus(element: &Element) -> bool {
    let hidden = element.has_attribute("hidden") || element.get_attribute("type").as_deref() == Some("hidden");
    !hidden && !element.has_attribute("disabled")
}

fn focus_now(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails only for an element that has left the page.
        let _ = element.focus();
    }
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
}
