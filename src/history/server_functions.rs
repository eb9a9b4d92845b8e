//! What the journal calls.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::{Author, HistoryOf, ToldChange};
use crate::error::AppError;
use crate::shared::Page;

#[cfg(feature = "ssr")]
use super::{names, operations};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// The parameters of the journal as they stand in the URL: the same names and rules as `GET /api/v1/audit`.
pub type QueryPairs = Vec<(String, String)>;

/// A page of the journal, with the names of what it speaks of.
#[server(prefix = "/_fn", endpoint = "list_changes", input = Json)]
pub async fn list_changes(query: QueryPairs) -> Result<Page<ToldChange>, AppError> {
    let ctx = Ctx::of_browser().await?;
    let page = operations::audit(&ctx, names::long_pages(query)).await?;
    names::told(&ctx, page).await
}

/// A page, from 1, of what changed in one row, with the names of what it speaks of.
#[server(prefix = "/_fn", endpoint = "row_history", input = Json)]
pub async fn row_history(what: HistoryOf, id: i64, page: i64) -> Result<Page<ToldChange>, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::told_of(&ctx, what, id, page).await
}

/// Everybody who may have changed something, by name; the system itself too.
#[server(prefix = "/_fn", endpoint = "authors", input = Json)]
pub async fn authors() -> Result<Vec<Author>, AppError> {
    let ctx = Ctx::of_browser().await?;
    names::authors(&ctx).await
}
