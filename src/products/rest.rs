//! Products for other programs: three lines a route.

use axum::Json;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{NewProduct, Product};
use super::{operations, queries};
use crate::error::AppError;
use crate::server::openapi::Problem;
use crate::server::rest::{Call, created, needs, resource};
use crate::server::state::AppState;
use crate::shared::Page;

/// The routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(one))
}

/// Liste des produits, stock compris. Tous.
#[utoipa::path(get, path = "/products", operation_id = "list_products", tag = "Produits", security(("bearer" = [])),
    params(
        ("search" = Option<String>, Query, description = "Nom ou référence ; accents et casse ignorés"),
        ("category_id" = Option<i64>, Query), ("is_active" = Option<bool>, Query),
        ("stock_statut" = Option<String>, Query, description = "ok, alerte, rupture"),
        ("prix_min" = Option<f64>, Query), ("prix_max" = Option<f64>, Query),
        ("sort" = Option<String>, Query, description = "nom, prix, created_at, stock ; - pour l'inverse"),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<Product>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list(call: Call<needs::ReadCatalogue>) -> Result<Json<Page<Product>>, AppError> {
    Ok(Json(queries::list_products(&call.ctx, call.query).await?))
}

/// Un produit. Tous.
#[utoipa::path(get, path = "/products/{id}", operation_id = "get_product", tag = "Produits", security(("bearer" = [])), params(("id" = i64, Path)),
    responses((status = 200, body = Product), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn one(call: Call<needs::ReadCatalogue>) -> Result<Response, AppError> {
    call.no_query()?;
    Ok(resource(queries::get_product(&call.ctx, call.id("id")?).await?))
}

/// Crée un produit et son stock. Admin, contrôleur.
#[utoipa::path(post, path = "/products", operation_id = "create_product", tag = "Produits", security(("bearer" = [])), request_body = NewProduct,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Product), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn create(call: Call<needs::WriteProducts>) -> Result<Response, AppError> {
    call.no_query()?;
    let product = operations::create_product(&call.ctx, call.body).await?;
    let location = format!("/api/v1/products/{}", product.value.id);
    Ok(created(product, &location))
}
