//! The history of one row, and the whole trail.

use super::model::{Change, HistoryOf, ToldChange};
use super::names;
use super::queries::ChangeFilter;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::categories::model::Category;
use crate::clients::model::Client;
use crate::error::{AppError, AppResult};
use crate::orders::model::Order;
use crate::shared::resource::{self, Resource, not_found};
use crate::shared::{Page, listing};
use crate::stocks::model::Stock;
use crate::users::model::User;

/// Fields a page of a history has on a screen.
const CHANGES: i64 = 20;

/// The parameters of a list: name and value.
pub type Query = Vec<(String, String)>;

/// The parameters that narrow the trail to one row of a resource. Those that the address gives already
/// are refused.
pub fn query_of<R: Resource>(id: i64, mut query: Query) -> AppResult<Query> {
    for name in ["table", "row_id"] {
        if query.iter().any(|(sent, _)| sent == name) {
            return Err(AppError::field(name, "parametre_inconnu", "Paramètre inconnu."));
        }
    }
    query.push(("table".to_owned(), R::TABLE.to_owned()));
    query.push(("row_id".to_owned(), id.to_string()));
    Ok(query)
}

/// Refuses who may not read the history of a resource.
pub fn require<R: Resource>(ctx: &Ctx) -> AppResult<()> {
    ctx.require(R::HISTORY.unwrap_or(Permission::ReadAudit))
}

/// What changed in one row, field by field, newest first; deleted rows too.
pub async fn of<R: Resource>(ctx: &Ctx, id: i64, query: Query) -> AppResult<Page<Change>> {
    require::<R>(ctx)?;
    let page = listing::page::<ChangeFilter>(ctx, query_of::<R>(id, query)?).await?;
    must_exist::<R>(ctx, id).await?;
    Ok(page)
}

/// A page of one row's history with the names of what it speaks of, as screens show it; counted from 1.
pub async fn told<R: Resource>(ctx: &Ctx, id: i64, page: i64) -> AppResult<Page<ToldChange>> {
    let query = [("page", page.max(1)), ("per_page", CHANGES)].map(|(name, n)| (name.to_owned(), n.to_string()));
    let page = of::<R>(ctx, id, query.into()).await?;
    // A page that is not there has no history under it either.
    resource::get::<R>(ctx, id, ctx.may(Permission::Restore)).await?;
    names::told(ctx, page).await
}

/// The same, of what a page is about.
pub async fn told_of(ctx: &Ctx, what: HistoryOf, id: i64, page: i64) -> AppResult<Page<ToldChange>> {
    match what {
        HistoryOf::Order => told::<Order>(ctx, id, page).await,
        HistoryOf::Client => told::<Client>(ctx, id, page).await,
        HistoryOf::Category => told::<Category>(ctx, id, page).await,
        HistoryOf::User => told::<User>(ctx, id, page).await,
        HistoryOf::Stock => told::<Stock>(ctx, id, page).await,
    }
}

/// Refuses an id that never was.
pub async fn must_exist<R: Resource>(ctx: &Ctx, id: i64) -> AppResult<()> {
    let sql = format!("select exists (select 1 from {} where {} = $1)", R::TABLE, R::KEY);
    let there: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(id).fetch_one(&ctx.db).await?;
    if there { Ok(()) } else { Err(not_found::<R>()) }
}

/// Every change of everything.
pub async fn audit(ctx: &Ctx, query: Query) -> AppResult<Page<Change>> {
    ctx.require(Permission::ReadAudit)?;
    listing::page::<ChangeFilter>(ctx, query).await
}
