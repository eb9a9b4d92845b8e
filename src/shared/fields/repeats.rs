//! Fields that an object has twice: nobody knows which was meant.

use serde_json::{Map, Value};

use super::Fields;

/// The member in which whoever read an object notes the names that it has twice. Nobody's field is called so.
pub const REPEATED: &str = "\0repeated";

const MESSAGE: &str = "Ce champ est là plusieurs fois.";

impl Fields {
    /// The fields of an object at a path. One that is there twice is a fault, and is not read.
    pub(super) fn of(prefix: String, mut left: Map<String, Value>, loose: bool) -> Self {
        let noted = left.remove(REPEATED);
        let mut fields = Self { prefix, left, read: Vec::new(), errors: Vec::new(), loose };
        for name in noted.iter().flat_map(names) {
            fields.left.remove(name);
            fields.refuse(name, "champ_repete", MESSAGE);
        }
        fields
    }

    /// Read-only fields of an answer that came back with it are ignored, but for what is there twice in them.
    pub fn ignore(&mut self, ignored: &[&str]) {
        for name in ignored {
            if let Some(path) = self.left.remove(*name).and_then(|value| first_in(&value)) {
                self.refuse(&format!("{name}{path}"), "champ_repete", MESSAGE);
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
}
