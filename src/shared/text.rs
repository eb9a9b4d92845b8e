//! Rules of text that people type.

/// Why a text is refused: (stable code, message).
pub type TextProblem = (&'static str, String);

/// A one-line text: trimmed, 1…`max` characters, no control characters.
pub fn line(text: &str, max: usize) -> Result<String, TextProblem> {
    let trimmed = text.trim();
    if is_blank(trimmed) {
        return Err(("obligatoire", "Ce champ est obligatoire.".into()));
    }
    bounded(trimmed, max, |c| c.is_control())
}

/// Whether nobody would see anything of a text.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Characters that take part in how others are shown, and show nothing themselves: those that Unicode lets fonts ignore
/// (`Default_Ignorable_Code_Point`), marks of direction and the empty Braille pattern among them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
    )
}

/// A text of several lines: trimmed, at most `max` characters, newlines and tabs allowed.
pub fn paragraph(text: &str, max: usize) -> Result<String, TextProblem> {
    let unix = text.replace("\r\n", "\n");
    bounded(unix.trim(), max, |c| c.is_control() && c != '\n' && c != '\t')
}

fn bounded(text: &str, max: usize, refused: impl Fn(char) -> bool) -> Result<String, TextProblem> {
    if text.chars().count() > max {
        return Err(("trop_long", format!("Au plus {}.", count(max as i64, "caractère", "caractères"))));
    }
    if text.chars().any(refused) {
        return Err(("caractere_interdit", "Ce texte contient un caractère interdit.".into()));
    }
    Ok(text.to_owned())
}

/// An e-mail address as far as it can be judged without writing to it: one `@`, something on both sides, no space.
pub fn email(text: &str) -> Result<String, TextProblem> {
    let text = line(text, 254)?;
    let plausible = match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace)
        }
        None => false,
    };
    if plausible { Ok(text) } else { Err(("email_invalide", "Adresse e-mail invalide.".into())) }
}

/// `1 commande`, `2 commandes`, `0 commande`: French counts from two on.
pub fn count(n: i64, singular: &str, plural: &str) -> String {
    format!("{}\u{a0}{}", super::money::french(&n.to_string()), if n.abs() < 2 { singular } else { plural })
}

/// Without case and accents, for matching in the browser; the database has its own `searchable()`.
pub fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ÿ' => "y",
        'ñ' => "n",
        'œ' => "oe",
        'æ' => "ae",
        '’' => "'",
        _ => "",
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            "" => out.push(c),
            letters => out.push_str(letters),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_long_and_strange_texts() {
        assert_eq!(line("  Épicerie ", 200), Ok("Épicerie".into()));
        assert_eq!(line("   ", 200).expect_err("blank").0, "obligatoire");
        assert_eq!(line(&"é".repeat(201), 200).expect_err("long").0, "trop_long");
        let long = paragraph(&"é".repeat(5001), 5000).expect_err("long").1;
        assert_eq!(long, "Au plus 5\u{202f}000\u{a0}caractères.");
        assert!(line(&"é".repeat(200), 200).is_ok());
        assert_eq!(line("a\nb", 200).expect_err("newline").0, "caractere_interdit");
        assert_eq!(paragraph("a\r\nb", 200), Ok("a\nb".into()));
        assert_eq!(paragraph("a\u{0}b", 200).expect_err("nul").0, "caractere_interdit");
    }

    #[test]
    fn what_nobody_sees_is_nothing() {
        for unseen in ["\u{200b}", "\u{feff} \u{200d}", "\u{2060}\u{a0}\u{ad}", "\u{3164}", "\u{202e}\u{200f}"] {
            assert!(is_blank(unseen), "{unseen:?}");
            assert_eq!(line(unseen, 200).expect_err("unseen").0, "obligatoire", "{unseen:?}");
        }
        // Within a name they have their work to do.
        for seen in ["می\u{200c}خواهم", "👩\u{200d}🍳", "·"] {
            assert_eq!(line(seen, 200), Ok(seen.to_owned()));
        }
    }

    #[test]
    fn emails() {
        assert!(email("a@b").is_ok());
        for bad in ["a", "@b", "a@", "a@b@c", "a b@c"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn accents_and_case_are_left_out() {
        assert_eq!(folded("Épicerie ŒUF Noël ça d’or"), "epicerie oeuf noel ca d'or");
    }

    #[test]
    fn french_plurals() {
        assert_eq!(count(1, "commande", "commandes"), "1\u{a0}commande");
        assert_eq!(count(0, "commande", "commandes"), "0\u{a0}commande");
        assert_eq!(count(1200, "commande", "commandes"), "1\u{202f}200\u{a0}commandes");
    }
}
