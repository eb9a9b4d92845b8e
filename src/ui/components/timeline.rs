//! What happened, one thing under the other.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};

/// A list of [`TimelineEntry`].
#[component]
pub fn Timeline(
    /// What it tells.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <ol class="timeline" aria-label=label>
            {children()}
        </ol>
    }
}

/// One thing that happened.
#[component]
pub fn TimelineEntry(
    /// What.
    #[prop(into)]
    text: String,
    /// Who.
    #[prop(into)]
    author: String,
    /// When, as people read it.
    #[prop(into)]
    at: String,
    /// When, for machines (RFC 3339).
    #[prop(optional, into)]
    datetime: Option<String>,
    /// More, such as a reason.
    #[prop(optional_no_strip, into)]
    detail: Option<String>,
    /// Hue of the mark.
    #[prop(optional)]
    tone: Tone,
    /// Icon of the mark.
    #[prop(default = Glyph::Clock)]
    icon: Glyph,
    /// What stands under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class=format!("timeline-entry {}", tone.class())>
            <span class="timeline-mark">
                <Icon of=icon size=14/>
            </span>
            <div>
                <p class="timeline-text">{text}</p>
                <p class="timeline-meta">
                    {author} " · " <time datetime=datetime>{at}</time>
                </p>
                {detail.map(|detail| view! { <p class="timeline-detail">{detail}</p> })}
                {children.map(|children| children())}
            </div>
        </li>
    }
}
