//! How many rows a list has.

use sqlx::{PgConnection, QueryBuilder};

use super::Filter;
use super::asked::Deleted;
use crate::auth::context::Ctx;
use crate::error::AppResult;
use crate::shared::page::COUNT_CAP;
use crate::shared::resource::Resource;

/// How many match, up to one more than the cap.
pub(super) async fn count<F: Filter>(db: &mut PgConnection, ctx: &Ctx, filter: &F, deleted: Deleted) -> AppResult<i64> {
    let mut sql = QueryBuilder::new("select count(*) from (");
    if deleted != Deleted::No || !filter.push_counted(&mut sql, ctx) {
        sql.push(format!("select 1 {} where ", F::COUNT_FROM));
        sql.push(deleted.condition::<F::Of>());
        F::Of::push_visible(&mut sql, ctx);
        filter.push(&mut sql);
    }
    sql.push(" limit ").push_bind(COUNT_CAP + 1).push(") matches");
    Ok(sql.build_query_scalar().persistent(!filter.is_uneven()).fetch_one(db).await?)
}
