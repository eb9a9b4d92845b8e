//! Movements with the balance after each: of all products, or of one.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::counter::{Counter, Counters};
use super::kinds::{KindBadge, signed};
use super::movements;
use crate::auth::server_functions::PageContext;
use crate::shared::MovementId;
use crate::stocks::model::Movement;
use crate::ui::components::{SortHeader, TableFrame, VisuallyHidden};
use crate::ui::format::number;
use crate::ui::query::{QueryPairs, href};

/// Movements, one a row.
#[component]
pub fn MovementTable(
    /// The rows.
    movements: Vec<Movement>,
    /// The URL's parameters.
    query: QueryPairs,
    /// Where this list lives.
    #[prop(into)]
    path: String,
    /// Of one product: its name is not repeated, and movements can be taken back.
    #[prop(optional)]
    counters: Option<Counters>,
) -> impl IntoView {
    let one_product = counters.is_some();
    let writes = counters.is_some_and(|counters| counters.writes);
    // What was taken back on this page already is not offered again; the server knows the rest.
    let taken: BTreeSet<MovementId> = movements.iter().filter_map(Movement::counters).collect();
    // Rows of their own: drawn over in place, the one that has the focus would become another movement.
    let rows = view! {
        <For each=move || movements.clone() key=|movement| movement.id let:movement>
            {
                let counters = counters.filter(|_| !taken.contains(&movement.id));
                view! { <Row movement one_product writes counters/> }
            }
        </For>
    };
    let head = move |label: &'static str, field: &'static str, number: bool| {
        view! { <SortHeader label field path=path.clone() query=query.clone() default_sort="-created_at" number/> }
    };
    view! {
        <TableFrame label="Mouvements" cards=true class="table-movements">
            <thead>
                <tr>
                    {head("Date", "created_at", false)} {(!one_product).then(|| head("Produit", "produit", false))}
                    <th scope="col">"Mouvement"</th> {head("Quantité", "quantite", true)}
                    <th scope="col" class="number">
                        "Solde après"
                    </th>
                    <th scope="col">"Motif"</th>
                    <th scope="col">"Par"</th>
                    {writes
                        .then(|| {
                            view! {
                                <th scope="col">
                                    <VisuallyHidden>"Reprendre"</VisuallyHidden>
                                </th>
                            }
                        })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

#[component]
fn Row(movement: Movement, one_product: bool, writes: bool, counters: Option<Counters>) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let change = match movement.quantite {
        0 => "number cell-figure",
        n if n > 0 => "number cell-figure stock-gain",
        _ => "number cell-figure stock-loss",
    };
    let by = href(movements::PATH, &[("user_id", movement.created_by.to_string())]);
    let leads = !one_product && !movement.product.is_deleted;
    let product = (!one_product).then(|| {
        let nom = movement.product.nom.clone();
        let name = if leads {
            let href = format!("/stocks/{}", movement.product_id);
            view! { <a class="quiet-link row-here" href=href>{nom}</a> }.into_any()
        } else {
            nom.into_any()
        };
        view! { <th scope="row" class="cell-title truncate-cell">{name}</th> }
    });
    let order = movement.order_id.map(|id| {
        let numero = movement.numero.clone().unwrap_or_else(|| format!("Commande n° {id}"));
        view! { <a class="link" href=format!("/commandes/{id}")>{numero}</a> }
    });
    let (kind, at, auteur) = (movement.r#type, movement.created_at, movement.auteur.clone());
    let (quantity, after, motif) = (movement.quantite, movement.stock_apres, movement.motif.clone());
    view! {
        // A movement that leads nowhere (its product's own page, a deleted product): the row itself takes the focus.
        <tr tabindex=(!leads).then_some("-1") class=(!leads).then_some("row-here")>
            <td class="shrink cell-second stock-when">
                <time datetime=at.to_rfc3339()>{zone.display(at)}</time>
            </td>
            {product}
            <td class=if one_product { "shrink cell-title" } else { "shrink cell-state" }>
                <KindBadge kind/>
            </td>
            <td class=change>{signed(quantity)}</td>
            <td class="number stock-after cell-end">{number(after)}</td>
            <td class="cell-wide stock-motif">
                {motif.map(|motif| view! { <span>{motif}</span> " " })} {order}
            </td>
            <td class="cell-start truncate-cell">
                <a class="quiet-link" href=by>
                    {auteur}
                </a>
            </td>
            {writes
                .then(|| {
                    view! {
                        <td class="shrink stock-counter">
                            {counters.map(|counters| view! { <Counter counters movement=movement.clone()/> })}
                        </td>
                    }
                })}
        </tr>
    }
}
