//! A line while it is written, and what makes it fit to be sent.

use leptos::prelude::*;

use crate::error::{AppError, Member};
use crate::orders::model::{MAX_QUANTITY, NewOrderItem};
use crate::products::model::ProductChoice;
use crate::shared::ProductId;
use crate::shared::text::count;
use crate::ui::format::number;

/// Said at a line whose article was not recognised.
pub const UNRECOGNISED: &str = "Article non reconnu : choisissez-le dans la liste.";

/// What stands on a line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineValues {
    /// Which line it is, as long as the page lives.
    pub key: u32,
    /// Typed in the article's box.
    pub article: String,
    /// Typed in the quantity's box.
    pub quantity: String,
    /// The article that was recognised.
    pub product: Option<ProductChoice>,
}

impl LineValues {
    /// Whether nothing was typed: such a line is left out.
    pub fn is_blank(&self) -> bool {
        self.article.trim().is_empty() && self.product.is_none()
    }

    /// The quantity, when it is one that can be ordered.
    pub fn counted(&self) -> Option<i64> {
        read_quantity(&self.quantity).ok()
    }
}

/// A line of the form.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Which one, as long as the page lives.
    pub key: u32,
    /// Typed in the article's box.
    pub article: RwSignal<String>,
    /// Typed in the quantity's box.
    pub quantity: RwSignal<String>,
    /// The article that was recognised.
    pub product: RwSignal<Option<ProductChoice>>,
    /// Whether the server is being asked which article is meant.
    pub looking: RwSignal<bool>,
}

impl Line {
    /// A blank line.
    pub fn new(key: u32) -> Self {
        Self {
            key,
            article: RwSignal::new(String::new()),
            quantity: RwSignal::new(String::new()),
            product: RwSignal::new(None),
            looking: RwSignal::new(false),
        }
    }

    /// What stands on it; tracked.
    pub fn values(self) -> LineValues {
        LineValues {
            key: self.key,
            article: self.article.get(),
            quantity: self.quantity.get(),
            product: self.product.get(),
        }
    }
}

/// The id of a line's article box: faults and focus go by ids.
pub fn article_id(key: u32) -> String {
    format!("ligne-{key}-article")
}

/// The id of a line's quantity box.
pub fn quantity_id(key: u32) -> String {
    format!("ligne-{key}-quantite")
}

/// Reads a quantity as typed, or as a spreadsheet writes it (`1 200`, `3,00`); an empty box is one piece.
pub fn read_quantity(text: &str) -> Result<i64, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(1);
    }
    let whole = match digits.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => &digits,
    };
    match whole.parse::<i64>() {
        Ok(quantity) if (1..=MAX_QUANTITY).contains(&quantity) => Ok(quantity),
        Ok(_) => Err(format!("Entre 1 et {}.", number(MAX_QUANTITY))),
        Err(_) => Err("Un nombre entier est attendu.".into()),
    }
}

/// How many of a product all lines together ask for.
pub fn demanded(lines: &[LineValues], product: ProductId) -> i64 {
    lines
        .iter()
        .filter(|line| line.product.as_ref().is_some_and(|p| p.id == product))
        .filter_map(LineValues::counted)
        .fold(0, i64::saturating_add)
}

/// The warning when more is asked for than can be sold.
pub fn shortage(disponible: i64, demanded: i64) -> Option<String> {
    if demanded <= disponible {
        None
    } else if disponible <= 0 {
        Some("En rupture de stock".into())
    } else {
        Some(format!("Plus que {}", count(disponible, "disponible", "disponibles")))
    }
}

/// The short lines that a refusal names: product, what is left, what was asked for.
pub fn short_lines(error: &AppError) -> Vec<(ProductId, i64, i64)> {
    let lines = error.member(Member::ShortLines).and_then(|lines| lines.as_array());
    let number = |line: &serde_json::Value, name: &str| line.get(name).and_then(serde_json::Value::as_i64);
    lines
        .into_iter()
        .flatten()
        .filter_map(|line| {
            Some((ProductId(number(line, "product_id")?), number(line, "disponible")?, number(line, "demande")?))
        })
        .collect()
}

/// The lines as they are sent, with the key of each.
pub type SentLines = (Vec<NewOrderItem>, Vec<u32>);

/// Turns what was typed into what is sent, or names every fault by the id of its box.
pub fn collect(lines: &[LineValues]) -> Result<SentLines, Vec<(String, String)>> {
    let mut sent: SentLines = (Vec::new(), Vec::new());
    let mut faults = Vec::new();
    for line in lines.iter().filter(|line| !line.is_blank()) {
        match &line.product {
            None => faults.push((article_id(line.key), UNRECOGNISED.to_owned())),
            Some(product) => match read_quantity(&line.quantity) {
                Err(message) => faults.push((quantity_id(line.key), message)),
                Ok(quantity) => {
                    sent.0.push(NewOrderItem { product_id: product.id, quantity });
                    sent.1.push(line.key);
                }
            },
        }
    }
    if faults.is_empty() { Ok(sent) } else { Err(faults) }
}

/// The id of the box that a path of the server's answer is about; `keys`: the lines that were sent.
pub fn box_of(champ: &str, keys: &[u32]) -> String {
    let Some(rest) = champ.strip_prefix("items[") else {
        return match champ {
            "items" => keys.first().copied().map_or_else(|| article_id(0), article_id),
            other => other.to_owned(),
        };
    };
    let (index, field) = rest.split_once(']').unwrap_or((rest, ""));
    let key = index.parse::<usize>().ok().and_then(|i| keys.get(i)).copied().unwrap_or(0);
    if field == ".quantity" { quantity_id(key) } else { article_id(key) }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::tests::article;
    use super::*;

    fn line(key: u32, typed: &str, quantity: &str, product: Option<ProductChoice>) -> LineValues {
        LineValues { key, article: typed.into(), quantity: quantity.into(), product }
    }

    #[test]
    fn blank_lines_are_left_out_and_faults_are_all_named() {
        let tea = article(7, Some("THE"), "Thé", 5);
        let lines = [
            line(1, "", "3", None),
            line(2, "Thé", "2", Some(tea.clone())),
            line(3, "inconnu", "1", None),
            line(4, "Thé", "0", Some(tea.clone())),
        ];
        let faults = collect(&lines).expect_err("faults");
        let ids: Vec<_> = faults.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["ligne-3-article", "ligne-4-quantite"]);
        let (items, keys) = collect(&lines[..2]).expect("fit");
        assert_eq!((items[0].product_id.0, items[0].quantity, keys), (7, 2, vec![2]));
    }

    #[test]
    fn quantities_as_typed() {
        assert_eq!(read_quantity(""), Ok(1));
        assert_eq!(read_quantity(" 1 200 "), Ok(1200));
        assert_eq!((read_quantity("3,00"), read_quantity("2.0")), (Ok(3), Ok(2)));
        for bad in ["0", "-1", "100001", "1,5", "3,", ",00", "douze"] {
            assert!(read_quantity(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_shortage_counts_all_lines_of_the_article() {
        let tea = article(7, None, "Thé", 5);
        let lines = [line(1, "Thé", "3", Some(tea.clone())), line(2, "Thé", "3", Some(tea)), line(3, "x", "9", None)];
        assert_eq!(demanded(&lines, ProductId(7)), 6);
        assert_eq!(shortage(5, 6).as_deref(), Some("Plus que 5\u{a0}disponibles"));
        assert_eq!(shortage(1, 2).as_deref(), Some("Plus que 1\u{a0}disponible"));
        assert_eq!(shortage(0, 1).as_deref(), Some("En rupture de stock"));
        assert_eq!(shortage(6, 6), None);
    }

    #[test]
    fn the_servers_paths_lead_to_boxes() {
        let keys = [4, 9];
        assert_eq!(box_of("items[1].quantity", &keys), "ligne-9-quantite");
        assert_eq!(box_of("items[0].product_id", &keys), "ligne-4-article");
        assert_eq!(box_of("items", &keys), "ligne-4-article");
        assert_eq!(box_of("client_nom", &keys), "client_nom");
    }
}
