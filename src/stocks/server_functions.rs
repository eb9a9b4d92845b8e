//! What the stock screens call: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::Value;

use super::model::{Moved, Movement, PricedStock, Stock, StockCounts, StockSum};
use crate::error::AppError;
use crate::products::model::CategoryBrief;
use crate::shared::{MovementId, Page, ProductId};

#[cfg(feature = "ssr")]
use super::{movements, operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;
#[cfg(feature = "ssr")]
use crate::shared::{listing, resource};

/// The parameters of a list as they stand in the URL: the same names and rules as the REST list.
pub type QueryPairs = Vec<(String, String)>;

/// A page of the stocks, what runs short first unless the URL says otherwise.
#[server(prefix = "/_fn", endpoint = "list_stocks", input = Json)]
pub async fn list_stocks(query: QueryPairs) -> Result<Page<PricedStock>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::priced_stocks(&ctx, query).await
}

/// The tabs of the list: how many stand how, under the other filters of the URL.
#[server(prefix = "/_fn", endpoint = "count_stocks", input = Json)]
pub async fn count_stocks(query: QueryPairs) -> Result<StockCounts, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::count_stocks(&ctx, query).await
}

/// What the list comes to, whatever page of it is shown.
#[server(prefix = "/_fn", endpoint = "sum_stocks", input = Json)]
pub async fn sum_stocks(query: QueryPairs) -> Result<StockSum, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::sum_stocks(&ctx, query).await
}

/// The categories that the list may be narrowed to.
#[server(prefix = "/_fn", endpoint = "stock_categories", input = Json)]
pub async fn stock_categories() -> Result<Vec<CategoryBrief>, AppError> {
    let ctx = Ctx::of_browser().await?;
    let all = crate::categories::queries::all_categories(&ctx).await?;
    Ok(all.into_iter().map(|category| CategoryBrief { id: category.id, nom: category.nom }).collect())
}

/// The stock of a product.
#[server(prefix = "/_fn", endpoint = "read_stock", input = Json)]
pub async fn read_stock(id: ProductId) -> Result<Stock, AppError> {
    let ctx = Ctx::of_browser().await?;
    resource::get::<Stock>(&ctx, id.0, false).await
}

/// A page of the movements.
#[server(prefix = "/_fn", endpoint = "list_movements", input = Json)]
pub async fn list_movements(query: QueryPairs) -> Result<Page<Movement>, AppError> {
    let ctx = Ctx::of_browser().await?;
    listing::page::<movements::MovementFilter>(&ctx, query).await
}

/// Moves a stock. `key`: one for each opened form, so that a repeated sending moves it once.
#[server(prefix = "/_fn", endpoint = "move_stock", input = Json)]
pub async fn move_stock(body: Value, key: String) -> Result<Moved, AppError> {
    let ctx = Ctx::of_browser().await?.idempotent("move_stock", key, &body)?;
    let movement = operations::create_movement(&ctx, body).await?.value;
    queries::moved(&ctx, movement).await
}

/// Takes a movement back by its opposite.
#[server(prefix = "/_fn", endpoint = "counter_movement", input = Json)]
pub async fn counter_movement(id: MovementId) -> Result<Moved, AppError> {
    let ctx = Ctx::of_browser().await?;
    let movement = operations::counter_movement(&ctx, id).await?.value;
    queries::moved(&ctx, movement).await
}

/// Sets the threshold. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "update_stock", input = Json)]
pub async fn update_stock(id: ProductId, body: Value, version: i32) -> Result<Stock, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::update_stock(&ctx, id, body).await.map(|saved| saved.value)
}
