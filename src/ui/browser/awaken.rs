//! What somebody did before the page woke up: typed, chosen, ticked, unfolded. The browser kept it, the page
//! knows nothing of it yet. Browser only.

use std::time::Duration;

use leptos::html;
use leptos::html::ElementType;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::Reflect;
use leptos::web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::live::use_live;

/// Ties a control to its signal, if it has one. What was changed in it before the page woke up counts: it is told
/// again to whatever listens, as if it were done now. Not a property binding: that one would overwrite it.
pub fn follow<E>(node: NodeRef<E>, model: Option<RwSignal<String>>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move |_| {
        let Some(control) = node.get() else { return };
        let control: &Element = control.unchecked_ref();
        let changed = changed_before(control);
        let wanted = model.map(|model| model.get());
        let text = text_of(control);
        if changed {
            if let Some(model) = model.filter(|_| wanted.as_ref() != Some(&text)) {
                model.set(text);
            }
            tell_again(control, None);
        } else if let Some(wanted) = wanted.filter(|wanted| *wanted != text) {
            write(control, &wanted);
        }
    });
}

/// The same for a box to tick, or one of several to choose from.
pub fn follow_tick(node: NodeRef<html::Input>, ticked: Signal<bool>) {
    Effect::new(move |_| {
        let Some(control) = node.get() else { return };
        let wanted = ticked.get();
        let now = control.checked();
        if changed_before(&control) {
            // Of several, only the chosen one has something to say.
            if now || control.type_() == "checkbox" {
                tell_again(&control, Some(now));
            }
        } else if now != wanted {
            control.set_checked(wanted);
        }
    });
}

/// Whether a dialog takes the place of a part that unfolds without it: once the page has woken up, but not under
/// the hands of somebody who had unfolded it.
pub fn takes_over(part: NodeRef<html::Details>) -> Signal<bool> {
    let live = use_live();
    let taken = RwSignal::new(live.awake_now());
    Effect::new(move |decided: Option<bool>| {
        let awake = live.awake();
        if awake && decided != Some(true) {
            let unfolded = part.get_untracked().is_some_and(|part| part.has_attribute("open"));
            taken.set(!unfolded);
        }
        awake
    });
    taken.into()
}

/// On a control that is followed already: what stands in it later is only what it was drawn with.
const FOLLOWED: &str = "__followed";

/// Whether somebody changed a control before anything followed it. Asked once for each control.
fn changed_before(control: &Element) -> bool {
    let followed = JsValue::from_str(FOLLOWED);
    if Reflect::has(control, &followed) == Ok(true) {
        return false;
    }
    // Fails only for what cannot be extended, which no element is.
    let _ = Reflect::set(control, &followed, &JsValue::TRUE);
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "checkbox" | "radio" => input.checked() != input.default_checked(),
            _ => input.value() != input.default_value(),
        };
    }
    match control.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.default_value().is_ok_and(|drawn| area.value() != drawn),
        None => text_of(control) != drawn_choice(control),
    }
}

/// The choice that a select was drawn with: the first one when none is named.
fn drawn_choice(select: &Element) -> String {
    let find = |which: &str| select.query_selector(which).ok().flatten();
    let option = find("option[selected]").or_else(|| find("option"));
    option.and_then(|option| option.get_attribute("value")).unwrap_or_default()
}

fn text_of(control: &Element) -> String {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        control.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default()
    }
}

fn write(control: &Element, text: &str) {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    } else if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        select.set_value(text);
        if select.selected_index() < 0 {
            // What is not among the choices is the first of them.
            select.set_selected_index(0);
        }
    }
}

/// Tells whatever listens that a control was changed; and left, unless the cursor is still there. Once everything
/// that was drawn with it has woken up too. `ticked`: what somebody made of a box.
fn tell_again(control: &Element, ticked: Option<bool>) {
    let control = control.clone();
    set_timeout(
        move || {
            if let (Some(ticked), Some(input)) = (ticked, control.dyn_ref::<HtmlInputElement>()) {
                input.set_checked(ticked);
            }
            let left = !document().active_element().is_some_and(|active| control.is_same_node(Some(&active)));
            let told = [("input", true), ("change", true), ("blur", false)];
            for (name, bubbles) in told.into_iter().filter(|(name, _)| *name != "blur" || left) {
                if let Ok(event) = document().create_event("Event") {
                    event.init_event_with_bubbles(name, bubbles);
                    // Says only whether somebody prevented what follows, and nothing does.
                    let _ = control.dispatch_event(&event);
                }
            }
        },
        Duration::ZERO,
    );
}
