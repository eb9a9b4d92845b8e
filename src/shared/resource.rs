//! What all resources share: how one is read, locked, deleted and brought back. A room names its table,
//! its columns and what a caller may see; the steps are here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, FromRow, PgExecutor, Postgres, QueryBuilder};

use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};

/// A kind of row that callers know.
pub trait Resource: Sized + Send + 'static {
    /// As it is read.
    type Row: for<'r> FromRow<'r, PgRow> + Send + Unpin;

    /// Its table, audited.
    const TABLE: &'static str;
    /// Its primary key.
    const KEY: &'static str = "id";
    /// With its demonstrative, for refusals: "Ce produit".
    const WHAT: &'static str;
    /// Alias of the table in [`Self::FROM`].
    const ALIAS: &'static str;
    /// What is selected.
    const COLUMNS: &'static str;
    /// `from …`, with the joins.
    const FROM: &'static str;
    /// Whether rows are deleted softly.
    const DELETABLE: bool = true;
    /// Who may read it at all.
    const READ: Permission;
    /// Who may read its history; `None` where it has no route of its own.
    const HISTORY: Option<Permission> = None;

    /// Narrows to the rows that this caller may see: ` and …`.
    fn push_visible(_sql: &mut QueryBuilder<Postgres>, _ctx: &Ctx) {}

    /// From the row to what travels.
    fn build(row: Self::Row, ctx: &Ctx) -> AppResult<Self>;
}

/// A resource with a version: it is the `ETag`.
pub trait Versioned {
    /// Grows with every change.
    fn version(&self) -> i32;

    /// Whether it was deleted; what cannot be deleted never is.
    fn is_deleted(&self) -> bool {
        false
    }
}

/// A refusal: absent, or not for the caller to see.
pub fn not_found<R: Resource>() -> AppError {
    AppError::not_found(R::WHAT)
}

/// Begins a statement that reads a resource: `select … from … where` living, visible rows.
pub fn select<R: Resource>(ctx: &Ctx, columns: &str, with_deleted: bool) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(format!("select {columns} {} where ", R::FROM));
    sql.push(if R::DELETABLE && !with_deleted { format!("not {}.is_deleted", R::ALIAS) } else { "true".to_owned() });
    R::push_visible(&mut sql, ctx);
    sql
}

/// One row that the caller may see. `include_deleted` is for those who may restore.
pub async fn get<R: Resource>(ctx: &Ctx, id: i64, include_deleted: bool) -> AppResult<R> {
    ctx.reads.read(async |db| get_on(db, ctx, id, include_deleted).await).await
}

/// The same, on a connection that is at hand.
pub async fn get_on<R: Resource>(db: impl PgExecutor<'_>, ctx: &Ctx, id: i64, include_deleted: bool) -> AppResult<R> {
    ctx.require(R::READ)?;
    if include_deleted {
        ctx.require(Permission::Restore)?;
    }
    let mut sql = select::<R>(ctx, R::COLUMNS, include_deleted);
    sql.push(format!(" and {}.{} = ", R::ALIAS, R::KEY)).push_bind(id);
    let row = sql.build_query_as::<R::Row>().fetch_optional(db).await?;
    R::build(row.ok_or_else(not_found::<R>)?, ctx)
}

/// The row as the transaction that wrote it sees it.
pub async fn reread<R: Resource>(db: impl PgExecutor<'_>, ctx: &Ctx, id: i64) -> AppResult<R> {
    let sql = format!("select {} {} where {}.{} = $1", R::COLUMNS, R::FROM, R::ALIAS, R::KEY);
    let row: R::Row = sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_one(db).await?;
    R::build(row, ctx)
}

/// Locks a living row that the caller may see, and checks the version they have seen.
pub async fn lock<R: Resource + Versioned>(tx: &mut WriteTx, ctx: &Ctx, id: i64) -> AppResult<R> {
    let row = lock_any::<R>(tx, ctx, id, false).await?;
    ctx.check_version(row.version())?;
    Ok(row)
}

/// The same for those whose body names other rows: what is wrong with it (422) is told before the row is
/// missing (404: `None` here) and before its version is stale (412), so both are theirs to say.
pub async fn lock_if_there<R: Resource>(tx: &mut WriteTx, ctx: &Ctx, id: i64) -> AppResult<Option<R>> {
    match lock_any::<R>(tx, ctx, id, false).await {
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        locked => locked.map(Some),
    }
}

async fn lock_any<R: Resource>(tx: &mut WriteTx, ctx: &Ctx, id: i64, with_deleted: bool) -> AppResult<R> {
    let mut sql = select::<R>(ctx, R::COLUMNS, with_deleted);
    sql.push(format!(" and {}.{} = ", R::ALIAS, R::KEY)).push_bind(id);
    sql.push(format!(" for update of {}", R::ALIAS));
    let row = sql.build_query_as::<R::Row>().fetch_optional(&mut **tx).await?;
    R::build(row.ok_or_else(not_found::<R>)?, ctx)
}

/// Deletes a row softly. `guard` looks, under the lock, at what stands in the way.
pub async fn delete<R: Resource + Versioned>(
    ctx: &Ctx,
    permission: Permission,
    id: i64,
    guard: impl AsyncFnOnce(&mut WriteTx, &R) -> AppResult<()>,
) -> AppResult<()> {
    ctx.require(permission)?;
    let mut tx = match ctx.open_write::<()>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(_) => return Ok(()),
    };
    let row = lock::<R>(&mut tx, ctx, id).await?;
    guard(&mut tx, &row).await?;
    let sql =
        format!("update {} set is_deleted = true, deleted_at = now(), deleted_by = $2 where {} = $1", R::TABLE, R::KEY);
    sqlx::query(AssertSqlSafe(sql)).bind(id).bind(ctx.actor.user_id).execute(&mut *tx).await?;
    tx.commit(()).await?;
    Ok(())
}

/// Brings a deleted row back; one that is living stays as it is. What stands in the way (a name taken
/// meanwhile) comes back as the refusal of its constraint, or of `guard`, which runs under the lock.
pub async fn restore<R: Resource + Versioned + Serialize + DeserializeOwned>(
    ctx: &Ctx,
    id: i64,
    guard: impl AsyncFnOnce(&mut WriteTx, &R) -> AppResult<()>,
) -> AppResult<Saved<R>> {
    ctx.require(Permission::Restore)?;
    let mut tx = match ctx.open_write::<R>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let row = lock_any::<R>(&mut tx, ctx, id, true).await?;
    ctx.check_version(row.version())?;
    if row.is_deleted() {
        guard(&mut tx, &row).await?;
        let sql = format!(
            "update {} set is_deleted = false, deleted_at = null, deleted_by = null where {} = $1",
            R::TABLE,
            R::KEY
        );
        sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *tx).await?;
    }
    let row = reread::<R>(&mut *tx, ctx, id).await?;
    tx.commit(row).await
}
