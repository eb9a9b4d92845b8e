//! The trail for other programs: of one row, under its resource; and the whole of it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::model::{Action, Change};
use super::operations;
use super::queries::ChangeFilter;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::access::may;
use crate::server::export::{self, Exported};
use crate::server::openapi;
use crate::server::rest::{Call, without_format};
use crate::server::state::AppState;
use crate::shared::Page;
use crate::shared::resource::Resource;

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(may(Permission::ReadAudit, openapi::listed::<ChangeFilter>(routes!(audit))))
}

/// Documents what the history of a resource takes.
pub fn listed<R: Exported>(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    openapi::listed_about::<R, ChangeFilter>(routes)
}

/// Answers the history of the resource of this address.
pub async fn of<R: Resource + Exported>(call: Call) -> AppResult<Response> {
    of_by::<R>(call, "id").await
}

/// The same, where the id has another name in the path.
pub async fn of_by<R: Resource + Exported>(call: Call, name: &str) -> AppResult<Response> {
    operations::require::<R>(&call.ctx)?;
    let id = call.parent_id::<R>(name)?;
    match export::wanted(&call.query)? {
        None => Ok(Json(operations::of::<R>(&call.ctx, id, without_format(call.query)).await?).into_response()),
        Some(format) => {
            // Before what is wrong with the parameters, or not there.
            export::require::<R>(&call.ctx)?;
            let query = operations::query_of::<R>(id, without_format(call.query))?;
            operations::must_exist::<R>(&call.ctx, id).await?;
            export::list_about::<R, ChangeFilter>(call.ctx, query, format).await
        }
    }
}

/// Le journal : chaque changement de tout, champ par champ.
#[utoipa::path(get, path = "/audit", operation_id = "audit", tag = "Journal",
    params(("table" = Option<String>, Query, description = "users, categories, products, clients, stocks, orders, order_items, tentatives, corrections, preuves, imports"),
        ("row_id" = Option<i64>, Query), ("user_id" = Option<i64>, Query), ("action" = Option<Action>, Query),
        ("start_date" = Option<chrono::NaiveDate>, Query), ("end_date" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = Page<Change>)))]
async fn audit(call: Call) -> AppResult<Response> {
    match export::wanted(&call.query)? {
        None => Ok(Json(operations::audit(&call.ctx, without_format(call.query)).await?).into_response()),
        Some(format) => export::list::<ChangeFilter>(call.ctx, without_format(call.query), format).await,
    }
}
