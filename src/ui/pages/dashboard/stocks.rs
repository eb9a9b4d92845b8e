//! What runs short, now.

use leptos::prelude::*;

use crate::dashboard::model::{ShortStock, StockState};
use crate::ui::components::{Card, EmptyState, Glyph, StockBadge};
use crate::ui::format;

/// How many short products are named.
const NAMED: usize = 8;

/// The card.
#[component]
pub fn StockCard(stocks: StockState) -> impl IntoView {
    let short = stocks.nombre_ruptures + stocks.nombre_alertes;
    let named: Vec<ShortStock> = stocks.ruptures.into_iter().chain(stocks.alertes).take(NAMED).collect();
    let left = short - i64::try_from(named.len()).unwrap_or(0);
    let rows: Vec<_> = named
        .into_iter()
        .map(|stock| {
            view! {
                <li class="short-row">
                    <span class="short-name" title=stock.nom.clone()>
                        {stock.nom.clone()}
                    </span>
                    <StockBadge status=stock.statut available=stock.quantite_disponible/>
                </li>
            }
        })
        .collect();
    view! {
        <Card title="Stocks" flush=true>
            <dl class="stock-facts figures">
                <div>
                    <dt>"Ruptures"</dt>
                    <dd>{format::number(stocks.nombre_ruptures)}</dd>
                </div>
                <div>
                    <dt>"Alertes"</dt>
                    <dd>{format::number(stocks.nombre_alertes)}</dd>
                </div>
                <div>
                    <dt>"Produits"</dt>
                    <dd>{format::number(stocks.total_produits)}</dd>
                </div>
                <div>
                    <dt>"Valeur du stock"</dt>
                    <dd>{stocks.valeur_stock.display_whole()}</dd>
                </div>
            </dl>
            {if short == 0 {
                view! { <EmptyState icon=Glyph::Check title="Rien ne manque" text="Aucun produit n'est à son seuil d'alerte."/> }
                    .into_any()
            } else {
                view! { <ul class="short-list">{rows}</ul> }.into_any()
            }}
            {(left > 0)
                .then(|| view! { <p class="card-foot">{format!("et {}", format::count(left, "autre produit", "autres produits"))}</p> })}
        </Card>
    }
}
