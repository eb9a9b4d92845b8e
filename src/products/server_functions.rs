//! What the screens ask about products.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::ProductChoice;
use crate::error::AppError;

#[cfg(feature = "ssr")]
use super::queries;
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// Active products whose name or reference contains `search` (accents and case ignored), an exact
/// reference first; all of them, by name, when it is empty. At most `limit` (1…500).
#[server(prefix = "/_fn", endpoint = "product_choices", input = Json)]
pub async fn product_choices(search: String, limit: i64) -> Result<Vec<ProductChoice>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::product_choices(&ctx, &search, limit).await
}
