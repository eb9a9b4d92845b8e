//! The articles one can order, as far as the page knows them: what is typed is looked up here first,
//! so that a suggestion is there with the keystroke; the server's answer follows with today's stock.

use std::sync::Arc;

use crate::products::model::ProductChoice;
use crate::shared::ProductId;
use crate::shared::text::folded;

/// How many articles travel with the page.
pub const CATALOGUE_SIZE: i64 = 300;

/// Articles known to the page.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    choices: Arc<Vec<ProductChoice>>,
}

impl Catalogue {
    /// The articles that came with the page.
    pub fn new(choices: Vec<ProductChoice>) -> Self {
        Self { choices: Arc::new(choices) }
    }

    /// The same with these in front, in place of what was known of them.
    pub fn with(&self, articles: &[ProductChoice]) -> Self {
        let others = self.choices.iter().filter(|known| articles.iter().all(|fresh| fresh.id != known.id));
        Self::new(articles.iter().chain(others).cloned().collect())
    }

    /// All of them, by name.
    pub fn choices(&self) -> &[ProductChoice] {
        &self.choices
    }

    /// Whether these are all the articles there are: then the page finds alone what is typed.
    pub fn is_whole(&self) -> bool {
        (self.choices.len() as i64) < CATALOGUE_SIZE
    }

    /// What suits a text best: an exact reference, then what begins with it, then what contains it.
    pub fn find(&self, text: &str, limit: usize) -> Vec<ProductChoice> {
        rank(&self.choices, text, limit)
    }

    /// The article that a text names without any doubt: id, reference, name, or what the plain form's list writes.
    pub fn exact(&self, text: &str) -> Option<&ProductChoice> {
        exact(&self.choices, text)
    }

    /// An article by its id.
    pub fn by_id(&self, id: ProductId) -> Option<&ProductChoice> {
        self.choices.iter().find(|choice| choice.id == id)
    }
}

/// How an article is written in the plain form's list: `REF12 — Thé vert`.
pub fn written(choice: &ProductChoice) -> String {
    match &choice.reference {
        Some(reference) => format!("{reference} — {}", choice.nom),
        None => choice.nom.clone(),
    }
}

/// What to search for a text: the reference of `REF12 — Thé vert`, anything else as it is.
pub fn written_name(text: &str) -> &str {
    text.split_once(" — ").map_or(text, |(reference, _)| reference).trim()
}

/// The one that a text names without any doubt.
pub fn exact<'a>(choices: &'a [ProductChoice], text: &str) -> Option<&'a ProductChoice> {
    let text = folded(text.trim());
    if text.is_empty() {
        return None;
    }
    let is_reference = |choice: &&ProductChoice| choice.reference.as_deref().is_some_and(|r| folded(r) == text);
    let is_name = |choice: &&ProductChoice| folded(&choice.nom) == text || folded(&written(choice)) == text;
    let is_id = |choice: &&ProductChoice| choice.id.to_string() == text;
    choices.iter().find(is_reference).or_else(|| choices.iter().find(is_name)).or_else(|| choices.iter().find(is_id))
}

fn rank(choices: &[ProductChoice], text: &str, limit: usize) -> Vec<ProductChoice> {
    let text = folded(text.trim());
    let mut found: Vec<(u8, &ProductChoice)> =
        choices.iter().filter_map(|choice| score(choice, &text).map(|score| (score, choice))).collect();
    // Stable: the order by name stays within one score.
    found.sort_by_key(|(score, _)| *score);
    found.truncate(limit);
    found.into_iter().map(|(_, choice)| choice.clone()).collect()
}

/// 0 suits best; `None` does not suit.
fn score(choice: &ProductChoice, text: &str) -> Option<u8> {
    let name = folded(&choice.nom);
    let reference = choice.reference.as_deref().map(folded).unwrap_or_default();
    let starts_word = || name.split([' ', '\'', '-']).any(|word| word.starts_with(text));
    if !text.is_empty() && reference == text {
        Some(0)
    } else if name.starts_with(text) || reference.starts_with(text) {
        Some(1)
    } else if starts_word() {
        Some(2)
    } else if name.contains(text) || reference.contains(text) {
        Some(3)
    } else {
        // "huile olive" finds "Huile d'olive": every word somewhere.
        text.split_whitespace().all(|word| name.contains(word) || reference.contains(word)).then_some(4)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::products::model::StockStatus;
    use crate::shared::{Money, VatRate};

    pub(in super::super) fn article(id: i64, reference: Option<&str>, nom: &str, disponible: i64) -> ProductChoice {
        ProductChoice {
            id: ProductId(id),
            reference: reference.map(str::to_owned),
            nom: nom.to_owned(),
            prix: Money(id * 100),
            taux_tva: VatRate(550),
            disponible,
            statut: StockStatus::of(disponible, 0),
        }
    }

    fn shop() -> Catalogue {
        Catalogue::new(vec![
            article(1, Some("THE-12"), "Crème de marron", 3),
            article(2, Some("HUI-50"), "Huile d'olive vierge 50 cl", 8),
            article(3, None, "Thé vert à la menthe", 0),
            article(4, Some("HUI-5"), "Vinaigre et huile de noix", 2),
        ])
    }

    #[test]
    fn the_best_comes_first() {
        let ids = |text| shop().find(text, 8).iter().map(|c| c.id.0).collect::<Vec<_>>();
        assert_eq!(ids("hui-5"), [4, 2]);
        assert_eq!(ids("THÉ"), [1, 3]);
        assert_eq!(ids("huile"), [2, 4]);
        assert_eq!(ids("huile olive"), [2]);
        assert_eq!(ids("olive"), [2]);
        assert!(ids("café").is_empty());
        assert_eq!(shop().find("", 2).len(), 2);
    }

    #[test]
    fn only_a_name_without_doubt_is_exact() {
        let shop = shop();
        let id = |text: &str| shop.exact(text).map(|c| c.id.0);
        assert_eq!(id("hui-5"), Some(4));
        assert_eq!(id("HUI-50 — Huile d'olive vierge 50 cl"), Some(2));
        assert_eq!(id("the vert a la menthe"), Some(3));
        assert_eq!(id("3"), Some(3));
        assert_eq!(id("huile"), None);
        assert_eq!(id(""), None);
    }
}
