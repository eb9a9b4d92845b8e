//! What a client ordered and received, the newest first.

use chrono::Datelike;
use leptos::prelude::*;

use super::address;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::orders::model::Order;
use crate::shared::{ClientId, Day, Page};
use crate::ui::components::{Card, EmptyState, PageInfo, Pager, Refusal, StatusBadge, TableFrame};
use crate::ui::pages::orders::names;
use crate::ui::query::{QueryPairs, href};
use crate::ui::status;

/// How many orders a page of the client shows.
pub const ROWS: i64 = 10;

/// The orders, one page of them.
#[component]
pub fn ClientOrders(
    /// Whose.
    client: ClientId,
    /// The orders.
    orders: Result<Page<Order>, AppError>,
    /// The page's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let all = href("/commandes", &[("client_id", client.to_string())]);
    let any = !matches!(&orders, Ok(page) if page.items.is_empty() && page.page == Some(1));
    let link = move || any.then(|| view! { <a class="link" href=all.clone()>"Voir toutes ses commandes"</a> });
    let content = match orders {
        Ok(_) if !any => {
            view! { <EmptyState title="Aucune commande" text="Elles apparaîtront ici dès la première."/> }.into_any()
        }
        Ok(page) => {
            let info = PageInfo::of(&page);
            let rows = page.items.into_iter().map(|order| view! { <Row order/> }).collect_view();
            view! {
                <TableFrame label="Commandes du client" cards=true class="table-client-orders">
                    <thead>
                        <tr>
                            <th scope="col">"Numéro"</th>
                            <th scope="col">"Saisie"</th>
                            <th scope="col">"Articles"</th>
                            <th scope="col">"Statut"</th>
                            <th scope="col" class="number">"Commandé"</th>
                            <th scope="col" class="number">"Reçu"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </TableFrame>
                <div class="client-orders-foot">
                    <Pager info path=address(client) query/>
                </div>
            }
            .into_any()
        }
        Err(error) => {
            status::set(error.code.status());
            view! { <Refusal error/> }.into_any()
        }
    };
    view! {
        <Card title="Commandes" actions=link flush=true>
            {content}
        </Card>
    }
}

#[component]
fn Row(order: Order) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let day = Day(zone.local(order.audit.created_at).date());
    let received = match order.total_livre {
        Some(amount) => amount.display().into_any(),
        None => view! { <span class="text-ink-faint">"–"</span> }.into_any(),
    };
    view! {
        <tr class="row-link">
            <th scope="row" class="shrink cell-title">
                <a class="row-target" href=format!("/commandes/{}", order.id)>
                    {order.numero.clone()}
                </a>
            </th>
            <td class="shrink cell-second">{day.display_short()} " " {day.0.year()}</td>
            <td class="cell-wide truncate-cell client-order-names">
                <span class="two-lines">{names(&order.items)}</span>
            </td>
            <td class="shrink cell-state">
                <StatusBadge status=order.statut/>
            </td>
            <td class="number cell-figure">{order.total.display()}</td>
            <td class="number cell-desk">{received}</td>
        </tr>
    }
}
