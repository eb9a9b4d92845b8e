//! A group of things that belong together.

use leptos::prelude::*;

/// A titled box; only where it groups.
#[component]
pub fn Card(
    /// Its title; also the name of the region.
    #[prop(into)]
    title: String,
    /// At the right of the title: a link, a small button.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// No padding around the content, as for a table.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> impl IntoView {
    let name = title.clone();
    let body = if flush { "card-flush" } else { "card-body" };
    view! {
        <section class="card" aria-label=name>
            <div class="card-head">
                <h2 class="card-title">{title}</h2>
                {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> })}
            </div>
            <div class=body>{children()}</div>
        </section>
    }
}
