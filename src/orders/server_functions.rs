//! What the order screens call: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::{NewOrder, Order, OrderDetail, StatusCounts};
use crate::error::AppError;
use crate::shared::{OrderId, Page, UserId};

#[cfg(feature = "ssr")]
use super::{moves, operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// The parameters of a list as they stand in the URL: the same names and rules as `GET /api/v1/orders`.
pub type QueryPairs = Vec<(String, String)>;

/// A page of the list.
#[server(prefix = "/_fn", endpoint = "list_orders", input = Json)]
pub async fn list_orders(query: QueryPairs) -> Result<Page<Order>, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::listing::page::<super::filter::OrderFilter>(&ctx, query).await
}

/// The tabs of the list: how many in each status, under the other filters of the URL.
#[server(prefix = "/_fn", endpoint = "count_orders", input = Json)]
pub async fn count_orders(query: QueryPairs) -> Result<StatusCounts, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::count_orders(&ctx, query).await
}

/// Everything the page of one order shows.
#[server(prefix = "/_fn", endpoint = "read_order", input = Json)]
pub async fn read_order(id: OrderId) -> Result<OrderDetail, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::order_detail(&ctx, id).await
}

/// Creates an order. `key`: one for each opened form, so that a repeated sending makes one order.
#[server(prefix = "/_fn", endpoint = "create_order", input = Json)]
pub async fn create_order(order: NewOrder, key: String) -> Result<Order, AppError> {
    let body = serde_json::to_value(order).unwrap_or_default();
    let ctx = Ctx::of_browser().await?.idempotent("create_order", key, &body)?;
    operations::create_order(&ctx, body).await.map(|saved| saved.value)
}

/// Takes an order to another status. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "change_order_status", input = Json)]
pub async fn change_order_status(
    id: OrderId,
    statut: String,
    motif: Option<String>,
    version: i32,
) -> Result<Order, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    let body = serde_json::json!({ "statut": statut, "motif": motif });
    moves::change_status(&ctx, id, body).await.map(|saved| saved.value)
}

/// Puts a livreur on an order, or takes them off.
#[server(prefix = "/_fn", endpoint = "assign_courier", input = Json)]
pub async fn assign_courier(id: OrderId, livreur_id: Option<UserId>, version: i32) -> Result<Order, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    let body = serde_json::json!({ "livreur_id": livreur_id });
    moves::assign_courier(&ctx, id, body).await.map(|saved| saved.value)
}
