//! What stands in one cell, whatever the file.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::shared::{Day, Money, VatRate, ZoneTable};

/// A column: its title, and what it shows of a row.
pub struct Column<T> {
    /// Title.
    pub title: &'static str,
    /// Its cell for a row.
    pub cell: fn(&T) -> Cell,
}

impl<T> Column<T> {
    /// A column.
    pub const fn new(title: &'static str, cell: fn(&T) -> Cell) -> Self {
        Self { title, cell }
    }
}

/// A value with its kind: each file writes it its own way.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Anything people typed.
    Text(String),
    /// A phone number: in pairs, so that no zero is lost.
    Phone(String),
    /// A whole number.
    Integer(i64),
    /// A number with so many decimals, already written with a point: `5.5`.
    Decimal(String),
    /// An amount.
    Money(Money),
    /// A business day.
    Day(NaiveDate),
    /// An instant: shown in the business time zone.
    Instant(DateTime<Utc>),
}

impl Cell {
    /// Yes or no.
    pub fn yes(yes: bool) -> Self {
        Cell::Text(if yes { "oui" } else { "non" }.to_owned())
    }

    /// A phone that may be missing.
    pub fn phone(phone: Option<&String>) -> Self {
        phone.map_or(Cell::Empty, |phone| Cell::Phone(phone.clone()))
    }

    /// The wall clock of the business at an instant, to the second.
    pub fn local(at: DateTime<Utc>, zone: &ZoneTable) -> NaiveDateTime {
        zone.local(at)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Cell::Text(text.clone())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Self {
        Cell::Money(money)
    }
}

impl From<VatRate> for Cell {
    fn from(rate: VatRate) -> Self {
        Cell::Decimal(rate.percent())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Cell::Decimal(number.to_string())
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Self {
        Cell::Day(day.0)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(at: DateTime<Utc>) -> Self {
        Cell::Instant(at)
    }
}

impl<T: Clone + Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

/// A phone as it is read aloud: French ones from the trunk zero on, in pairs; others as they were typed, unless they are
/// digits alone, which a spreadsheet would take for a number without its first zeros.
pub fn phone_in_pairs(phone: &str) -> String {
    let compact: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let national = compact.strip_prefix("+33").or_else(|| compact.strip_prefix("0033")).map(|rest| format!("0{rest}"));
    let digits = national.unwrap_or(compact);
    let (typed, is_french) = (phone.trim(), digits.len() == 10 && digits.starts_with('0'));
    match typed {
        _ if is_french => in_pairs(&digits),
        bare if bare.len() > 2 && bare.bytes().all(|b| b.is_ascii_digit()) => in_pairs(bare),
        other => other.to_owned(),
    }
}

fn in_pairs(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    digits.chunks(2).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// A text that a spreadsheet must not take for a formula begins with an apostrophe.
/// OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab and return.
pub fn neutralised(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_in_pairs_keep_their_zero() {
        for typed in ["0612345678", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678"] {
            assert_eq!(phone_in_pairs(typed), "06 12 34 56 78", "{typed}");
        }
        assert_eq!(phone_in_pairs(" +32 470 12 34 56 "), "+32 470 12 34 56");
        assert_eq!(phone_in_pairs("0041791234567"), "00 41 79 12 34 56 7");
        assert_eq!(phone_in_pairs("12"), "12");
    }

    #[test]
    fn formulas_are_neutralised() {
        for text in ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(neutralised(text), format!("'{text}"));
        }
        assert_eq!(neutralised("Thé - 2 €"), "Thé - 2 €");
    }
}
