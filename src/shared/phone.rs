//! Phone numbers: one may be typed in many ways.

/// What a phone dials: the digits, with a leading `+`. The bracketed zero of `+33 (0)6…` is for those who call from
/// within France, and not dialled after the country's code.
pub fn dialled(text: &str) -> String {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    for code in ["+33", "0033"] {
        if let Some(rest) = digits.strip_prefix(code).and_then(|rest| rest.strip_prefix('0')) {
            return format!("{code}{rest}");
        }
    }
    digits
}

/// The same as it is dialled within France, `0612345678`; a foreign number as it is dialled. The database's own
/// `normalised_phone()` compares numbers by this rule.
#[cfg(feature = "ssr")]
pub fn national(text: &str) -> String {
    let dialled = dialled(text);
    let rest = dialled.strip_prefix("+33").or_else(|| dialled.strip_prefix("0033"));
    rest.map_or_else(|| dialled.clone(), |rest| format!("0{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracketed_zero_is_not_dialled() {
        assert_eq!(dialled("+33 (0)6 12 34 56 78"), "+33612345678");
        assert_eq!(dialled("0033 (0) 6.12.34.56.78"), "0033612345678");
        assert_eq!(dialled("06 12"), "0612");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn one_number_however_it_is_typed() {
        for typed in ["0612345678", "+33 6 12 34 56 78", "0033 6 12 34 56 78", "+33 (0)6 12 34 56 78"] {
            assert_eq!(national(typed), "0612345678", "{typed}");
        }
        assert_eq!(national("+32 470 12 34 56"), "+32470123456");
    }
}
