//! What travels: one field of one change.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::auth::permission::Permission;
use crate::shared::{Money, UserId, VatRate};

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::Type), sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Entered.
    Creation,
    /// Changed.
    Modification,
    /// Deleted.
    Suppression,
    /// Brought back.
    Restauration,
}

impl Action {
    /// All four.
    pub const ALL: [Action; 4] = [Action::Creation, Action::Modification, Action::Suppression, Action::Restauration];

    /// Name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Creation => "creation",
            Action::Modification => "modification",
            Action::Suppression => "suppression",
            Action::Restauration => "restauration",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Action::Creation => "Création",
            Action::Modification => "Modification",
            Action::Suppression => "Suppression",
            Action::Restauration => "Restauration",
        }
    }
}

/// The tables under audit, as `?table=` names them.
pub const TABLES: [&str; 11] = [
    "users",
    "categories",
    "products",
    "clients",
    "stocks",
    "orders",
    "order_items",
    "tentatives",
    "corrections",
    "preuves",
    "imports",
];

/// The tables whose rows are told with the order that they belong to.
pub const OF_ORDERS: [&str; 4] = ["order_items", "tentatives", "corrections", "preuves"];

/// Whose history a screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryOf {
    /// Of an order, with its lines.
    Order,
    /// Of a client.
    Client,
    /// Of a category.
    Category,
    /// Of a user.
    User,
    /// Of a stock, by product.
    Stock,
}

impl HistoryOf {
    /// Its table.
    pub fn table(self) -> &'static str {
        match self {
            HistoryOf::Order => "orders",
            HistoryOf::Client => "clients",
            HistoryOf::Category => "categories",
            HistoryOf::User => "users",
            HistoryOf::Stock => "stocks",
        }
    }

    /// Who may read it.
    pub fn permission(self) -> Permission {
        match self {
            HistoryOf::User => Permission::ManageUsers,
            HistoryOf::Order | HistoryOf::Client | HistoryOf::Category | HistoryOf::Stock => Permission::ReadHistory,
        }
    }
}

/// One field of one change of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Change {
    /// Id: grows with time.
    pub id: i64,
    /// Which table.
    pub table: String,
    /// Which row of it.
    pub row_id: i64,
    /// The order of a line: its story is told with the order's.
    pub parent_id: Option<i64>,
    /// The version of the row that this change made.
    pub version: i32,
    /// What was done.
    pub action: Action,
    /// Which field; null when the content was erased.
    pub champ: Option<String>,
    /// Its value before; null when there was none.
    pub avant: Option<Value>,
    /// Its value after; null when there is none.
    pub apres: Option<Value>,
    /// A person's data was erased from this entry.
    pub efface: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub user_id: UserId,
    /// Their name.
    pub auteur: String,
    /// In which request.
    pub request_id: Option<String>,
}

/// What a row is called today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Its name.
    pub name: String,
    /// It has not been deleted since.
    pub living: bool,
}

/// One field of one change, with the names of what it speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldChange {
    /// The change.
    pub change: Change,
    /// The row itself; nothing when it is gone.
    pub about: Option<Called>,
    /// The row that the value before points to.
    pub avant: Option<String>,
    /// The row that the value after points to.
    pub apres: Option<String>,
}

/// Somebody who may have changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Id.
    pub id: UserId,
    /// Name.
    pub name: String,
}

/// A value of the trail as the contract writes it: the trail holds amounts in minor units, rates in hundredths of a
/// percent, and instants as the database writes them.
pub fn as_told(champ: &str, value: Value) -> Value {
    let decimal = |text: String| text.parse().ok().and_then(serde_json::Number::from_f64).map(Value::Number);
    match (champ, value.as_i64()) {
        (
            "prix" | "prix_achat" | "prix_unitaire" | "total" | "total_tva" | "total_livre" | "montant_encaisse",
            Some(n),
        ) => decimal(Money(n).to_decimal()).unwrap_or(value),
        ("taux_tva", Some(n)) => i32::try_from(n).ok().and_then(|n| decimal(VatRate(n).percent())).unwrap_or(value),
        _ if champ.ends_with("_at") || champ.ends_with("_le") => instant(&value).unwrap_or(value),
        _ => value,
    }
}

fn instant(value: &Value) -> Option<Value> {
    let at = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    serde_json::to_value(at.to_utc()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_as_the_contract_writes_them() {
        assert_eq!(as_told("prix", json!(1599)), json!(15.99));
        assert_eq!(as_told("taux_tva", json!(550)), json!(5.5));
        assert_eq!(as_told("nom", json!("Miel")), json!("Miel"));
        assert_eq!(as_told("prix_achat", Value::Null), Value::Null);
        assert_eq!(as_told("quantity", json!(3)), json!(3));
        assert_eq!(as_told("confirmed_at", json!("2026-03-29T00:30:00.5+00:00")), json!("2026-03-29T00:30:00.500Z"));
        assert_eq!(as_told("notes", json!("2026-03-29T00:30:00+00:00")), json!("2026-03-29T00:30:00+00:00"));
    }
}
