//! Figures as people read them. Amounts, days and instants know themselves how they are written.

use chrono::Datelike;

use crate::shared::page::COUNT_CAP;
use crate::shared::{Day, Period};

/// `12 345`, with narrow no-break spaces.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    if n < 0 {
        text.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count that stops at the cap of lists: `10 000+`.
pub fn capped(n: i64) -> String {
    if n >= COUNT_CAP { format!("{}+", number(COUNT_CAP)) } else { number(n) }
}

/// `12,5 %`
pub fn percent(value: f64) -> String {
    format!("{}\u{a0}%", decimal(value, 1))
}

/// `+12,5 %`, `−3,0 %`, `0,0 %`
pub fn change(value: f64) -> String {
    format!("{}{}", if value > 0.0 { "+" } else { "" }, percent(value))
}

/// `3,25` with so many decimals.
pub fn decimal(value: f64, places: usize) -> String {
    format!("{value:.places$}").replace('.', ",").replace('-', "−")
}

/// `1 commande`, `2 commandes`: French takes the singular below two.
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n.abs() < 2 { one } else { many })
}

/// `heure de Paris` for the zone `Europe/Paris`, `heure UTC` for one that is named after no place.
pub fn local_time(zone: &str) -> String {
    let Some((_, city)) = zone.rsplit_once('/') else { return format!("heure {zone}") };
    format!("heure {}", of(&city.replace('_', " ")))
}

/// `de Paris`, `d'Angers`; before an h as before a consonant.
pub fn of(name: &str) -> String {
    let vowel = name.starts_with(|first| "aeiouyAEIOUYàâéèêëîïôùûœÀÂÉÈÊËÎÏÔÙÛŒ".contains(first));
    format!("{}{name}", if vowel { "d'" } else { "de " })
}

/// `sam. 14 nov.`
pub fn day_with_weekday(day: Day) -> String {
    const NAMES: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    format!("{} {}", NAMES[day.0.weekday().num_days_from_monday() as usize], day.display_short())
}

/// `novembre 2026`
pub fn month(day: Day) -> String {
    let text = day.display();
    text.split_once(' ').map_or_else(|| text.clone(), |(_, month)| month.to_owned())
}

/// `nov. 2026`
pub fn short_month(day: Day) -> String {
    let text = day.display_short();
    format!("{} {}", text.split_once(' ').map_or(text.as_str(), |(_, month)| month), day.0.year())
}

/// `24 oct. – 22 nov. 2026`, a year where it changes, one day as one day.
pub fn period(period: Period) -> String {
    let Period { start, end } = period;
    let (from, to) = (start.display_short(), end.display_short());
    match (start.0.year(), end.0.year()) {
        (year, _) if start == end => format!("{from} {year}"),
        (year, other) if year != other => format!("{from} {year} – {to} {other}"),
        (year, _) => format!("{from} – {to} {year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_periods() {
        let day = |text: &str| Day::parse(text).expect("day");
        let of = |a: &str, b: &str| period(Period { start: day(a), end: day(b) });
        assert_eq!(day_with_weekday(day("2026-11-22")), "dim. 22 nov.");
        assert_eq!(month(day("2026-08-01")), "août 2026");
        assert_eq!(short_month(day("2026-11-01")), "nov. 2026");
        assert_eq!(of("2026-10-24", "2026-11-22"), "24 oct. – 22 nov. 2026");
        assert_eq!(of("2025-12-24", "2026-01-02"), "24 déc. 2025 – 2 janv. 2026");
        assert_eq!(of("2026-11-22", "2026-11-22"), "22 nov. 2026");
    }

    #[test]
    fn a_zone_is_told_by_its_place() {
        for (zone, told) in [
            ("Europe/Paris", "heure de Paris"),
            ("America/Port_of_Spain", "heure de Port of Spain"),
            ("America/Argentina/Buenos_Aires", "heure de Buenos Aires"),
            ("Europe/Amsterdam", "heure d'Amsterdam"),
            ("UTC", "heure UTC"),
        ] {
            assert_eq!(local_time(zone), told);
        }
    }

    #[test]
    fn french() {
        assert_eq!(number(-1_234_567), "−1\u{202f}234\u{202f}567");
        assert_eq!(number(999), "999");
        assert_eq!(capped(10_000), "10\u{202f}000+");
        assert_eq!(
            (change(12.5), change(-3.0), change(0.0)),
            ("+12,5\u{a0}%".into(), "−3,0\u{a0}%".into(), "0,0\u{a0}%".into())
        );
        assert_eq!((count(0, "jour", "jours"), count(2, "jour", "jours")), ("0 jour".into(), "2 jours".into()));
    }
}
