//! The same list seen from several sides, as links.

use leptos::prelude::*;

/// A row of [`Tab`]s.
#[component]
pub fn Tabs(
    /// What they choose.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            {children()}
        </nav>
    }
}

/// One side.
#[component]
pub fn Tab(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What is read.
    #[prop(into)]
    label: String,
    /// This is what is shown.
    current: bool,
    /// How many there are.
    #[prop(optional_no_strip, into)]
    count: Option<i64>,
) -> impl IntoView {
    view! {
        <a class="tab" href=href aria-current=current.then_some("page")>
            {label}
            {count.map(|count| view! { <span class="tab-count">{crate::ui::format::capped(count)}</span> })}
        </a>
    }
}
