//! What the screens ask about clients.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::ClientChoice;
use crate::error::AppError;

#[cfg(feature = "ssr")]
use super::queries;
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// Clients whose name, phone or e-mail contains `search`; at most 8.
#[server(prefix = "/_fn", endpoint = "client_choices", input = Json)]
pub async fn client_choices(search: String) -> Result<Vec<ClientChoice>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::client_choices(&ctx, &search).await
}
