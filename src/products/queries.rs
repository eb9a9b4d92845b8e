//! The reads of products.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::model::{CategoryBrief, Product, ProductChoice, StockBrief, StockStatus, max_price};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::orders::queries::like_escaped;
use crate::shared::listing::{Listing, Place, SortColumn};
use crate::shared::page::COUNT_CAP;
use crate::shared::{CategoryId, Fields, Money, Page, ProductId, UserId, VatRate};

const SELECT_PRODUCT: &str =
    "select p.id, p.reference, p.nom, p.description, p.prix, p.taux_tva, p.prix_achat, p.category_id,
    c.nom as category_nom, p.is_active, s.quantite, s.quantite_reservee, s.seuil_alerte,
    p.created_at, p.updated_at, p.created_by, p.updated_by, p.version, p.is_deleted, p.deleted_at, p.deleted_by
    from products p join categories c on c.id = p.category_id join stocks s on s.product_id = p.id";

/// What a list may be sorted by; the first is the default.
const SORTS: &[SortColumn] = &[
    SortColumn { name: "nom", sql: "p.nom collate french", cast: "text", nullable: false },
    SortColumn { name: "prix", sql: "p.prix", cast: "bigint", nullable: false },
    SortColumn { name: "created_at", sql: "p.created_at", cast: "timestamptz", nullable: false },
    SortColumn { name: "stock", sql: "(s.quantite - s.quantite_reservee)", cast: "bigint", nullable: false },
];

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: ProductId,
    reference: Option<String>,
    nom: String,
    description: Option<String>,
    prix: Money,
    taux_tva: VatRate,
    prix_achat: Option<Money>,
    category_id: CategoryId,
    category_nom: String,
    is_active: bool,
    quantite: i64,
    quantite_reservee: i64,
    seuil_alerte: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    version: i32,
    is_deleted: bool,
    deleted_at: Option<DateTime<Utc>>,
    deleted_by: Option<UserId>,
}

impl ProductRow {
    fn into_product(self, ctx: &Ctx) -> Product {
        Product {
            id: self.id,
            reference: self.reference,
            nom: self.nom,
            description: self.description,
            prix: self.prix,
            taux_tva: self.taux_tva,
            prix_achat: ctx.may(Permission::ReadCost).then_some(self.prix_achat),
            category_id: self.category_id,
            category: CategoryBrief { id: self.category_id, nom: self.category_nom },
            is_active: self.is_active,
            stock: StockBrief::new(self.quantite, self.quantite_reservee, self.seuil_alerte),
            created_at: self.created_at,
            updated_at: self.updated_at,
            created_by: self.created_by,
            updated_by: self.updated_by,
            version: self.version,
            is_deleted: self.is_deleted,
            deleted_at: self.deleted_at,
            deleted_by: self.deleted_by,
        }
    }

    fn sort_key(&self, sort: &str) -> (Option<String>, i64) {
        let value = match sort {
            "prix" => self.prix.0.to_string(),
            "created_at" => self.created_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            "stock" => (self.quantite - self.quantite_reservee).to_string(),
            _ => self.nom.clone(),
        };
        (Some(value), self.id.0)
    }
}

/// What a list is narrowed by.
#[derive(Serialize)]
struct ProductFilter {
    search: Option<String>,
    category_id: Option<CategoryId>,
    is_active: Option<bool>,
    stock_statut: Option<StockStatus>,
    prix_min: Option<Money>,
    prix_max: Option<Money>,
}

impl ProductFilter {
    fn read(f: &mut Fields) -> Self {
        Self {
            search: f.line("search", 200).value(),
            category_id: f.id("category_id").value(),
            is_active: f.boolean("is_active").value(),
            stock_statut: f.choice("stock_statut", StockStatus::parse, "ok, alerte, rupture").value(),
            prix_min: f.money("prix_min", max_price()).value(),
            prix_max: f.money("prix_max", max_price()).value(),
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        for word in self.search.iter().flat_map(|s| s.split_whitespace()) {
            sql.push(" and p.recherche like '%' || searchable(").push_bind(like_escaped(word)).push(") || '%'");
        }
        if let Some(id) = self.category_id {
            sql.push(" and p.category_id = ").push_bind(id);
        }
        if let Some(active) = self.is_active {
            sql.push(" and p.is_active = ").push_bind(active);
        }
        match self.stock_statut {
            Some(StockStatus::Rupture) => sql.push(" and s.quantite - s.quantite_reservee <= 0"),
            Some(StockStatus::Alerte) => sql.push(
                " and s.quantite - s.quantite_reservee > 0 and s.quantite - s.quantite_reservee <= s.seuil_alerte",
            ),
            Some(StockStatus::Ok) => sql.push(
                " and s.quantite - s.quantite_reservee > 0 and s.quantite - s.quantite_reservee > s.seuil_alerte",
            ),
            None => sql,
        };
        if let Some(min) = self.prix_min {
            sql.push(" and p.prix >= ").push_bind(min);
        }
        if let Some(max) = self.prix_max {
            sql.push(" and p.prix <= ").push_bind(max);
        }
    }
}

/// A page of living products with their stock.
pub async fn list_products(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Page<Product>> {
    ctx.require(Permission::ReadCatalogue)?;
    let mut f = Fields::of_pairs(query);
    let listing = Listing::read(&mut f, SORTS, false)?;
    let filter = ProductFilter::read(&mut f);
    f.finish()?;
    let signature = serde_json::to_string(&filter).unwrap_or_default();
    let mut sql = QueryBuilder::new(SELECT_PRODUCT);
    sql.push(" where not p.is_deleted");
    filter.push(&mut sql);
    listing.finish(&mut sql, "p.id", &signature)?;
    let mut rows = sql.build_query_as::<ProductRow>().fetch_all(&ctx.db).await?;
    let next = listing.cut(&mut rows, &signature, |row| row.sort_key(listing.sort.name));
    let items = rows.into_iter().map(|row| row.into_product(ctx)).collect();
    match listing.place {
        Place::After(_) => Ok(Page::after_cursor(items, listing.per_page, next)),
        Place::Page(page) => Ok(Page::counted(items, count(ctx, &filter).await?, page, listing.per_page, next)),
    }
}

async fn count(ctx: &Ctx, filter: &ProductFilter) -> AppResult<i64> {
    let mut sql = QueryBuilder::new(
        "select count(*) from (select 1 from products p join stocks s on s.product_id = p.id where not p.is_deleted",
    );
    filter.push(&mut sql);
    sql.push(" limit ").push_bind(COUNT_CAP + 1).push(") matches");
    Ok(sql.build_query_scalar().fetch_one(&ctx.db).await?)
}

/// One living product.
pub async fn get_product(ctx: &Ctx, id: ProductId) -> AppResult<Product> {
    ctx.require(Permission::ReadCatalogue)?;
    let mut sql = QueryBuilder::new(SELECT_PRODUCT);
    sql.push(" where not p.is_deleted and p.id = ").push_bind(id);
    let row = sql.build_query_as::<ProductRow>().fetch_optional(&ctx.db).await?;
    Ok(row.ok_or_else(|| AppError::not_found("Ce produit"))?.into_product(ctx))
}

/// The product as the transaction that made it sees it.
pub async fn product_in_tx(connection: &mut PgConnection, ctx: &Ctx, id: ProductId) -> AppResult<Product> {
    let mut sql = QueryBuilder::new(SELECT_PRODUCT);
    sql.push(" where p.id = ").push_bind(id);
    Ok(sql.build_query_as::<ProductRow>().fetch_one(connection).await?.into_product(ctx))
}

/// Id, reference, name, price, VAT rate, available, threshold.
type ChoiceRow = (ProductId, Option<String>, String, Money, VatRate, i64, i64);

/// Active products for the order form: an exact reference first, then those whose name begins with
/// the text, then the rest by name.
pub async fn product_choices(ctx: &Ctx, search: &str, limit: i64) -> AppResult<Vec<ProductChoice>> {
    ctx.require(Permission::ReadCatalogue)?;
    let text: String = search.trim().chars().take(200).collect();
    let mut sql = QueryBuilder::new(
        "select p.id, p.reference, p.nom, p.prix, p.taux_tva, s.quantite - s.quantite_reservee, s.seuil_alerte
         from products p join stocks s on s.product_id = p.id where not p.is_deleted and p.is_active",
    );
    for word in text.split_whitespace() {
        sql.push(" and p.recherche like '%' || searchable(").push_bind(like_escaped(word)).push(") || '%'");
    }
    sql.push(" order by lower(p.reference) = lower(").push_bind(text.clone()).push(") desc nulls last, ");
    sql.push("p.recherche like searchable(").push_bind(like_escaped(&text)).push(") || '%' desc, ");
    sql.push("p.nom collate french, p.id limit ").push_bind(limit.clamp(1, 500));
    let rows: Vec<ChoiceRow> = sql.build_query_as().fetch_all(&ctx.db).await?;
    let choice = |(id, reference, nom, prix, taux_tva, disponible, seuil)| ProductChoice {
        id,
        reference,
        nom,
        prix,
        taux_tva,
        disponible,
        statut: StockStatus::of(disponible, seuil),
    };
    Ok(rows.into_iter().map(choice).collect())
}
