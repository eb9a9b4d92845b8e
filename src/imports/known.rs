//! What the rows of a file are matched with: products by reference, categories by name. A fixed number
//! of statements, whatever the number of rows.

use std::collections::{HashMap, HashSet};

use sqlx::{AssertSqlSafe, PgConnection};

use super::columns::{Column, Table, body};
use crate::auth::context::Ctx;
use crate::error::AppResult;
use crate::products::model::{Product, StockBrief};
use crate::products::queries::ProductRow;
use crate::shared::resource::{Resource, select};
use crate::shared::{ProductId, text};

/// What a file's rows are about.
#[derive(Debug, Default)]
pub struct Known {
    /// For each row, its reference as references are compared; `None` where it can be none.
    pub keys: Vec<Option<String>>,
    /// Living products, by that key.
    pub by_key: HashMap<String, ProductId>,
    /// Those and the ones that rows name by id.
    pub products: HashMap<ProductId, Product>,
    /// Living categories by the names that the file has for them.
    pub categories: HashMap<String, i64>,
    /// Those named by id.
    pub category_ids: HashSet<i64>,
}

/// A product with its reference as references are compared.
#[derive(sqlx::FromRow)]
struct KeyedRow {
    #[sqlx(flatten)]
    row: ProductRow,
    key: Option<String>,
}

/// Reads it; with `lock`, it stays so until the transaction ends.
pub async fn read(db: &mut PgConnection, ctx: &Ctx, table: &Table, lock: bool) -> AppResult<Known> {
    // Categories, products by id, stocks by product: the order in which everybody locks.
    let (categories, category_ids) = categories(db, table, lock).await?;
    let keys = keys(db, table).await?;
    let (by_key, mut products) = products(db, ctx, &keys, ids(table, "id"), lock).await?;
    if lock {
        lock_stocks(db, &mut products).await?;
    }
    Ok(Known { keys, by_key, products, categories, category_ids })
}

/// Texts of a column that could be what they are for.
fn named(table: &Table, column: Column, max: usize) -> Vec<Option<String>> {
    let cell = |row| text::line(table.cells(row).get(&column).copied().unwrap_or_default(), max).ok();
    table.rows.iter().map(cell).collect()
}

/// Ids that a field holds.
fn ids(table: &Table, field: &str) -> impl Iterator<Item = i64> {
    table.rows.iter().filter_map(move |row| body(&table.cells(row)).get(field).and_then(serde_json::Value::as_i64))
}

async fn categories(
    db: &mut PgConnection,
    table: &Table,
    lock: bool,
) -> AppResult<(HashMap<String, i64>, HashSet<i64>)> {
    let names: HashSet<String> = named(table, Column::Categorie, 200).into_iter().flatten().collect();
    let names: Vec<String> = names.into_iter().collect();
    let found = sqlx::query!(
        r#"select u.nom as "nom!", c.id from unnest($1::text[]) as u(nom)
           join categories c on searchable(btrim(c.nom)) = searchable(u.nom) where not c.is_deleted"#,
        &names
    )
    .fetch_all(&mut *db)
    .await?;
    let mut by_name: HashMap<String, i64> = found.into_iter().map(|row| (row.nom, row.id)).collect();
    let wanted: HashSet<i64> = ids(table, "category_id").chain(by_name.values().copied()).collect();
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let share = if lock { "for share" } else { "" };
    let sql = format!("select id from categories where id = any($1) and not is_deleted order by id {share}");
    let living: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(wanted).fetch_all(db).await?;
    let living: HashSet<i64> = living.into_iter().collect();
    by_name.retain(|_, id| living.contains(id));
    Ok((by_name, living))
}

/// As the index of references compares them.
async fn keys(db: &mut PgConnection, table: &Table) -> AppResult<Vec<Option<String>>> {
    let references: Vec<String> =
        named(table, Column::Reference, 64).into_iter().map(Option::unwrap_or_default).collect();
    let keys = sqlx::query_scalar!(
        r#"select lower(u.reference) as "key!" from unnest($1::text[]) with ordinality as u(reference, place) order by u.place"#,
        &references
    )
    .fetch_all(db)
    .await?;
    Ok(keys.into_iter().map(|key| Some(key).filter(|key| !key.is_empty())).collect())
}

async fn products(
    db: &mut PgConnection,
    ctx: &Ctx,
    keys: &[Option<String>],
    ids: impl Iterator<Item = i64>,
    lock: bool,
) -> AppResult<(HashMap<String, ProductId>, HashMap<ProductId, Product>)> {
    let wanted: Vec<String> = keys.iter().flatten().cloned().collect();
    let columns = format!("{}, lower(p.reference) as key", Product::COLUMNS);
    let mut sql = select::<Product>(ctx, &columns, false);
    sql.push(" and (lower(p.reference) = any(").push_bind(wanted);
    sql.push(") or p.id = any(").push_bind(ids.collect::<Vec<_>>()).push(")) order by p.id");
    if lock {
        sql.push(" for update of p");
    }
    let rows: Vec<KeyedRow> = sql.build_query_as().fetch_all(db).await?;
    let (mut by_key, mut products) = (HashMap::new(), HashMap::new());
    for KeyedRow { row, key } in rows {
        let product = Product::build(row, ctx)?;
        by_key.extend(key.map(|key| (key, product.id)));
        products.insert(product.id, product);
    }
    Ok((by_key, products))
}

/// Sales move stocks while products stand still: what was read with the products may be old by now.
async fn lock_stocks(db: &mut PgConnection, products: &mut HashMap<ProductId, Product>) -> AppResult<()> {
    let ids: Vec<i64> = products.values().map(|product| product.id.0).collect();
    let stocks = sqlx::query!(
        "select product_id, quantite, quantite_reservee, seuil_alerte from stocks
         where product_id = any($1) order by product_id for update",
        &ids
    )
    .fetch_all(db)
    .await?;
    let mut stocks: HashMap<i64, StockBrief> = stocks
        .into_iter()
        .map(|row| (row.product_id, StockBrief::new(row.quantite, row.quantite_reservee, row.seuil_alerte)))
        .collect();
    for product in products.values_mut() {
        if let Some(stock) = stocks.remove(&product.id.0) {
            product.stock = stock;
        }
    }
    Ok(())
}
