//! What narrows a list: a plain GET form, so that the URL says what is shown.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::browser::follow;

/// A search field with its magnifier.
#[component]
pub fn SearchBox(
    /// What is searched, for screen readers.
    #[prop(into)]
    label: String,
    /// An example.
    #[prop(into)]
    placeholder: String,
    /// What was searched.
    #[prop(into)]
    value: String,
    /// Name in the URL.
    #[prop(default = "search")]
    name: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow(node, None);
    view! {
        <span class="control-with-icon filter-search">
            <Icon of=Glyph::Search/>
            <input
                node_ref=node
                class="control"
                type="search"
                id=name
                name=name
                value=value
                placeholder=placeholder
                aria-label=label
                autocomplete="off"
                enterkeyhint="search"
            />
        </span>
    }
}

/// A filter that holds: what it says, and a link that takes it away.
#[component]
pub fn FilterChip(
    /// What it narrows to.
    #[prop(into)]
    text: String,
    /// The same list without it.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let name = format!("Retirer le filtre : {text}");
    view! {
        <a class="chip" href=href aria-label=name>
            {text}
            <Icon of=Glyph::Close size=14/>
        </a>
    }
}
