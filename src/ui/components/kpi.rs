//! A figure that matters: what it is, how it changed, why it is what it is.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};
use crate::ui::format;

/// What stands under a figure.
pub enum Change {
    /// Against the period before.
    Percent {
        /// In percent; none when there was nothing before.
        value: Option<f64>,
        /// The period before, in words.
        before: String,
        /// What it counts.
        href: String,
    },
    /// Anything else.
    Words(String),
}

impl Change {
    fn view(self) -> AnyView {
        let (value, before, href) = match self {
            Change::Words(words) => return view! { <span>{words}</span> }.into_any(),
            Change::Percent { value: None, .. } => {
                return view! { <span>"Aucune vente la période d'avant"</span> }.into_any();
            }
            Change::Percent { value: Some(value), before, href } => (value, before, href),
        };
        let (tone, icon) = if value > 0.0 {
            (Tone::Green, Glyph::TrendUp)
        } else if value < 0.0 {
            (Tone::Rose, Glyph::TrendDown)
        } else {
            (Tone::Slate, Glyph::Flat)
        };
        view! {
            <span class=format!("kpi-trend {}", tone.class())>
                <Icon of=icon size=14/>
                {format::change(value)}
            </span>
            <a class="quiet-link kpi-before" href=href title=before>
                "sur la période précédente"
            </a>
        }
        .into_any()
    }
}

/// One figure, large: it opens what it counts.
#[component]
pub fn Kpi(
    /// Id of its title, unique on the page.
    id: &'static str,
    /// What it is.
    title: &'static str,
    /// The figure.
    #[prop(into)]
    value: String,
    /// What it counts.
    #[prop(into)]
    href: String,
    /// What stands under it.
    change: Change,
    /// Its definition.
    #[prop(into)]
    why: String,
    /// Its course or its share, drawn.
    children: Children,
) -> impl IntoView {
    view! {
        <article class="kpi" aria-labelledby=id>
            <div class="kpi-head">
                <h2 class="kpi-title" id=id>
                    {title}
                </h2>
                <Why id title text=why/>
            </div>
            <a class="kpi-value figures" href=href title="Voir les commandes comptées">
                {value}
            </a>
            <p class="kpi-change figures">{change.view()}</p>
            {children()}
        </article>
    }
}

/// "Pourquoi ce chiffre ?": the browser opens and closes it by itself.
#[component]
pub fn Why(
    /// Of what; unique on the page.
    id: &'static str,
    /// Its name, read aloud with the button.
    title: &'static str,
    /// The definition.
    text: String,
) -> impl IntoView {
    let target = format!("{id}-pourquoi");
    view! {
        <button
            type="button"
            class="why-button"
            popovertarget=target.clone()
            aria-label=format!("Pourquoi ce chiffre ? {title}")
        >
            <Icon of=Glyph::Question size=14/>
        </button>
        <div class="why-panel" id=target popover="auto">
            <p class="font-semibold">"Pourquoi ce chiffre ?"</p>
            <p class="text-ink-soft">{text}</p>
        </div>
    }
}
