//! Objects of a body, member by member. Of two members of one name `serde_json` keeps the last in silence; here the
//! name is noted in the object, and [`Fields`](crate::shared::Fields) refuses it with its path.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::shared::fields::REPEATED;

/// A value, read in one pass as `serde_json` reads it.
pub struct Read(pub Value);

/// The members of an object as they were written.
pub struct Members<'a>(pub Vec<(String, &'a RawValue)>);

/// Puts a member into its object. One that is there already stays, and its name is noted.
pub fn put(object: &mut Map<String, Value>, mut name: String, value: Value) {
    // Names that begin so are our own marks: with one more, what was sent is a field that nobody knows.
    if name.starts_with('\0') {
        name.insert(0, '\0');
    }
    let name = match object.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            return;
        }
        Entry::Occupied(entry) => entry.key().clone(),
    };
    let noted = object.entry(REPEATED).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(names) = noted
        && !names.iter().any(|known| *known == name)
    {
        names.push(Value::String(name));
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVisitor).map(Self)
    }
}

struct ReadVisitor;

impl<'de> Visitor<'de> for ReadVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Read(value)) = elements.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Read(value))) = members.next_entry()? {
            put(&mut object, name, value);
        }
        Ok(Value::Object(object))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Members(all))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::server::digits::read;
    use crate::shared::fields::{DIGITS, REPEATED};

    #[test]
    fn what_is_there_twice_is_noted_in_its_object() {
        // With and without a number that is read with care.
        for number in ["1.5", "1.00000000000000000"] {
            let body = format!(
                r#"{{"nom": "a", "n": {number}, "nom": "b", "nom": null, "items": [{{"q": 1}}, {{"q": 1, "q": 1}}]}}"#
            );
            let told = read(body.as_bytes()).expect("json");
            assert_eq!(told[REPEATED], json!(["nom"]), "{number}");
            assert_eq!((&told["nom"], &told["items"][0]), (&json!("a"), &json!({"q": 1})), "{number}");
            assert_eq!(told["items"][1], json!({"q": 1, REPEATED: ["q"]}), "{number}");
        }
    }

    #[test]
    fn our_marks_cannot_be_sent() {
        for number in ["1.5", "1.00000000000000000"] {
            let body = format!(
                r#"{{"\u0000repeated": [], "prix": {{"\u0000digits": "5"}}, "n": {number},
                    "raw": {{"$serde_json::private::RawValue": "3"}}}}"#
            );
            let told = read(body.as_bytes()).expect("json");
            assert!(told.get(REPEATED).is_none() && told["prix"].get(DIGITS).is_none(), "{told}");
            assert_eq!(told["raw"], json!({"$serde_json::private::RawValue": "3"}));
        }
    }

    #[test]
    fn depth_has_its_limit() {
        assert!(read(format!("{}{}", "[".repeat(200), "]".repeat(200)).as_bytes()).is_err());
    }
}
