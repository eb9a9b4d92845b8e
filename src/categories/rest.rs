//! Categories for other programs: three lines a route.

use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Category, CategoryOrder, CategoryUpdate, NewCategory};
use super::queries::CategoryFilter;
use super::{operations, queries};
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history;
use crate::products::model::{Product, StockStatus};
use crate::products::queries::ProductFilter;
use crate::server::access::may;
use crate::server::openapi::{deletable, listed};
use crate::server::rest::{Call, Reading, created, done, gone, saved};
use crate::server::state::AppState;
use crate::shared::{CategoryId, Page};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadCatalogue, listed::<CategoryFilter>(routes!(list))))
        .routes(may(Permission::WriteCategories, routes!(create)))
        .routes(may(Permission::ReadCatalogue, routes!(all)))
        .routes(may(Permission::WriteCategories, routes!(reorder)))
        .routes(may(Permission::ReadCatalogue, deletable(routes!(one))))
        .routes(may(Permission::WriteCategories, routes!(update)))
        .routes(may(Permission::WriteCategories, routes!(delete)))
        .routes(may(Permission::ReadCatalogue, listed::<ProductFilter>(routes!(products))))
        .routes(may(Permission::Restore, routes!(restore)))
        .routes(may(Permission::ReadHistory, history::rest::listed::<Category>(routes!(history))))
}

/// All of them.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Categories {
    items: Vec<Category>,
}

/// Les catégories, dans leur ordre.
#[utoipa::path(get, path = "/categories", operation_id = "list_categories", tag = "Catégories",
    params(("search" = Option<String>, Query, description = "Nom ; accents et casse ignorés")),
    responses((status = 200, body = Page<Category>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<CategoryFilter>().await
}

/// Toutes les catégories, sans pages.
#[utoipa::path(get, path = "/categories/all", operation_id = "all_categories", tag = "Catégories",
    responses((status = 200, body = Categories)))]
async fn all(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(Categories { items: queries::all_categories(&call.ctx).await? }).into_response())
}

/// Une catégorie.
#[utoipa::path(get, path = "/categories/{id}", operation_id = "get_category", tag = "Catégories",
    params(("id" = i64, Path)), responses((status = 200, body = Category)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<Category>().await
}

/// Les produits d'une catégorie.
#[utoipa::path(get, path = "/categories/{id}/products", operation_id = "list_category_products", tag = "Catégories",
    params(("id" = i64, Path), ("search" = Option<String>, Query, description = "Nom ou référence"),
        ("is_active" = Option<bool>, Query), ("stock_statut" = Option<StockStatus>, Query),
        ("prix_min" = Option<f64>, Query), ("prix_max" = Option<f64>, Query)),
    responses((status = 200, body = Page<Product>)))]
async fn products(call: Reading) -> AppResult<Response> {
    call.list_under::<Category, ProductFilter>("id", "category_id").await
}

/// Crée une catégorie ; sans `ordre`, la dernière.
#[utoipa::path(post, path = "/categories", operation_id = "create_category", tag = "Catégories", request_body = NewCategory,
    responses((status = 201, body = Category)))]
async fn create(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(created(operations::create_category(&call.ctx, call.body).await?, "/categories", |category| category.id.0))
}

/// Modifie une catégorie ; ce qui n'est pas envoyé reste.
#[utoipa::path(put, path = "/categories/{id}", operation_id = "update_category", tag = "Catégories",
    params(("id" = i64, Path)), request_body = CategoryUpdate, responses((status = 200, body = Category)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: CategoryId = call.id("id")?;
    Ok(saved(operations::update_category(&call.ctx, id, call.body).await?))
}

/// Supprime une catégorie sans produit.
#[utoipa::path(delete, path = "/categories/{id}", operation_id = "delete_category", tag = "Catégories",
    params(("id" = i64, Path)), responses((status = 204)))]
async fn delete(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::delete_category(&call.ctx, call.id("id")?).await.map(gone)
}

/// Range les catégories : chacune exactement une fois.
#[utoipa::path(post, path = "/categories/reorder", operation_id = "reorder_categories", tag = "Catégories",
    request_body = CategoryOrder, responses((status = 200, body = Categories)))]
async fn reorder(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let saved = operations::reorder_categories(&call.ctx, call.body).await?;
    Ok(done(saved.map(|items| Categories { items })))
}

/// Restaure une catégorie supprimée.
#[utoipa::path(post, path = "/categories/{id}/restore", operation_id = "restore_category", tag = "Catégories",
    params(("id" = i64, Path)), responses((status = 200, body = Category)))]
async fn restore(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::restore_category(&call.ctx, call.id("id")?).await?))
}

/// Ce qui a changé dans une catégorie, champ par champ.
#[utoipa::path(get, path = "/categories/{id}/history", operation_id = "category_history", tag = "Catégories",
    params(("id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of::<Category>(call).await
}
