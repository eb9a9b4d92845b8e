//! What the order screens call: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::{NewOrder, NewOrderItem, Order, OrderDetail, StatusCounts};
use super::rounds::{DayRounds, RoundWanted};
use super::sets::{BulkAction, BulkAnswer, FilterNames, OrderCopy, OrderSum, PickList, PickWanted, Seen};
use crate::error::AppError;
use crate::products::model::ProductChoice;
use crate::shared::{CategoryId, ClientId, Day, OrderId, Page, ProductId, UserId};

#[cfg(feature = "ssr")]
use super::{bulk, counts, dispatch, moves, operations, printing, queries, sums};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;
#[cfg(feature = "ssr")]
use crate::shared::several::to_its_end;

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
    counts::count_orders(&ctx, query).await
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

/// What everything that matches comes to.
#[server(prefix = "/_fn", endpoint = "sum_orders", input = Json)]
pub async fn sum_orders(query: QueryPairs) -> Result<OrderSum, AppError> {
    let ctx = Ctx::of_browser().await?;
    sums::sum_orders(&ctx, query).await
}

/// What the ids among the filters are called.
#[server(prefix = "/_fn", endpoint = "order_filter_names", input = Json)]
pub async fn name_filters(
    product: Option<ProductId>,
    category: Option<CategoryId>,
    client: Option<ClientId>,
) -> Result<FilterNames, AppError> {
    let ctx = Ctx::of_browser().await?;
    sums::filter_names(&ctx, product, category, client).await
}

/// Does the same to several orders, each by itself. `key`: one for each press.
#[server(prefix = "/_fn", endpoint = "act_on_orders", input = Json)]
pub async fn act_on_orders(action: BulkAction, orders: Vec<Seen>, key: String) -> Result<Vec<BulkAnswer>, AppError> {
    let ctx = Ctx::of_browser().await?;
    to_its_end(async move { bulk::act(&ctx, &action, orders, &key).await }).await
}

/// Changes what `changes` holds of client and delivery; the rest stays.
#[server(prefix = "/_fn", endpoint = "update_order", input = Json)]
pub async fn update_order(
    id: OrderId,
    changes: serde_json::Value,
    version: i32,
    key: String,
) -> Result<Order, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version).idempotent("update_order", key, &changes)?;
    operations::update_order(&ctx, id, changes).await.map(|saved| saved.value)
}

/// Replaces the lines of an order; those whose product was there keep their price.
#[server(prefix = "/_fn", endpoint = "replace_order_lines", input = Json)]
pub async fn replace_order_lines(
    id: OrderId,
    items: Vec<NewOrderItem>,
    version: i32,
    key: String,
) -> Result<Order, AppError> {
    let body = serde_json::json!({ "items": items });
    let ctx = Ctx::of_browser().await?.if_match(version).idempotent("replace_order_lines", key, &body)?;
    operations::update_order(&ctx, id, body).await.map(|saved| saved.value)
}

/// The articles of an order as its lines are edited.
#[server(prefix = "/_fn", endpoint = "order_choices", input = Json)]
pub async fn order_choices(id: OrderId) -> Result<Vec<ProductChoice>, AppError> {
    let ctx = Ctx::of_browser().await?;
    printing::order_choices(&ctx, id).await
}

/// An order as the model of a new one.
#[server(prefix = "/_fn", endpoint = "order_copy", input = Json)]
pub async fn copy_order(id: OrderId) -> Result<OrderCopy, AppError> {
    let ctx = Ctx::of_browser().await?;
    printing::order_copy(&ctx, id).await
}

/// Deletes a draft or a cancelled order.
#[server(prefix = "/_fn", endpoint = "delete_order", input = Json)]
pub async fn delete_order(id: OrderId, version: i32) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::delete_order(&ctx, id).await
}

/// Brings a deleted order back.
#[server(prefix = "/_fn", endpoint = "restore_order", input = Json)]
pub async fn restore_order(id: OrderId) -> Result<Order, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::restore_order(&ctx, id).await.map(|saved| saved.value)
}

/// What is to be gathered.
#[server(prefix = "/_fn", endpoint = "picking_list", input = Json)]
pub async fn picking_list(wanted: PickWanted) -> Result<PickList, AppError> {
    let ctx = Ctx::of_browser().await?;
    printing::picking_list(&ctx, wanted).await
}

/// The rounds of a day.
#[server(prefix = "/_fn", endpoint = "read_rounds", input = Json)]
pub async fn read_rounds(day: Day) -> Result<DayRounds, AppError> {
    let ctx = Ctx::of_browser().await?;
    dispatch::read_rounds(&ctx, day).await
}

/// Saves one round: whose it is and in which order. `key`: one for each sending.
#[server(prefix = "/_fn", endpoint = "save_round", input = Json)]
pub async fn save_round(round: RoundWanted, key: String) -> Result<Vec<Order>, AppError> {
    let body = serde_json::to_value(round).unwrap_or_default();
    let ctx = Ctx::of_browser().await?.idempotent("save_round", key, &body)?;
    dispatch::save_round(&ctx, body).await.map(|saved| saved.value)
}
