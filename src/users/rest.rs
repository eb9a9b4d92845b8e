//! People for other programs.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::CourierBrief;
use super::operations;
use crate::error::AppError;
use crate::server::openapi::Problem;
use crate::server::rest::{Call, needs};
use crate::server::state::AppState;

/// The routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(couriers))
}

/// Everybody who delivers.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Couriers {
    items: Vec<CourierBrief>,
}

/// Les livreurs actifs, par nom. Tous.
#[utoipa::path(get, path = "/users/livreurs", tag = "Utilisateurs", security(("bearer" = [])),
    responses((status = 200, body = Couriers), (status = 401, body = Problem)))]
async fn couriers(call: Call<needs::ReadCouriers>) -> Result<Json<Couriers>, AppError> {
    call.no_query()?;
    Ok(Json(Couriers { items: operations::couriers(&call.ctx).await? }))
}
