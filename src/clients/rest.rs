//! Clients for other programs: three lines a route.

use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Client, ClientUpdate, NewClient};
use super::operations;
use super::queries::ClientFilter;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history;
use crate::orders::filter::OrderFilter;
use crate::orders::model::Order;
use crate::server::access::may;
use crate::server::openapi::{deletable, listed};
use crate::server::rest::{Call, Reading, created, gone, saved};
use crate::server::state::AppState;
use crate::shared::{ClientId, Page};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadClients, listed::<ClientFilter>(routes!(list))))
        .routes(may(Permission::WriteClients, routes!(create)))
        .routes(may(Permission::ReadClients, deletable(routes!(one))))
        .routes(may(Permission::WriteClients, routes!(update)))
        .routes(may(Permission::WriteClients, routes!(delete)))
        .routes(may(Permission::ReadClients, listed::<OrderFilter>(routes!(orders))))
        .routes(may(Permission::Restore, routes!(restore)))
        .routes(may(Permission::ReadHistory, history::rest::listed::<Client>(routes!(history))))
}

/// Les clients, par nom.
#[utoipa::path(get, path = "/clients", operation_id = "list_clients", tag = "Clients",
    params(("search" = Option<String>, Query, description = "Nom, e-mail ou téléphone")),
    responses((status = 200, body = Page<Client>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<ClientFilter>().await
}

/// Un client.
#[utoipa::path(get, path = "/clients/{id}", operation_id = "get_client", tag = "Clients", params(("id" = i64, Path)),
    responses((status = 200, body = Client)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<Client>().await
}

/// Crée un client.
#[utoipa::path(post, path = "/clients", operation_id = "create_client", tag = "Clients", request_body = NewClient,
    responses((status = 201, body = Client)))]
async fn create(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(created(operations::create_client(&call.ctx, call.body).await?, "/clients", |client| client.id.0))
}

/// Modifie un client ; ce qui n'est pas envoyé reste. Ses commandes gardent leur copie.
#[utoipa::path(put, path = "/clients/{id}", operation_id = "update_client", tag = "Clients", params(("id" = i64, Path)),
    request_body = ClientUpdate, responses((status = 200, body = Client)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: ClientId = call.id("id")?;
    Ok(saved(operations::update_client(&call.ctx, id, call.body).await?))
}

/// Supprime un client ; ses commandes restent.
#[utoipa::path(delete, path = "/clients/{id}", operation_id = "delete_client", tag = "Clients", params(("id" = i64, Path)),
    responses((status = 204)))]
async fn delete(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::delete_client(&call.ctx, call.id("id")?).await.map(gone)
}

/// Les commandes d'un client.
#[utoipa::path(get, path = "/clients/{id}/orders", operation_id = "list_client_orders", tag = "Clients",
    params(("id" = i64, Path), ("statut" = Option<Vec<String>>, Query, description = "Répétable"),
        ("search" = Option<String>, Query, description = "Numéro, client, téléphone"),
        ("livreur_id" = Option<String>, Query, description = "Un identifiant, ou none"),
        ("product_id" = Option<i64>, Query), ("category_id" = Option<i64>, Query),
        ("start_date" = Option<chrono::NaiveDate>, Query), ("end_date" = Option<chrono::NaiveDate>, Query),
        ("date_champ" = Option<crate::orders::filter::DateField>, Query)),
    responses((status = 200, body = Page<Order>)))]
async fn orders(call: Reading) -> AppResult<Response> {
    call.list_under::<Client, OrderFilter>("id", "client_id").await
}

/// Restaure un client supprimé, à moins que ses données aient été effacées (409).
#[utoipa::path(post, path = "/clients/{id}/restore", operation_id = "restore_client", tag = "Clients",
    params(("id" = i64, Path)), responses((status = 200, body = Client)))]
async fn restore(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::restore_client(&call.ctx, call.id("id")?).await?))
}

/// Ce qui a changé dans un client, champ par champ.
#[utoipa::path(get, path = "/clients/{id}/history", operation_id = "client_history", tag = "Clients",
    params(("id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of::<Client>(call).await
}
