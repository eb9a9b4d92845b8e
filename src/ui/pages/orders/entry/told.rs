//! What somebody else made of the lines of an order, in words.

use super::merge::of;
use crate::orders::model::OrderItem;
use crate::shared::ProductId;
use crate::ui::format::number;

/// What stands instead of the quantity of a line that was taken off.
pub const REMOVED: &str = "retiré";

/// A line that somebody else changed, and that stands in the form as they left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The name of its article.
    pub nom: String,
    /// What it was when it was read; empty where there was no such line.
    pub before: String,
    /// What it is now.
    pub after: String,
    /// The same was typed here.
    pub alike: bool,
}

/// What became of the lines between `read` and `now`, as far as it stands in `merged`. `base`: the lines that what was
/// typed here, `mine`, began with.
pub fn told(
    read: &[OrderItem],
    now: &[OrderItem],
    base: &[(ProductId, i64)],
    mine: &[(ProductId, i64)],
    merged: &[(ProductId, i64)],
) -> Vec<Told> {
    let gone = read.iter().filter(|item| line(now, item.product_id).is_none());
    let changed = |item: &OrderItem| {
        let id = item.product_id;
        let (was, is) = (line(read, id), line(now, id));
        let (before, after) = words(was, is, of(merged, id))?;
        let here = of(mine, id);
        let alike = here != of(base, id) && here == is.map(|item| item.quantity);
        Some(Told { nom: item.product_nom.clone(), before, after, alike })
    };
    now.iter().chain(gone).filter_map(changed).collect()
}

/// An order has one line of an article.
fn line(items: &[OrderItem], id: ProductId) -> Option<&OrderItem> {
    items.iter().find(|item| item.product_id == id)
}

/// A line before and after, where what stands in the form is theirs; a price is theirs whoever set the quantity.
fn words(was: Option<&OrderItem>, is: Option<&OrderItem>, stands: Option<i64>) -> Option<(String, String)> {
    let taken = stands == is.map(|item| item.quantity);
    match (was, is) {
        (Some(was), Some(is)) => {
            let quantity = taken && was.quantity != is.quantity;
            let price = stands.is_some() && was.prix_unitaire != is.prix_unitaire;
            let shown = |item: &OrderItem| match (quantity, price) {
                (true, true) => format!("{} × {}", number(item.quantity), item.prix_unitaire.display()),
                (true, false) => number(item.quantity),
                _ => item.prix_unitaire.display(),
            };
            (quantity || price).then(|| (shown(was), shown(is)))
        }
        (None, Some(is)) if taken => Some((String::new(), format!("ajouté\u{a0}: {}", number(is.quantity)))),
        (Some(was), None) if taken => Some((number(was.quantity), REMOVED.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::merge::{Quantities, merge};
    use super::*;
    use crate::shared::{Money, VatRate};

    /// An article, how many of it, and its price in cents.
    type Line = (i64, i64, i64);

    fn items(lines: &[Line]) -> Vec<OrderItem> {
        let item = |(product, quantity, price): &Line| OrderItem {
            id: (*product).into(),
            product_id: ProductId(*product),
            product_nom: format!("P{product}"),
            category_id: 1.into(),
            quantity: *quantity,
            quantite_livree: None,
            prix_unitaire: Money(*price),
            taux_tva: VatRate(550),
            total: Money(price * quantity),
        };
        lines.iter().map(item).collect()
    }

    /// What is told, as `name before → after`, to whoever typed `mine`.
    fn of_both(read: &[Line], now: &[Line], mine: &[(i64, i64)]) -> Vec<String> {
        let quantities =
            |lines: &[Line]| -> Quantities { lines.iter().map(|(id, n, _)| (ProductId(*id), *n)).collect() };
        let mine: Quantities = mine.iter().map(|(id, n)| (ProductId(*id), *n)).collect();
        let (base, theirs) = (quantities(read), quantities(now));
        let (merged, _) = merge(&base, &mine, &theirs);
        let all = told(&items(read), &items(now), &base, &mine, &merged).into_iter();
        all.map(|Told { nom, before, after, alike }| {
            let as_you = if alike { ", comme vous" } else { "" };
            format!("{nom} {before} → {after}{as_you}").replace('\u{a0}', " ")
        })
        .collect()
    }

    #[test]
    fn what_the_other_changed_alone_is_told() {
        let read = [(1, 2, 1000), (2, 1, 500), (3, 4, 300)];
        let now = [(1, 7, 1000), (3, 4, 300), (4, 2, 900)];
        assert_eq!(of_both(&read, &now, &[(1, 2), (2, 1), (3, 9)]), ["P1 2 → 7", "P4  → ajouté : 2", "P2 1 → retiré"]);
        assert!(of_both(&read, &read, &[(1, 3)]).is_empty(), "nothing");
    }

    #[test]
    fn a_price_is_told_with_or_without_its_quantity() {
        let read = [(1, 2, 1000)];
        assert_eq!(of_both(&read, &[(1, 2, 1250)], &[(1, 2)]), ["P1 10,00 € → 12,50 €"]);
        assert_eq!(of_both(&read, &[(1, 3, 1250)], &[(1, 2)]), ["P1 2 × 10,00 € → 3 × 12,50 €"]);
        assert_eq!(of_both(&read, &[(1, 3, 1250)], &[(1, 5)]), ["P1 10,00 € → 12,50 €"], "how many waits for a choice");
    }

    #[test]
    fn what_waits_for_a_choice_is_not_told_and_what_both_meant_is_so_called() {
        let read = [(1, 2, 1000), (2, 1, 500)];
        assert!(of_both(&read, &[(1, 7, 1000), (2, 1, 500)], &[(1, 4), (2, 1)]).is_empty());
        assert_eq!(of_both(&read, &[(1, 7, 1000)], &[(1, 7)]), ["P1 2 → 7, comme vous", "P2 1 → retiré, comme vous"]);
    }
}
