//! Walking through the rows of a list. Browser only: called from handlers.

use std::cell::RefCell;

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// What opens a row; the focus goes there, so that Enter opens it.
const TARGET: &str = "row-target";

thread_local! {
    /// What the row stepped to last leads to: while a list is drawn again, no row has the focus for an instant.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Puts the focus on the row so many further on, the first or last when none has it. False without rows.
pub fn step(by: i32) -> bool {
    let rows = targets();
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
    LAST.set(address(&rows[next]));
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

/// What opens the rows of the page, from above.
fn targets() -> Vec<HtmlElement> {
    let found = document().get_elements_by_class_name(TARGET);
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// What a row leads to: which row it is, however often it is drawn.
fn address(target: &HtmlElement) -> Option<String> {
    target.get_attribute("href")
}

/// The row that has the focus; the row stepped to last when nothing on the page has it.
fn current_row() -> Option<Element> {
    let document = document();
    let focused = document.active_element().filter(|element| element.tag_name() != "BODY");
    let inside = match focused {
        Some(focused) => focused,
        None => LAST
            .with_borrow(|last| {
                last.as_ref()
                    .and_then(|last| targets().into_iter().find(|target| address(target).as_ref() == Some(last)))
            })?
            .into(),
    };
    inside.closest("main tr, main li").ok().flatten()
}
