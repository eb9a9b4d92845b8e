//! How one reaches somebody: numbers as people read and phones dial them, addresses on a map.

use super::href::href;
use crate::shared::phone::dialled;

/// A French number in pairs, `06 12 34 56 78`; any other as it was typed.
pub fn phone(number: &str) -> String {
    let dialled = dialled(number);
    let (front, rest) = match dialled.strip_prefix("+33") {
        Some(rest) if rest.len() == 9 => (format!("+33 {}", &rest[..1]), &rest[1..]),
        None if dialled.len() == 10 && dialled.starts_with('0') => (dialled[..2].to_owned(), &dialled[2..]),
        _ => return number.to_owned(),
    };
    let pairs = rest.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned());
    std::iter::once(front).chain(pairs).collect::<Vec<_>>().join("\u{a0}")
}

/// A link that calls.
pub fn tel(number: &str) -> String {
    format!("tel:{}", dialled(number))
}

/// A link that writes a short message.
pub fn sms(number: &str) -> String {
    format!("sms:{}", dialled(number))
}

/// A link that writes an e-mail.
pub fn mail(address: &str) -> String {
    format!("mailto:{address}")
}

/// Where an address is: the point when it is known, else a search for it.
pub fn map(point: Option<(f64, f64)>, address: &[String]) -> Option<String> {
    const MAP: &str = "https://www.openstreetmap.org";
    if let Some((latitude, longitude)) = point {
        return Some(format!("{MAP}/?mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"));
    }
    (!address.is_empty()).then(|| href(&format!("{MAP}/search"), &[("query", address.join(", "))]))
}

/// The phone's own navigation to an address: the point (`47.2,-1.5`) when it is known, else a search for it. `apple`:
/// for an iPhone, which does not know `geo:`.
pub fn navigation(point: Option<&str>, address: &[String], apple: bool) -> Option<String> {
    let words = address.join(", ");
    let place = match point {
        Some(point) => point.to_owned(),
        None if words.is_empty() => return None,
        None => words.clone(),
    };
    if apple {
        return Some(href("https://maps.apple.com/", &[("daddr", place)]));
    }
    let around = if point.is_some() { place.as_str() } else { "0,0" };
    // The words name the point; a point without words is marked itself.
    Some(href(&format!("geo:{around}"), &[("q", if words.is_empty() { &place } else { &words })]))
}

/// The lines of an address: street, then postcode and town.
pub fn address_lines(street: Option<&str>, postcode: Option<&str>, town: Option<&str>) -> Vec<String> {
    let town = [postcode, town].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let street = street.unwrap_or_default().to_owned();
    [street, town].into_iter().filter(|line| !line.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_pairs_and_dialled_in_digits() {
        assert_eq!(phone("0612345678").replace('\u{a0}', " "), "06 12 34 56 78");
        assert_eq!(phone("06.12.34-56 78").replace('\u{a0}', " "), "06 12 34 56 78");
        assert_eq!(phone("+33 612345678").replace('\u{a0}', " "), "+33 6 12 34 56 78");
        for other in ["+32 2 555 12 12", "3631", "poste 12"] {
            assert_eq!(phone(other), other);
        }
        assert_eq!(tel("06 12.34-56 78"), "tel:0612345678");
        assert_eq!(sms("+33 6 12 34 56 78"), "sms:+33612345678");
    }

    #[test]
    fn an_address_is_a_point_or_a_search() {
        let lines = address_lines(Some("3 rue du Port"), Some("44000"), Some("Nantes"));
        assert_eq!(lines, ["3 rue du Port", "44000 Nantes"]);
        assert!(
            map(None, &lines).is_some_and(|to| to.ends_with("/search?query=3%20rue%20du%20Port%2C%2044000%20Nantes"))
        );
        assert!(map(Some((47.2, -1.5)), &lines).is_some_and(|to| to.contains("mlat=47.2&mlon=-1.5")));
        assert_eq!(map(None, &address_lines(None, None, Some(" "))), None);
    }

    #[test]
    fn the_phone_finds_the_way() {
        let lines = address_lines(Some("3 rue du Port"), Some("44000"), Some("Nantes"));
        let words = "3%20rue%20du%20Port%2C%2044000%20Nantes";
        assert_eq!(navigation(None, &lines, false), Some(format!("geo:0,0?q={words}")));
        assert_eq!(navigation(Some("47.2,-1.5"), &lines, false), Some(format!("geo:47.2,-1.5?q={words}")));
        assert_eq!(navigation(Some("47.2,-1.5"), &[], false).as_deref(), Some("geo:47.2,-1.5?q=47.2%2C-1.5"));
        assert_eq!(navigation(None, &lines, true), Some(format!("https://maps.apple.com/?daddr={words}")));
        assert_eq!(navigation(None, &[], true), None);
    }
}
