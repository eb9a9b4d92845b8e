//! The reads of products.

use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};

use super::model::{CategoryBrief, Product, ProductChoice, StockBrief, StockStatus, max_price};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::audit::{Audit, Deletion};
use crate::shared::listing::{Filter, SortColumn, like_escaped, push_words};
use crate::shared::resource::{Resource, Versioned};
use crate::shared::{CategoryId, Fields, Money, ProductId, VatRate};

/// A product as it is read, with its category's name and its stock.
#[derive(sqlx::FromRow)]
pub struct ProductRow {
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
    #[sqlx(flatten)]
    audit: Audit,
    #[sqlx(flatten)]
    deletion: Deletion,
}

impl Resource for Product {
    type Row = ProductRow;

    const TABLE: &'static str = "products";
    const WHAT: &'static str = "Ce produit";
    const ALIAS: &'static str = "p";
    const COLUMNS: &'static str = "p.*, c.nom as category_nom, s.quantite, s.quantite_reservee, s.seuil_alerte";
    const FROM: &'static str =
        "from products p join categories c on c.id = p.category_id join stocks s on s.product_id = p.id";
    const READ: Permission = Permission::ReadCatalogue;
    const HISTORY: Option<Permission> = Some(Permission::ReadHistory);

    fn build(row: ProductRow, ctx: &Ctx) -> AppResult<Self> {
        Ok(Product {
            id: row.id,
            reference: row.reference,
            nom: row.nom,
            description: row.description,
            prix: row.prix,
            taux_tva: row.taux_tva,
            prix_achat: ctx.may(Permission::ReadCost).then_some(row.prix_achat),
            category_id: row.category_id,
            category: CategoryBrief { id: row.category_id, nom: row.category_nom },
            is_active: row.is_active,
            stock: StockBrief::new(row.quantite, row.quantite_reservee, row.seuil_alerte),
            audit: row.audit,
            deletion: row.deletion,
        })
    }
}

impl Versioned for Product {
    fn version(&self) -> i32 {
        self.audit.version
    }

    fn is_deleted(&self) -> bool {
        self.deletion.is_deleted
    }
}

/// What a list of products is narrowed by.
#[derive(Serialize)]
pub struct ProductFilter {
    search: Option<String>,
    category_id: Option<CategoryId>,
    is_active: Option<bool>,
    stock_statut: Option<StockStatus>,
    prix_min: Option<Money>,
    prix_max: Option<Money>,
}

impl Filter for ProductFilter {
    type Of = Product;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("nom", "p.nom collate french", "text"),
        SortColumn::new("prix", "p.prix", "bigint"),
        SortColumn::new("created_at", "p.created_at", "timestamptz").fixed(),
        SortColumn::new("stock", "(s.quantite - s.quantite_reservee)", "bigint"),
    ];
    const COUNT_FROM: &'static str = "from products p join stocks s on s.product_id = p.id";

    fn read(f: &mut Fields) -> Self {
        Self {
            search: f.search().value(),
            category_id: f.id("category_id").value(),
            is_active: f.boolean("is_active").value(),
            stock_statut: f.choice("stock_statut", StockStatus::parse, "ok, alerte, rupture").value(),
            prix_min: f.money("prix_min", max_price()).value(),
            prix_max: f.money("prix_max", max_price()).value(),
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        push_words(sql, "p.recherche", self.search.as_deref());
        if let Some(id) = self.category_id {
            sql.push(" and p.category_id = ").push_bind(id);
        }
        if let Some(active) = self.is_active {
            sql.push(" and p.is_active = ").push_bind(active);
        }
        push_stock_status(sql, self.stock_statut.as_slice());
        if let Some(min) = self.prix_min {
            sql.push(" and p.prix >= ").push_bind(min);
        }
        if let Some(max) = self.prix_max {
            sql.push(" and p.prix <= ").push_bind(max);
        }
    }
}

/// Narrows stocks `s` to any of these statuses, if there are some: the rule of [`StockStatus::of`], in SQL.
pub fn push_stock_status(sql: &mut QueryBuilder<Postgres>, statuses: &[StockStatus]) {
    const AVAILABLE: &str = "s.quantite - s.quantite_reservee";
    let is = |status: &StockStatus| match status {
        StockStatus::Rupture => format!("{AVAILABLE} <= 0"),
        StockStatus::Alerte => format!("{AVAILABLE} > 0 and {AVAILABLE} <= s.seuil_alerte"),
        StockStatus::Ok => format!("{AVAILABLE} > 0 and {AVAILABLE} > s.seuil_alerte"),
    };
    if !statuses.is_empty() {
        sql.push(format!(" and ({})", statuses.iter().map(is).collect::<Vec<_>>().join(" or ")));
    }
}

impl Exported for Product {
    const NAME: &'static str = "produits";

    fn columns(ctx: &Ctx) -> Vec<Column<Self>> {
        let mut columns = vec![
            Column::new("Référence", |p: &Self| p.reference.clone().into()),
            Column::new("Nom", |p| (&p.nom).into()),
            Column::new("Catégorie", |p| (&p.category.nom).into()),
            Column::new("Prix TTC", |p| p.prix.into()),
            Column::new("TVA (%)", |p| p.taux_tva.into()),
        ];
        if ctx.may(Permission::ReadCost) {
            columns.push(Column::new("Prix d'achat", |p| p.prix_achat.flatten().into()));
        }
        if ctx.may(Permission::ReadStocks) {
            columns.extend([
                Column::new("En stock", |p: &Self| p.stock.quantite.into()),
                Column::new("Réservé", |p| p.stock.quantite_reservee.into()),
                Column::new("Disponible", |p| p.stock.quantite_disponible.into()),
                Column::new("Seuil d'alerte", |p| p.stock.seuil_alerte.into()),
            ]);
        }
        columns.extend([
            Column::new("En vente", |p: &Self| Cell::yes(p.is_active)),
            Column::new("Description", |p| p.description.clone().into()),
            Column::new("Créé le", |p| p.audit.created_at.into()),
            // What has no reference is imported again by it.
            Column::new("Identifiant", |p| p.id.0.into()),
        ]);
        columns
    }
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
    push_words(&mut sql, "p.recherche", Some(&text));
    sql.push(" order by lower(p.reference) = lower(").push_bind(text.clone()).push(") desc nulls last, ");
    sql.push("p.recherche like searchable(").push_bind(like_escaped(&text)).push(") || '%' desc, ");
    sql.push("p.nom collate french, p.id limit ").push_bind(limit.clamp(1, 500));
    let rows: Vec<ChoiceRow> = sql.build_query_as().fetch_all(&ctx.db).await?;
    Ok(rows.into_iter().map(choice).collect())
}

fn choice((id, reference, nom, prix, taux_tva, disponible, seuil): ChoiceRow) -> ProductChoice {
    ProductChoice { id, reference, nom, prix, taux_tva, disponible, statut: StockStatus::of(disponible, seuil) }
}

/// Some products, for an order that names them already; `on_sale`: only those one may still order.
pub async fn choices_by_id(ctx: &Ctx, ids: &[i64], on_sale: bool) -> AppResult<Vec<ProductChoice>> {
    ctx.require(Permission::ReadCatalogue)?;
    let rows: Vec<ChoiceRow> = sqlx::query_as(
        "select p.id, p.reference, p.nom, p.prix, p.taux_tva, s.quantite - s.quantite_reservee, s.seuil_alerte
         from products p join stocks s on s.product_id = p.id
         where p.id = any($1) and (not $2 or (p.is_active and not p.is_deleted)) order by p.id",
    )
    .bind(ids)
    .bind(on_sale)
    .fetch_all(&ctx.db)
    .await?;
    Ok(rows.into_iter().map(choice).collect())
}
