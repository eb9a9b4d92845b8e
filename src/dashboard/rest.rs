//! The dashboard for other programs.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Summary;
use super::operations;
use crate::error::AppError;
use crate::server::openapi::Problem;
use crate::server::rest::{Call, needs};
use crate::server::state::AppState;

/// The routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(summary))
}

/// Tous les chiffres d'une période, lus au même instant. Admin, contrôleur, lecture seule.
#[utoipa::path(get, path = "/dashboard/summary", tag = "Tableau de bord", security(("bearer" = [])),
    params(("start_date" = Option<String>, Query, description = "Premier jour, AAAA-MM-JJ"),
        ("end_date" = Option<String>, Query, description = "Dernier jour, compris")),
    responses((status = 200, body = Summary), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn summary(call: Call<needs::ReadDashboard>) -> Result<Json<Summary>, AppError> {
    Ok(Json(operations::summary(&call.ctx, call.query).await?))
}
