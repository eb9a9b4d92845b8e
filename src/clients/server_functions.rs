//! What the screens ask about clients, and do with them.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::{Map, Value};

use super::model::{Client, ClientChoice, ClientSheet};
use crate::error::AppError;
use crate::shared::{ClientId, Page};

#[cfg(feature = "ssr")]
use super::{operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// Clients whose name, phone or e-mail contains `search`; at most 8.
#[server(prefix = "/_fn", endpoint = "client_choices", input = Json)]
pub async fn client_choices(search: String) -> Result<Vec<ClientChoice>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::client_choices(&ctx, &search).await
}

/// One client, as an order takes them.
#[server(prefix = "/_fn", endpoint = "known_client", input = Json)]
pub async fn known_client(id: ClientId) -> Result<ClientChoice, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::resource::get::<Client>(&ctx, id.0, false).await.map(Into::into)
}

/// A page of the list: the same parameters as `GET /api/v1/clients`.
#[server(prefix = "/_fn", endpoint = "list_clients", input = Json)]
pub async fn list_clients(query: Vec<(String, String)>) -> Result<Page<ClientSheet>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::client_sheets(&ctx, query).await
}

/// One client with what they ordered.
#[server(prefix = "/_fn", endpoint = "read_client", input = Json)]
pub async fn read_client(id: ClientId) -> Result<ClientSheet, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::client_sheet(&ctx, id).await
}

/// Creates a client. `key`: one for each opened form.
#[server(prefix = "/_fn", endpoint = "create_client", input = Json)]
pub async fn create_client(body: Map<String, Value>, key: String) -> Result<Client, AppError> {
    let body = Value::Object(body);
    let ctx = Ctx::of_browser().await?.idempotent("create_client", key, &body)?;
    operations::create_client(&ctx, body).await.map(|saved| saved.value)
}

/// Changes a client. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "update_client", input = Json)]
pub async fn update_client(id: ClientId, body: Map<String, Value>, version: i32) -> Result<Client, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::update_client(&ctx, id, Value::Object(body)).await.map(|saved| saved.value)
}

/// Deletes a client.
#[server(prefix = "/_fn", endpoint = "delete_client", input = Json)]
pub async fn delete_client(id: ClientId, version: i32) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::delete_client(&ctx, id).await
}

/// Brings a deleted client back.
#[server(prefix = "/_fn", endpoint = "restore_client", input = Json)]
pub async fn restore_client(id: ClientId) -> Result<Client, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::restore_client(&ctx, id).await.map(|saved| saved.value)
}
