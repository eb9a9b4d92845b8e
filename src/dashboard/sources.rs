//! Where the figures of a period come from: whole months and days that were added up and that nobody touched since,
//! and the orders themselves for all other days.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::shared::{Day, Period};

/// What a read must know before it begins, of the snapshot that it reads in.
#[derive(Debug)]
pub struct Standing {
    /// Days whose orders changed since they were added up.
    pub touched: BTreeSet<Day>,
    /// When every day was last compared with the orders and agreed.
    pub agreed_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Reads it.
    pub async fn read(db: &mut PgConnection) -> AppResult<Self> {
        let (touched, agreed_at): (Vec<Day>, _) = sqlx::query_as(
            "select array(select distinct business_day(at, (select business_zone())) from rollup_touched),
                    (select concordance_le from rollup_state)",
        )
        .fetch_one(db)
        .await?;
        Ok(Self { touched: touched.into_iter().collect(), agreed_at })
    }

    /// The touched days of a period.
    pub fn live(&self, period: Period) -> Vec<Day> {
        self.touched.range(period.start..=period.end).copied().collect()
    }

    /// Where the figures of a period come from.
    pub fn sources(&self, period: Period) -> Sources {
        let mut sources = Sources { months: Vec::new(), days: Vec::new(), live: self.live(period) };
        let mut day = period.start;
        while day <= period.end {
            let month = month_of(day);
            let last = month.end.min(period.end);
            if month.start == day && month.end <= period.end && self.live(month).is_empty() {
                sources.months.push(day);
            } else {
                let days = (0..=day.days_until(last)).map(|n| day.plus(n));
                sources.days.extend(days.filter(|day| !self.touched.contains(day)));
            }
            day = last.plus(1);
        }
        sources
    }
}

/// Each day of a period is in exactly one of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Sources {
    /// Whole months, by their first day.
    pub months: Vec<Day>,
    /// Days.
    pub days: Vec<Day>,
    /// Days to be read from the orders.
    pub live: Vec<Day>,
}

/// The month of a day, from its first day to its last.
pub fn month_of(day: Day) -> Period {
    let start = day.first_of_month();
    // Four weeks and some days after any first day lies the next month.
    let end = start.plus(31).first_of_month().plus(-1);
    debug_assert_eq!(end.0.month(), day.0.month());
    Period { start, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn standing(touched: &[&str]) -> Standing {
        Standing { touched: touched.iter().map(|text| day(text)).collect(), agreed_at: None }
    }

    #[test]
    fn whole_months_that_nobody_touched_are_taken_whole() {
        let period = Period { start: day("2025-12-30"), end: day("2026-03-02") };
        let sources = standing(&["2026-02-28", "2026-03-03", "2025-12-29"]).sources(period);
        assert_eq!(sources.months, [day("2026-01-01")]);
        assert_eq!(sources.live, [day("2026-02-28")]);
        assert_eq!(sources.days.len(), 2 + 27 + 2);
        let year = standing(&[]).sources(Period { start: day("2028-01-01"), end: day("2028-12-31") });
        assert_eq!((year.months.len(), year.days.len(), year.live.len()), (12, 0, 0));
    }

    #[test]
    fn every_day_is_counted_once() {
        for touched in [&[][..], &["2026-01-01"], &["2026-01-31", "2026-04-01", "2026-04-02"], &["2026-02-14"]] {
            for (start, end) in
                [("2026-01-01", "2026-04-30"), ("2026-01-15", "2026-04-15"), ("2026-02-14", "2026-02-14")]
            {
                let period = Period { start: day(start), end: day(end) };
                let sources = standing(touched).sources(period);
                let months = sources.months.iter().map(|first| month_of(*first));
                let whole = months.flat_map(|month| (0..month.days()).map(move |n| month.start.plus(n)));
                let mut days: Vec<_> = whole.chain(sources.days).chain(sources.live).collect();
                days.sort();
                let all: Vec<_> = (0..period.days()).map(|n| period.start.plus(n)).collect();
                assert_eq!(days, all, "{touched:?} {start} {end}");
            }
        }
    }
}
