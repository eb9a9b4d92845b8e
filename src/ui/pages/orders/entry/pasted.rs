//! Lines copied from a spreadsheet: an article and how many, in whichever columns.

use super::line::read_quantity;
use super::quick_entry::quick_entry;
use crate::shared::text::folded;

/// One line as it was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedLine {
    /// The name or reference.
    pub article: String,
    /// How many, as it goes into its box; what cannot be read as it was copied, for whoever copied it to see.
    pub quantity: String,
}

/// The lines of a text, when it is more than what one types in a box: several lines, or several columns.
/// `known`: whether a text names an article without any doubt.
pub fn pasted(text: &str, known: impl Fn(&str) -> bool) -> Option<Vec<PastedLine>> {
    let text = text.trim_start_matches('\u{feff}').trim_matches(['\r', '\n']);
    let separator = separator(text, &known)?;
    let rows = text.split(['\n', '\r']).map(|row| cells(row, separator));
    let mut rows: Vec<_> = rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
    // A title may stand above the headings, data may not.
    let begun = rows.iter().position(|row| is_data(row, &known)).unwrap_or(1).min(rows.len() - 1);
    let headed = rows[..=begun].iter().enumerate().find_map(|(at, row)| Some((at, columns(row, &known)?)));
    let heads = headed.map(|(at, heads)| {
        rows.drain(..=at);
        heads
    });
    let heads = heads.unwrap_or_default();
    let rows: Vec<_> = rows.iter().filter_map(|row| Some((row, article_of(row, &heads, &known)?))).collect();
    let counts = heads.quantity.or_else(|| counting(&rows, &heads));
    let line = |(row, at): &(&Vec<&str>, usize)| {
        let entry = quick_entry(row[*at]);
        let told = counts.filter(|column| column != at).and_then(|column| row.get(column)).copied().unwrap_or_default();
        let quantity = match entry.quantity.or_else(|| count(told)) {
            Some(quantity) => quantity.to_string(),
            None => told.to_owned(),
        };
        PastedLine { article: entry.article.to_owned(), quantity }
    };
    Some(rows.iter().map(line).collect())
}

/// What stands between the columns; nothing where the text is no table.
fn separator(text: &str, known: &impl Fn(&str) -> bool) -> Option<char> {
    if text.contains('\t') {
        return Some('\t');
    }
    // What is inside the name of an article parts it from nothing.
    let parts = |sign: char| {
        let tells =
            |row: &str| row.contains(sign) && !known(row.trim()) && cells(row, sign).iter().any(|cell| known(cell));
        text.split(['\n', '\r']).any(tells)
    };
    let lines = text.contains(['\n', '\r']);
    match text.contains(';') {
        true => (lines || parts(';')).then_some(';'),
        false if parts(',') => Some(','),
        false => lines.then_some(';'),
    }
}

/// What the first row says about the columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Heads {
    article: Option<usize>,
    quantity: Option<usize>,
    /// Amounts: whole ones look like quantities.
    amounts: Vec<usize>,
}

fn cells(row: &str, separator: char) -> Vec<&str> {
    row.split(separator).map(|cell| cell.trim().trim_matches('"').trim()).collect()
}

/// The columns, when the row is one of headings.
fn columns(row: &[&str], known: &impl Fn(&str) -> bool) -> Option<Heads> {
    let begins = |cell: &str, words: &[&str]| words.iter().any(|word| folded(cell).starts_with(word));
    let find = |words: &[&str]| row.iter().position(|cell| begins(cell, words));
    let article = find(&[
        "ref",
        "article",
        "produit",
        "product",
        "item",
        "code",
        "sku",
        "designation",
        "description",
        "nom",
        "libelle",
        "intitule",
    ]);
    let quantity = find(&["quantite", "qte", "qty", "nombre", "nb", "commande", "unite", "piece"]);
    let amount =
        |cell: &str| begins(cell, &["prix", "price", "pu", "p.u", "pv", "montant", "total", "tva", "tarif", "remise"]);
    let amounts: Vec<_> = (0..row.len()).filter(|at| amount(row[*at])).collect();
    let filled = row.iter().filter(|cell| !cell.is_empty()).count();
    let named = [article.is_some(), quantity.is_some(), !amounts.is_empty()].into_iter().filter(|named| *named).count();
    // One known heading tells where it names the articles; two tell whatever the articles' column is called.
    let is_head = !is_data(row, known) && filled > 1 && (article.is_some() || named > 1);
    is_head.then_some(Heads { article, quantity: quantity.filter(|column| Some(*column) != article), amounts })
}

/// Whether a row is one of articles: an article may begin like a heading, but no heading is a number or a known name.
fn is_data(row: &[&str], known: &impl Fn(&str) -> bool) -> bool {
    row.iter().any(|cell| count(cell).is_some() || known(cell))
}

/// Which cell of a row names the article.
fn article_of(row: &[&str], heads: &Heads, known: &impl Fn(&str) -> bool) -> Option<usize> {
    let filled = |at: &usize| row.get(*at).is_some_and(|cell| !cell.is_empty());
    let named = (0..row.len()).find(|at| filled(at) && known(quick_entry(row[*at]).article));
    let worded = (0..row.len()).find(|at| filled(at) && count(row[*at]).is_none());
    named.or(heads.article.filter(filled)).or(worded).or_else(|| (0..row.len()).find(filled))
}

/// Quantities that nobody should have to type: they are shown as they were copied, and told to be no number.
const SPELLED: [&str; 12] =
    ["un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "douze"];

/// The column of quantities where no heading names it: one that is mostly whole numbers, behind the article rather than
/// before it, and not one of prices (`15,90`, `12 €`). Where most of it cannot be read, the one that begins like numbers;
/// the only other column is meant as one once anything in it does.
fn counting(rows: &[(&Vec<&str>, usize)], heads: &Heads) -> Option<usize> {
    let width = rows.iter().map(|(row, _)| row.len()).max()?;
    let article = rows.first()?.1;
    let told = |column: usize| {
        let beside = rows.iter().filter(move |(_, at)| *at != column);
        beside.filter_map(move |(row, _)| row.get(column)).copied().filter(|cell| !cell.is_empty())
    };
    let columns = (article..width).chain(0..article.min(width));
    let other = columns.filter(|column| told(*column).next().is_some() && !heads.amounts.contains(column));
    let other: Vec<_> = other.collect();
    let rest: Vec<_> = other.iter().copied().filter(|column| !told(*column).all(is_price)).collect();
    let most = |column: usize, fits: fn(&str) -> bool| {
        told(column).filter(|cell| fits(cell)).count() * 2 >= told(column).count()
    };
    let find = |among: &[usize], fits: &dyn Fn(usize) -> bool| among.iter().copied().find(|column| fits(*column));
    let alone = |among: &[usize]| among.first().copied().filter(|column| among.len() == 1 && told(*column).any(begun));
    find(&rest, &|column| most(column, |cell| count(cell).is_some() && !cell.contains([',', '.'])))
        .or_else(|| find(&other, &|column| told(column).all(|cell| count(cell).is_some())))
        .or_else(|| find(&rest, &|column| most(column, |cell| begun(cell) && !cell.contains([',', '.', '%']))))
        .or_else(|| alone(&rest).or_else(|| alone(&other)))
}

/// Whether a cell begins like a number, or is one in a word.
fn begun(cell: &str) -> bool {
    let bare = cell.trim_start_matches(['x', 'X', '×', '-', '+', ' ']);
    bare.starts_with(|c: char| c.is_ascii_digit()) || SPELLED.contains(&folded(cell.trim()).as_str())
}

/// Whether a cell has the sign of a currency, or cents.
fn is_price(cell: &str) -> bool {
    let cents = |cents: &str| cents.len() == 2 && cents.bytes().all(|b| b.is_ascii_digit());
    cell.contains(['€', '$', '£']) || cell.rsplit_once([',', '.']).is_some_and(|(_, end)| cents(end))
}

/// The quantity that stands in a cell, if one does.
fn count(cell: &str) -> Option<i64> {
    (!cell.trim().is_empty()).then(|| read_quantity(cell).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let known = |text: &str| ["1001", "REF12", "Huile de noix", "Miel, 250 g"].contains(&text);
        pasted(text, known).map(|lines| lines.into_iter().map(|line| (line.article, line.quantity)).collect())
    }

    fn lines(list: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(list.iter().map(|(article, quantity)| ((*article).to_owned(), (*quantity).to_owned())).collect())
    }

    #[test]
    fn what_one_types_is_no_table() {
        assert_eq!(read("3x REF12"), None);
        assert_eq!(read("REF12\n"), None, "one cell ends in a line break");
        assert_eq!(read("Miel, 250 g"), None, "a name may hold a comma");
        assert_eq!(read("Thé; vert"), None, "or a semicolon");
    }

    #[test]
    fn articles_and_quantities_in_either_order() {
        assert_eq!(read("REF12\t3\r\nMiel\t2\r\n"), lines(&[("REF12", "3"), ("Miel", "2")]));
        assert_eq!(read("3\tREF12\n\n1 200\tMiel"), lines(&[("REF12", "3"), ("Miel", "1200")]));
        assert_eq!(read("REF12;3,00\nMiel;2"), lines(&[("REF12", "3"), ("Miel", "2")]));
        assert_eq!(read("3x REF12\nMiel"), lines(&[("REF12", "3"), ("Miel", "")]));
        assert_eq!(read("REF12\t3\rMiel\t2"), lines(&[("REF12", "3"), ("Miel", "2")]), "old line ends");
        assert_eq!(read("\u{feff}REF12\t3\nMiel\t2"), lines(&[("REF12", "3"), ("Miel", "2")]), "a file's mark");
    }

    #[test]
    fn one_line_with_its_quantity() {
        for text in ["REF12\t3", "REF12;3", "REF12,3", "3;REF12"] {
            assert_eq!(read(text), lines(&[("REF12", "3")]), "{text}");
        }
        assert_eq!(read("REF12,3\n1001,4"), lines(&[("REF12", "3"), ("1001", "4")]));
    }

    #[test]
    fn what_is_no_quantity_is_kept_to_be_seen() {
        let text = "REF12\t2,5\nMiel\t0\nThé\t-3\nSel\tdeux\nRiz\t1000000\nBlé\t3 pcs\nSon\t";
        let kept = [("REF12", "2,5"), ("Miel", "0"), ("Thé", "-3"), ("Sel", "deux"), ("Riz", "1000000")];
        assert_eq!(read(text), lines(&[&kept[..], &[("Blé", "3 pcs"), ("Son", "")]].concat()));
        let headed = "Référence\tQuantité\nREF12\tdeux\nMiel\t4";
        assert_eq!(read(headed), lines(&[("REF12", "deux"), ("Miel", "4")]));
        assert_eq!(read("REF12\tAu rayon\nMiel\tEn réserve"), lines(&[("REF12", ""), ("Miel", "")]), "words");
    }

    #[test]
    fn more_columns_than_needed() {
        assert_eq!(read("Noix\tHuile de noix\t4,50\t6"), lines(&[("Huile de noix", "6")]));
        assert_eq!(read("1001\t2"), lines(&[("1001", "2")]), "a reference that is a number");
        let table = "Référence\tPrix\tQuantité\nREF12\t4\t7\nAUTRE\t5\t8";
        assert_eq!(read(table), lines(&[("REF12", "7"), ("AUTRE", "8")]));
        assert_eq!(read("REF12\tNoix\t4,50\nMiel\tMiel\t5,20"), lines(&[("REF12", ""), ("Miel", "")]), "prices alone");
    }

    #[test]
    fn one_unreadable_quantity_costs_no_other() {
        let priced = |cells: [&str; 3]| {
            read(&format!("REF12\t{}\t15,90\nMiel\t{}\t11,50\nThé\t{}\t9,50", cells[0], cells[1], cells[2]))
        };
        for cells in [
            ["3", "?", "6"],
            ["3", "deux", "6"],
            ["3", "2,5", "6"],
            ["3 pcs", "2 pcs", "6 pcs"],
            ["deux", "3", "2,5"],
            ["deux", "trois", "?"],
        ] {
            assert_eq!(
                priced(cells),
                lines(&[("REF12", cells[0]), ("Miel", cells[1]), ("Thé", cells[2])]),
                "{cells:?}"
            );
        }
    }

    #[test]
    fn whole_prices_do_not_stand_in_for_quantities_that_cannot_be_read() {
        let read = read("REF12\tdeux\t6\nMiel\t3\t14\nThé\t4\t3");
        assert_eq!(read, lines(&[("REF12", "deux"), ("Miel", "3"), ("Thé", "4")]));
        let sized = "REF12\t75 cl\t6\nMiel\t250 g\t2";
        assert_eq!(self::read(sized), lines(&[("REF12", "6"), ("Miel", "2")]), "sizes are no pieces");
        assert_eq!(self::read("REF12\tdeux\t5,90 €"), lines(&[("REF12", "deux")]));
        assert_eq!(self::read("REF12\tdeux\nMiel\tdouze"), lines(&[("REF12", "deux"), ("Miel", "douze")]));
    }

    #[test]
    fn headings_by_other_names_and_below_a_title() {
        let rows = "REF12\t3\t15,90\nMiel\t2\t11,50";
        for head in [
            "Description\tQté\tPrix",
            "Vin ou épice\tQuantité\tPrix",
            "Product\tQty\tPrice",
            "Commande du mois\t\t\nArticle\tQté\tPrix",
            "Commande du mois\n\nArticle\tQté\tPrix",
        ] {
            assert_eq!(read(&format!("{head}\n{rows}")), lines(&[("REF12", "3"), ("Miel", "2")]), "{head}");
        }
    }

    #[test]
    fn a_whole_price_is_no_quantity() {
        let bare = "REF12\tHuile\t4,00\t6\nMiel\tMiel\t4,50\t7";
        assert_eq!(read(bare), lines(&[("REF12", "6"), ("Miel", "7")]));
        assert_eq!(read("REF12\tHuile\t4,00\t6"), lines(&[("REF12", "6")]));
        let headed = "Code article\tLibellé\tPU TTC\tCommandé\nREF12\tHuile\t4,00\t6";
        assert_eq!(read(headed), lines(&[("REF12", "6")]));
        let unnamed = "Code\tLibellé\tPrix\tColis\nREF12\tHuile\t4\t6";
        assert_eq!(read(unnamed), lines(&[("REF12", "6")]), "not the one that is headed as a price");
    }
}
