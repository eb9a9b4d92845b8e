//! The reads of categories.

use serde::Serialize;
use sqlx::{PgExecutor, Postgres, QueryBuilder};

use super::model::Category;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::export::{Column, Exported};
use crate::shared::audit::{Audit, Deletion};
use crate::shared::listing::{Filter, SortColumn, like_escaped};
use crate::shared::resource::{Resource, Versioned, select};
use crate::shared::{CategoryId, Fields};

/// A category as it is read.
#[derive(sqlx::FromRow)]
pub struct CategoryRow {
    id: CategoryId,
    nom: String,
    description: Option<String>,
    ordre: i32,
    nombre_produits: i64,
    #[sqlx(flatten)]
    audit: Audit,
    #[sqlx(flatten)]
    deletion: Deletion,
}

impl Resource for Category {
    type Row = CategoryRow;

    const TABLE: &'static str = "categories";
    const WHAT: &'static str = "Cette catégorie";
    const ALIAS: &'static str = "c";
    const COLUMNS: &'static str = "c.*, (select count(*) from products p
        where p.category_id = c.id and not p.is_deleted) as nombre_produits";
    const FROM: &'static str = "from categories c";
    const READ: Permission = Permission::ReadCatalogue;
    const HISTORY: Option<Permission> = Some(Permission::ReadHistory);

    fn build(row: CategoryRow, _ctx: &Ctx) -> AppResult<Self> {
        Ok(Category {
            id: row.id,
            nom: row.nom,
            description: row.description,
            ordre: row.ordre,
            nombre_produits: row.nombre_produits,
            audit: row.audit,
            deletion: row.deletion,
        })
    }
}

impl Versioned for Category {
    fn version(&self) -> i32 {
        self.audit.version
    }

    fn is_deleted(&self) -> bool {
        self.deletion.is_deleted
    }
}

/// What a list of categories is narrowed by.
#[derive(Serialize)]
pub struct CategoryFilter {
    search: Option<String>,
}

impl Filter for CategoryFilter {
    type Of = Category;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("ordre", "c.ordre", "bigint"),
        SortColumn::new("nom", "c.nom collate french", "text"),
        SortColumn::new("created_at", "c.created_at", "timestamptz").fixed(),
    ];

    fn read(f: &mut Fields) -> Self {
        Self { search: f.search().value() }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        // A shop has some dozens of them: no index keeps their searchable form.
        for word in self.search.iter().flat_map(|text| text.split_whitespace()) {
            sql.push(" and searchable(c.nom) like '%' || searchable(").push_bind(like_escaped(word)).push(") || '%'");
        }
    }
}

impl Exported for Category {
    const NAME: &'static str = "categories";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Ordre", |c: &Self| i64::from(c.ordre).into()),
            Column::new("Nom", |c| (&c.nom).into()),
            Column::new("Produits", |c| c.nombre_produits.into()),
            Column::new("Description", |c| c.description.clone().into()),
            Column::new("Créée le", |c| c.audit.created_at.into()),
        ]
    }
}

/// All living categories in their order.
pub async fn all_categories(ctx: &Ctx) -> AppResult<Vec<Category>> {
    ctx.require(Category::READ)?;
    in_order(&ctx.db, ctx).await
}

/// The same, as a transaction sees them.
pub async fn in_order(db: impl PgExecutor<'_>, ctx: &Ctx) -> AppResult<Vec<Category>> {
    let mut sql = select::<Category>(ctx, Category::COLUMNS, false);
    sql.push(" order by c.ordre, c.id");
    let rows: Vec<CategoryRow> = sql.build_query_as().fetch_all(db).await?;
    rows.into_iter().map(|row| Category::build(row, ctx)).collect()
}
