//! The reads of imports.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};

use super::model::Import;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::audit::Audit;
use crate::shared::listing::{Filter, SortColumn, push_words};
use crate::shared::resource::{Resource, Versioned};
use crate::shared::{Fields, ImportId, UserId};
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

/// What a list of imports is narrowed by.
#[derive(Serialize)]
pub struct ImportFilter {
    search: Option<String>,
}

impl Filter for ImportFilter {
    type Of = Import;

    const SORTS: &'static [SortColumn] = &[SortColumn::new("created_at", "i.created_at", "timestamptz").fixed()];
    const DESCENDING: bool = true;
    const COUNT_FROM: &'static str = "from imports i";

    fn read(f: &mut Fields) -> Self {
        Self { search: f.search().value() }
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
