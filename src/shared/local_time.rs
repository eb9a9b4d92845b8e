//! Instants as people of the business read them.
//!
//! Neither the machine's clock nor its time zone may decide what a page says, or server and browser
//! would draw different things: the offsets of the business time zone come from the database and
//! travel with the page.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use super::Day;

/// The offsets of a time zone: from each instant (Unix seconds) on, so many seconds east of UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct ZoneTable {
    /// Name of the zone, such as `Europe/Paris`.
    pub name: String,
    /// `(since, offset)`, oldest first.
    pub offsets: Vec<(i64, i32)>,
}

impl ZoneTable {
    /// Wall-clock time of the business at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let index = self.offsets.partition_point(|(since, _)| *since <= at.timestamp());
        let offset = self.offsets.get(index.saturating_sub(1)).map_or(0, |(_, offset)| *offset);
        at.naive_utc() + chrono::TimeDelta::seconds(i64::from(offset))
    }

    /// `22 nov. 2026 à 14:05`
    pub fn display(&self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        format!("{} {} à {}", Day(local.date()).display_short(), local.year(), time(local))
    }

    /// `22 nov., 14:05`
    pub fn display_short(&self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        format!("{}, {}", Day(local.date()).display_short(), time(local))
    }

    /// Whether two instants are of the same day.
    pub fn same_day(&self, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        self.local(one).date() == self.local(other).date()
    }

    /// `14:05`, or `22 nov., 14:05` when it is of another day than now: the hour alone would deceive.
    pub fn display_near(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        if self.same_day(at, now) { self.time(at) } else { self.display_short(at) }
    }

    /// `14:05`
    pub fn time(&self, at: DateTime<Utc>) -> String {
        time(self.local(at))
    }
}

// By hand, as in `Day`: chrono's patterns are more than the phone's program should carry.
fn time(local: NaiveDateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_night_the_clocks_change() {
        let zone = ZoneTable {
            name: "Europe/Paris".into(),
            offsets: vec![(0, 3600), (1_774_746_000, 7200), (1_792_890_000, 3600)],
        };
        let at = |t: &str| t.parse::<DateTime<Utc>>().expect("instant");
        assert_eq!(zone.display(at("2026-03-29T00:59:59Z")), "29 mars 2026 à 01:59");
        assert_eq!(zone.display(at("2026-03-29T01:00:00Z")), "29 mars 2026 à 03:00");
        assert_eq!(zone.display_short(at("2026-10-25T01:00:00Z")), "25 oct., 02:00");
        assert_eq!(zone.time(at("2026-01-05T08:05:00Z")), "09:05");
        let near = |now: &str| zone.display_near(at("2026-01-05T08:05:00Z"), at(now));
        assert_eq!(near("2026-01-05T22:59:59Z"), "09:05");
        assert_eq!(near("2026-01-05T23:00:00Z"), "5 janv., 09:05");
    }
}
