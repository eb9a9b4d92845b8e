//! What stands in one cell, whatever the file.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::shared::phone::national;
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
    let digits = national(phone);
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

/// A text that a spreadsheet must not take for something else begins with an apostrophe: the formulas of OWASP, "CSV
/// Injection" (`=`, `+`, `-`, `@`, tab and return), and what a French Excel would turn into a number or a day on opening the
/// file. Certain to change, and guarded: digits alone that begin with a zero (`01000`) or that are more than the fifteen it
/// keeps; powers of ten (`1E37`); days and months (`3-4`, `01/02`, `2026-11-24`). `75001`, `1,5` and `12:30` are read as
/// numbers too, and shown as they were.
pub fn neutralised(text: &str) -> String {
    if is_misread(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell without the apostrophe that [`neutralised`] put there.
pub fn as_it_was(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_misread(text)).unwrap_or(cell)
}

/// Apostrophes that were there already do not count, so that one of several is taken off again, and no other.
fn is_misread(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) || loses_digits(text) || is_power(text) || is_day(text)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `01000`, or more than the fifteen digits that a spreadsheet computes with.
fn loses_digits(text: &str) -> bool {
    are_digits(text) && (text.len() > 15 || text.len() > 1 && text.starts_with('0'))
}

/// `1E37`, `12e-3`, `1,5E3`.
fn is_power(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['e', 'E']) else { return false };
    let (whole, decimals) = number.split_once([',', '.']).unwrap_or((number, "0"));
    are_digits(whole) && are_digits(decimals) && are_digits(power.strip_prefix(['+', '-']).unwrap_or(power))
}

/// `3-4`, `01/02`, `11/2026`, `24/11/26`, `2026-11-24`: two or three numbers, a month where one may stand.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let is_month = |part: &str| part.len() <= 2 && part.parse().is_ok_and(|month: u8| (1..=12).contains(&month));
    let are_numbers = parts.iter().all(|part| part.len() <= 4 && are_digits(part));
    let has_month = match parts[..] {
        [first, second] => is_month(first) || is_month(second),
        [_, second, _] => is_month(second),
        _ => false,
    };
    are_numbers && has_month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_in_pairs_keep_their_zero() {
        for typed in ["0612345678", "06.12.34.56.78", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678"] {
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

    #[test]
    fn what_would_become_a_number_or_a_day_is_guarded() {
        for text in [
            "01000",
            "00377136",
            "00",
            "1234567890123456",
            "1E37",
            "12e-3",
            "1,5E+3",
            "3-4",
            "01/02",
            "31/12",
            "11/2026",
            "24/11/26",
            "2026-11-24",
        ] {
            assert_eq!(neutralised(text), format!("'{text}"));
        }
    }

    #[test]
    fn what_stays_as_it_is_is_left_alone() {
        for text in [
            "",
            "0",
            "75001",
            "123456789012345",
            "E37",
            "1E",
            "1E3A",
            "e",
            "2A",
            "2A-12",
            "40-50",
            "13/14/15",
            "1-2-3-4",
            "12345-1",
            "3 - 4",
            "1/",
            "CMD-20261124-000012",
            "10.0.0.1",
            "12:30",
            "1,5",
            "3 rue du Port",
        ] {
            assert_eq!(neutralised(text), text);
        }
    }

    #[test]
    fn a_guard_comes_off_as_it_went_on() {
        for text in ["01000", "=1+1", "1E37", "3-4", "'01000", "''=1", "'", "'tis", "75001", "Thé", "'75001", ""] {
            assert_eq!(as_it_was(&neutralised(text)), text);
        }
        assert_eq!(as_it_was("'75001"), "'75001", "no guard of ours");
    }
}
