//! The reads of the trail: entries, unfolded field by field.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};

use super::labels::{label, table_label};
use super::model::{Action, Change, OF_ORDERS, TABLES, amount, as_told};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::listing::{Filter, SortColumn, push_period, read_period};
use crate::shared::resource::Resource;
use crate::shared::{Day, Fields, UserId};
use crate::users::model::full_name;

/// A field of a change as it is read.
#[derive(sqlx::FromRow)]
pub struct ChangeRow {
    id: i64,
    table_name: String,
    row_id: i64,
    parent_id: Option<i64>,
    seq: i32,
    action: Action,
    champ: Option<String>,
    avant: Option<Value>,
    apres: Option<Value>,
    efface: bool,
    at: DateTime<Utc>,
    user_id: UserId,
    request_id: Option<String>,
    auteur_nom: String,
    auteur_prenom: Option<String>,
}

impl Resource for Change {
    type Row = ChangeRow;

    const TABLE: &'static str = "history_changes";
    const WHAT: &'static str = "Ce changement";
    const ALIAS: &'static str = "h";
    const COLUMNS: &'static str = "h.*, u.nom as auteur_nom, u.prenom as auteur_prenom";
    const FROM: &'static str = "from history_changes h join users u on u.id = h.user_id";
    const DELETABLE: bool = false;
    const READ: Permission = Permission::ReadHistory;

    /// What a product costs is seen by some alone, in its history too.
    fn push_visible(sql: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
        if !ctx.may(Permission::ReadCost) {
            sql.push(" and h.champ is distinct from 'prix_achat'");
        }
        if !ctx.may(Permission::ManageUsers) {
            sql.push(" and h.table_name <> 'users'");
        }
    }

    fn build(row: ChangeRow, _ctx: &Ctx) -> AppResult<Self> {
        let told = |value: Option<Value>| {
            let value = value.filter(|value| !value.is_null())?;
            Some(as_told(row.champ.as_deref().unwrap_or_default(), value))
        };
        Ok(Change {
            avant: told(row.avant),
            apres: told(row.apres),
            id: row.id,
            table: row.table_name,
            row_id: row.row_id,
            parent_id: row.parent_id,
            version: row.seq,
            action: row.action,
            champ: row.champ,
            efface: row.efface,
            at: row.at,
            user_id: row.user_id,
            auteur: full_name(row.auteur_prenom.as_deref(), &row.auteur_nom),
            request_id: row.request_id,
        })
    }
}

/// What the trail is narrowed by.
#[derive(Serialize)]
pub struct ChangeFilter {
    table: Option<String>,
    row_id: Option<i64>,
    user_id: Option<UserId>,
    action: Option<Action>,
    start_date: Option<Day>,
    end_date: Option<Day>,
}

impl Filter for ChangeFilter {
    type Of = Change;

    const SORTS: &'static [SortColumn] = &[SortColumn::new("at", "h.at", "timestamptz").fixed()];
    const DESCENDING: bool = true;
    const COUNT_FROM: &'static str = "from history_changes h";

    fn read(f: &mut Fields) -> Self {
        let table = |text: &str| TABLES.into_iter().find(|table| *table == text).map(str::to_owned);
        let actions = Action::ALL.map(Action::as_str).join(", ");
        let (start_date, end_date) = read_period(f);
        Self {
            table: f.choice("table", table, &TABLES.join(", ")).value(),
            row_id: f.id("row_id").value(),
            user_id: f.id("user_id").value(),
            action: f.choice("action", Action::parse, &actions).value(),
            start_date,
            end_date,
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        match (self.table.as_deref(), self.row_id) {
            // The story of an order is that of its lines and of its delivery too.
            (Some("orders"), Some(id)) => {
                sql.push(" and (h.table_name = 'orders' and h.row_id = ").push_bind(id);
                let parts = OF_ORDERS.map(|table| format!("'{table}'")).join(", ");
                sql.push(format!(" or h.table_name in ({parts}) and h.parent_id = ")).push_bind(id).push(")");
            }
            (table, row) => {
                // A name of the list above, written out: an index is for some of them alone.
                if let Some(table) = table.filter(|table| TABLES.contains(table)) {
                    sql.push(format!(" and h.table_name = '{table}'"));
                }
                if let Some(id) = row {
                    sql.push(" and h.row_id = ").push_bind(id);
                }
            }
        }
        if let Some(id) = self.user_id {
            sql.push(" and h.user_id = ").push_bind(id);
        }
        if let Some(action) = self.action {
            sql.push(" and h.action = ").push_bind(action);
        }
        push_period(sql, "h.at", self.start_date, self.end_date);
    }
}

impl Exported for Change {
    const NAME: &'static str = "historique";
    // All of it together: what was written of clients is in it.
    const PERSONAL: bool = true;

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Date", |c: &Self| c.at.into()),
            Column::new("Table", |c| table_label(&c.table).into()),
            Column::new("Ligne", |c| c.row_id.into()),
            Column::new("Version", |c| i64::from(c.version).into()),
            Column::new("Action", |c| c.action.label().into()),
            Column::new("Champ", |c| c.champ.as_deref().map(|champ| label(&c.table, champ)).into()),
            Column::new("Avant", |c| shown(c, c.avant.as_ref())),
            Column::new("Après", |c| shown(c, c.apres.as_ref())),
            Column::new("Auteur", |c| (&c.auteur).into()),
            Column::new("Requête", |c| c.request_id.clone().into()),
        ]
    }
}

fn shown(change: &Change, value: Option<&Value>) -> Cell {
    if let Some(amount) = amount(change.champ.as_deref().unwrap_or_default(), value) {
        return amount.into();
    }
    match value {
        None => Cell::Empty,
        Some(Value::String(phone)) if matches!(change.champ.as_deref(), Some("telephone" | "client_telephone")) => {
            Cell::Phone(phone.clone())
        }
        Some(Value::String(day)) if change.champ.as_deref() == Some("date_livraison_prevue") => {
            Day::parse(day).map_or_else(|| day.into(), Cell::from)
        }
        Some(Value::String(text)) => text.into(),
        Some(Value::Bool(yes)) => Cell::yes(*yes),
        Some(Value::Number(number)) => Cell::Decimal(number.to_string()),
        Some(other) => other.to_string().into(),
    }
}
