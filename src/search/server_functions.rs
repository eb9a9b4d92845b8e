//! What the palette asks.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::Hit;
use crate::error::AppError;

#[cfg(feature = "ssr")]
use super::operations;
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// Orders, products and clients that contain every word of `text`, a few of each.
#[server(prefix = "/_fn", endpoint = "find_anything", input = Json)]
pub async fn find_anything(text: String) -> Result<Vec<Hit>, AppError> {
    operations::find(&Ctx::of_browser().await?, &text).await
}
