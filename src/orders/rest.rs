//! Orders for other programs: three lines a route.

use axum::Json;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{NewOrder, Order};
use super::{operations, queries};
use crate::error::AppError;
use crate::server::openapi::Problem;
use crate::server::rest::{Call, created, needs, resource, saved};
use crate::server::state::AppState;
use crate::shared::{OrderId, Page};

/// The routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(confirm))
        .routes(routes!(status))
        .routes(routes!(cancel))
        .routes(routes!(assign))
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
    livreur_id: Option<i64>,
}

/// Liste des commandes, lignes comprises. Tous (livreur : les siennes).
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "Commandes", security(("bearer" = [])),
    params(
        ("statut" = Option<Vec<String>>, Query, description = "Répétable"),
        ("search" = Option<String>, Query, description = "Numéro, client, téléphone ; accents et casse ignorés"),
        ("client_id" = Option<i64>, Query), ("livreur_id" = Option<String>, Query, description = "Un identifiant, ou none"),
        ("product_id" = Option<i64>, Query), ("category_id" = Option<i64>, Query),
        ("start_date" = Option<String>, Query), ("end_date" = Option<String>, Query),
        ("date_champ" = Option<String>, Query, description = "created_at, confirmed_at, delivered_at, date_livraison_prevue"),
        ("sort" = Option<String>, Query, description = "created_at, total, numero, date_livraison_prevue ; - pour l'inverse"),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<Order>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list(call: Call<needs::ReadOrders>) -> Result<Json<Page<Order>>, AppError> {
    Ok(Json(queries::list_orders(&call.ctx, call.query).await?))
}

/// Une commande. Tous (livreur : les siennes).
#[utoipa::path(get, path = "/orders/{id}", operation_id = "get_order", tag = "Commandes", security(("bearer" = [])), params(("id" = i64, Path)),
    responses((status = 200, body = Order), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn one(call: Call<needs::ReadOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    Ok(resource(queries::get_order(&call.ctx, call.id("id")?).await?))
}

/// Crée une commande ; avec `confirmer`, la confirme ou ne crée rien. Admin, contrôleur.
#[utoipa::path(post, path = "/orders", operation_id = "create_order", tag = "Commandes", security(("bearer" = [])), request_body = NewOrder,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Order), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn create(call: Call<needs::WriteOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    let order = operations::create_order(&call.ctx, call.body).await?;
    let location = format!("/api/v1/orders/{}", order.value.id);
    Ok(created(order, &location))
}

/// Confirme un brouillon : réserve chaque ligne. Admin, contrôleur.
#[utoipa::path(post, path = "/orders/{id}/confirm", operation_id = "confirm_order", tag = "Commandes", security(("bearer" = [])), params(("id" = i64, Path),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Order), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn confirm(call: Call<needs::WriteOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(operations::confirm_order(&call.ctx, id, call.body).await?))
}

/// Change le statut, selon la table des transitions. Admin, contrôleur, le livreur de la commande.
#[utoipa::path(patch, path = "/orders/{id}/status", operation_id = "change_order_status", tag = "Commandes", security(("bearer" = [])), request_body = StatusBody,
    params(("id" = i64, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Order), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn status(call: Call<needs::MoveOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(operations::change_status(&call.ctx, id, call.body).await?))
}

/// Annule une commande avant sa livraison. Admin, contrôleur.
#[utoipa::path(post, path = "/orders/{id}/cancel", operation_id = "cancel_order", tag = "Commandes", security(("bearer" = [])), request_body = Option<CancelBody>,
    params(("id" = i64, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Order), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn cancel(call: Call<needs::WriteOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(operations::cancel_order(&call.ctx, id, call.body).await?))
}

/// Assigne un livreur, de confirmée à en livraison ; `null` le retire avant le départ. Admin, contrôleur.
#[utoipa::path(post, path = "/orders/{id}/assign-livreur", operation_id = "assign_livreur", tag = "Commandes", security(("bearer" = [])), request_body = AssignBody,
    params(("id" = i64, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Order), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn assign(call: Call<needs::WriteOrders>) -> Result<Response, AppError> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(saved(operations::assign_courier(&call.ctx, id, call.body).await?))
}
