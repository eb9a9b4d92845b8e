//! What travels: one field of one change.

use chrono::{DateTime, Utc};
use serde::ser::{SerializeStruct, Serializer};
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
#[derive(Debug, Clone, PartialEq, Deserialize)]
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

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Every field by its name, so that none is left out.
        let Self {
            id,
            table,
            row_id,
            parent_id,
            version,
            action,
            champ,
            avant,
            apres,
            efface,
            at,
            user_id,
            auteur,
            request_id,
        } = self;
        let exact = |value| Exact { champ: champ.as_deref().unwrap_or_default(), value };
        let mut told = serializer.serialize_struct("Change", 14)?;
        told.serialize_field("id", id)?;
        told.serialize_field("table", table)?;
        told.serialize_field("row_id", row_id)?;
        told.serialize_field("parent_id", parent_id)?;
        told.serialize_field("version", version)?;
        told.serialize_field("action", action)?;
        told.serialize_field("champ", champ)?;
        told.serialize_field("avant", &exact(avant))?;
        told.serialize_field("apres", &exact(apres))?;
        told.serialize_field("efface", efface)?;
        told.serialize_field("at", at)?;
        told.serialize_field("user_id", user_id)?;
        told.serialize_field("auteur", auteur)?;
        told.serialize_field("request_id", request_id)?;
        told.end()
    }
}

/// A value with all digits of its amount: `3.50`, which a JSON value holds as `3.5`.
pub struct Exact<'a> {
    /// The field whose value it is.
    pub champ: &'a str,
    /// The value, as [`as_told`] gives it.
    pub value: &'a Option<Value>,
}

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match amount(self.champ, self.value.as_ref()) {
            Some(amount) => amount.serialize(serializer),
            None => self.value.serialize(serializer),
        }
    }
}

/// The amount that a value of the trail, as [`as_told`] gives it, is.
pub fn amount(champ: &str, value: Option<&Value>) -> Option<Money> {
    let number = value?.as_number().filter(|_| is_amount(champ))?;
    Money::parse(&number.to_string()).ok()
}

fn is_amount(champ: &str) -> bool {
    matches!(
        champ,
        "prix" | "prix_achat" | "prix_unitaire" | "total" | "total_tva" | "total_livre" | "montant_encaisse"
    )
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
    let decimal = |text: String| serde_json::from_str::<Value>(&text).ok();
    match (champ, value.as_i64()) {
        (champ, Some(n)) if is_amount(champ) => decimal(Money(n).to_decimal()).unwrap_or(value),
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
        assert_eq!(as_told("taux_tva", json!(2000)), json!(20));
        assert_eq!(as_told("nom", json!("Miel")), json!("Miel"));
        assert_eq!(as_told("prix_achat", Value::Null), Value::Null);
        assert_eq!(as_told("quantity", json!(3)), json!(3));
        assert_eq!(as_told("confirmed_at", json!("2026-03-29T00:30:00.5+00:00")), json!("2026-03-29T00:30:00.500Z"));
        assert_eq!(as_told("notes", json!("2026-03-29T00:30:00+00:00")), json!("2026-03-29T00:30:00+00:00"));
    }

    #[test]
    fn an_amount_keeps_its_digits_and_nothing_else_gets_any() {
        let written =
            |champ: &str, value: Option<Value>| serde_json::to_string(&Exact { champ, value: &value }).expect("JSON");
        assert_eq!(written("prix", Some(as_told("prix", json!(350)))), "3.50");
        assert_eq!(written("total", Some(as_told("total", json!(200)))), "2.00");
        assert_eq!(written("latitude", Some(json!(47.5))), "47.5");
        assert_eq!(written("taux_tva", Some(as_told("taux_tva", json!(2000)))), "20");
        assert_eq!(written("prix_achat", None), "null");
        let change = Change {
            id: 1,
            table: "products".to_owned(),
            row_id: 2,
            parent_id: None,
            version: 3,
            action: Action::Modification,
            champ: Some("prix".to_owned()),
            avant: Some(json!(2.0)),
            apres: Some(json!(3.5)),
            efface: false,
            at: DateTime::<Utc>::UNIX_EPOCH,
            user_id: UserId(4),
            auteur: "Anne".to_owned(),
            request_id: None,
        };
        let text = serde_json::to_string(&change).expect("JSON");
        assert!(text.contains(r#""avant":2.00,"apres":3.50,"#), "{text}");
        assert_eq!(serde_json::from_str::<Change>(&text).expect("what was written"), change);
    }
}
