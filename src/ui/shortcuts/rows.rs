//! Walking through the rows of a list. Browser only: called from handlers.

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::ui::browser::focused;

/// What opens a row, or stands for one that nothing opens; the focus goes there, so that Enter opens it. One a row.
const TARGETS: [&str; 2] = ["row-target", "row-here"];

/// Puts the focus on the row so many further on, the first or last when none has it. False without rows.
pub fn step(by: i32) -> bool {
    let of_class = |class| {
        let found = document().get_elements_by_class_name(class);
        (0..found.length()).filter_map(move |i| found.item(i)?.dyn_into::<HtmlElement>().ok())
    };
    let rows: Vec<HtmlElement> = TARGETS.into_iter().flat_map(of_class).collect();
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

/// Whether a row has the focus itself, not something in it.
pub fn on_row() -> bool {
    focused().is_some_and(|focused| TARGETS.iter().any(|class| focused.class_list().contains(class)))
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
