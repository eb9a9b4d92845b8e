//! Walking through the rows of a list. Browser only: called from handlers.

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::ui::browser::focused;

/// What opens a row; the focus goes there, so that Enter opens it.
const TARGET: &str = "row-target";

/// Puts the focus on the row so many further on, the first or last when none has it. False without rows.
pub fn step(by: i32) -> bool {
    let found = document().get_elements_by_class_name(TARGET);
    let rows: Vec<HtmlElement> =
        (0..found.length()).filter_map(|i| found.item(i)?.dyn_into::<HtmlElement>().ok()).collect();
    if rows.is_empty() {
        return false;
    }
    let now = current_row().and_then(|row| rows.iter().position(|target| row.contains(Some(target))));
    let last = rows.len() - 1;
    let next = match (now, by > 0) {
        (Some(now), true) => (now + 1).min(last),
        (Some(now), false) => now.saturating_sub(1),
        (None, true) => 0,
        (None, false) => last,
    };
    let _ = rows[next].focus();
    true
}

/// Presses the box of the row that has the focus.
pub fn choose() -> bool {
    let tick = current_row().and_then(|row| row.query_selector("input[data-select]").ok().flatten());
    match tick.and_then(|tick| tick.dyn_into::<HtmlElement>().ok()) {
        Some(tick) => {
            tick.click();
            true
        }
        None => false,
    }
}

/// The row that has the focus, also while it is being drawn again.
fn current_row() -> Option<Element> {
    focused()?.closest("main tr, main li").ok().flatten()
}
