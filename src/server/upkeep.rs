//! What has served its time is thrown away, a little at a time.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;

use super::rate::RateLimit;
use crate::orders::names;

/// Every hour: spent idempotency keys, old sign-in failures, sessions that ended a quarter ago, names that no order
/// carries any more.
pub async fn run(db: PgPool, rate_limit: Option<Arc<RateLimit>>) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        if let Some(limit) = &rate_limit {
            limit.forget_quiet();
        }
        if let Err(error) = sweep(&db).await {
            tracing::warn!(%error, "upkeep failed; it is tried again in an hour");
        }
    }
}

/// One round of it.
pub async fn sweep(db: &PgPool) -> Result<(), sqlx::Error> {
    for statement in [
        "delete from idempotency_keys where created_at < now() - interval '24 hours'",
        "delete from sign_in_failures where last_at < now() - interval '1 day'",
        "delete from sessions where coalesce(revoked_at, expires_at) < now() - interval '90 days'",
    ] {
        sqlx::query(statement).execute(db).await?;
    }
    let mut tx = db.begin().await?;
    names::forget_unused(&mut tx).await?;
    tx.commit().await
}
