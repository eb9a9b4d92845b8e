//! A stock at a glance: its figures and their bar.

use leptos::prelude::*;

use super::stock_bar::StockBar;
use crate::products::model::StockBrief;
use crate::ui::format::number;

/// What may be sold of what is there, and a bar of it: small in a row of a table, large with all figures.
#[component]
pub fn StockFigures(
    /// The stock.
    stock: StockBrief,
    /// With all four figures under it.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = if large { "stock-meter stock-meter-large" } else { "stock-meter" };
    let figure = |name: &'static str, n: i64| {
        view! {
            <div class="stock-key">
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
            <StockBar quantite=stock.quantite reservee=stock.quantite_reservee seuil=stock.seuil_alerte/>
            {large
                .then(|| {
                    view! {
                        <dl class="stock-figures">
                            {figure("Disponible", stock.quantite_disponible)}
                            {figure("Réservé", stock.quantite_reservee)}
                            {figure("En stock", stock.quantite)}
                            {figure("Seuil d'alerte", stock.seuil_alerte)}
                        </dl>
                    }
                })}
        </div>
    }
}
