//! The lines of an import as a list: what each did.

use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};

use super::model::{FieldChange, LineReport, Outcome};
use super::plan::{Values, changes};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::history::model::amount;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::listing::{Filter, SortColumn, push_words};
use crate::shared::resource::Resource;
use crate::shared::{Fields, ImportId, Money, ProductId};

/// A line as it is read.
#[derive(sqlx::FromRow)]
pub struct LineRow {
    ligne: i32,
    product_id: ProductId,
    reference: Option<String>,
    resultat: Outcome,
    avant: Option<Json<Values>>,
    apres: Option<Json<Values>>,
}

impl Resource for LineReport {
    type Row = LineRow;

    const TABLE: &'static str = "import_lines";
    // Unique among the lines of one import, and no list has those of several.
    const KEY: &'static str = "ligne";
    const WHAT: &'static str = "Cette ligne";
    const ALIAS: &'static str = "l";
    const COLUMNS: &'static str = "l.ligne, l.product_id, l.reference, l.resultat, l.avant, l.apres";
    const FROM: &'static str = "from import_lines l";
    const DELETABLE: bool = false;
    const READ: Permission = Permission::WriteProducts;

    fn build(row: LineRow, _ctx: &Ctx) -> AppResult<Self> {
        let (before, after) = (row.avant.map(|avant| avant.0), row.apres.map(|apres| apres.0).unwrap_or_default());
        Ok(LineReport {
            ligne: i64::from(row.ligne),
            reference: row.reference,
            resultat: row.resultat,
            product_id: Some(row.product_id),
            modifications: changes(before.as_ref(), &after),
            erreurs: Vec::new(),
        })
    }
}

/// What the lines of an import are narrowed by.
#[derive(Serialize)]
pub struct LineFilter {
    import_id: Option<ImportId>,
    resultat: Vec<Outcome>,
    search: Option<String>,
}

impl Filter for LineFilter {
    type Of = LineReport;

    const SORTS: &'static [SortColumn] = &[SortColumn::new("ligne", "l.ligne", "bigint").fixed()];

    fn read(f: &mut Fields) -> Self {
        Self {
            import_id: f.id("import_id").value(),
            resultat: f.choices("resultat", Outcome::parse, "cree, modifie, inchange, erreur"),
            search: f.search().value(),
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        sql.push(" and l.import_id = ").push_bind(self.import_id);
        if !self.resultat.is_empty() {
            sql.push(" and l.resultat = any(").push_bind(self.resultat.iter().map(|r| r.as_str()).collect::<Vec<_>>());
            sql.push(")");
        }
        push_words(sql, "searchable(coalesce(l.reference, ''))", self.search.as_deref());
    }
}

impl Exported for LineReport {
    const NAME: &'static str = "lignes-import";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Ligne", |l: &Self| l.ligne.into()),
            Column::new("Référence", |l| l.reference.clone().into()),
            Column::new("Résultat", |l| l.resultat.label().into()),
            Column::new("Modifications", |l| told(l).into()),
            Column::new("Produit", |l| l.product_id.map_or(Cell::Empty, |id| id.0.into())),
        ]
    }
}

/// `prix : 8,50 → 9,00`, one a line.
fn told(line: &LineReport) -> String {
    let value = |champ: &str, value: &Option<Value>| match value {
        None => "(vide)".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "oui" } else { "non" }.to_owned(),
        Some(number) => {
            let exact = amount(champ, Some(number)).map(Money::to_decimal);
            exact.unwrap_or_else(|| number.to_string()).replace('.', ",")
        }
    };
    let change = |FieldChange { champ, avant, apres }: &FieldChange| match avant {
        None => format!("{champ} : {}", value(champ, apres)),
        Some(_) => format!("{champ} : {} → {}", value(champ, avant), value(champ, apres)),
    };
    line.modifications.iter().map(change).collect::<Vec<_>>().join("\n")
}
