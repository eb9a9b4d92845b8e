//! Numbers of a body as they were written. `serde_json` makes a binary fraction of `5.0000000000000001`, which is 5: the
//! decimal too many would be rounded away before anybody could refuse it.

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::members::{Members, Read, put};
use crate::shared::fields::DIGITS;

/// Significant digits that a binary fraction always holds (`f64::DIGITS`).
const HELD: usize = 15;

/// Reads a body. A number that would lose digits stays as it was written, in an object of the one member [`DIGITS`];
/// members that come twice are noted, see [`put`].
pub fn read(body: &[u8]) -> serde_json::Result<Value> {
    let Read(value) = serde_json::from_slice(body)?;
    // Hardly any body has one, and looking for it costs less than reading it with care.
    if has_many_digits(body) { with_digits(serde_json::from_slice(body)?) } else { Ok(value) }
}

fn has_many_digits(body: &[u8]) -> bool {
    let runs = body.split(|byte| !byte.is_ascii_digit() && *byte != b'.');
    runs.into_iter().any(|run| run.len() > HELD && run.contains(&b'.'))
}

fn with_digits(raw: &RawValue) -> serde_json::Result<Value> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text)?;
            let mut object = Map::new();
            for (name, raw) in members {
                put(&mut object, name, with_digits(raw)?);
            }
            Ok(Value::Object(object))
        }
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(text)?.into_iter().map(with_digits).collect(),
        _ => {
            let value: Value = serde_json::from_str(text)?;
            if !value.is_number() || !text.contains(['.', 'e', 'E']) {
                return Ok(value);
            }
            // By the standard library, which finds the nearest fraction; `serde_json` may miss it by the last digit.
            let nearest = text.parse::<f64>().ok().filter(|number| plain(text) == plain(&number.to_string()));
            Ok(nearest.map_or_else(|| json!({ DIGITS: text }), Value::from))
        }
    }
}

/// A number in one way of writing: its digits without zeros around them, and where the point stands.
fn plain(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let point = (whole.len() + digits.len()) as i64 - all.len() as i64 + exponent.parse::<i64>().unwrap_or_default();
    match digits.trim_end_matches('0') {
        "" => (false, String::new(), 0),
        digits => (negative, digits.to_owned(), point),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shared::Fields;
    use crate::shared::Money;

    #[test]
    fn a_decimal_too_many_is_seen_however_far_behind_it_stands() {
        let price = |text: &str| {
            let mut f =
                Fields::of_body(read(format!("{{\"prix\": {text}}}").as_bytes()).expect("json")).expect("object");
            let price = f.money("prix", Money(999_999_999)).value();
            f.finish().map(|()| price.map(|money| money.0)).map_err(|error| error.errors[0].code.clone())
        };
        for (text, cents) in [("5", 500), ("5.00", 500), ("1234567.01", 123_456_701), ("9999999.99", 999_999_999)] {
            assert_eq!(price(text), Ok(Some(cents)), "{text}");
        }
        for text in ["5.0000000000000001", "1234567.0100000000001", "0.1000000000000000055511151231257827", "5.001"] {
            assert_eq!(price(text), Err("montant_invalide".into()), "{text}");
        }
    }

    #[test]
    fn nothing_else_changes() {
        let body = r#"{"a": [1.50, -2e3, "5.0000000000000001", null, true], "b": {"c": 48.85661400000001, "d": 12345678901234567890}}"#;
        let same = json!({"a": [1.5, -2000.0, "5.0000000000000001", null, true],
                          "b": {"c": 48.856_614_000_000_01, "d": 12_345_678_901_234_567_890_u64}});
        assert_eq!(read(body.as_bytes()).expect("json"), same);
        let mut f = Fields::of_body(read(br#"{"latitude": 48.8566140000000012345}"#).expect("json")).expect("object");
        assert_eq!(f.number("latitude", -90.0, 90.0).value(), Some(48.856_614));
        assert!(read(b"{\"a\": 1.0000000000000000001").is_err() && read(b"").is_err());
        let mut f =
            Fields::of_body(read(br#"{"id": 1.0000000000000000001, "nom": 1.0000000000000000001}"#).expect("json"))
                .expect("object");
        f.id::<i64>("id");
        f.line("nom", 200);
        assert_eq!(f.finish().expect_err("faults").errors.len(), 2);
    }

    proptest! {
        #[test]
        fn what_a_program_prints_is_a_number(number in -1_000_000_000.0..1_000_000_000.0_f64) {
            let read = read(json!({ "n": number }).to_string().as_bytes()).expect("json");
            prop_assert_eq!(read["n"].as_f64(), Some(number));
        }
    }
}
