//! Fields that a device chooses: a UUID, an instant of its clock.

use chrono::{DateTime, Datelike, Utc};
use serde_json::Value;

use super::{Fields, Sent, string};
use crate::shared::Uuid;

impl Fields {
    /// A UUID.
    pub fn uuid(&mut self, name: &str) -> Sent<Uuid> {
        self.take(name, |value, _| {
            Uuid::parse(string(&value)?.trim()).ok_or_else(|| ("uuid_attendu", "Un UUID est attendu.".to_owned()))
        })
    }

    /// An instant, RFC 3339 with its offset, from 2000 to 2100.
    pub fn instant(&mut self, name: &str) -> Sent<DateTime<Utc>> {
        self.take(name, |value, _| {
            DateTime::parse_from_rfc3339(string(&value)?.trim())
                .map(|at| at.to_utc())
                .ok()
                .filter(|at| (2000..=2100).contains(&at.year()))
                .ok_or_else(|| {
                    ("instant_invalide", "Un instant est attendu, par exemple 2026-11-26T09:30:00Z.".to_owned())
                })
        })
    }

    /// A list whose elements are read by themselves, so that one that is wrong costs the others nothing.
    pub fn elements(&mut self, name: &str, max: usize) -> Sent<Vec<Value>> {
        self.take_typed(name, |value, _| match value {
            Value::Array(values) if values.len() <= max => Ok(values),
            Value::Array(_) => Err(("trop_long", format!("Au plus {max} éléments."))),
            _ => Err(("liste_attendue", "Une liste est attendue.".to_owned())),
        })
    }
}
