//! The dashboard for other programs.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::deliveries;
use super::exports::ArticleLine;
use super::kept::Answer;
use super::model::{
    Basket, DayDeliveries, OrdersByStatus, SalesByCategory, SalesByDay, SalesByProduct, SoldOrders, StockState,
    Summary, Turnover,
};
use super::operations::{self, Query};
use super::queries::SoldFilter;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::orders::workflow::OrderStatus;
use crate::server::access::may;
use crate::server::export::{self, Exported, Format};
use crate::server::openapi::listed;
use crate::server::rest::{Call, without_format};
use crate::server::state::AppState;

/// The routes: who sees the dashboard sees all of it.
pub fn router() -> OpenApiRouter<AppState> {
    let may_read = |routes| may(Permission::ReadDashboard, routes);
    OpenApiRouter::new()
        .routes(may_read(routes!(summary)))
        .routes(may_read(routes!(turnover)))
        .routes(may_read(routes!(sales_by_day)))
        .routes(may_read(routes!(orders_by_status)))
        .routes(may_read(listed::<SoldFilter>(routes!(sold_orders))))
        .routes(may_read(routes!(sales_by_product)))
        .routes(may_read(routes!(sales_by_category)))
        .routes(may_read(routes!(stock_state)))
        .routes(may_read(routes!(basket)))
        .routes(may_read(routes!(deliveries_of_day)))
}

/// The kind of file that is wanted, and the other parameters.
fn split(query: Query) -> AppResult<(Option<Format>, Query)> {
    Ok((export::wanted(&query)?, without_format(query)))
}

/// An answer as JSON, or its table as a file.
async fn table<T: DeserializeOwned, R: Exported>(
    ctx: Ctx,
    format: Option<Format>,
    answer: Answer<T>,
    rows: impl FnOnce(T) -> Vec<R>,
) -> AppResult<Response> {
    match format {
        None => Ok(answer.into_response()),
        Some(format) => export::table(ctx, rows(answer.value()?), format).await,
    }
}

/// Tous les chiffres d'une période, lus au même instant.
#[utoipa::path(get, path = "/dashboard/summary", operation_id = "dashboard_summary", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui")),
    responses((status = 200, body = Summary)))]
async fn summary(call: Call) -> AppResult<Response> {
    Ok(operations::summary(&call.ctx, call.query).await?.into_response())
}

/// Le chiffre d'affaires, à côté de celui de la période d'avant.
#[utoipa::path(get, path = "/dashboard/chiffre-affaires", operation_id = "dashboard_turnover", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui")),
    responses((status = 200, body = Turnover)))]
async fn turnover(call: Call) -> AppResult<Response> {
    Ok(operations::turnover(&call.ctx, call.query).await?.into_response())
}

/// Les ventes de chaque jour, zéros compris.
#[utoipa::path(get, path = "/dashboard/ventes-par-jour", operation_id = "dashboard_sales_by_day", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("format" = Option<Format>, Query, description = "Le tableau, dans un fichier")),
    responses((status = 200, body = SalesByDay)))]
async fn sales_by_day(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    let answer = operations::sales_by_day(&call.ctx, query).await?;
    table(call.ctx, format, answer, |answer| answer.items).await
}

/// Les commandes créées, par statut.
#[utoipa::path(get, path = "/dashboard/commandes", operation_id = "dashboard_orders", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("format" = Option<Format>, Query, description = "Le tableau, dans un fichier")),
    responses((status = 200, body = OrdersByStatus)))]
async fn orders_by_status(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    let answer = operations::orders_by_status(&call.ctx, query).await?;
    table(call.ctx, format, answer, |answer| answer.items).await
}

/// Les commandes vendues elles-mêmes, avec leurs lignes.
#[utoipa::path(get, path = "/dashboard/commandes-details", operation_id = "dashboard_sold_orders", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("statut" = Option<Vec<OrderStatus>>, Query, description = "Répétable")),
    responses((status = 200, body = SoldOrders)))]
async fn sold_orders(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    match format {
        None => Ok(Json(operations::sold_orders(&call.ctx, query).await?).into_response()),
        Some(format) => {
            let (query, _) = operations::with_period(&call.ctx, query).await?;
            export::list::<SoldFilter>(call.ctx, query, format).await
        }
    }
}

/// Les articles les plus vendus, par chiffre d'affaires, et le reste.
#[utoipa::path(get, path = "/dashboard/ventes-par-article", operation_id = "dashboard_sales_by_product", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("limit" = Option<i64>, Query, description = "1 à 100, 10 par défaut", minimum = 1, maximum = 100),
        ("format" = Option<Format>, Query, description = "Le tableau, dans un fichier")),
    responses((status = 200, body = SalesByProduct)))]
async fn sales_by_product(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    let answer = operations::sales_by_product(&call.ctx, query).await?;
    table(call.ctx, format, answer, ArticleLine::of).await
}

/// Les ventes par catégorie.
#[utoipa::path(get, path = "/dashboard/ventes-par-categorie", operation_id = "dashboard_sales_by_category", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("format" = Option<Format>, Query, description = "Le tableau, dans un fichier")),
    responses((status = 200, body = SalesByCategory)))]
async fn sales_by_category(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    let answer = operations::sales_by_category(&call.ctx, query).await?;
    table(call.ctx, format, answer, |answer| answer.items).await
}

/// L'état des stocks, maintenant.
#[utoipa::path(get, path = "/dashboard/etat-stocks", operation_id = "dashboard_stock_state", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui"),
        ("format" = Option<Format>, Query, description = "Le tableau, dans un fichier")),
    responses((status = 200, body = StockState)))]
async fn stock_state(call: Call) -> AppResult<Response> {
    let (format, query) = split(call.query)?;
    let answer = operations::stock_state(&call.ctx, query).await?;
    table(call.ctx, format, answer, |answer| [answer.ruptures, answer.alertes].concat()).await
}

/// Le panier moyen, à côté de celui de la période d'avant.
#[utoipa::path(get, path = "/dashboard/panier-moyen", operation_id = "dashboard_basket", tag = "Tableau de bord",
    params(("start_date" = Option<chrono::NaiveDate>, Query, description = "Premier jour ; par défaut, 30 jours"),
        ("end_date" = Option<chrono::NaiveDate>, Query, description = "Dernier jour, compris ; par défaut, aujourd'hui")),
    responses((status = 200, body = Basket)))]
async fn basket(call: Call) -> AppResult<Response> {
    Ok(operations::basket(&call.ctx, call.query).await?.into_response())
}

/// Les livraisons d'un jour : commandes prévues ce jour-là, livrées, restantes, à problème, à l'heure ; et celles des jours
/// d'avant qui restent.
#[utoipa::path(get, path = "/dashboard/livraisons-du-jour", operation_id = "dashboard_deliveries", tag = "Tableau de bord",
    params(("date" = Option<chrono::NaiveDate>, Query, description = "Jour ; par défaut, aujourd'hui")),
    responses((status = 200, body = DayDeliveries)))]
async fn deliveries_of_day(call: Call) -> AppResult<Response> {
    Ok(deliveries::of_day(&call.ctx, call.query).await?.into_response())
}
