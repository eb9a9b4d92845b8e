//! What the screens ask about people.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::CourierBrief;
use crate::error::AppError;

#[cfg(feature = "ssr")]
use super::queries;
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// Everybody who can deliver now, by name.
#[server(prefix = "/_fn", endpoint = "couriers", input = Json)]
pub async fn couriers() -> Result<Vec<CourierBrief>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::couriers(&ctx).await
}
