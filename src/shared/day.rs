//! Business days. Which day an instant belongs to is decided in SQL, nowhere else.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A day of the business, `YYYY-MM-DD`, between 2000 and 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(transparent))]
#[serde(transparent)]
pub struct Day(pub NaiveDate);

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

impl Day {
    /// Reads `YYYY-MM-DD`; `None` for a day that does not exist or lies outside 2000…2100.
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_any_year(text).filter(|day| (2000..=2100).contains(&day.0.year()))
    }

    /// The same of any year, which tells a day outside the limits from one that does not exist.
    pub fn of_any_year(text: &str) -> Option<Self> {
        // By hand: chrono takes 2026-1-5 too, which the contract does not, and is larger than all the rest of a day.
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + u32::from(digit - b'0')))
        };
        NaiveDate::from_ymd_opt(number(&[y1, y2, y3, y4])? as i32, number(&[m1, m2])?, number(&[d1, d2])?).map(Self)
    }

    /// The day `days` later (earlier when negative), kept within the calendar.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(self.0))
    }

    /// Days from `self` to `other`.
    pub fn days_until(self, other: Day) -> i64 {
        (other.0 - self.0).num_days()
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Self {
        Self(self.0.with_day(1).unwrap_or(self.0))
    }

    /// The first day of its year.
    pub fn first_of_year(self) -> Self {
        Self(NaiveDate::from_ymd_opt(self.0.year(), 1, 1).unwrap_or(self.0))
    }

    /// `22 novembre 2026`
    pub fn display(self) -> String {
        format!("{} {} {}", self.ordinal(), MONTHS[self.0.month0() as usize], self.0.year())
    }

    /// `22 nov.`
    pub fn display_short(self) -> String {
        format!("{} {}", self.ordinal(), SHORT_MONTHS[self.0.month0() as usize])
    }

    fn ordinal(self) -> String {
        if self.0.day() == 1 { "1er".into() } else { self.0.day().to_string() }
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The instants at which a period begins and ends, the latter not included.
pub type Bounds = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Days from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: Day,
    /// Last day, included.
    pub end: Day,
}

impl Period {
    /// The longest period one may ask for, in days.
    pub const MAX_DAYS: i64 = 3_660;

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.start.days_until(self.end) + 1
    }

    /// As many days, just before.
    pub fn before(self) -> Period {
        Period { start: self.start.plus(-self.days()), end: self.start.plus(-1) }
    }

    /// The contract's defaults: the last 30 days; only a start → until today; only an end → the 30 days up to it.
    pub fn with_defaults(start: Option<Day>, end: Option<Day>, today: Day) -> Period {
        let end = end.unwrap_or(today);
        Period { start: start.unwrap_or(end.plus(-29)), end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist() {
        assert!(Day::parse("2028-02-29").is_some());
        for bad in ["2026-02-29", "1999-12-31", "2101-01-01", "2026-1-5", "2026-01-+5", "22/11/2026", "2026-11-22T", ""]
        {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert!(Day::of_any_year("1999-12-31").is_some() && Day::of_any_year("1999-02-29").is_none());
    }

    #[test]
    fn periods_fill_in_what_is_absent() {
        let day = |t: &str| Day::parse(t).expect("day");
        let today = day("2026-11-22");
        assert_eq!(Period::with_defaults(None, None, today).days(), 30);
        assert_eq!(Period::with_defaults(Some(day("2026-11-01")), None, today).end, today);
        assert_eq!(Period::with_defaults(None, Some(day("2026-10-30")), today).start, day("2026-10-01"));
        let before = Period { start: day("2026-11-01"), end: today }.before();
        assert_eq!((before.start, before.end), (day("2026-10-10"), day("2026-10-31")));
    }

    #[test]
    fn french_words() {
        let day = Day::parse("2026-08-01").expect("day");
        assert_eq!(day.display(), "1er août 2026");
        assert_eq!(day.display_short(), "1er août");
    }
}
