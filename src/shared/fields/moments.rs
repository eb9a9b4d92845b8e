//! Fields that tell when: days and times of day; and those that a device chooses: a UUID, an instant of its clock.

use chrono::{DateTime, Datelike, NaiveTime, Utc};
use serde_json::Value;

use super::lists::too_many;
use super::{Fields, Sent, string};
use crate::shared::{Day, Uuid};

impl Fields {
    /// A day that exists, from 2000 to 2100.
    pub fn day(&mut self, name: &str) -> Sent<Day> {
        self.take(name, |value, _| {
            let text = string(&value)?;
            Day::parse(text).ok_or_else(|| match Day::of_any_year(text) {
                Some(_) => ("hors_limites", "Une date de 2000 à 2100 est attendue.".to_owned()),
                None => ("date_invalide", "Une date qui existe est attendue (AAAA-MM-JJ).".to_owned()),
            })
        })
    }

    /// A time of day, `HH:MM`.
    pub fn time(&mut self, name: &str) -> Sent<NaiveTime> {
        self.take(name, |value, _| {
            let text = string(&value)?;
            // chrono takes 9:5 and a blank before it too; the contract does not.
            let written_out = matches!(text.as_bytes(), [h, _, b':', m, _] if h.is_ascii_digit() && m.is_ascii_digit());
            NaiveTime::parse_from_str(if written_out { text } else { "" }, "%H:%M")
                .map_err(|_| ("heure_invalide", "Une heure est attendue (HH:MM).".to_owned()))
        })
    }

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
            Value::Array(_) => Err(too_many(max)),
            _ => Err(("liste_attendue", "Une liste est attendue.".to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_day_outside_the_limits_is_no_day_that_does_not_exist() {
        let days = json!({"a": "2100-12-31", "b": "1999-01-01", "c": "2101-01-01", "d": "1999-02-29", "e": "hier"});
        let mut fields = Fields::of_body(days).expect("object");
        for name in ["a", "b", "c", "d", "e"] {
            fields.day(name);
        }
        let error = fields.finish().expect_err("faults");
        let told: Vec<_> = error.errors.iter().map(|error| (error.champ.as_str(), error.code.as_str())).collect();
        let expected = [("b", "hors_limites"), ("c", "hors_limites"), ("d", "date_invalide"), ("e", "date_invalide")];
        assert_eq!(told, expected);
        assert_eq!(error.message_for("b"), Some("Une date de 2000 à 2100 est attendue."));
    }
}
