//! The names of what the trail speaks of: the trail itself holds ids.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;

use super::labels::refers_to;
use super::model::{Author, Called, Change, ToldChange};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::{Page, UserId};

/// Rows a page of the journal, unless the URL says otherwise: they are fields, several to a change.
const ROWS: &str = "50";

/// How a row of each table is named, from which tables, by which key, and whether it lives.
const NAMED: [(&str, &str); 11] = [
    (
        "users",
        "select t.id, concat_ws(' ', t.prenom, t.nom), not t.is_deleted and not t.is_system from users t where t.id = any($1)",
    ),
    ("categories", "select t.id, t.nom, not t.is_deleted from categories t where t.id = any($1)"),
    ("products", "select t.id, t.nom, not t.is_deleted from products t where t.id = any($1)"),
    ("clients", "select t.id, t.nom, not t.is_deleted from clients t where t.id = any($1)"),
    ("stocks", "select t.id, t.nom, not t.is_deleted from products t where t.id = any($1)"),
    ("orders", "select t.id, t.numero, not t.is_deleted from orders t where t.id = any($1)"),
    (
        "order_items",
        "select t.id, o.numero || ' · ' || t.product_nom, not o.is_deleted
         from order_items t join orders o on o.id = t.order_id where t.id = any($1)",
    ),
    (
        "tentatives",
        "select t.num, o.numero || ' · tentative', not o.is_deleted
         from tentatives t join orders o on o.id = t.order_id where t.num = any($1)",
    ),
    (
        "corrections",
        "select t.id, o.numero || ' · correction', not o.is_deleted
         from corrections t join orders o on o.id = t.order_id where t.id = any($1)",
    ),
    (
        "preuves",
        "select t.id, o.numero || ' · ' || t.nature, not o.is_deleted
         from preuves t join orders o on o.id = t.order_id where t.id = any($1)",
    ),
    ("imports", "select t.id, coalesce(t.fichier, 'Import n° ' || t.id), true from imports t where t.id = any($1)"),
];

type Names = BTreeMap<(&'static str, i64), Called>;

/// Longer pages than other lists have, unless the URL says otherwise.
pub fn long_pages(mut query: Vec<(String, String)>) -> Vec<(String, String)> {
    if !query.iter().any(|(name, _)| name == "per_page") {
        query.push(("per_page".to_owned(), ROWS.to_owned()));
    }
    query
}

/// A page of the trail with the names of what it speaks of; for who was allowed to read that page.
pub async fn told(ctx: &Ctx, page: Page<Change>) -> AppResult<Page<ToldChange>> {
    let names = names(ctx, &page.items).await?;
    Ok(page.map(|change| {
        let about = names.iter().find(|((table, id), _)| *table == change.table && *id == change.row_id);
        let about = about.map(|(_, called)| called.clone()).or_else(|| line_that_is_gone(&names, &change));
        let pointed = |value: &Option<serde_json::Value>| {
            let table = refers_to(change.champ.as_deref()?)?;
            names.get(&(table, value.as_ref()?.as_i64()?)).map(|called| called.name.clone())
        };
        ToldChange { about, avant: pointed(&change.avant), apres: pointed(&change.apres), change }
    }))
}

/// A line that was taken off its order is still told with it.
fn line_that_is_gone(names: &Names, change: &Change) -> Option<Called> {
    let order = names.get(&("orders", change.parent_id?))?;
    Some(Called { name: format!("{} · ligne retirée", order.name), living: order.living })
}

async fn names(ctx: &Ctx, changes: &[Change]) -> AppResult<Names> {
    let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for change in changes {
        wanted.entry(&change.table).or_default().insert(change.row_id);
        wanted.entry("orders").or_default().extend(change.parent_id);
        if let Some(table) = change.champ.as_deref().and_then(refers_to) {
            let values = [&change.avant, &change.apres].into_iter().flatten();
            wanted.entry(table).or_default().extend(values.filter_map(serde_json::Value::as_i64));
        }
    }
    let mut names = Names::new();
    for (table, sql) in NAMED {
        let ids: Vec<i64> = wanted.remove(table).unwrap_or_default().into_iter().collect();
        if ids.is_empty() {
            continue;
        }
        let rows: Vec<(i64, String, bool)> = sqlx::query_as(AssertSqlSafe(sql)).bind(ids).fetch_all(&ctx.db).await?;
        names.extend(rows.into_iter().map(|(id, name, living)| ((table, id), Called { name, living })));
    }
    Ok(names)
}

/// Everybody who may have changed something, by name.
pub async fn authors(ctx: &Ctx) -> AppResult<Vec<Author>> {
    ctx.require(Permission::ReadAudit)?;
    let rows: Vec<(UserId, String)> =
        sqlx::query_as("select id, concat_ws(' ', prenom, nom) from users order by nom collate french, id")
            .fetch_all(&ctx.db)
            .await?;
    Ok(rows.into_iter().map(|(id, name)| Author { id, name }).collect())
}
