//! Beginning a transaction for somebody who may go away.

use sqlx::{AssertSqlSafe, PgPool, PgTransaction};

use crate::error::{AppError, AppResult};

/// Begins a transaction with that statement (`begin`, and what belongs to it).
///
/// To its end, also where the caller has gone meanwhile (a phone out of reach, a page left): sqlx puts a connection
/// that was left while it began back with its transaction open, and what the next one writes on it is never committed.
///
/// Errors: those of the database.
pub async fn begin(db: &PgPool, statement: impl Into<String>) -> AppResult<PgTransaction<'static>> {
    let (db, statement) = (db.clone(), statement.into());
    let begun = tokio::spawn(async move { db.begin_with(AssertSqlSafe(statement)).await });
    Ok(begun.await.map_err(AppError::internal)??)
}
