//! Reads what somebody sent, field by field, and gathers everything that is wrong with it.
//!
//! REST bodies, query strings and the screens' forms all pass through here, in both builds:
//! the browser names the same faults as the server, before sending.

mod lists;
mod moments;
mod repeats;

use serde_json::{Map, Value};

pub use self::repeats::{REPEATED, repeated};
use super::money::french;
use super::text::TextProblem;
use super::{Money, VatRate, text};
use crate::error::{AppError, AppResult, FieldError};

/// What was sent under a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent<T> {
    /// Nothing: on a change, leave it as it is.
    Absent,
    /// `null` (or an empty text): clear it.
    Null,
    /// A value.
    Value(T),
}

impl<T> Sent<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Sent::Value(value) => Some(value),
            Sent::Absent | Sent::Null => None,
        }
    }

    /// What was sent, else what is there: for what cannot be empty.
    pub fn or(self, now: T) -> T {
        self.value().unwrap_or(now)
    }

    /// What was sent, `None` when it was cleared, else what is there.
    pub fn or_cleared(self, now: Option<T>) -> Option<T> {
        match self {
            Sent::Value(value) => Some(value),
            Sent::Null => None,
            Sent::Absent => now,
        }
    }
}

/// The fields of one object, taken out one after the other. Whatever stays was not expected.
pub struct Fields {
    prefix: String,
    left: Map<String, Value>,
    /// Names in the order in which they were read: faults are told in it.
    read: Vec<String>,
    errors: Vec<FieldError>,
    /// Texts stand for numbers and booleans too: query strings and plain forms have nothing else.
    loose: bool,
}

impl Fields {
    /// The fields of a JSON body. Anything but an object is refused as a whole.
    pub fn of_body(body: Value) -> AppResult<Self> {
        match body {
            Value::Object(left) => Ok(Self::of(String::new(), left, false)),
            Value::Null => Ok(Self::of(String::new(), Map::new(), false)),
            _ => Err(AppError::field("", "objet_attendu", "Un objet JSON est attendu.")),
        }
    }

    /// The parameters of a query string, decoded; a repeated one becomes a list, a fault where one value is expected.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut left = Map::new();
        for (name, value) in pairs {
            match left.get_mut(&name) {
                None => {
                    left.insert(name, Value::String(value));
                }
                Some(Value::Array(list)) => list.push(Value::String(value)),
                Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
            }
        }
        Self { prefix: String::new(), left, read: Vec::new(), errors: Vec::new(), loose: true }
    }

    /// Notes a fault of a field that was read.
    pub fn refuse(&mut self, name: &str, code: &str, message: impl Into<String>) {
        let champ = format!("{}{name}", self.prefix);
        self.errors.push(FieldError { champ, code: code.into(), message: message.into() });
    }

    fn pick(&mut self, name: &str) -> Option<Value> {
        self.read.push(name.to_owned());
        self.left.remove(name)
    }

    fn take<T>(&mut self, name: &str, read: impl FnOnce(Value, bool) -> Result<T, TextProblem>) -> Sent<T> {
        let value = match self.pick(name) {
            None => return Sent::Absent,
            Some(Value::Null) => return Sent::Null,
            Some(Value::String(text)) if text.trim().is_empty() => return Sent::Null,
            Some(value) => value,
        };
        self.read_as(name, value, read)
    }

    /// The same for what is no text: in JSON, a blank text stands for nothing else.
    fn take_typed<T>(&mut self, name: &str, read: impl FnOnce(Value, bool) -> Result<T, TextProblem>) -> Sent<T> {
        if self.loose {
            return self.take(name, read);
        }
        match self.pick(name) {
            None => Sent::Absent,
            Some(Value::Null) => Sent::Null,
            Some(value) => self.read_as(name, value, read),
        }
    }

    fn read_as<T>(
        &mut self,
        name: &str,
        value: Value,
        read: impl FnOnce(Value, bool) -> Result<T, TextProblem>,
    ) -> Sent<T> {
        if self.loose && value.is_array() {
            return self.repeated(name);
        }
        match read(value, self.loose) {
            Ok(value) => Sent::Value(value),
            Err((code, message)) => {
                self.refuse(name, code, message);
                Sent::Absent
            }
        }
    }

    /// `sent`, or a fault when there is nothing and no other fault of this field yet.
    pub fn required<T>(&mut self, name: &str, sent: Sent<T>) -> Option<T> {
        let value = sent.value();
        if value.is_none() {
            self.needed(name, "Ce champ est obligatoire.");
        }
        value
    }

    /// A fault of a field that has nothing, unless it has another already.
    pub fn needed(&mut self, name: &str, message: &str) {
        let champ = format!("{}{name}", self.prefix);
        if self.errors.iter().all(|error| error.champ != champ) {
            self.refuse(name, "obligatoire", message);
        }
    }

    /// A fault when what cannot be empty was cleared.
    pub fn kept<T>(&mut self, name: &str, sent: &Sent<T>) {
        if matches!(sent, Sent::Null) {
            self.refuse(name, "obligatoire", "Ce champ est obligatoire.");
        }
    }

    /// A text of one line, at most `max` characters; one of which nobody sees anything is none.
    pub fn line(&mut self, name: &str, max: usize) -> Sent<String> {
        if self.left.get(name).and_then(Value::as_str).is_some_and(text::is_blank) {
            self.pick(name);
            return Sent::Null;
        }
        self.take(name, |value, _| text::line(string(&value)?, max))
    }

    /// A text of several lines.
    pub fn paragraph(&mut self, name: &str, max: usize) -> Sent<String> {
        self.take(name, |value, _| text::paragraph(string(&value)?, max))
    }

    /// The words that a list is searched for, 200 characters at most; what was copied with them from a table (tabs, ends of
    /// lines) only parts them.
    pub fn search(&mut self) -> Sent<String> {
        if let Some(Value::String(text)) = self.left.get_mut("search") {
            *text = text.replace(['\t', '\r', '\n'], " ");
        }
        self.line("search", 200)
    }

    /// An e-mail address.
    pub fn email(&mut self, name: &str) -> Sent<String> {
        self.take(name, |value, _| text::email(string(&value)?))
    }

    /// A secret, taken exactly as it was typed.
    pub fn secret(&mut self, name: &str) -> Sent<String> {
        match self.pick(name) {
            None => Sent::Absent,
            Some(Value::Null) => Sent::Null,
            Some(Value::String(text)) if text.is_empty() => Sent::Null,
            Some(Value::String(text)) if text.chars().count() <= 200 => Sent::Value(text),
            Some(Value::String(_)) => {
                self.refuse(name, "trop_long", "Au plus 200 caractères.");
                Sent::Absent
            }
            Some(Value::Array(_)) if self.loose => self.repeated(name),
            Some(_) => {
                self.refuse(name, "texte_attendu", "Un texte est attendu.");
                Sent::Absent
            }
        }
    }

    /// A whole number within bounds, both included.
    pub fn integer(&mut self, name: &str, min: i64, max: i64) -> Sent<i64> {
        self.take_typed(name, |value, loose| {
            let number = match &value {
                Value::String(text) if loose => text.trim().parse().ok(),
                value => whole(value),
            };
            let number = number.ok_or_else(|| ("entier_attendu", "Un nombre entier est attendu.".to_owned()))?;
            if (min..=max).contains(&number) {
                Ok(number)
            } else if max == i64::MAX {
                Err(("hors_limites", format!("Au moins {min}.")))
            } else {
                Err(("hors_limites", between(min, max)))
            }
        })
    }

    /// An id: a positive whole number.
    pub fn id<T: From<i64>>(&mut self, name: &str) -> Sent<T> {
        match self.integer(name, 1, i64::MAX) {
            Sent::Value(id) => Sent::Value(T::from(id)),
            Sent::Null => Sent::Null,
            Sent::Absent => Sent::Absent,
        }
    }

    /// An amount between zero and `max`, a number or a text.
    pub fn money(&mut self, name: &str, max: Money) -> Sent<Money> {
        self.take(name, |value, _| {
            let money = Money::parse(
                &number_or_text(&value).ok_or_else(|| ("montant_attendu", "Un montant est attendu.".to_owned()))?,
            )
            .map_err(|e| ("montant_invalide", e.to_string()))?;
            if money < Money::ZERO || money > max {
                return Err(("hors_limites", format!("Entre 0 et {}.", max.display())));
            }
            Ok(money)
        })
    }

    /// A VAT rate in percent.
    pub fn vat_rate(&mut self, name: &str) -> Sent<VatRate> {
        self.take(name, |value, _| {
            number_or_text(&value).and_then(|text| VatRate::parse(&text)).ok_or_else(|| {
                ("taux_invalide", "Un taux entre 0 et 100 est attendu, avec deux décimales au plus.".to_owned())
            })
        })
    }

    /// A number within bounds, such as a latitude.
    pub fn number(&mut self, name: &str, min: f64, max: f64) -> Sent<f64> {
        self.take_typed(name, |value, loose| {
            let number = match &value {
                Value::Number(n) => n.as_f64(),
                Value::String(text) if loose => text.trim().replace(',', ".").parse().ok(),
                other => written(other).and_then(|digits| digits.parse().ok()),
            };
            match number {
                Some(number) if (min..=max).contains(&number) => Ok(number),
                Some(_) => Err(("hors_limites", between(min, max))),
                None => Err(("nombre_attendu", "Un nombre est attendu.".to_owned())),
            }
        })
    }

    /// Yes or no.
    pub fn boolean(&mut self, name: &str) -> Sent<bool> {
        self.take_typed(name, |value, loose| match &value {
            Value::Bool(b) => Ok(*b),
            Value::String(text) if loose && matches!(text.as_str(), "true" | "1" | "on") => Ok(true),
            Value::String(text) if loose && matches!(text.as_str(), "false" | "0" | "off") => Ok(false),
            _ => Err(("booleen_attendu", "Vrai ou faux est attendu.".to_owned())),
        })
    }

    /// One of a closed list of words.
    pub fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, allowed: &str) -> Sent<T> {
        self.take(name, |value, _| {
            read(string(&value)?.trim()).ok_or_else(|| ("choix_inconnu", format!("Valeurs possibles : {allowed}.")))
        })
    }

    /// Ends the reading: every fault at once, those of fields nobody expected included.
    pub fn finish(mut self) -> AppResult<()> {
        self.end();
        if self.errors.is_empty() { Ok(()) } else { Err(AppError::invalid(self.errors)) }
    }

    /// Names what nobody expected, and puts all faults in the order of the fields.
    fn end(&mut self) {
        self.note_unknown();
        let (prefix, read) = (self.prefix.len(), &self.read);
        self.errors.sort_by_key(|error| {
            let name = error.champ.get(prefix..).unwrap_or_default().split(['[', '.']).next().unwrap_or_default();
            read.iter().position(|known| known == name).unwrap_or(usize::MAX)
        });
    }

    fn note_unknown(&mut self) {
        let (code, message) =
            if self.loose { ("parametre_inconnu", "Paramètre inconnu.") } else { ("champ_inconnu", "Champ inconnu.") };
        for name in std::mem::take(&mut self.left).keys() {
            self.refuse(name, code, message);
        }
    }
}

/// The bounds of a number, as people write them.
fn between(min: impl ToString, max: impl ToString) -> String {
    format!("Entre {} et {}.", french(&min.to_string()), french(&max.to_string()))
}

/// A whole number; 3.0 is one in JSON too.
fn whole(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64))
}

fn string(value: &Value) -> Result<&str, TextProblem> {
    value.as_str().ok_or_else(|| ("texte_attendu", "Un texte est attendu.".into()))
}

/// The one member of what stands for a number that a binary fraction does not hold. Nobody's field is called so.
pub const DIGITS: &str = "\0digits";

/// How such a number was written.
fn written(value: &Value) -> Option<&str> {
    value.as_object().filter(|members| members.len() == 1)?.get(DIGITS)?.as_str()
}

fn number_or_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(n) => Some(n.to_string()),
        Value::String(text) => Some(text.clone()),
        other => written(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_at_once_with_its_path() {
        let mut fields = Fields::of_body(json!({
            "client_nom": "  ", "quantite": 1.5, "prix": 1.999,
            "items": [{"product_id": 0}, 3, {"product_id": 2, "x": 1}], "inconnu": 1
        }))
        .expect("object");
        let name = fields.line("client_nom", 200);
        fields.required("client_nom", name);
        fields.integer("quantite", 1, 10);
        fields.money("prix", Money(100));
        fields.list("items", 200, |item| item.id::<i64>("product_id").value());
        let error = fields.finish().expect_err("faults");
        let paths: Vec<_> = error.errors.iter().map(|e| e.champ.as_str()).collect();
        assert_eq!(
            paths,
            ["client_nom", "quantite", "prix", "items[0].product_id", "items[1]", "items[2].x", "inconnu"]
        );
    }

    #[test]
    fn bounds_are_told_as_people_write_numbers() {
        let mut fields = Fields::of_body(json!({"stock": -1, "latitude": 91})).expect("object");
        fields.integer("stock", 0, 1_000_000_000);
        fields.number("latitude", -90.0, 90.0);
        let error = fields.finish().expect_err("faults");
        assert_eq!(
            (error.message_for("stock"), error.message_for("latitude")),
            (Some("Entre 0 et 1\u{202f}000\u{202f}000\u{202f}000."), Some("Entre −90 et 90."))
        );
    }

    #[test]
    fn absent_null_and_value_differ() {
        let mut fields = Fields::of_body(json!({"a": null, "b": "x"})).expect("object");
        assert_eq!(fields.line("a", 9), Sent::Null);
        assert_eq!(fields.line("b", 9), Sent::Value("x".into()));
        assert_eq!(fields.line("c", 9), Sent::Absent);
        assert!(fields.finish().is_ok());
        assert!(Fields::of_body(json!([1])).is_err());
    }

    #[test]
    fn query_strings_are_loose_and_repeat() {
        let pairs = [("page", "2"), ("statut", "a"), ("statut", "b"), ("actif", "true")];
        let mut fields = Fields::of_pairs(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(fields.integer("page", 1, 10), Sent::Value(2));
        assert_eq!(fields.boolean("actif"), Sent::Value(true));
        assert_eq!(fields.choices("statut", |w| Some(w.to_owned()), "a, b"), ["a", "b"]);
        assert!(fields.finish().is_ok());
    }
}
