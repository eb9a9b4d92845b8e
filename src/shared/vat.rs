//! VAT rates: hundredths of a percent, so that 5.5 % is exact.

use serde::{Deserialize, Serialize};

use super::money::{Money, decimal, french};

/// A VAT rate in hundredths of a percent: 2000 is 20 %. On the wire, percent: `5.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
pub struct VatRate(pub i32);

impl VatRate {
    /// Reads percent with at most two decimals, 0 to 100.
    pub fn parse(text: &str) -> Option<Self> {
        let hundredths = Money::parse_with(text, 2).ok()?.0;
        (0..=10_000).contains(&hundredths).then_some(Self(hundredths as i32))
    }

    /// As people read it: `5,5 %`.
    pub fn display(self) -> String {
        format!("{}\u{a0}%", french(&self.percent()))
    }

    /// The VAT inside an amount that includes it, rounded half up (CGI art. 266: the tax inside the price paid).
    pub fn inside(self, amount: Money) -> Money {
        let (amount, rate) = (i128::from(amount.0), i128::from(self.0));
        Money(((2 * amount * rate + 10_000 + rate).div_euclid(2 * (10_000 + rate))) as i64)
    }

    /// The number alone: `5.5`.
    pub fn percent(self) -> String {
        let text = decimal(i64::from(self.0), 2);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Serialize for VatRate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::value::RawValue::from_string(self.percent())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for VatRate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        Self::parse(&percent.to_string()).ok_or_else(|| serde::de::Error::custom("taux de TVA invalide"))
    }
}

#[cfg(feature = "ssr")]
mod schema {
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::VatRate {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::Number)
                .description(Some("Taux de TVA, en pour cent"))
                .examples([serde_json::json!(5.5)])
                .into()
        }
    }

    impl utoipa::ToSchema for super::VatRate {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_reads_and_writes() {
        assert_eq!(VatRate::parse("5.5"), Some(VatRate(550)));
        assert_eq!(VatRate::parse("20"), Some(VatRate(2000)));
        assert_eq!(VatRate::parse("100.01"), None);
        assert_eq!(VatRate::parse("2.125"), None);
        assert_eq!(serde_json::to_string(&VatRate(550)).expect("json"), "5.5");
        assert_eq!(serde_json::to_string(&VatRate(2000)).expect("json"), "20");
    }

    #[test]
    fn the_tax_inside_a_price() {
        assert_eq!(VatRate(2000).inside(Money(1200)), Money(200));
        assert_eq!(VatRate(550).inside(Money(3180)), Money(166));
        assert_eq!(VatRate(0).inside(Money(3180)), Money(0));
    }
}
