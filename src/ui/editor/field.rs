//! The fields of a form, told once: the page draws them, and both doors turn what was typed into the body
//! that the contract takes.

use serde_json::{Map, Value};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; blank is null.
    Text,
    /// A secret: taken as typed, never sent back.
    Secret,
    /// A whole number.
    Integer,
    /// A decimal number, typed the French way: `1 234,50`.
    Decimal,
    /// A number as JSON has it, such as a latitude, typed the French way.
    Number,
    /// Yes or no: `true`, anything else is no.
    Boolean,
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormField {
    /// Name in the form and in the body.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
}

impl FormField {
    /// A field.
    pub const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, label, kind }
    }

    /// What was typed as the contract takes it.
    pub fn value(&self, typed: &str) -> Value {
        self.kind.value(typed)
    }
}

impl Kind {
    /// What was typed as the contract takes it. What cannot be read is sent as it is: the rules say why.
    pub fn value(self, typed: &str) -> Value {
        if self == Kind::Secret {
            return if typed.is_empty() { Value::Null } else { typed.into() };
        }
        let text = typed.trim();
        match self {
            Kind::Boolean => (text == "true").into(),
            _ if text.is_empty() => Value::Null,
            Kind::Integer => {
                let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                digits.parse::<i64>().map_or_else(|_| text.into(), Value::from)
            }
            Kind::Number => {
                let plain = text.replace(',', ".");
                let number = plain.parse::<f64>().ok().filter(|number| number.is_finite());
                number.map_or_else(|| text.into(), Value::from)
            }
            Kind::Decimal => {
                // As a page shows it: `1 234,56 €`, `5,5 %`.
                let plain: String = text.chars().filter(|c| !c.is_whitespace() && !"€$£%".contains(*c)).collect();
                plain.replace(',', ".").into()
            }
            Kind::Text | Kind::Secret => typed.into(),
        }
    }
}

/// The body of a request from what was typed.
pub fn body_of<'a>(fields: &[FormField], typed: impl Fn(&str) -> Option<&'a str>) -> Map<String, Value> {
    let sent = fields.iter().filter_map(|field| Some((field.name.to_owned(), field.value(typed(field.name)?))));
    sent.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_typed_becomes_what_the_contract_takes() {
        let value = |kind, typed: &str| FormField::new("x", "X", kind).value(typed);
        assert_eq!(value(Kind::Text, " Thé "), json!(" Thé "));
        assert_eq!(value(Kind::Text, "  "), Value::Null);
        assert_eq!(value(Kind::Integer, "1 200"), json!(1200));
        assert_eq!(value(Kind::Integer, "douze"), json!("douze"));
        assert_eq!(value(Kind::Decimal, "1\u{202f}234,50"), json!("1234.50"));
        assert_eq!((value(Kind::Number, "-1,55"), value(Kind::Number, "ici")), (json!(-1.55), json!("ici")));
        assert_eq!((value(Kind::Boolean, "true"), value(Kind::Boolean, "")), (json!(true), json!(false)));
        assert_eq!(value(Kind::Secret, "  "), json!("  "));
    }

    #[test]
    fn a_field_that_was_not_in_the_form_is_not_sent() {
        let fields = [FormField::new("nom", "Nom", Kind::Text), FormField::new("prix", "Prix", Kind::Decimal)];
        let body = body_of(&fields, |name| (name == "nom").then_some("Thé"));
        assert_eq!(Value::Object(body), json!({"nom": "Thé"}));
    }
}
