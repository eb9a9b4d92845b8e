//! Stocks for other programs: three lines a route.

use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{MoveKind, Movement, NewEntry, NewMovement, Stock, StockUpdate};
use super::movements::MovementFilter;
use super::operations;
use super::queries::{AlertFilter, StockFilter};
use crate::auth::context::Saved;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history;
use crate::products::model::StockStatus;
use crate::server::access::may;
use crate::server::openapi::listed;
use crate::server::rest::{Call, Reading, made, saved};
use crate::server::state::AppState;
use crate::shared::{Page, ProductId};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadStocks, listed::<StockFilter>(routes!(list))))
        .routes(may(Permission::ReadStocks, listed::<AlertFilter>(routes!(alerts))))
        .routes(may(Permission::ReadStocks, listed::<MovementFilter>(routes!(movements))))
        .routes(may(Permission::WriteStocks, routes!(create_movement)))
        .routes(may(Permission::WriteStocks, routes!(entry)))
        .routes(may(Permission::WriteStocks, routes!(exit)))
        .routes(may(Permission::ReadStocks, routes!(one)))
        .routes(may(Permission::WriteStocks, routes!(update)))
        .routes(may(Permission::ReadStocks, listed::<MovementFilter>(routes!(product_movements))))
        .routes(may(Permission::ReadHistory, history::rest::listed::<Stock>(routes!(history))))
}

/// Les stocks des produits.
#[utoipa::path(get, path = "/stocks", operation_id = "list_stocks", tag = "Stocks",
    params(("search" = Option<String>, Query, description = "Nom ou référence du produit"),
        ("statut" = Option<Vec<StockStatus>>, Query, description = "L'un de ces états ; répétable"),
        ("category_id" = Option<i64>, Query)),
    responses((status = 200, body = Page<Stock>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<StockFilter>().await
}

/// Ce qui manque ou va manquer, les ruptures d'abord.
#[utoipa::path(get, path = "/stocks/alerts", operation_id = "list_stock_alerts", tag = "Stocks",
    params(("search" = Option<String>, Query, description = "Nom ou référence du produit")),
    responses((status = 200, body = Page<Stock>)))]
async fn alerts(call: Reading) -> AppResult<Response> {
    call.list::<AlertFilter>().await
}

/// Le stock d'un produit.
#[utoipa::path(get, path = "/stocks/{product_id}", operation_id = "get_stock", tag = "Stocks",
    params(("product_id" = i64, Path)), responses((status = 200, body = Stock)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one_by::<Stock>("product_id").await
}

/// Change le seuil d'alerte.
#[utoipa::path(put, path = "/stocks/{product_id}", operation_id = "update_stock", tag = "Stocks",
    params(("product_id" = i64, Path)), request_body = StockUpdate, responses((status = 200, body = Stock)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: ProductId = call.id("product_id")?;
    Ok(saved(operations::update_stock(&call.ctx, id, call.body).await?))
}

/// Les mouvements, du plus récent au plus ancien.
#[utoipa::path(get, path = "/stocks/movements", operation_id = "list_movements", tag = "Stocks",
    params(("type" = Option<MoveKind>, Query), ("product_id" = Option<i64>, Query), ("order_id" = Option<i64>, Query),
        ("search" = Option<String>, Query, description = "Produit, motif, numéro ou client de la commande"), ("user_id" = Option<i64>, Query),
        ("start_date" = Option<chrono::NaiveDate>, Query), ("end_date" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = Page<Movement>)))]
async fn movements(call: Reading) -> AppResult<Response> {
    call.list::<MovementFilter>().await
}

/// Les mouvements d'un produit.
#[utoipa::path(get, path = "/stocks/{product_id}/movements", operation_id = "list_product_movements", tag = "Stocks",
    params(("product_id" = i64, Path), ("type" = Option<MoveKind>, Query), ("order_id" = Option<i64>, Query),
        ("search" = Option<String>, Query, description = "Produit, motif, numéro ou client de la commande"), ("user_id" = Option<i64>, Query),
        ("start_date" = Option<chrono::NaiveDate>, Query), ("end_date" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = Page<Movement>)))]
async fn product_movements(call: Reading) -> AppResult<Response> {
    call.list_under::<Stock, MovementFilter>("product_id", "product_id").await
}

/// Écrit un mouvement : entrée, sortie, retour, ou comptage (`ajustement`).
#[utoipa::path(post, path = "/stocks/movements", operation_id = "create_movement", tag = "Stocks",
    request_body = NewMovement, responses((status = 201, body = Movement)))]
async fn create_movement(call: Call) -> AppResult<Response> {
    call.no_query()?;
    operations::create_movement(&call.ctx, call.body).await.map(answer)
}

/// Entrée de stock.
#[utoipa::path(post, path = "/stocks/entry", operation_id = "stock_entry", tag = "Stocks", request_body = NewEntry,
    responses((status = 201, body = Movement)))]
async fn entry(call: Call) -> AppResult<Response> {
    call.no_query()?;
    operations::enter(&call.ctx, call.body).await.map(answer)
}

/// Sortie de stock, dans la limite du disponible.
#[utoipa::path(post, path = "/stocks/exit", operation_id = "stock_exit", tag = "Stocks", request_body = NewEntry,
    responses((status = 201, body = Movement)))]
async fn exit(call: Call) -> AppResult<Response> {
    call.no_query()?;
    operations::exit(&call.ctx, call.body).await.map(answer)
}

/// A movement has no address of its own: it is found among those of its product.
fn answer(movement: Saved<Movement>) -> Response {
    let location = format!("/stocks/{}/movements", movement.value.product_id);
    made(movement, &location)
}

/// Ce qui a changé dans un stock (son seuil), champ par champ.
#[utoipa::path(get, path = "/stocks/{product_id}/history", operation_id = "stock_history", tag = "Stocks",
    params(("product_id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of_by::<Stock>(call, "product_id").await
}
