//! Something the person must know, in the flow of the page.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};
use crate::error::{AppError, ErrorCode};

/// A coloured strip with an icon.
#[component]
pub fn Notice(
    /// Its hue and, by it, its icon.
    #[prop(default = Tone::Blue)]
    tone: Tone,
    /// In a few words.
    #[prop(optional, into)]
    title: String,
    /// Read aloud at once (`role="alert"`): for refusals.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        Tone::Rose => Glyph::Alert,
        Tone::Amber => Glyph::Warning,
        Tone::Green => Glyph::Check,
        _ => Glyph::Info,
    };
    view! {
        <div class=format!("notice {}", tone.class()) role=alert.then_some("alert") tabindex=alert.then_some("-1")>
            <Icon of=icon/>
            <div>
                {(!title.is_empty()).then(|| view! { <p class="notice-title">{title}</p> })}
                {children()}
            </div>
        </div>
    }
}

/// Why something could not be read or done. Somebody whose session has ended goes to sign in, and comes back.
#[component]
pub fn Refusal(
    /// The refusal.
    error: AppError,
) -> impl IntoView {
    let signed_out = error.code == ErrorCode::Unauthenticated;
    Effect::new(move |_| {
        if signed_out {
            crate::ui::session::sign_in_again();
        }
    });
    let tone = if error.code.status() < 500 { Tone::Amber } else { Tone::Rose };
    let faults: Vec<_> = if error.errors.len() > 1 {
        error.errors.into_iter().map(|e| view! { <li>{format!("{} : {}", e.champ, e.message)}</li> }).collect()
    } else {
        Vec::new()
    };
    view! {
        <Notice tone title=error.code.title() alert=true>
            <p>{error.detail}</p>
            {(!faults.is_empty()).then(|| view! { <ul>{faults}</ul> })}
        </Notice>
    }
}
