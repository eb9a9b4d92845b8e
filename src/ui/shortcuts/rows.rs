//! Walking through the rows of a list, and keeping the place in it. Browser only: called from handlers, and when a
//! list was read.

use leptos::prelude::{document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::ui::browser::focused;

/// What opens a row, or stands for one that nothing opens; the focus goes there, so that Enter opens it. One a row.
const TARGETS: [&str; 2] = ["row-target", "row-here"];

/// Puts the focus on the row so many further on, the first or last when none has it. False without rows.
pub fn step(by: i32) -> bool {
    let rows = targets();
    if rows.is_empty() {
        return false;
    }
    let now = place_among(&rows);
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

/// The row that has the focus, to be found again once the list is drawn anew, with or without it.
#[derive(Debug, Clone)]
pub struct Place {
    at: usize,
    leads: Option<String>,
}

impl Place {
    /// None where no row has the focus.
    pub fn now() -> Option<Self> {
        let rows = targets();
        let at = place_among(&rows)?;
        Some(Self { at, leads: rows[at].get_attribute("href") })
    }

    /// Gives the focus back once what was changed is on the page, if nothing has it then: to the same row, or where it
    /// has left the list to the one that took its place, the next one, else the last.
    pub fn hold(self) {
        request_animation_frame(move || {
            if focused().is_some() {
                return;
            }
            let rows = targets();
            let same = rows.iter().find(|row| self.leads.is_some() && row.get_attribute("href") == self.leads);
            if let Some(row) = same.or_else(|| rows.get(self.at)).or_else(|| rows.last()) {
                // Fails only for an element that has left the page.
                let _ = row.focus();
            }
        });
    }
}

/// What the focus goes to, row by row.
fn targets() -> Vec<HtmlElement> {
    let of_class = |class| {
        let found = document().get_elements_by_class_name(class);
        (0..found.length()).filter_map(move |i| found.item(i)?.dyn_into::<HtmlElement>().ok())
    };
    TARGETS.into_iter().flat_map(of_class).collect()
}

/// Which of them is in the row that has the focus.
fn place_among(rows: &[HtmlElement]) -> Option<usize> {
    let row = current_row()?;
    rows.iter().position(|target| row.contains(Some(target)))
}

/// The row that has the focus, also while it is being drawn again.
fn current_row() -> Option<Element> {
    focused()?.closest("main tr, main li").ok().flatten()
}
