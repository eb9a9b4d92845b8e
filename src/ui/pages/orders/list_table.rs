//! The rows of the list: a table on a desk, cards on a phone.

use leptos::prelude::*;

use super::list::PATH;
use crate::auth::server_functions::PageContext;
use crate::orders::model::{Order, OrderItem};
use crate::orders::workflow::OrderStatus;
use crate::shared::{Day, OrderId};
use crate::ui::components::{Glyph, Icon, SortHeader, StatusBadge, TableFrame, VisuallyHidden};
use crate::ui::format::count;
use crate::ui::query::QueryPairs;

/// The order when the URL names none: the newest first.
const DEFAULT_SORT: &str = "-created_at";

/// Orders, one a row. A row is the same element as long as its order is in the list.
#[component]
pub fn OrderTable(
    /// The rows.
    orders: Memo<Vec<Order>>,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let context = StoredValue::new(expect_context::<PageContext>());
    let ids = move || orders.with(|orders| orders.iter().map(|order| order.id).collect::<Vec<_>>());
    view! {
        <TableFrame label="Commandes">
            <thead>
                <tr>{move || heads(query.get())}</tr>
            </thead>
            <tbody>
                <For each=ids key=|id| *id let:id>
                    <Row id orders context/>
                </For>
            </tbody>
        </TableFrame>
    }
}

fn heads(query: QueryPairs) -> impl IntoView {
    view! {
        <SortHeader label="Numéro" field="numero" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
        <SortHeader label="Saisie" field="created_at" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
        <th scope="col">"Client"</th>
        <th scope="col">"Articles"</th>
        <SortHeader label="Total" field="total" path=PATH query=query.clone() default_sort=DEFAULT_SORT number=true/>
        <th scope="col">"Statut"</th>
        <th scope="col">"Livreur"</th>
        <SortHeader label="Prévue" field="date_livraison_prevue" path=PATH query default_sort=DEFAULT_SORT/>
    }
}

/// One order; the whole row opens it.
#[component]
fn Row(id: OrderId, orders: Memo<Vec<Order>>, context: StoredValue<PageContext>) -> impl IntoView {
    let order = Memo::new(move |_| orders.with(|orders| orders.iter().find(|order| order.id == id).cloned()));
    view! {
        <tr class="row-link">
            {move || order.get().map(|order| context.with_value(|context| cells(order, context)))}
        </tr>
    }
}

fn cells(order: Order, context: &PageContext) -> impl IntoView + use<> {
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
        <th scope="row" class="shrink order-number">
            <a class="row-target" href=format!("{PATH}/{}", order.id)>
                {order.numero.clone()}
            </a>
        </th>
        <td class="shrink order-entered">{context.zone.display_short(order.audit.created_at)}</td>
        <td class="order-client truncate-cell">
            {order.client_nom.clone()} " " <span class="order-second">{order.ville.clone()}</span>
        </td>
        <td class="order-articles truncate-cell">
            <span class="order-count">{count(order.items.len() as i64, "article", "articles")}</span>
            <span class="order-names">{names(&order.items)}</span>
        </td>
        <td class="number order-total">{order.total.display()}</td>
        <td class="shrink order-status">
            <StatusBadge status=order.statut/>
        </td>
        <td class="order-courier truncate-cell">{courier}</td>
        <td class="shrink order-planned">{planned}</td>
    }
}

/// The first articles by name; the cell cuts off what does not fit.
fn names(items: &[OrderItem]) -> String {
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
