//! Figures as people read them. Amounts, days and instants know themselves how they are written.

use crate::shared::page::COUNT_CAP;

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

#[cfg(test)]
mod tests {
    use super::*;

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
