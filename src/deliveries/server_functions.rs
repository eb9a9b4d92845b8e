//! What the phone's pages and the order's page call: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::{ActionAnswers, Deliveries};
use crate::error::AppError;
use crate::orders::model::Order;
use crate::shared::OrderId;

#[cfg(feature = "ssr")]
use super::{operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// The deliveries of a day; the parameters are those of `GET /api/v1/livraisons`.
#[server(prefix = "/_fn", endpoint = "list_deliveries", input = Json)]
pub async fn list_deliveries(query: Vec<(String, String)>) -> Result<Deliveries, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::deliveries(&ctx, query).await
}

/// What the phone's outbox sends; `batch` is the body of `POST /api/v1/livraisons/actions`.
#[server(prefix = "/_fn", endpoint = "send_actions", input = Json)]
pub async fn send_actions(batch: serde_json::Value) -> Result<ActionAnswers, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::act(&ctx, batch).await.map(|saved| saved.value)
}

/// Puts a delivered order right; `correction` is the body of `POST /api/v1/orders/{id}/corrections`. `key`: one for
/// each sending.
#[server(prefix = "/_fn", endpoint = "correct_delivery", input = Json)]
pub async fn correct_delivery(
    id: OrderId,
    correction: serde_json::Value,
    version: i32,
    key: String,
) -> Result<Order, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version).idempotent("correct_delivery", key, &correction)?;
    crate::orders::corrections::correct(&ctx, id, correction).await.map(|saved| saved.value)
}
