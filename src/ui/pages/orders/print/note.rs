//! The delivery note: what is handed over, to whom, and a place to sign.

use leptos::prelude::*;

use super::{PrintButton, RunningHead};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::{AppError, ErrorCode};
use crate::orders::model::{Order, OrderItem};
use crate::orders::server_functions::read_order;
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{Guarded, PageHeader, Refusal, Skeleton};
use crate::ui::format::number;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::pages::orders::entry::totals;
use crate::ui::pages::orders::list_table::slot;
use crate::ui::reach::phone;
use crate::ui::status;

/// `/commandes/{id}/bon-de-livraison`
#[component]
pub fn DeliveryNotePage() -> impl IntoView {
    view! {
        <div class="page print-page">
            <Guarded permission=Permission::ReadAllOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let id = crate::ui::query::use_id::<crate::shared::OrderId>();
    let detail = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_order(id).await.map(|detail| detail.order),
                None => Err(AppError::not_found("Cette commande")),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(order) => view! { <Note order/> }.into_any(),
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Note(order: Order) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let path = format!("/commandes/{}", order.id);
    let delivered = order.statut == OrderStatus::Livree;
    // Handed over already: what was handed over. Before: what is to be.
    let quantity = move |item: &OrderItem| item.quantite_livree.filter(|_| delivered).unwrap_or(item.quantity);
    let sums =
        totals(order.items.iter().map(|item| (item.prix_unitaire, item.taux_tva, quantity(item)))).unwrap_or_default();
    let planned = order.date_livraison_prevue.map(|day| match slot(&order) {
        Some(slot) => format!("{}, {slot}", day.display()),
        None => day.display(),
    });
    let rows = order
        .items
        .iter()
        .map(|item| {
            let n = quantity(item);
            view! {
                <tr>
                    <th scope="row">{item.product_nom.clone()}</th>
                    <td class="number">{number(n)}</td>
                    <td class="number">{item.prix_unitaire.display()}</td>
                    <td class="number paper-vat">{item.taux_tva.display()}</td>
                    <td class="number">{item.prix_unitaire.times(n).map(|total| total.display())}</td>
                </tr>
            }
        })
        .collect_view();
    let vat = sums
        .vat
        .iter()
        .map(|(rate, amount)| {
            view! {
                <tr>
                    <th scope="row">{format!("TVA {}", rate.display())}</th>
                    <td class="number">{amount.display()}</td>
                </tr>
            }
        })
        .collect_view();
    let running = format!("Bon de livraison {}, {}", order.numero, order.client_nom);
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let is_draft = matches!(order.statut, OrderStatus::Brouillon | OrderStatus::Annulee);
    let address = crate::ui::pages::orders::delivery::address_of(&order)
        .into_iter()
        .map(|line| view! { <span>{line}</span> })
        .collect_view();
    view! {
        <PageHeader
            title="Bon de livraison"
            back=(path, order.numero.clone())
            actions=|| view! { <PrintButton/> }
        />
        <RunningHead text=running/>
        <article class="paper" aria-label="Bon de livraison">
            <header class="paper-head">
                <div>
                    <p class="paper-shop">{context.business.clone()}</p>
                    <p class="paper-kind">"Bon de livraison"</p>
                </div>
                <dl class="paper-facts">
                    {fact("Numéro", Some(order.numero.clone()))}
                    {fact("Commande du", Some(context.zone.local(order.audit.created_at).date()).map(|day| crate::shared::Day(day).display()))}
                    {fact("Livraison", planned)}
                    {fact("Livreur", order.livreur.as_ref().map(|courier| courier.display()))}
                </dl>
            </header>
            {is_draft
                .then(|| {
                    view! { <p class="paper-warning">{format!("{} : ce bon ne vaut pas livraison.", order.statut.label())}</p> }
                })}
            <section class="paper-client" aria-label="Destinataire">
                <p class="paper-label">"Livrer à"</p>
                <address>
                    <strong>{order.client_nom.clone()}</strong>
                    {address}
                    {order.client_telephone.clone().map(|number| view! { <span>{phone(&number)}</span> })}
                </address>
            </section>
            <div class="paper-scroll" role="region" aria-label="Articles" tabindex="0">
                <table class="paper-table">
                    <caption class="visually-hidden">"Articles livrés"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Article"</th>
                            <th scope="col" class="number">"Quantité"</th>
                            <th scope="col" class="number">"Prix TTC"</th>
                            <th scope="col" class="number paper-vat">"TVA"</th>
                            <th scope="col" class="number">"Total TTC"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <table class="paper-sums">
                <caption class="visually-hidden">"Montants"</caption>
                <tbody>
                    <tr>
                        <th scope="row">"Total HT"</th>
                        <td class="number">{sums.ht.display()}</td>
                    </tr>
                    {vat}
                    <tr class="paper-total">
                        <th scope="row">"Total TTC"</th>
                        <td class="number">{sums.ttc.display()}</td>
                    </tr>
                </tbody>
            </table>
            {order
                .notes
                .clone()
                .map(|notes| {
                    view! {
                        <section class="paper-notes" aria-label="Notes">
                            <p class="paper-label">"Notes"</p>
                            <p>{notes}</p>
                        </section>
                    }
                })}
            <section class="paper-sign" aria-label="Signatures">
                <div>
                    <p class="paper-label">"Reçu le, par (nom et signature)"</p>
                </div>
                <div>
                    <p class="paper-label">"Réserves éventuelles"</p>
                </div>
            </section>
        </article>
    }
}
