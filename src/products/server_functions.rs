//! What the screens ask about products, and do with them: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::Value;

use super::model::{Product, ProductChoice, ProductCounts, ProductDetail, ProductFormData};
use super::sets::{BulkAnswer, BulkDeed};
use crate::error::AppError;
use crate::shared::several::Seen;
use crate::shared::{Page, ProductId};

#[cfg(feature = "ssr")]
use super::{bulk, operations, pages, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;
#[cfg(feature = "ssr")]
use crate::shared::several::to_its_end;

/// The parameters of a list as they stand in the URL: the same names and rules as `GET /api/v1/products`.
pub type QueryPairs = Vec<(String, String)>;

/// Active products whose name or reference contains `search` (accents and case ignored), an exact
/// reference first; all of them, by name, when it is empty. At most `limit` (1…500).
#[server(prefix = "/_fn", endpoint = "product_choices", input = Json)]
pub async fn product_choices(search: String, limit: i64) -> Result<Vec<ProductChoice>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::product_choices(&ctx, &search, limit).await
}

/// A page of the list.
#[server(prefix = "/_fn", endpoint = "list_products", input = Json)]
pub async fn list_products(query: QueryPairs) -> Result<Page<Product>, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::listing::page::<queries::ProductFilter>(&ctx, query).await
}

/// The tabs of the list.
#[server(prefix = "/_fn", endpoint = "count_products", input = Json)]
pub async fn count_products(query: QueryPairs) -> Result<ProductCounts, AppError> {
    let ctx = Ctx::of_browser().await?;
    pages::counts(&ctx, query).await
}

/// Categories and VAT rate to choose from.
#[server(prefix = "/_fn", endpoint = "product_form", input = Json)]
pub async fn product_form() -> Result<ProductFormData, AppError> {
    let ctx = Ctx::of_browser().await?;
    pages::form_data(&ctx).await
}

/// Everything the page of one product shows, with this page of its history.
#[server(prefix = "/_fn", endpoint = "read_product", input = Json)]
pub async fn read_product(id: ProductId, history_page: i64) -> Result<ProductDetail, AppError> {
    let ctx = Ctx::of_browser().await?;
    pages::detail(&ctx, id, history_page).await
}

/// The product alone, as it is now.
#[server(prefix = "/_fn", endpoint = "one_product", input = Json)]
pub async fn one_product(id: ProductId) -> Result<Product, AppError> {
    let ctx = Ctx::of_browser().await?;
    pages::one(&ctx, id).await
}

/// Creates a product. `key`: one for each opened form, so that a repeated sending makes one product.
#[server(prefix = "/_fn", endpoint = "create_product", input = Json)]
pub async fn create_product(body: Value, key: String) -> Result<Product, AppError> {
    let ctx = Ctx::of_browser().await?.idempotent("create_product", key, &body)?;
    operations::create_product(&ctx, body).await.map(|saved| saved.value)
}

/// Changes a product. `version`: what was seen, a newer one refuses; none changes whatever is there.
#[server(prefix = "/_fn", endpoint = "update_product", input = Json)]
pub async fn update_product(id: ProductId, body: Value, version: Option<i32>) -> Result<Product, AppError> {
    let ctx = Ctx::of_browser().await?.seen(version);
    operations::update_product(&ctx, id, body).await.map(|saved| saved.value)
}

/// Puts a product on sale, or takes it off.
#[server(prefix = "/_fn", endpoint = "toggle_product", input = Json)]
pub async fn toggle_product(id: ProductId, version: i32) -> Result<Product, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::toggle_product(&ctx, id).await.map(|saved| saved.value)
}

/// Deletes a product.
#[server(prefix = "/_fn", endpoint = "delete_product", input = Json)]
pub async fn delete_product(id: ProductId, version: Option<i32>) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?.seen(version);
    operations::delete_product(&ctx, id).await
}

/// Does the same to several products, each by itself. `key`: one for each press.
#[server(prefix = "/_fn", endpoint = "act_on_products", input = Json)]
pub async fn act_on_products(
    deed: BulkDeed,
    products: Vec<Seen<ProductId>>,
    key: String,
) -> Result<Vec<BulkAnswer>, AppError> {
    let ctx = Ctx::of_browser().await?;
    to_its_end(async move { bulk::act(&ctx, deed, products, &key).await }).await
}

/// Brings a deleted product back.
#[server(prefix = "/_fn", endpoint = "restore_product", input = Json)]
pub async fn restore_product(id: ProductId) -> Result<Product, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::restore_product(&ctx, id).await.map(|saved| saved.value)
}
