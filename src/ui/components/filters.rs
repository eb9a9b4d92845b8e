//! What narrows a list: a plain GET form, so that the URL says what is shown.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::button::{Button, ButtonKind};
use super::icon::{Glyph, Icon};
use crate::ui::query::QueryPairs;

/// A form that sends its fields to the list's own address, without reloading where the page has woken up. Put [`KeepParams`] inside for the parameters it does
/// not show; a reset link after it is a [`FilterChip`] or a `LinkButton`.
#[component]
pub fn FilterBar(
    /// Path of the list.
    #[prop(into)]
    action: String,
    /// What it does, for screen readers.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Form method="GET" action=action attr:role="search" attr:aria-label=label>
            <div class="filter-bar">
                {children()} <Button kind=ButtonKind::Secondary submit=true icon=Glyph::Filter text="Filtrer"/>
            </div>
        </Form>
    }
}

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
    view! {
        <span class="control-with-icon filter-search">
            <Icon of=Glyph::Search/>
            <input
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

/// The URL's other parameters, carried along hidden.
#[component]
pub fn KeepParams(
    /// All of them.
    query: QueryPairs,
    /// Those the form has fields for, and those that no longer hold (`page`, `cursor`).
    except: &'static [&'static str],
) -> impl IntoView {
    query
        .into_iter()
        .filter(|(name, _)| !except.contains(&name.as_str()))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect::<Vec<_>>()
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
