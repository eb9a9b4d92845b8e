//! Orders for other programs: three lines a route.

use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::filter::{DateField, DeliveryOutcome, OrderFilter};
use super::model::{NewOrder, NewOrderItem, Order, OrderUpdate, StatusInfo};
use super::{moves, operations, queries};
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history;
use crate::server::access::may;
use crate::server::openapi::{deletable, listed};
use crate::server::rest::{Call, Reading, created, gone, resource, saved};
use crate::server::state::AppState;
use crate::shared::{OrderId, Page};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadOrders, listed::<OrderFilter>(routes!(list))))
        .routes(may(Permission::WriteOrders, routes!(create)))
        .routes(may(Permission::ReadOrders, routes!(statuses)))
        .routes(may(Permission::ReadOrders, routes!(by_numero)))
        .routes(may(Permission::ReadOrders, deletable(routes!(one))))
        .routes(may(Permission::WriteOrders, routes!(update)))
        .routes(may(Permission::DeleteOrders, routes!(delete)))
        .routes(may(Permission::WriteOrders, routes!(add_item)))
        .routes(may(Permission::WriteOrders, routes!(remove_item)))
        .routes(may(Permission::WriteOrders, routes!(confirm)))
        .routes(may(Permission::MoveOrders, routes!(status)))
        .routes(may(Permission::WriteOrders, routes!(cancel)))
        .routes(may(Permission::WriteOrders, routes!(assign)))
        .routes(may(Permission::Restore, routes!(restore)))
        .routes(may(Permission::ReadHistory, history::rest::listed::<Order>(routes!(history))))
}

/// `{motif?}`
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct CancelBody {
    motif: Option<String>,
}

/// `{statut, motif?}`
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct StatusBody {
    statut: super::workflow::OrderStatus,
    motif: Option<String>,
}

/// `{livreur_id}`
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct AssignBody {
    #[schema(required)]
    livreur_id: Option<i64>,
}

/// The six statuses.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Statuses {
    items: Vec<StatusInfo>,
}

/// Liste des commandes, lignes comprises. Un livreur voit les siennes.
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "Commandes",
    params(
        ("statut" = Option<Vec<String>>, Query, description = "Répétable"),
        ("search" = Option<String>, Query, description = "Numéro, client, téléphone ; accents et casse ignorés"),
        ("client_id" = Option<i64>, Query), ("livreur_id" = Option<String>, Query, description = "Un identifiant, ou none"),
        ("product_id" = Option<i64>, Query), ("category_id" = Option<i64>, Query),
        ("hors_product_id" = Option<Vec<i64>>, Query, description = "Avec une ligne d'un autre produit que ceux-ci ; répétable"),
        ("hors_category_id" = Option<Vec<i64>>, Query, description = "Avec une ligne d'une autre catégorie que celles-ci ; répétable"),
        ("livraison" = Option<DeliveryOutcome>, Query, description = "Comment la livraison s'est passée"),
        ("start_date" = Option<chrono::NaiveDate>, Query), ("end_date" = Option<chrono::NaiveDate>, Query),
        ("date_champ" = Option<DateField>, Query, description = "La date dont parle la période")),
    responses((status = 200, body = Page<Order>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<OrderFilter>().await
}

/// Les statuts et leurs transitions.
#[utoipa::path(get, path = "/orders/statuses", operation_id = "list_statuses", tag = "Commandes",
    responses((status = 200, body = Statuses)))]
async fn statuses(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(Statuses { items: queries::statuses(&call.ctx)? }).into_response())
}

/// Une commande. Un livreur voit les siennes.
#[utoipa::path(get, path = "/orders/{id}", operation_id = "get_order", tag = "Commandes", params(("id" = i64, Path)),
    responses((status = 200, body = Order)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<Order>().await
}

/// Une commande, par son numéro.
#[utoipa::path(get, path = "/orders/by-numero/{numero}", operation_id = "get_order_by_numero", tag = "Commandes",
    params(("numero" = String, Path, description = "CMD-AAAAMMJJ-NNNNNN")), responses((status = 200, body = Order)))]
async fn by_numero(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(resource(queries::get_by_numero(&call.ctx, call.text("numero")).await?))
}

/// Crée une commande ; avec `confirmer`, la confirme ou ne crée rien.
#[utoipa::path(post, path = "/orders", operation_id = "create_order", tag = "Commandes", request_body = NewOrder,
    responses((status = 201, body = Order)))]
async fn create(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(created(operations::create_order(&call.ctx, call.body).await?, "/orders", |order| order.id.0))
}

/// Modifie une commande : tout, en brouillon ou confirmée ; la livraison et les notes, ensuite.
#[utoipa::path(put, path = "/orders/{id}", operation_id = "update_order", tag = "Commandes", params(("id" = i64, Path)),
    request_body = OrderUpdate, responses((status = 200, body = Order)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(operations::update_order(&call.ctx, id, call.body).await?))
}

/// Supprime un brouillon ou une commande annulée.
#[utoipa::path(delete, path = "/orders/{id}", operation_id = "delete_order", tag = "Commandes", params(("id" = i64, Path)),
    responses((status = 204)))]
async fn delete(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::delete_order(&call.ctx, call.id("id")?).await.map(gone)
}

/// Ajoute un article ; s'il y est déjà, à sa ligne.
#[utoipa::path(post, path = "/orders/{id}/items", operation_id = "add_order_item", tag = "Commandes", params(("id" = i64, Path)),
    request_body = NewOrderItem, responses((status = 201, body = Order)))]
async fn add_item(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(created(operations::add_item(&call.ctx, id, call.body).await?, "/orders", |order| order.id.0))
}

/// Retire une ligne ; la dernière d'une commande confirmée reste.
#[utoipa::path(delete, path = "/orders/{id}/items/{item_id}", operation_id = "remove_order_item", tag = "Commandes",
    params(("id" = i64, Path), ("item_id" = i64, Path)), responses((status = 204)))]
async fn remove_item(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::remove_item(&call.ctx, call.id("id")?, call.id("item_id")?).await.map(gone)
}

/// Confirme un brouillon : réserve chaque ligne.
#[utoipa::path(post, path = "/orders/{id}/confirm", operation_id = "confirm_order", tag = "Commandes",
    params(("id" = i64, Path)), responses((status = 200, body = Order)))]
async fn confirm(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(moves::confirm_order(&call.ctx, id, call.body).await?))
}

/// Change le statut, selon la table des transitions. Un livreur : les siennes.
#[utoipa::path(patch, path = "/orders/{id}/status", operation_id = "change_order_status", tag = "Commandes",
    params(("id" = i64, Path)), request_body = StatusBody, responses((status = 200, body = Order)))]
async fn status(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(moves::change_status(&call.ctx, id, call.body).await?))
}

/// Annule une commande avant sa livraison.
#[utoipa::path(post, path = "/orders/{id}/cancel", operation_id = "cancel_order", tag = "Commandes",
    params(("id" = i64, Path)), request_body = Option<CancelBody>, responses((status = 200, body = Order)))]
async fn cancel(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(moves::cancel_order(&call.ctx, id, call.body).await?))
}

/// Assigne un livreur, de confirmée à en livraison ; `null` le retire avant le départ.
#[utoipa::path(post, path = "/orders/{id}/assign-livreur", operation_id = "assign_livreur", tag = "Commandes",
    params(("id" = i64, Path)), request_body = AssignBody, responses((status = 200, body = Order)))]
async fn assign(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(moves::assign_courier(&call.ctx, id, call.body).await?))
}

/// Restaure une commande supprimée.
#[utoipa::path(post, path = "/orders/{id}/restore", operation_id = "restore_order", tag = "Commandes",
    params(("id" = i64, Path)), responses((status = 200, body = Order)))]
async fn restore(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::restore_order(&call.ctx, call.id("id")?).await?))
}

/// Ce qui a changé dans une commande et ses lignes, champ par champ.
#[utoipa::path(get, path = "/orders/{id}/history", operation_id = "order_history", tag = "Commandes",
    params(("id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of::<Order>(call).await
}
