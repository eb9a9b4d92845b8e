//! What was ordered, what was handed over, what it comes to.

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::orders::model::{Order, OrderItem};
use crate::shared::ProductId;
use crate::ui::components::Card;
use crate::ui::format::number;

/// The lines and the amounts of an order.
#[component]
pub fn Items(
    /// The order.
    order: Order,
    /// Products that cannot be opened any more.
    gone: Vec<ProductId>,
    /// At the right of the title.
    #[prop(into)]
    actions: ViewFn,
) -> impl IntoView {
    let delivered = order.items.iter().any(|item| item.quantite_livree.is_some());
    // All but the VAT's, which a phone leaves out, and the amount's.
    let columns = if delivered { 4 } else { 3 };
    let user = expect_context::<PageContext>().user;
    let opens = user.is_some_and(|user| user.may(Permission::ReadCatalogue));
    let rows = order
        .items
        .iter()
        .cloned()
        .map(|item| {
            let opens = opens && !gone.contains(&item.product_id);
            view! { <Row item delivered opens/> }
        })
        .collect_view();
    let sum = move |name: &'static str, amount: String, class: &'static str| {
        view! {
            <tr class=class>
                <td class="order-vat"></td>
                <th scope="row" colspan=(columns).to_string()>
                    {name}
                </th>
                <td class="number">{amount}</td>
            </tr>
        }
    };
    // Told apart only where less was handed over than ordered.
    let handed = order.total_livre.filter(|handed| *handed != order.total);
    let collected = order.montant_encaisse;
    view! {
        <Card title="Articles" flush=true actions>
            <div class="order-items" role="region" aria-label="Lignes de la commande" tabindex="0">
                <table class="table">
                    <caption class="visually-hidden">"Articles commandés"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Article"</th>
                            <th scope="col" class="number">
                                "Prix"
                            </th>
                            <th scope="col" class="number order-vat">
                                "TVA"
                            </th>
                            <th scope="col" class="number">
                                "Quantité"
                            </th>
                            {delivered
                                .then(|| {
                                    view! {
                                        <th scope="col" class="number">
                                            "Livrée"
                                        </th>
                                    }
                                })}
                            <th scope="col" class="number">
                                "Total"
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    <tfoot>
                        {sum("Total HT", order.total_ht.display(), "")}
                        {sum("TVA", order.total_tva.display(), "")}
                        {sum("Total TTC", order.total.display(), "order-sum")}
                        {handed.map(|handed| sum("Remis au client", handed.display(), ""))}
                        {collected.map(|collected| sum("Encaissé", collected.display(), ""))}
                    </tfoot>
                </table>
            </div>
        </Card>
    }
}

#[component]
fn Row(item: OrderItem, delivered: bool, opens: bool) -> impl IntoView {
    let handed = item.quantite_livree;
    let short = handed.is_some_and(|handed| handed < item.quantity);
    view! {
        <tr>
            <th scope="row">
                {if opens {
                    let href = format!("/produits/{}", item.product_id);
                    view! { <a class="quiet-link" href=href>{item.product_nom.clone()}</a> }.into_any()
                } else {
                    item.product_nom.clone().into_any()
                }}
            </th>
            <td class="number">{item.prix_unitaire.display()}</td>
            <td class="number order-vat">{item.taux_tva.display()}</td>
            <td class="number">{number(item.quantity)}</td>
            {delivered
                .then(|| {
                    let class = if short { "number text-warning" } else { "number" };
                    view! { <td class=class>{handed.map_or_else(|| "–".to_owned(), number)}</td> }
                })}
            <td class="number">{item.total.display()}</td>
        </tr>
    }
}
