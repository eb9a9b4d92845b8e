//! Exact amounts: integers of the currency's minor unit (cents), never a binary fraction.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// The shop's currency: chosen at the first start, the same for every amount of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// ISO 4217 code, such as `EUR`.
    pub code: String,
    /// Digits after the decimal point (ISO 4217): 2 for EUR, 0 for XOF, 3 for TND.
    pub exponent: u8,
}

static CURRENCY: OnceLock<Currency> = OnceLock::new();

impl Currency {
    /// The euro, until something else was chosen.
    pub fn euro() -> Self {
        Self { code: "EUR".into(), exponent: 2 }
    }

    /// Fixes the currency of this process. Only the first call counts.
    pub fn choose(self) {
        let _ = CURRENCY.set(self);
    }

    /// The currency of this process.
    pub fn current() -> &'static Currency {
        CURRENCY.get_or_init(Self::euro)
    }

    /// The sign people write behind an amount.
    pub fn symbol(&self) -> &str {
        match self.code.as_str() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "CHF" => "CHF",
            "XOF" | "XAF" => "FCFA",
            "MAD" => "DH",
            "TND" => "DT",
            other => other,
        }
    }
}

/// An amount in minor units (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
pub struct Money(pub i64);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number.
    #[error("Un montant est attendu, par exemple 15,99.")]
    NotANumber,
    /// More decimals than the currency has: refused, never rounded.
    #[error("Trop de décimales pour cette monnaie.")]
    TooManyDecimals,
    /// Beyond what can be counted.
    #[error("Montant trop grand.")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// Reads `15.99`, `15,99`, `1 234,50` or `-3` exactly; `exponent` is the currency's.
    pub fn parse_with(text: &str, exponent: u8) -> Result<Self, MoneyError> {
        let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
        let (negative, digits) = match compact.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, compact.strip_prefix('+').unwrap_or(&compact)),
        };
        let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + decimals.len() == 0 || !all_digits(whole) || !all_digits(decimals) {
            return Err(MoneyError::NotANumber);
        }
        let exponent = usize::from(exponent);
        let significant = decimals.trim_end_matches('0');
        if significant.len() > exponent {
            return Err(MoneyError::TooManyDecimals);
        }
        let units = format!("{whole}{significant:0<exponent$}");
        let minor: i64 = units.parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Self(if negative { -minor } else { minor }))
    }

    /// Reads an amount of the shop's currency.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::parse_with(text, Currency::current().exponent)
    }

    /// The decimal number with exactly the minor units stored: `15.90`.
    pub fn to_decimal(self) -> String {
        decimal(self.0, Currency::current().exponent)
    }

    /// As people read it: `1 234,50 €`, with no-break spaces.
    pub fn display(self) -> String {
        let currency = Currency::current();
        format!("{}\u{a0}{}", french(&decimal(self.0, currency.exponent)), currency.symbol())
    }

    /// As people read a large figure: `1 235 €`, rounded half away from zero to the whole unit.
    pub fn display_whole(self) -> String {
        let currency = Currency::current();
        let scale = 10_i64.pow(u32::from(currency.exponent));
        let whole = (self.0.abs() + scale / 2) / scale * self.0.signum();
        format!("{}\u{a0}{}", french(&whole.to_string()), currency.symbol())
    }

    /// This amount `quantity` times; `None` beyond what can be counted.
    pub fn times(self, quantity: i64) -> Option<Money> {
        self.0.checked_mul(quantity).map(Money)
    }

    /// Divided by a count, rounded half up to the minor unit. Zero for a count of zero.
    pub fn divided_by(self, count: i64) -> Money {
        if count == 0 {
            return Money::ZERO;
        }
        Money((2 * self.0 + count).div_euclid(2 * count))
    }
}

impl std::ops::Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, |a, b| a + b)
    }
}

/// `units` shifted by `places` decimals, digit by digit.
pub(crate) fn decimal(units: i64, places: u8) -> String {
    let places = usize::from(places);
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

/// A decimal number as French writes it: thousands apart, decimal comma.
pub(crate) fn french(decimal: &str) -> String {
    let (whole, decimals) = decimal.split_once('.').unwrap_or((decimal, ""));
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", whole),
    };
    let mut grouped = String::with_capacity(decimal.len() + 8);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    if decimals.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped},{decimals}") }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The raw text keeps the digits: a float would print 15.9 and could drift on sums.
        serde_json::value::RawValue::from_string(self.to_decimal())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;
        impl serde::de::Visitor<'_> for Amount {
            type Value = Money;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("un montant")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Money, E> {
                Money::parse(text).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Money, E> {
                self.visit_str(&n.to_string())
            }

            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Money, E> {
                self.visit_str(&n.to_string())
            }

            // The shortest text that reads back as the same float is what was written, up to 15 digits.
            fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Money, E> {
                self.visit_str(&n.to_string())
            }
        }
        deserializer.deserialize_any(Amount)
    }
}

#[cfg(feature = "ssr")]
mod schema {
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::Money {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::Number)
                .description(Some("Montant exact, avec les décimales de la monnaie"))
                .examples([serde_json::json!(15.99)])
                .into()
        }
    }

    impl utoipa::ToSchema for super::Money {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_exactly() {
        for (text, minor, out) in [
            ("15.99", 1599, "15.99"),
            ("15,9", 1590, "15.90"),
            ("1 234", 123_400, "1234.00"),
            ("-0.05", -5, "-0.05"),
            (".5", 50, "0.50"),
        ] {
            let money = Money::parse_with(text, 2).expect(text);
            assert_eq!(money, Money(minor));
            assert_eq!(decimal(money.0, 2), out);
        }
        assert_eq!(decimal(1500, 0), "1500");
        assert_eq!(Money::parse_with("1.234", 3), Ok(Money(1234)));
    }

    #[test]
    fn a_third_decimal_is_refused_not_rounded() {
        assert_eq!(Money::parse_with("15.999", 2), Err(MoneyError::TooManyDecimals));
        assert_eq!(Money::parse_with("15.990", 2), Ok(Money(1599)));
        assert_eq!(Money::parse_with("1.5", 0), Err(MoneyError::TooManyDecimals));
        for bad in ["", ".", "-", "1e3", "12a", "1.2.3", "NaN"] {
            assert_eq!(Money::parse_with(bad, 2), Err(MoneyError::NotANumber), "{bad}");
        }
        assert_eq!(Money::parse_with("99999999999999999999", 2), Err(MoneyError::TooLarge));
    }

    #[test]
    fn json_keeps_the_digits() {
        assert_eq!(serde_json::to_string(&Money(1590)).expect("json"), "15.90");
        for text in ["15.9", "\"15.90\"", "\"15,9\""] {
            assert_eq!(serde_json::from_str::<Money>(text).expect(text), Money(1590));
        }
        assert!(serde_json::from_str::<Money>("15.999").is_err());
    }

    #[test]
    fn an_average_is_rounded_half_up() {
        assert_eq!(Money(5).divided_by(2), Money(3));
        assert_eq!(Money(1000).divided_by(3), Money(333));
        assert_eq!(Money(7).divided_by(0), Money::ZERO);
    }

    #[test]
    fn people_read_french() {
        assert_eq!(Money(123_456_789).display(), "1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(Money(123_450).display_whole(), "1\u{202f}235\u{a0}€");
        assert_eq!(Money(-500).display(), "−5,00\u{a0}€");
    }
}
