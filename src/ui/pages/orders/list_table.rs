//! The rows of the list: a table on a desk, cards on a phone.

use leptos::prelude::*;

use super::bulk::Bulk;
use super::list::{PATH, shows_deleted};
use crate::auth::server_functions::PageContext;
use crate::orders::model::{Order, OrderItem};
use crate::orders::workflow::OrderStatus;
use crate::shared::Day;
use crate::ui::components::{Glyph, Icon, SortHeader, StatusBadge, TableFrame, VisuallyHidden};
use crate::ui::format::count;
use crate::ui::list::{SelectAll, SelectRow};
use crate::ui::query::QueryPairs;

/// The order when the URL names none: the newest first.
const DEFAULT_SORT: &str = "-created_at";

/// Orders, one a row.
#[component]
pub fn OrderTable(
    /// The rows.
    orders: Vec<Order>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let bulk = use_context::<Bulk>().filter(|_| !shows_deleted(&query));
    let ids: Vec<_> = orders.iter().map(|order| order.id.0).collect();
    if let Some(bulk) = bulk {
        bulk.see(&orders);
    }
    // Rows of their own: drawn over in place, the one that has the focus would become another order.
    let rows = view! { <For each=move || orders.clone() key=|order| order.id let:order><Row order/></For> };
    view! {
        <TableFrame label="Commandes" cards=true class="table-orders">
            <thead>
                <tr>
                    {bulk.map(|bulk| view! { <SelectAll selection=bulk.selection ids/> })}
                    <SortHeader label="Numéro" field="numero" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
                    <SortHeader label="Saisie" field="created_at" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
                    <th scope="col">"Client"</th>
                    <th scope="col">"Articles"</th>
                    <SortHeader
                        label="Total"
                        field="total"
                        path=PATH
                        query=query.clone()
                        default_sort=DEFAULT_SORT
                        number=true
                    />
                    <th scope="col">"Statut"</th>
                    <th scope="col">"Livreur"</th>
                    <SortHeader label="Prévue" field="date_livraison_prevue" path=PATH query default_sort=DEFAULT_SORT/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// One order; the whole row opens it.
#[component]
fn Row(order: Order) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let late = is_late(&order, context.today);
    let slot = slot(&order);
    let courier = match &order.livreur {
        Some(courier) => view! { <span>{courier.display()}</span> }.into_any(),
        None if order.statut.takes_courier() => view! { <span class="text-warning">"Non assignée"</span> }.into_any(),
        None => view! { <span class="text-ink-faint">"–"</span> }.into_any(),
    };
    let planned = match order.date_livraison_prevue {
        Some(day) => view! {
            <span class=if late { "order-late" } else { "" }>
                {late.then(|| view! { <Icon of=Glyph::Warning size=14/><VisuallyHidden>"En retard :"</VisuallyHidden> })}
                {day.display_short()}
            </span>
            " "
            {slot.map(|slot| view! { <span class="order-second">{slot}</span> })}
        }
        .into_any(),
        None => view! { <span class="text-ink-faint">"–"</span> }.into_any(),
    };
    view! {
        <tr class="row-link">
            {use_context::<Bulk>()
                .filter(|_| !order.deletion.is_deleted)
                .map(|bulk| {
                    view! { <SelectRow selection=bulk.selection id=order.id.0 name=order.numero.clone()/> }
                })}
            <th scope="row" class="shrink cell-second order-number">
                <a class="row-target" href=format!("{PATH}/{}", order.id)>
                    {order.numero.clone()}
                </a>
            </th>
            <td class="shrink cell-desk order-entered">{context.zone.display_short(order.audit.created_at)}</td>
            <td class="order-client cell-title truncate-cell">
                {order.client_nom.clone()} " " <span class="order-second">{order.ville.clone()}</span>
            </td>
            <td class="order-articles cell-wide truncate-cell">
                <span class="order-count">{count(pieces(&order.items), "article", "articles")}</span>
                <span class="order-names">{names(&order.items)}</span>
            </td>
            <td class="number cell-figure order-total">{order.total.display()}</td>
            <td class="shrink cell-state order-status">
                <StatusBadge status=order.statut/>
            </td>
            <td class="order-courier cell-start truncate-cell">{courier}</td>
            <td class="shrink cell-end order-planned">{planned}</td>
        </tr>
    }
}

/// How many pieces: what is called articles wherever they are counted.
pub fn pieces(items: &[OrderItem]) -> i64 {
    items.iter().map(|item| item.quantity).sum()
}

/// The first articles by name; the cell cuts off what does not fit.
pub fn names(items: &[OrderItem]) -> String {
    let first: Vec<_> = items.iter().take(3).map(|item| item.product_nom.as_str()).collect();
    let more = if items.len() > 3 { "…" } else { "" };
    format!("{}{more}", first.join(", "))
}

/// `09:00–12:00`, `dès 09:00`
pub fn slot(order: &Order) -> Option<String> {
    match (&order.creneau_debut, &order.creneau_fin) {
        (Some(from), Some(to)) => Some(format!("{from}–{to}")),
        (Some(from), None) => Some(format!("dès {from}")),
        (None, Some(to)) => Some(format!("avant {to}")),
        (None, None) => None,
    }
}

/// Should have been delivered before today, and was not.
pub fn is_late(order: &Order, today: Day) -> bool {
    let open = !matches!(order.statut, OrderStatus::Livree | OrderStatus::Annulee);
    open && order.date_livraison_prevue.is_some_and(|day| day < today)
}
