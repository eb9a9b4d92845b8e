//! Words for those who listen to the page.

use leptos::prelude::*;

/// Read aloud, not seen.
#[component]
pub fn VisuallyHidden(children: Children) -> impl IntoView {
    view! { <span class="visually-hidden">{children()}</span> }
}

/// Says politely whatever it comes to hold: results of a search, a total that changed.
#[component]
pub fn LiveRegion(
    /// What to say; empty says nothing.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || text.get()}
        </p>
    }
}
