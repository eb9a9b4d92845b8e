//! The tabs of a list of orders: how many there are in each status.

use sqlx::{PgConnection, QueryBuilder};

use super::filter::OrderFilter;
use super::model::{Order, StatusCounts};
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::Fields;
use crate::shared::listing::Filter;
use crate::shared::page::COUNT_CAP;
use crate::shared::resource::Resource;

/// The most orders that are looked at one after the other, whatever their status.
const ONE_PASS: i64 = 2 * COUNT_CAP;

/// How many match in each status, under the other filters; each up to one more than the cap.
pub async fn count_orders(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<StatusCounts> {
    ctx.require(Permission::ReadOrders)?;
    let mut f = Fields::of_pairs(query);
    // Beside the deleted ones too, the tabs count the living.
    f.ignore(&["page", "per_page", "cursor", "sort", "statut", "is_deleted"]);
    let mut filter = OrderFilter::read(&mut f);
    f.finish()?;
    let counted = ctx.reads.read(async |db| {
        // Each status has an index; what else there is to narrow by finds orders of all of them at once.
        if filter == OrderFilter::default() {
            return each(db, ctx, &filter).await;
        }
        filter.settle(&mut *db).await?;
        match together(&mut *db, ctx, &filter).await? {
            Some(rows) => Ok(rows),
            None => each(db, ctx, &filter).await,
        }
    });
    let rows = counted.await?;
    let of = |status: OrderStatus| rows.iter().find(|(name, _)| name == status.as_str()).map_or(0, |(_, n)| *n);
    Ok(StatusCounts { counts: OrderStatus::ALL.map(|status| (status, of(status).min(COUNT_CAP + 1))).to_vec() })
}

/// In one pass over all that match; nothing where there are too many for one.
async fn together(db: &mut PgConnection, ctx: &Ctx, filter: &OrderFilter) -> AppResult<Option<Vec<(String, i64)>>> {
    let mut sql =
        QueryBuilder::new("select m.statut, count(*) from (select o.statut from orders o where not o.is_deleted");
    Order::push_visible(&mut sql, ctx);
    filter.push(&mut sql);
    sql.push(" limit ").push_bind(ONE_PASS + 1).push(") m group by m.statut");
    let rows: Vec<(String, i64)> = sql.build_query_as().persistent(!filter.is_uneven()).fetch_all(db).await?;
    let all: i64 = rows.iter().map(|(_, n)| n).sum();
    Ok((all <= ONE_PASS).then_some(rows))
}

/// Each status on its own, as far as the cap.
async fn each(db: &mut PgConnection, ctx: &Ctx, filter: &OrderFilter) -> AppResult<Vec<(String, i64)>> {
    let mut sql = QueryBuilder::new(
        "select s.statut, (select count(*) from (select 1 from orders o where not o.is_deleted and o.statut = s.statut",
    );
    Order::push_visible(&mut sql, ctx);
    filter.push(&mut sql);
    sql.push(" limit ").push_bind(COUNT_CAP + 1).push(") m) from unnest(");
    sql.push_bind(OrderStatus::ALL.map(|s| s.as_str().to_owned()).to_vec()).push(") as s(statut)");
    Ok(sql.build_query_as().persistent(!filter.is_uneven()).fetch_all(db).await?)
}
