//! The reads of imports.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::model::{Import, ImportDetail, LineReport, Outcome};
use super::plan::{Values, changes};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::server::export::{Cell, Column, Exported};
use crate::shared::audit::Audit;
use crate::shared::listing::{Filter, SortColumn, push_words};
use crate::shared::resource::{Resource, Versioned, reread};
use crate::shared::{Fields, ImportId, ProductId, UserId};
use crate::users::model::full_name;

/// An import as it is read.
#[derive(sqlx::FromRow)]
pub struct ImportRow {
    id: ImportId,
    fichier: Option<String>,
    crees: i32,
    modifies: i32,
    inchanges: i32,
    auteur_nom: String,
    auteur_prenom: Option<String>,
    undone_at: Option<DateTime<Utc>>,
    undone_by: Option<UserId>,
    #[sqlx(flatten)]
    audit: Audit,
}

impl Resource for Import {
    type Row = ImportRow;

    const TABLE: &'static str = "imports";
    const WHAT: &'static str = "Cet import";
    const ALIAS: &'static str = "i";
    const COLUMNS: &'static str = "i.*, u.nom as auteur_nom, u.prenom as auteur_prenom";
    const FROM: &'static str = "from imports i join users u on u.id = i.created_by";
    const DELETABLE: bool = false;
    const READ: Permission = Permission::WriteProducts;

    fn build(row: ImportRow, _ctx: &Ctx) -> AppResult<Self> {
        Ok(Import {
            id: row.id,
            fichier: row.fichier,
            crees: row.crees,
            modifies: row.modifies,
            inchanges: row.inchanges,
            auteur: full_name(row.auteur_prenom.as_deref(), &row.auteur_nom),
            undone_at: row.undone_at,
            undone_by: row.undone_by,
            audit: row.audit,
        })
    }
}

impl Versioned for Import {
    fn version(&self) -> i32 {
        self.audit.version
    }
}

impl Versioned for ImportDetail {
    fn version(&self) -> i32 {
        self.import.version()
    }
}

/// What a list of imports is narrowed by.
#[derive(Serialize)]
pub struct ImportFilter {
    search: Option<String>,
}

impl Filter for ImportFilter {
    type Of = Import;

    const SORTS: &'static [SortColumn] = &[SortColumn::new("created_at", "i.created_at", "timestamptz")];
    const DESCENDING: bool = true;
    const COUNT_FROM: &'static str = "from imports i";

    fn read(f: &mut Fields) -> Self {
        Self { search: f.line("search", 200).value() }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        push_words(sql, "i.recherche", self.search.as_deref());
    }
}

impl Exported for Import {
    const NAME: &'static str = "imports";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Numéro", |i: &Self| i.id.0.into()),
            Column::new("Fichier", |i| i.fichier.clone().into()),
            Column::new("Créés", |i| i64::from(i.crees).into()),
            Column::new("Modifiés", |i| i64::from(i.modifies).into()),
            Column::new("Inchangés", |i| i64::from(i.inchanges).into()),
            Column::new("Auteur", |i| (&i.auteur).into()),
            Column::new("Importé le", |i| i.audit.created_at.into()),
            Column::new("Annulé le", |i| i.undone_at.map_or(Cell::Empty, Cell::from)),
        ]
    }
}

/// An import with its lines.
pub async fn get(ctx: &Ctx, id: ImportId) -> AppResult<ImportDetail> {
    let import = crate::shared::resource::get::<Import>(ctx, id.0, false).await?;
    let mut db = ctx.db.acquire().await?;
    Ok(ImportDetail { import, lignes: lines(&mut db, id).await? })
}

/// The same, as the transaction that wrote it sees it.
pub async fn reread_whole(db: &mut PgConnection, ctx: &Ctx, id: ImportId) -> AppResult<ImportDetail> {
    let import = reread::<Import>(&mut *db, ctx, id.0).await?;
    Ok(ImportDetail { import, lignes: lines(db, id).await? })
}

async fn lines(db: &mut PgConnection, id: ImportId) -> AppResult<Vec<LineReport>> {
    let rows = sqlx::query!(
        r#"select ligne, product_id as "product_id: ProductId", reference, resultat as "resultat: Outcome", avant, apres
           from import_lines where import_id = $1 order by ligne"#,
        id.0
    )
    .fetch_all(db)
    .await?;
    let read = |value: Option<serde_json::Value>| -> AppResult<Option<Values>> {
        value.map(serde_json::from_value).transpose().map_err(AppError::internal)
    };
    rows.into_iter()
        .map(|row| {
            let (before, after) = (read(row.avant)?, read(row.apres)?.unwrap_or_default());
            Ok(LineReport {
                ligne: i64::from(row.ligne),
                reference: Some(row.reference),
                resultat: row.resultat,
                product_id: Some(row.product_id),
                modifications: changes(before.as_ref(), &after),
                erreurs: Vec::new(),
            })
        })
        .collect()
}
