//! What one types on a line: an article, or a quantity and an article.

/// A line as typed: `3x REF12` is three of `REF12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickEntry<'a> {
    /// The quantity in front, when there is one.
    pub quantity: Option<i64>,
    /// The name or reference to look for.
    pub article: &'a str,
}

/// Reads `REF12`, `3x REF12`, `3 x REF12`, `3 × REF12` and `3*REF12`.
///
/// A letter x must be followed by a space: `2XL` and `12X34` are references, not quantities.
pub fn quick_entry(text: &str) -> QuickEntry<'_> {
    let text = text.trim();
    let plain = QuickEntry { quantity: None, article: text };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let Ok(quantity) = number.parse::<i64>() else {
        return plain;
    };
    let rest = rest.trim_start();
    let article = match rest.chars().next() {
        Some(sign @ ('*' | '×')) => &rest[sign.len_utf8()..],
        Some('x' | 'X') if rest[1..].starts_with(char::is_whitespace) => &rest[1..],
        _ => return plain,
    };
    QuickEntry { quantity: Some(quantity), article: article.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_in_front() {
        for text in ["3x REF12", "3 x REF12", " 3X  REF12 ", "3 × REF12", "3*REF12", "3 ×REF12"] {
            assert_eq!(quick_entry(text), QuickEntry { quantity: Some(3), article: "REF12" }, "{text}");
        }
    }

    #[test]
    fn names_and_references_that_look_like_one() {
        for text in ["REF12", "2XL", "12X34", "6 œufs fermiers", "75 cl", "", "99999999999999999999x REF"] {
            assert_eq!(quick_entry(text), QuickEntry { quantity: None, article: text }, "{text}");
        }
        assert_eq!(quick_entry("3 x "), QuickEntry { quantity: None, article: "3 x" });
        assert_eq!(quick_entry("3*"), QuickEntry { quantity: Some(3), article: "" });
    }
}
