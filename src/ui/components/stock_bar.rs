//! A stock at a glance: what may be sold, what is promised, where the alert begins.

use leptos::prelude::*;

use super::badge::Tone;
use crate::products::model::{StockBrief, StockStatus};
use crate::shared::text::count;
use crate::ui::format::number;

/// The widths of a bar in thousandths of it: what may be sold, what is promised, and the place of the mark.
fn widths(stock: &StockBrief) -> (i64, i64, i64) {
    // As long as the stock, or as the threshold when that is further off.
    let whole = stock.quantite.max(stock.seuil_alerte).max(1);
    let part = |n: i64| n.clamp(0, whole) * 1000 / whole;
    (part(stock.quantite_disponible), part(stock.quantite_reservee), part(stock.seuil_alerte))
}

/// The hue of a status of a stock.
fn tone(status: StockStatus) -> Tone {
    match status {
        StockStatus::Ok => Tone::Green,
        StockStatus::Alerte => Tone::Amber,
        StockStatus::Rupture => Tone::Rose,
    }
}

/// The figures in words.
fn words(stock: &StockBrief) -> String {
    format!(
        "{}, {}, {}, seuil d'alerte {}",
        count(stock.quantite, "en stock", "en stock"),
        count(stock.quantite_reservee, "réservé", "réservés"),
        count(stock.quantite_disponible, "disponible", "disponibles"),
        number(stock.seuil_alerte)
    )
}

fn per_mille(n: i64) -> String {
    format!("{}.{}%", n / 10, n % 10)
}

/// What may be sold of what is there, and a bar of it: small in a row of a table, large with all figures.
#[component]
pub fn StockBar(
    /// The stock.
    stock: StockBrief,
    /// With all four figures under it.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let (available, reserved, threshold) = widths(&stock);
    let label = words(&stock);
    let class = format!("stock-bar {}{}", tone(stock.statut).class(), if large { " stock-bar-large" } else { "" });
    let figure = |name: &'static str, n: i64, class: &'static str| {
        view! {
            <div class=class>
                <dt>{name}</dt>
                <dd>{number(n)}</dd>
            </div>
        }
    };
    view! {
        <div class=class>
            {(!large)
                .then(|| {
                    view! {
                        <span class="stock-figure" aria-hidden="true">
                            <strong>{number(stock.quantite_disponible)}</strong>
                            <span class="stock-of">{format!(" / {}", number(stock.quantite))}</span>
                        </span>
                    }
                })}
            <span class="stock-track" role="img" aria-label=label>
                <span class="stock-available" style=format!("width:{}", per_mille(available))></span>
                <span class="stock-reserved" style=format!("width:{}", per_mille(reserved))></span>
                {(stock.seuil_alerte > 0)
                    .then(|| {
                        view! { <span class="stock-mark" style=format!("left:{}", per_mille(threshold))></span> }
                    })}
            </span>
            {large
                .then(|| {
                    view! {
                        <dl class="stock-figures">
                            {figure("Disponible", stock.quantite_disponible, "stock-key stock-key-available")}
                            {figure("Réservé", stock.quantite_reservee, "stock-key stock-key-reserved")}
                            {figure("En stock", stock.quantite, "stock-key")}
                            {figure("Seuil d'alerte", stock.seuil_alerte, "stock-key stock-key-mark")}
                        </dl>
                    }
                })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_stock_and_never_more_than_the_bar() {
        assert_eq!(widths(&StockBrief::new(100, 25, 10)), (750, 250, 100));
        assert_eq!(widths(&StockBrief::new(5, 0, 20)), (250, 0, 1000), "below the threshold");
        assert_eq!(widths(&StockBrief::new(0, 0, 0)), (0, 0, 0), "nothing at all");
        assert_eq!(per_mille(755), "75.5%");
    }

    #[test]
    fn the_figures_are_told_to_who_cannot_see_the_bar() {
        assert_eq!(
            words(&StockBrief::new(12, 2, 3)),
            "12\u{a0}en stock, 2\u{a0}réservés, 10\u{a0}disponibles, seuil d'alerte 3"
        );
    }
}
