//! What the screens ask about categories, and do with them: thin, no rule of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::Value;

use super::model::Category;
use crate::error::AppError;
use crate::shared::{CategoryId, Page};

#[cfg(feature = "ssr")]
use super::{operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// A page of the list: the same parameters as `GET /api/v1/categories`.
#[server(prefix = "/_fn", endpoint = "list_categories", input = Json)]
pub async fn list_categories(query: Vec<(String, String)>) -> Result<Page<Category>, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::listing::page::<queries::CategoryFilter>(&ctx, query).await
}

/// One category, as it is now.
#[server(prefix = "/_fn", endpoint = "read_category", input = Json)]
pub async fn read_category(id: CategoryId) -> Result<Category, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::resource::get::<Category>(&ctx, id.0, false).await
}

/// Creates a category. `key`: one for each opened form.
#[server(prefix = "/_fn", endpoint = "create_category", input = Json)]
pub async fn create_category(body: Value, key: String) -> Result<Category, AppError> {
    let ctx = Ctx::of_browser().await?.idempotent("create_category", key, &body)?;
    operations::create_category(&ctx, body).await.map(|saved| saved.value)
}

/// Changes a category. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "update_category", input = Json)]
pub async fn update_category(id: CategoryId, body: Value, version: Option<i32>) -> Result<Category, AppError> {
    let ctx = Ctx::of_browser().await?.seen(version);
    operations::update_category(&ctx, id, body).await.map(|saved| saved.value)
}

/// One category; a deleted one too, for those who may bring it back.
#[server(prefix = "/_fn", endpoint = "show_category", input = Json)]
pub async fn show_category(id: CategoryId) -> Result<Category, AppError> {
    let ctx = Ctx::of_browser().await?;
    let with_deleted = ctx.may(crate::auth::permission::Permission::Restore);
    crate::shared::resource::get::<Category>(&ctx, id.0, with_deleted).await
}

/// Deletes a category without products. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "delete_category", input = Json)]
pub async fn delete_category(id: CategoryId, version: i32) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::delete_category(&ctx, id).await
}

/// Brings a deleted category back.
#[server(prefix = "/_fn", endpoint = "restore_category", input = Json)]
pub async fn restore_category(id: CategoryId) -> Result<Category, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::restore_category(&ctx, id).await.map(|saved| saved.value)
}

/// Puts all categories in this order.
#[server(prefix = "/_fn", endpoint = "reorder_categories", input = Json)]
pub async fn reorder_categories(ids: Vec<CategoryId>) -> Result<Vec<Category>, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::reorder_categories(&ctx, serde_json::json!({ "ids": ids })).await.map(|saved| saved.value)
}
