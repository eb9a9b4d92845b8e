//! Products for other programs: three lines a route.

use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{NewProduct, Product, ProductUpdate};
use super::operations;
use super::queries::ProductFilter;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history;
use crate::server::access::may;
use crate::server::openapi::{deletable, listed};
use crate::server::rest::{Call, Reading, created, gone, saved};
use crate::server::state::AppState;
use crate::shared::{Page, ProductId};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadCatalogue, listed::<ProductFilter>(routes!(list))))
        .routes(may(Permission::WriteProducts, routes!(create)))
        .routes(may(Permission::ReadCatalogue, deletable(routes!(one))))
        .routes(may(Permission::WriteProducts, routes!(update)))
        .routes(may(Permission::DeleteProducts, routes!(delete)))
        .routes(may(Permission::WriteProducts, routes!(toggle)))
        .routes(may(Permission::Restore, routes!(restore)))
        .routes(may(Permission::ReadHistory, history::rest::listed::<Product>(routes!(history))))
}

/// Liste des produits, stock compris.
#[utoipa::path(get, path = "/products", operation_id = "list_products", tag = "Produits",
    params(
        ("search" = Option<String>, Query, description = "Nom ou référence ; accents et casse ignorés"),
        ("category_id" = Option<i64>, Query), ("is_active" = Option<bool>, Query),
        ("stock_statut" = Option<crate::products::model::StockStatus>, Query),
        ("prix_min" = Option<f64>, Query), ("prix_max" = Option<f64>, Query)),
    responses((status = 200, body = Page<Product>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<ProductFilter>().await
}

/// Un produit.
#[utoipa::path(get, path = "/products/{id}", operation_id = "get_product", tag = "Produits", params(("id" = i64, Path)),
    responses((status = 200, body = Product)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<Product>().await
}

/// Crée un produit et son stock.
#[utoipa::path(post, path = "/products", operation_id = "create_product", tag = "Produits", request_body = NewProduct,
    responses((status = 201, body = Product)))]
async fn create(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(created(operations::create_product(&call.ctx, call.body).await?, "/products", |product| product.id.0))
}

/// Modifie un produit ; ce qui n'est pas envoyé reste. Pas son stock.
#[utoipa::path(put, path = "/products/{id}", operation_id = "update_product", tag = "Produits", params(("id" = i64, Path)),
    request_body = ProductUpdate, responses((status = 200, body = Product)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: ProductId = call.id("id")?;
    Ok(saved(operations::update_product(&call.ctx, id, call.body).await?))
}

/// Supprime un produit qu'aucune commande en cours ne contient.
#[utoipa::path(delete, path = "/products/{id}", operation_id = "delete_product", tag = "Produits", params(("id" = i64, Path)),
    responses((status = 204)))]
async fn delete(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::delete_product(&call.ctx, call.id("id")?).await.map(gone)
}

/// Met un produit en vente, ou le retire de la vente.
#[utoipa::path(patch, path = "/products/{id}/toggle-status", operation_id = "toggle_product", tag = "Produits",
    params(("id" = i64, Path)), responses((status = 200, body = Product)))]
async fn toggle(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::toggle_product(&call.ctx, call.id("id")?).await?))
}

/// Restaure un produit supprimé.
#[utoipa::path(post, path = "/products/{id}/restore", operation_id = "restore_product", tag = "Produits",
    params(("id" = i64, Path)), responses((status = 200, body = Product)))]
async fn restore(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::restore_product(&call.ctx, call.id("id")?).await?))
}

/// Ce qui a changé dans un produit, champ par champ.
#[utoipa::path(get, path = "/products/{id}/history", operation_id = "product_history", tag = "Produits",
    params(("id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of::<Product>(call).await
}
