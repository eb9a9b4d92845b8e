//! Nothing to show, and what to do about it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// Says that there is nothing and what comes next; buttons as children.
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(default = Glyph::Inbox)]
    icon: Glyph,
    /// In a few words.
    #[prop(into)]
    title: String,
    /// What one may do.
    #[prop(optional, into)]
    text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon of=icon size=28/>
            <p class="empty-title">{title}</p>
            {(!text.is_empty()).then(|| view! { <p class="empty-text">{text}</p> })}
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
