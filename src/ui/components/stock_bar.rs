//! A stock as a bar: what can be sold, what is promised, and the threshold.

use leptos::prelude::*;

use super::badge::Tone;
use crate::products::model::StockStatus;
use crate::shared::text::count;
use crate::ui::format::number;

/// Widths in percent of the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Parts {
    available: f64,
    reserved: f64,
    threshold: f64,
}

impl Parts {
    /// What is on the shelf fills the bar, unless the threshold would then lie beyond its middle: a shelf
    /// that is nearly empty looks so.
    fn of(quantity: i64, reserved: i64, threshold: i64) -> Self {
        let whole = quantity.max(threshold.saturating_mul(2)).max(1) as f64;
        let percent = |n: i64| (n.max(0) as f64 * 100.0 / whole).clamp(0.0, 100.0);
        Self { available: percent(quantity - reserved), reserved: percent(reserved), threshold: percent(threshold) }
    }
}

/// The bar. What can be sold begins at the left, so that its end is read against the threshold's line.
#[component]
pub fn StockBar(
    /// On the shelf.
    quantite: i64,
    /// Promised to orders.
    reservee: i64,
    /// Alert at or below this.
    seuil: i64,
) -> impl IntoView {
    let available = quantite - reservee;
    let Parts { available: sold, reserved, threshold } = Parts::of(quantite, reservee, seuil);
    let tone = match StockStatus::of(available, seuil) {
        StockStatus::Ok => Tone::Teal,
        StockStatus::Alerte => Tone::Amber,
        StockStatus::Rupture => Tone::Rose,
    };
    let words = format!(
        "{}, {}, {}, seuil d'alerte {}",
        count(quantite, "en stock", "en stock"),
        count(reservee, "réservé", "réservés"),
        count(available, "disponible", "disponibles"),
        number(seuil)
    );
    view! {
        <svg class=format!("stock-bar {}", tone.class()) width="100%" height="12" role="img" aria-label=words>
            <rect class="stock-bar-all" y="2" width="100%" height="8" rx="2"></rect>
            <rect class="stock-bar-reserved" x=format!("{sold:.2}%") y="2" width=format!("{reserved:.2}%") height="8" rx="2"></rect>
            <rect class="stock-bar-available" y="2" width=format!("{sold:.2}%") height="8" rx="2"></rect>
            {(seuil > 0)
                .then(|| {
                    let x = format!("{threshold:.2}%");
                    view! { <line class="stock-bar-threshold" x1=x.clone() x2=x y1="0" y2="12"></line> }
                })}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_when_the_shelf_is() {
        assert_eq!(Parts::of(40, 10, 5), Parts { available: 75.0, reserved: 25.0, threshold: 12.5 });
        assert_eq!(Parts::of(2, 1, 5), Parts { available: 10.0, reserved: 10.0, threshold: 50.0 }, "nearly empty");
        assert_eq!(Parts::of(0, 0, 0), Parts { available: 0.0, reserved: 0.0, threshold: 0.0 });
    }
}
