//! What a list of orders comes to, and what its filters are called.

use sqlx::{Postgres, QueryBuilder};

use super::filter::{DateField, OrderFilter};
use super::model::Order;
use super::sets::{FilterNames, OrderSum};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::dashboard::sold::{IS_SOLD, SOLD_AMOUNT, sold_units};
use crate::error::AppResult;
use crate::shared::listing::{Filter, push_bounds};
use crate::shared::resource::Resource;
use crate::shared::{CategoryId, ClientId, Fields, Money, ProductId};

/// The most orders that are added up: beyond, a page would wait for the sum.
const SUM_CAP: i64 = 50_000;

/// The sum over everything that matches, not over one page alone. A period of sales is counted as the
/// dashboard counts it, so that its figures can be compared.
pub async fn sum_orders(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<OrderSum> {
    ctx.require(Permission::ReadOrders)?;
    let mut f = Fields::of_pairs(query);
    f.ignore(&["page", "per_page", "cursor", "sort", "include_deleted", "is_deleted"]);
    let mut filter = OrderFilter::read(&mut f);
    f.finish()?;
    let sold = filter.is_dated() && filter.date_champ == DateField::ConfirmedAt;
    let (all, counted, amount, lines, units): (i64, i64, Money, Money, i64) = ctx
        .reads
        .read(async |db| {
            filter.settle(&mut *db).await?;
            let mut sql = sum(ctx, &filter, sold);
            Ok(sql.build_query_as().persistent(!filter.is_uneven()).fetch_one(db).await?)
        })
        .await?;
    Ok(OrderSum {
        nombre: counted,
        montant: amount,
        montant_lignes: narrows_lines(&filter).then_some(lines),
        articles: reads_lines(&filter, sold).then_some(units),
        vendu: sold,
        non_comptees: all - counted,
        plafonne: all > SUM_CAP,
    })
}

/// The statement of the sum.
fn sum(ctx: &Ctx, filter: &OrderFilter, sold: bool) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("with counted as materialized (select o.id, o.statut, ");
    if sold {
        sql.push(format!("{IS_SOLD} as compte, {SOLD_AMOUNT} as montant"));
    } else {
        sql.push("true as compte, o.total as montant");
    }
    sql.push(" from orders o where not o.is_deleted");
    Order::push_visible(&mut sql, ctx);
    if sold {
        filter.push_all_but_dates(&mut sql);
        // The index of sales answers alone: no other column of the date is looked at.
        push_bounds(&mut sql, "o.confirmed_at", filter.bounds.unwrap_or_default());
    } else {
        filter.push(&mut sql);
    }
    sql.push(" limit ").push_bind(SUM_CAP + 1);
    sql.push(
        ") select count(*), count(*) filter (where compte), coalesce(sum(o.montant) filter (where compte), 0)::bigint,
                coalesce(sum(l.montant) filter (where compte), 0)::bigint,
                coalesce(sum(l.articles) filter (where compte), 0)::bigint
         from counted o cross join lateral ",
    );
    push_lines(&mut sql, filter, sold);
    sql
}

/// Whether only some lines of the orders are meant.
fn narrows_lines(filter: &OrderFilter) -> bool {
    let takes_all = filter.hors_product_id.is_empty() && filter.hors_category_id.is_empty();
    filter.product_id.is_some() || filter.category_id.is_some() || !takes_all
}

/// Whether the lines are read: what is sold is told in articles too. Any other list is told without them, or
/// each would wait for all the lines of all its orders.
fn reads_lines(filter: &OrderFilter, sold: bool) -> bool {
    sold || narrows_lines(filter)
}

/// What the lines that are meant brought and how many articles they are, of each order: of the products or the
/// category of the filter, else of them all. Of more orders than are added up, no line is looked at.
fn push_lines(sql: &mut QueryBuilder<Postgres>, filter: &OrderFilter, sold: bool) {
    if !reads_lines(filter, sold) {
        sql.push("(select 0 as montant, 0 as articles) l");
        return;
    }
    let units = if sold { sold_units("o.statut = 'livree'") } else { "i.quantity".to_owned() };
    sql.push(format!(
        "(select sum(({units}) * i.prix_unitaire) as montant, sum({units}) as articles from order_items i
          where (select count(*) from counted) <= {SUM_CAP} and i.order_id = o.id"
    ));
    if let Some(id) = filter.product_id {
        sql.push(" and i.product_id = ").push_bind(id);
    }
    if let Some(id) = filter.category_id {
        sql.push(" and i.category_id = ").push_bind(id);
    }
    if !filter.hors_product_id.is_empty() {
        sql.push(" and i.product_id <> all(").push_bind(filter.hors_product_id.clone()).push(")");
    }
    if !filter.hors_category_id.is_empty() {
        sql.push(" and i.category_id <> all(").push_bind(filter.hors_category_id.clone()).push(")");
    }
    sql.push(") l");
}

/// What the ids among the filters are called, deleted ones too: orders still hold them.
pub async fn filter_names(
    ctx: &Ctx,
    product: Option<ProductId>,
    category: Option<CategoryId>,
    client: Option<ClientId>,
) -> AppResult<FilterNames> {
    ctx.require(Permission::ReadOrders)?;
    let client = client.filter(|_| ctx.may(Permission::ReadClients));
    let (product, category, client) = sqlx::query_as(
        "select (select nom from products where id = $1), (select nom from categories where id = $2),
                (select nom from clients where id = $3)",
    )
    .bind(product)
    .bind(category)
    .bind(client)
    .fetch_one(&ctx.db)
    .await?;
    Ok(FilterNames { product, category, client })
}
