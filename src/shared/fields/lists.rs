//! Fields that hold several values: words that may be repeated, lists of objects, lists of ids.

use serde_json::Value;

use super::{Fields, Sent, whole};
use crate::error::FieldError;
use crate::shared::text::{TextProblem, count};

/// What is wrong with a list of more than `max`.
pub(super) fn too_many(max: usize) -> TextProblem {
    ("trop_long", format!("Au plus {}.", count(max as i64, "élément", "éléments")))
}

impl Fields {
    /// Any number of words of a closed list: a parameter that may be repeated.
    pub fn choices<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, allowed: &str) -> Vec<T> {
        let values = match self.pick(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(one) => vec![one],
        };
        let mut chosen = Vec::with_capacity(values.len());
        for value in values {
            match value.as_str().map(str::trim) {
                Some("") => {}
                Some(word) => match read(word) {
                    Some(choice) => chosen.push(choice),
                    None => self.refuse(name, "choix_inconnu", format!("Valeurs possibles : {allowed}.")),
                },
                None => self.refuse(name, "texte_attendu", "Un texte est attendu."),
            }
        }
        chosen
    }

    /// A list of objects, each read by `read`, which sees the path of its element.
    pub fn list<T>(&mut self, name: &str, max: usize, mut read: impl FnMut(&mut Fields) -> Option<T>) -> Sent<Vec<T>> {
        let values = match self.pick(name) {
            None => return Sent::Absent,
            Some(Value::Null) => return Sent::Null,
            Some(Value::Array(values)) => values,
            Some(_) => {
                self.refuse(name, "liste_attendue", "Une liste est attendue.");
                return Sent::Absent;
            }
        };
        if values.len() > max {
            let (code, message) = too_many(max);
            self.refuse(name, code, message);
            return Sent::Absent;
        }
        let mut list = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            let prefix = format!("{}{name}[{index}]", self.prefix);
            let Value::Object(left) = value else {
                self.errors.push(FieldError {
                    champ: prefix,
                    code: "objet_attendu".into(),
                    message: "Un objet JSON est attendu.".into(),
                });
                continue;
            };
            let mut fields = Fields::of(format!("{prefix}."), left, self.loose);
            let element = read(&mut fields);
            fields.end();
            self.errors.append(&mut fields.errors);
            list.extend(element);
        }
        Sent::Value(list)
    }

    /// A list of ids.
    pub fn ids<T: From<i64>>(&mut self, name: &str, max: usize) -> Sent<Vec<T>> {
        self.take_typed(name, |value, _| {
            let wrong = || ("liste_attendue", "Une liste d'identifiants est attendue.".to_owned());
            let Value::Array(values) = value else { return Err(wrong()) };
            if values.len() > max {
                return Err(too_many(max));
            }
            let id = |value: &Value| whole(value).filter(|id| *id > 0).map(T::from).ok_or_else(wrong);
            values.iter().map(id).collect()
        })
    }
}
