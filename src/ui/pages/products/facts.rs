//! What a product is, what there is of it, who ordered it last.

use leptos::prelude::*;

use super::PATH;
use crate::auth::server_functions::PageContext;
use crate::orders::model::Order;
use crate::products::model::Product;
use crate::shared::{Money, Page, ProductId};
use crate::ui::components::{Card, Glyph, Icon, StatusBadge, StockBadge, StockFigures};
use crate::ui::format::number;
use crate::ui::query::href;

/// Name, price and what they are made of.
#[component]
pub fn Facts(
    /// The product.
    product: Product,
) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let tax = product.taux_tva.inside(product.prix);
    let net = Money(product.prix.0 - tax.0).display();
    let vat = format!("{} ({})", tax.display(), product.taux_tva.display());
    let category = href(PATH, &[("category_id", product.category_id.to_string())]);
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let text = move |value: Option<String>| value.map_or_else(none, |value| value.into_any());
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    view! {
        <Card title="Fiche">
            <dl class="facts">
                {fact("Référence", text(product.reference.clone()))}
                {fact(
                    "Catégorie",
                    view! {
                        <a class="link" href=category>
                            {product.category.nom.clone()}
                        </a>
                    }
                        .into_any(),
                )}
                {fact("Prix TTC", view! { <strong class="product-figure">{product.prix.display()}</strong> }.into_any())}
                {fact("Prix HT", net.into_any())}
                {fact("TVA", vat.into_any())}
                {product.prix_achat.map(|cost| fact("Prix d'achat", text(cost.map(Money::display))))}
                {fact("Ajouté", zone.display(product.audit.created_at).into_any())}
                {product
                    .description
                    .clone()
                    .map(|words| fact("Description", view! { <p class="product-words">{words}</p> }.into_any()))}
            </dl>
        </Card>
    }
}

/// What is there, what is promised, what may be sold: for those who see stocks.
#[component]
pub fn Stock(
    /// The product.
    product: Product,
    /// Whether they may move it.
    moves: bool,
) -> impl IntoView {
    let id = product.id;
    let badge = (product.stock.statut, product.stock.quantite_disponible);
    let actions = move || view! { <StockBadge status=badge.0 available=badge.1/> };
    view! {
        <Card title="Stock" actions=actions>
            <StockFigures stock=product.stock large=true/>
            <p class="product-links">
                <a class="link" href=format!("/stocks/{id}")>
                    <Icon of=Glyph::Boxes size=14/>
                    {if moves { "Gérer le stock" } else { "Voir le stock" }}
                </a>
                <a class="link" href=href("/stocks/mouvements", &[("product_id", id.to_string())])>
                    <Icon of=Glyph::Journal size=14/>
                    "Voir les mouvements"
                </a>
            </p>
        </Card>
    }
}

/// The last orders with it.
#[component]
pub fn LastOrders(
    /// The product.
    id: ProductId,
    /// Newest first.
    orders: Page<Order>,
) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let all = href("/commandes", &[("product_id", id.to_string())]);
    let more = !orders.items.is_empty();
    let rows = orders
        .items
        .into_iter()
        .map(|order| {
            let quantity: i64 = order.items.iter().filter(|item| item.product_id == id).map(|item| item.quantity).sum();
            let quantity = format!("× {}", number(quantity));
            view! {
                <tr class="row-link">
                    <th scope="row" class="shrink">
                        <a class="row-target" href=format!("/commandes/{}", order.id)>
                            {order.numero.clone()}
                        </a>
                        <span class="product-under">{format!("{} · {quantity}", order.client_nom)}</span>
                    </th>
                    <td class="product-client truncate-cell">{order.client_nom.clone()}</td>
                    <td class="shrink product-second product-when">{zone.display_short(order.audit.created_at)}</td>
                    <td class="number product-quantity">{quantity}</td>
                    <td class="shrink">
                        <StatusBadge status=order.statut/>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let actions = move || more.then(|| view! { <a class="link" href=all.clone()>"Toutes les commandes"</a> });
    view! {
        <Card title="Dernières commandes" actions=actions flush=true>
            {if more {
                view! {
                    <div class="product-orders" role="region" aria-label="Tableau des dernières commandes" tabindex="0">
                        <table class="table">
                            <caption class="visually-hidden">"Dernières commandes avec ce produit"</caption>
                            <thead class="visually-hidden">
                                <tr>
                                    <th scope="col">"Numéro"</th>
                                    <th scope="col" class="product-client">"Client"</th>
                                    <th scope="col" class="product-when">"Saisie"</th>
                                    <th scope="col" class="product-quantity">"Quantité"</th>
                                    <th scope="col">"Statut"</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            } else {
                view! { <p class="product-none">"Aucune commande ne le contient."</p> }.into_any()
            }}
        </Card>
    }
}
