//! Small labels: a hue, an icon and a word, so that none of the three has to be seen to understand.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::ui::format::{count, number};

/// A hue with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Slate,
    /// Information, confirmed.
    Blue,
    /// Take care, in preparation.
    Amber,
    /// On the way.
    Violet,
    /// Done, good.
    Green,
    /// Wrong, cancelled.
    Rose,
    /// The product's own.
    Teal,
}

impl Tone {
    /// Class that sets `--tone`, `--tone-soft` and `--tone-solid`.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Slate => "tone-slate",
            Tone::Blue => "tone-blue",
            Tone::Amber => "tone-amber",
            Tone::Violet => "tone-violet",
            Tone::Green => "tone-green",
            Tone::Rose => "tone-rose",
            Tone::Teal => "tone-teal",
        }
    }

    /// The hue of a status.
    pub fn of_status(status: OrderStatus) -> Tone {
        match status {
            OrderStatus::Brouillon => Tone::Slate,
            OrderStatus::Confirmee => Tone::Blue,
            OrderStatus::EnPreparation => Tone::Amber,
            OrderStatus::EnLivraison => Tone::Violet,
            OrderStatus::Livree => Tone::Green,
            OrderStatus::Annulee => Tone::Rose,
        }
    }
}

impl Glyph {
    /// The icon of a status.
    pub fn of_status(status: OrderStatus) -> Glyph {
        match status {
            OrderStatus::Brouillon => Glyph::Pencil,
            OrderStatus::Confirmee => Glyph::Confirmed,
            OrderStatus::EnPreparation => Glyph::PackageOpen,
            OrderStatus::EnLivraison => Glyph::Truck,
            OrderStatus::Livree => Glyph::PackageCheck,
            OrderStatus::Annulee => Glyph::Ban,
        }
    }
}

/// A label of any meaning.
#[component]
pub fn Badge(
    /// Its hue.
    #[prop(optional)]
    tone: Tone,
    /// Its icon.
    icon: Glyph,
    /// Struck through: it no longer counts.
    #[prop(optional)]
    struck: bool,
    /// The word.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let class = format!("badge {}{}", tone.class(), if struck { " badge-struck" } else { "" });
    view! {
        <span class=class>
            <Icon of=icon size=14/>
            <span>{text}</span>
        </span>
    }
}

/// Where an order stands.
#[component]
pub fn StatusBadge(
    /// The status.
    status: OrderStatus,
) -> impl IntoView {
    view! {
        <Badge
            tone=Tone::of_status(status)
            icon=Glyph::of_status(status)
            struck=status == OrderStatus::Annulee
            text=status.label()
        />
    }
}

/// How a stock stands, with what is left: "Plus que 3", "Rupture", "128 disponibles".
#[component]
pub fn StockBadge(
    /// The status.
    status: StockStatus,
    /// What can still be sold.
    available: i64,
) -> impl IntoView {
    let (tone, icon, text) = match status {
        StockStatus::Ok => (Tone::Green, Glyph::Check, count(available, "disponible", "disponibles")),
        StockStatus::Alerte => (Tone::Amber, Glyph::Warning, format!("Plus que {}", number(available))),
        StockStatus::Rupture => (Tone::Rose, Glyph::Ban, "Rupture".to_owned()),
    };
    view! { <Badge tone icon text/> }
}
