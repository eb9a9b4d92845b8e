//! The frame of a table and heads that sort it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::query::{QueryPairs, href_with, param};

/// A table that scrolls inside its frame, with a name; its children are `<thead>` and `<tbody>`.
#[component]
pub fn TableFrame(
    /// What it lists; its caption, read aloud.
    #[prop(into)]
    label: String,
    /// Rows of 32 px instead of 40.
    #[prop(optional)]
    dense: bool,
    /// Scrolls by itself down too, the head staying in sight.
    #[prop(optional)]
    tall: bool,
    /// A card for each row on a phone: cells say where they stand there by `cell-title`, `cell-figure`,
    /// `cell-second`, `cell-state`, `cell-wide`, `cell-start`, `cell-end`, or not at all by `cell-desk`.
    #[prop(optional)]
    cards: bool,
    /// A class of its own, for the widths of its columns.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let name = label.clone();
    view! {
        <div
            class=frame_class(tall, cards, class)
            role="region"
            aria-label=name
            tabindex="0"
        >
            <table class=if dense { "table table-dense" } else { "table" }>
                <caption class="visually-hidden">{label}</caption>
                {children()}
            </table>
        </div>
    }
}

fn frame_class(tall: bool, cards: bool, own: &str) -> String {
    let mut class = "table-frame".to_owned();
    for (holds, name) in [(tall, "table-frame-tall"), (cards, "table-cards"), (!own.is_empty(), own)] {
        if holds {
            class.push(' ');
            class.push_str(name);
        }
    }
    class
}

/// The head of a column that sorts: a link to the same list, sorted by it, the other way round when it was already.
#[component]
pub fn SortHeader(
    /// What is read.
    #[prop(into)]
    label: String,
    /// Name of the column in `sort` (`total`, or `-total` downwards).
    field: &'static str,
    /// Path of the list.
    #[prop(into)]
    path: String,
    /// The URL's parameters, kept but for `sort`, `page` and `cursor`.
    query: QueryPairs,
    /// The order when the URL names none.
    #[prop(optional)]
    default_sort: &'static str,
    /// Figures: at the right.
    #[prop(optional)]
    number: bool,
) -> impl IntoView {
    let sort = param(&query, "sort").unwrap_or(default_sort).to_owned();
    let (sorted, down) = match sort.strip_prefix('-') {
        Some(name) => (name == field, true),
        None => (sort == field, false),
    };
    // First downwards: the newest and the largest are looked for more often.
    let next = if sorted && down { field.to_owned() } else { format!("-{field}") };
    let href = href_with(&path, &query, &[("sort", Some(&next)), ("page", None), ("cursor", None)]);
    let icon = match (sorted, down) {
        (false, _) => Glyph::SortNone,
        (true, true) => Glyph::ChevronDown,
        (true, false) => Glyph::ChevronUp,
    };
    let order = sorted.then_some(if down { "descending" } else { "ascending" });
    view! {
        <th scope="col" class=number.then_some("number") aria-sort=order>
            <a class="sort-link" href=href data-sorted=sorted.then_some("true")>
                {label}
                <Icon of=icon size=12/>
            </a>
        </th>
    }
}
