//! What the screens ask about imports. Files come through the form of the page: see `ui::forms::imports`.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::Import;
use crate::error::AppError;
use crate::shared::{ImportId, Page};

#[cfg(feature = "ssr")]
use super::{queries, undo};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// A page of the list: the same parameters as `GET /api/v1/imports`.
#[server(prefix = "/_fn", endpoint = "list_imports", input = Json)]
pub async fn list_imports(query: Vec<(String, String)>) -> Result<Page<Import>, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::listing::page::<queries::ImportFilter>(&ctx, query).await
}

/// Takes an import back.
#[server(prefix = "/_fn", endpoint = "undo_import", input = Json)]
pub async fn undo_import(id: ImportId) -> Result<Import, AppError> {
    let ctx = Ctx::of_browser().await?;
    undo::undo_import(&ctx, id).await.map(|saved| saved.value)
}
