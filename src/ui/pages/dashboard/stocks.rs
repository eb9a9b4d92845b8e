//! What runs short, now.

use leptos::prelude::*;

use super::links;
use super::why::Rules;
use crate::dashboard::model::{ShortStock, StockState};
use crate::products::model::StockStatus;
use crate::ui::components::{Card, EmptyState, Glyph, StockBadge, VisuallyHidden, Why};
use crate::ui::format;

/// How many short products are named.
const NAMED: usize = 8;

/// The card.
#[component]
pub fn StockCard(
    /// How they stand.
    stocks: StockState,
    /// The definitions.
    rules: Rules,
) -> impl IntoView {
    let short = stocks.nombre_ruptures + stocks.nombre_alertes;
    let named: Vec<ShortStock> = stocks.ruptures.into_iter().chain(stocks.alertes).take(NAMED).collect();
    let more = short > i64::try_from(named.len()).unwrap_or(0);
    let text = rules.stocks(stocks.total_produits);
    let why = move || view! { <Why id="stocks" title="Stocks" text=text.clone()/> };
    let fact = |name: &'static str, value: String, href: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    <a class="quiet-link" href=href>
                        {value}
                    </a>
                </dd>
            </div>
        }
    };
    let rows: Vec<_> = named
        .into_iter()
        .map(|stock| {
            view! {
                <li class="short-row">
                    <a class="quiet-link short-name" href=links::stock(stock.product_id) title=stock.nom.clone()>
                        {stock.nom.clone()}
                    </a>
                    <a class="quiet-link" href=links::stock(stock.product_id)>
                        <StockBadge status=stock.statut available=stock.quantite_disponible/>
                        <VisuallyHidden>{format!(", {}", stock.nom)}</VisuallyHidden>
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <Card title="Stocks" flush=true actions=why>
            <dl class="stock-facts figures">
                {fact("Ruptures", format::number(stocks.nombre_ruptures), links::stocks(&[StockStatus::Rupture], None))}
                {fact("Alertes", format::number(stocks.nombre_alertes), links::stocks(&[StockStatus::Alerte], None))}
                {fact("Produits", format::number(stocks.total_produits), links::stocks(&[], None))}
                {fact("Valeur du stock", stocks.valeur_stock.display_whole(), links::stocks(&[], Some("-valeur")))}
            </dl>
            {if short == 0 {
                view! { <EmptyState icon=Glyph::Check title="Rien ne manque" text="Aucun produit n'est à son seuil d'alerte."/> }
                    .into_any()
            } else {
                view! { <ul class="short-list">{rows}</ul> }.into_any()
            }}
            {more
                .then(|| {
                    // All of them, those named above too: as many as the list then holds.
                    let words = format!("Voir les {} à réapprovisionner", format::count(short, "produit", "produits"));
                    view! {
                        <p class="card-foot">
                            <a class="quiet-link" href=links::stocks(&StockStatus::SHORT, None)>
                                {words}
                            </a>
                        </p>
                    }
                })}
        </Card>
    }
}
