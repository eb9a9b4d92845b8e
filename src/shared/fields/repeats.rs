//! Fields that an object has twice, parameters that an address has twice: nobody knows which was meant.

use serde_json::{Map, Value};

use super::{Fields, Sent};
use crate::error::AppError;

/// The member in which whoever read an object notes the names that it has twice. Nobody's field is called so.
pub const REPEATED: &str = "\0repeated";

const CODE: &str = "champ_repete";
const MESSAGE: &str = "Ce champ est là plusieurs fois.";

/// The refusal of one that is there several times.
pub fn repeated(name: &str) -> AppError {
    AppError::field(name, CODE, MESSAGE)
}

impl Fields {
    /// Notes that one is there several times; it is not read.
    pub(super) fn repeated<T>(&mut self, name: &str) -> Sent<T> {
        self.refuse(name, CODE, MESSAGE);
        Sent::Absent
    }

    /// The fields of an object at a path. One that is there twice is a fault, and is not read.
    pub(super) fn of(prefix: String, mut left: Map<String, Value>, loose: bool) -> Self {
        let noted = left.remove(REPEATED);
        let mut fields = Self { prefix, left, read: Vec::new(), errors: Vec::new(), loose };
        for name in noted.iter().flat_map(names) {
            fields.left.remove(name);
            fields.refuse(name, CODE, MESSAGE);
        }
        fields
    }

    /// Read-only fields of an answer that came back with it are ignored, but for what is there twice in them.
    pub fn ignore(&mut self, ignored: &[&str]) {
        for name in ignored {
            if let Some(path) = self.left.remove(*name).and_then(|value| first_in(&value)) {
                self.refuse(&format!("{name}{path}"), CODE, MESSAGE);
            }
        }
    }
}

/// The names that were noted.
fn names(noted: &Value) -> impl Iterator<Item = &str> {
    noted.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The path of the first field that is there twice.
fn first_in(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => match members.get(REPEATED).and_then(|noted| names(noted).next()) {
            Some(name) => Some(format!(".{name}")),
            None => members.iter().find_map(|(name, value)| Some(format!(".{name}{}", first_in(value)?))),
        },
        Value::Array(values) => {
            values.iter().enumerate().find_map(|(at, value)| Some(format!("[{at}]{}", first_in(value)?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_there_twice_is_told_beside_all_other_faults_and_not_read() {
        let mut fields = Fields::of_body(json!({
            REPEATED: ["nom", "couleur"], "nom": "a", "couleur": 1, "prix": "x",
            "items": [{"quantity": 1}, {REPEATED: ["quantity"], "quantity": 2}],
            "stock": {"rayons": [{}, {REPEATED: ["nom"]}]}
        }))
        .expect("object");
        let name = fields.line("nom", 9);
        assert_eq!(fields.required("nom", name), None);
        fields.money("prix", crate::shared::Money(100));
        fields.list("items", 9, |item| {
            let quantity = item.integer("quantity", 1, 9);
            item.required("quantity", quantity)
        });
        fields.ignore(&["stock", "id"]);
        let error = fields.finish().expect_err("faults");
        let told: Vec<_> = error.errors.iter().map(|error| (error.champ.as_str(), error.code.as_str())).collect();
        assert_eq!(
            told,
            [
                ("nom", "champ_repete"),
                ("prix", "montant_invalide"),
                ("items[1].quantity", "champ_repete"),
                ("couleur", "champ_repete"),
                ("stock.rayons[1].nom", "champ_repete"),
            ]
        );
    }

    #[test]
    fn a_parameter_that_is_there_twice_is_told_where_one_is_expected() {
        let names = ["page", "actif", "jour", "search", "secret", "statut", "couleur"];
        let pairs = names.into_iter().flat_map(|name| [(name, "1"), (name, "1")]);
        let mut fields = Fields::of_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let page = fields.integer("page", 1, 9);
        assert_eq!(fields.required("page", page), None);
        fields.boolean("actif");
        fields.day("jour");
        fields.line("search", 9);
        fields.secret("secret");
        assert_eq!(fields.choices("statut", |word| Some(word.to_owned()), ""), ["1", "1"]);
        let error = fields.finish().expect_err("faults");
        let told: Vec<_> = error.errors.iter().map(|error| (error.champ.as_str(), error.code.as_str())).collect();
        let twice = ["page", "actif", "jour", "search", "secret"].map(|name| (name, "champ_repete"));
        assert_eq!((&told[..5], told[5]), (&twice[..], ("couleur", "parametre_inconnu")));
    }
}
