//! What the dashboard's page calls.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::model::{DayDeliveries, Summary};
use crate::error::AppError;

#[cfg(feature = "ssr")]
use super::{deliveries, operations};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;

/// All figures of a period; the parameters are those of `GET /api/v1/dashboard/summary`.
#[server(prefix = "/_fn", endpoint = "dashboard_summary", input = Json)]
pub async fn dashboard_summary(query: Vec<(String, String)>) -> Result<Summary, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::summary(&ctx, query).await
}

/// The deliveries of today in figures.
#[server(prefix = "/_fn", endpoint = "deliveries_of_today", input = Json)]
pub async fn deliveries_of_today() -> Result<DayDeliveries, AppError> {
    let ctx = Ctx::of_browser().await?;
    deliveries::of_day(&ctx, Vec::new()).await
}
