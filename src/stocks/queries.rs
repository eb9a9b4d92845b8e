//! The reads of stocks.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};

use super::model::{Moved, Movement, PricedStock, Stock, StockCounts, StockProduct, StockSum};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::products::model::{CategoryBrief, StockBrief, StockStatus};
use crate::products::queries::push_stock_status;
use crate::server::export::{Column, Exported};
use crate::shared::audit::Audit;
use crate::shared::listing::{self, Filter, SortColumn, push_words};
use crate::shared::resource::{self, Resource, Versioned};
use crate::shared::{CategoryId, Fields, Money, Page, ProductId};

/// A stock as it is read.
#[derive(sqlx::FromRow)]
pub struct StockRow {
    product_id: ProductId,
    nom: String,
    reference: Option<String>,
    category_id: CategoryId,
    categorie: String,
    quantite: i64,
    quantite_reservee: i64,
    seuil_alerte: i64,
    #[sqlx(flatten)]
    audit: Audit,
}

impl Resource for Stock {
    type Row = StockRow;

    const TABLE: &'static str = "stocks";
    const KEY: &'static str = "product_id";
    const WHAT: &'static str = "Ce stock";
    const ALIAS: &'static str = "s";
    const COLUMNS: &'static str = "s.*, p.nom, p.reference, p.category_id, c.nom as categorie";
    const FROM: &'static str = "from stocks s join products p on p.id = s.product_id
        join categories c on c.id = p.category_id";
    const DELETABLE: bool = false;
    const READ: Permission = Permission::ReadStocks;
    const HISTORY: Option<Permission> = Some(Permission::ReadHistory);

    /// Those of living products.
    fn push_visible(sql: &mut QueryBuilder<Postgres>, _ctx: &Ctx) {
        sql.push(" and not p.is_deleted");
    }

    fn build(row: StockRow, _ctx: &Ctx) -> AppResult<Self> {
        Ok(Stock {
            product_id: row.product_id,
            product: StockProduct {
                id: row.product_id,
                nom: row.nom,
                reference: row.reference,
                category_id: row.category_id,
                category: CategoryBrief { id: row.category_id, nom: row.categorie },
            },
            figures: StockBrief::new(row.quantite, row.quantite_reservee, row.seuil_alerte),
            audit: row.audit,
        })
    }
}

impl Versioned for Stock {
    fn version(&self) -> i32 {
        self.audit.version
    }
}

/// What a list of stocks is narrowed by.
#[derive(Serialize)]
pub struct StockFilter {
    search: Option<String>,
    statut: Vec<StockStatus>,
    category_id: Option<CategoryId>,
}

/// What is on the shelf, at the selling price; wide enough for the sum of all.
pub const STOCK_VALUE: &str = "(s.quantite::numeric * p.prix)";
const BY_NAME: SortColumn = SortColumn::new("nom", "p.nom collate french", "text");
const BY_AVAILABLE: SortColumn = SortColumn::new("disponible", "(s.quantite - s.quantite_reservee)", "bigint");
/// Ruptures, then alerts, then the rest; by name within each.
const BY_URGENCY: SortColumn = SortColumn::new(
    "urgence",
    "(case when s.quantite - s.quantite_reservee <= 0 then '0 ' when s.quantite - s.quantite_reservee <= s.seuil_alerte
      then '1 ' else '2 ' end || p.nom) collate french",
    "text",
);

impl Filter for StockFilter {
    type Of = Stock;

    const SORTS: &'static [SortColumn] = &[
        BY_NAME,
        BY_AVAILABLE,
        SortColumn::new("quantite", "s.quantite", "bigint"),
        SortColumn::new("reservee", "s.quantite_reservee", "bigint"),
        SortColumn::new("seuil", "s.seuil_alerte", "bigint"),
        SortColumn::new("categorie", "c.nom collate french", "text"),
        SortColumn::new("valeur", "s.quantite * p.prix", "bigint"),
        BY_URGENCY,
    ];

    fn read(f: &mut Fields) -> Self {
        Self {
            search: f.search().value(),
            statut: f.choices("statut", StockStatus::parse, "ok, alerte, rupture"),
            category_id: f.id("category_id").value(),
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        push_words(sql, "p.recherche", self.search.as_deref());
        push_stock_status(sql, &self.statut);
        if let Some(id) = self.category_id {
            sql.push(" and p.category_id = ").push_bind(id);
        }
    }
}

/// The order of the screen: what runs short first, unless something else is asked for.
pub fn shortest_first(mut query: Vec<(String, String)>) -> Vec<(String, String)> {
    if !query.iter().any(|(name, _)| name == "sort") {
        query.push(("sort".to_owned(), BY_URGENCY.name.to_owned()));
    }
    query
}

/// A page of the screen's list. Prices are read beside it: what other programs read says nothing of them.
pub async fn priced_stocks(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Page<PricedStock>> {
    let page = listing::page::<StockFilter>(ctx, shortest_first(query)).await?;
    let ids: Vec<i64> = page.items.iter().map(|stock| stock.product_id.0).collect();
    let prices: Vec<(ProductId, Money)> =
        sqlx::query_as("select id, prix from products where id = any($1)").bind(ids).fetch_all(&ctx.db).await?;
    let prices: HashMap<ProductId, Money> = prices.into_iter().collect();
    Ok(page.map(|stock| {
        // Every stock has its product, and no product is ever taken out of the table.
        let prix = prices.get(&stock.product_id).copied().unwrap_or_default();
        PricedStock { stock, prix }
    }))
}

/// How many stand how, under the other filters.
pub async fn count_stocks(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<StockCounts> {
    ctx.require(Permission::ReadStocks)?;
    let mut f = Fields::of_pairs(query);
    f.ignore(&["page", "per_page", "cursor", "sort", "statut"]);
    let filter = StockFilter::read(&mut f);
    f.finish()?;
    let mut sql = QueryBuilder::new("select count(*), count(*) filter (where true");
    push_stock_status(&mut sql, &[StockStatus::Alerte]);
    sql.push("), count(*) filter (where true");
    push_stock_status(&mut sql, &[StockStatus::Rupture]);
    sql.push(format!(") {} where true", Stock::FROM));
    Stock::push_visible(&mut sql, ctx);
    filter.push(&mut sql);
    let (tous, alertes, ruptures) = sql.build_query_as().fetch_one(&ctx.db).await?;
    Ok(StockCounts { tous, alertes, ruptures })
}

/// What the list comes to.
pub async fn sum_stocks(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<StockSum> {
    ctx.require(Permission::ReadStocks)?;
    let mut f = Fields::of_pairs(query);
    f.ignore(&["page", "per_page", "cursor", "sort"]);
    let filter = StockFilter::read(&mut f);
    f.finish()?;
    let mut sql = QueryBuilder::new("select count(*), coalesce(sum(");
    sql.push(STOCK_VALUE).push(format!("), 0)::bigint {} where true", Stock::FROM));
    Stock::push_visible(&mut sql, ctx);
    filter.push(&mut sql);
    let (nombre, valeur) = sql.build_query_as().fetch_one(&ctx.db).await?;
    Ok(StockSum { nombre, valeur })
}

/// A movement with what it made of its stock.
pub async fn moved(ctx: &Ctx, movement: Movement) -> AppResult<Moved> {
    let stock = resource::get(ctx, movement.product_id.0, false).await?;
    Ok(Moved { movement, stock })
}

/// What runs short, the emptiest first: so ruptures lead.
#[derive(Serialize)]
pub struct AlertFilter {
    search: Option<String>,
}

impl Filter for AlertFilter {
    type Of = Stock;

    const SORTS: &'static [SortColumn] = &[BY_AVAILABLE, BY_NAME];

    fn read(f: &mut Fields) -> Self {
        Self { search: f.search().value() }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        push_words(sql, "p.recherche", self.search.as_deref());
        sql.push(" and (s.quantite - s.quantite_reservee <= 0 or s.quantite - s.quantite_reservee <= s.seuil_alerte)");
    }
}

impl Exported for Stock {
    const NAME: &'static str = "stocks";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Référence", |s: &Self| s.product.reference.clone().into()),
            Column::new("Produit", |s| (&s.product.nom).into()),
            Column::new("Catégorie", |s| (&s.product.category.nom).into()),
            Column::new("En stock", |s| s.figures.quantite.into()),
            Column::new("Réservé", |s| s.figures.quantite_reservee.into()),
            Column::new("Disponible", |s| s.figures.quantite_disponible.into()),
            Column::new("Seuil d'alerte", |s| s.figures.seuil_alerte.into()),
            Column::new("État", |s| s.figures.statut.as_str().into()),
        ]
    }
}
