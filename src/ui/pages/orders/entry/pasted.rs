//! Lines copied from a spreadsheet: an article and how many, in whichever columns.

use super::quick_entry::{fold, quick_entry};
use crate::orders::model::MAX_QUANTITY;

/// One line as it was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedLine {
    /// The name or reference.
    pub article: String,
    /// How many, where the line says so.
    pub quantity: Option<i64>,
}

/// The lines of a text, when it is more than what one types in a box: several lines, or several columns.
/// `known`: whether a text names an article without any doubt.
pub fn pasted(text: &str, known: impl Fn(&str) -> bool) -> Option<Vec<PastedLine>> {
    let text = text.trim_matches(['\r', '\n']);
    if !text.contains(['\n', '\t']) {
        return None;
    }
    let separator = if text.contains('\t') { '\t' } else { ';' };
    let mut rows = text.lines().map(|row| cells(row, separator)).filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let first = rows.next()?;
    let heads = columns(&first, &known);
    let rows: Vec<_> = if heads.is_some() { rows.collect() } else { std::iter::once(first).chain(rows).collect() };
    Some(rows.iter().filter_map(|row| line(row, heads.unwrap_or_default(), &known)).collect())
}

/// What the first row says about the columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Heads {
    article: Option<usize>,
    quantity: Option<usize>,
}

fn cells(row: &str, separator: char) -> Vec<&str> {
    row.split(separator).map(|cell| cell.trim().trim_matches('"').trim()).collect()
}

/// The columns, when the row is one of headings.
fn columns(row: &[&str], known: &impl Fn(&str) -> bool) -> Option<Heads> {
    let find = |words: &[&str]| {
        row.iter().position(|cell| {
            let cell = fold(cell);
            words.iter().any(|word| cell.starts_with(word))
        })
    };
    let article = find(&["ref", "article", "produit", "code", "designation", "nom", "libelle"]);
    let quantity = find(&["quantite", "qte", "qty", "nombre", "nb"]);
    // An article may begin like a heading; a row with a number or a known name is none.
    let is_data = row.iter().any(|cell| count(cell).is_some() || known(cell));
    (!is_data && article.is_some() && (quantity.is_some() || row.len() > 1)).then_some(Heads { article, quantity })
}

fn line(row: &[&str], heads: Heads, known: &impl Fn(&str) -> bool) -> Option<PastedLine> {
    let filled = |at: &usize| row.get(*at).is_some_and(|cell| !cell.is_empty());
    let named = (0..row.len()).find(|at| filled(at) && known(quick_entry(row[*at]).article));
    let worded = (0..row.len()).find(|at| filled(at) && count(row[*at]).is_none());
    let at = named.or(heads.article.filter(filled)).or(worded).or_else(|| (0..row.len()).find(filled))?;
    let entry = quick_entry(row[at]);
    let beside = || (at + 1..row.len()).chain(0..at).find_map(|other| count(row[other]));
    let quantity = match heads.quantity.filter(|column| *column != at) {
        Some(column) => row.get(column).and_then(|cell| count(cell)),
        None => beside(),
    };
    Some(PastedLine { article: entry.article.to_owned(), quantity: entry.quantity.or(quantity) })
}

/// A quantity as a spreadsheet writes it: `3`, `1 200`, `3,00`.
fn count(cell: &str) -> Option<i64> {
    let digits: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = match digits.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => &digits,
    };
    whole.parse().ok().filter(|n| (1..=MAX_QUANTITY).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, Option<i64>)>> {
        let known = |text: &str| ["1001", "REF12", "Huile de noix"].contains(&text);
        pasted(text, known).map(|lines| lines.into_iter().map(|line| (line.article, line.quantity)).collect())
    }

    fn lines(list: &[(&str, Option<i64>)]) -> Option<Vec<(String, Option<i64>)>> {
        Some(list.iter().map(|(article, quantity)| ((*article).to_owned(), *quantity)).collect())
    }

    #[test]
    fn what_one_types_is_no_table() {
        assert_eq!(read("3x REF12"), None);
        assert_eq!(read("REF12\n"), None, "one cell ends in a line break");
    }

    #[test]
    fn articles_and_quantities_in_either_order() {
        assert_eq!(read("REF12\t3\r\nMiel\t2\r\n"), lines(&[("REF12", Some(3)), ("Miel", Some(2))]));
        assert_eq!(read("3\tREF12\n\n1 200\tMiel"), lines(&[("REF12", Some(3)), ("Miel", Some(1200))]));
        assert_eq!(read("REF12;3,00\nMiel;2"), lines(&[("REF12", Some(3)), ("Miel", Some(2))]));
        assert_eq!(read("3x REF12\nMiel"), lines(&[("REF12", Some(3)), ("Miel", None)]));
    }

    #[test]
    fn more_columns_than_needed() {
        assert_eq!(read("Noix\tHuile de noix\t4,50\t6"), lines(&[("Huile de noix", Some(6))]));
        assert_eq!(read("1001\t2"), lines(&[("1001", Some(2))]), "a reference that is a number");
        let table = "Référence\tPrix\tQuantité\nREF12\t4\t7\nAUTRE\t5\t8";
        assert_eq!(read(table), lines(&[("REF12", Some(7)), ("AUTRE", Some(8))]));
    }
}
