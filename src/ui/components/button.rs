//! What one presses.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How much a button stands out: one primary a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// What one came for.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// Beside something more important.
    Quiet,
    /// Leads to something that cannot be undone.
    Danger,
    /// Does what cannot be undone.
    DangerSolid,
}

/// How large a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonSize {
    /// In a row of a table.
    Small,
    /// Everywhere.
    #[default]
    Medium,
    /// For thumbs.
    Large,
}

fn class(kind: ButtonKind, size: ButtonSize) -> String {
    let kind = match kind {
        ButtonKind::Primary => "btn-primary",
        ButtonKind::Secondary => "btn-secondary",
        ButtonKind::Quiet => "btn-quiet",
        ButtonKind::Danger => "btn-danger",
        ButtonKind::DangerSolid => "btn-danger-solid",
    };
    let size = match size {
        ButtonSize::Small => " btn-small",
        ButtonSize::Medium => "",
        ButtonSize::Large => " btn-large",
    };
    format!("btn {kind}{size}")
}

/// A button. While busy it shows so, cannot be pressed again and keeps the focus.
///
/// `on:click`, `attr:name`, `attr:value`, `attr:data-testid`… may be written on it.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Sends its form; otherwise it only reacts to clicks.
    #[prop(optional)]
    submit: bool,
    /// Its work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Said instead of the words while busy: "Enregistrement…".
    #[prop(optional)]
    busy_text: Option<&'static str>,
    /// Cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The words: a verb.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let before = move || {
        if busy.get() {
            Some(view! { <span class="spinner" aria-hidden="true"></span> }.into_any())
        } else {
            icon.map(|glyph| view! { <Icon of=glyph/> }.into_any())
        }
    };
    let words = move || match busy_text {
        Some(busy_text) if busy.get() => busy_text.to_owned(),
        _ => text.get(),
    };
    view! {
        <button
            class=class(kind, size)
            type=if submit { "submit" } else { "button" }
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
        >
            {before}
            <span>{words}</span>
        </button>
    }
}

/// A link that looks like a button: it leads somewhere, it changes nothing.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <a class=class(kind, size) href=href>
            {icon.map(|glyph| view! { <Icon of=glyph/> })}
            <span>{text}</span>
        </a>
    }
}
