//! Two people changed the lines of one order: what each changed alone stands, what both did waits for a choice.

use crate::shared::ProductId;

/// Products with their quantities, in the order of the lines.
pub type Quantities = Vec<(ProductId, i64)>;

/// A line that both changed: mine and theirs; `None` took it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// Which article.
    pub product: ProductId,
    /// Typed here.
    pub mine: Option<i64>,
    /// Saved by somebody else.
    pub theirs: Option<i64>,
}

/// How many of a product all lines together hold.
pub fn of(lines: &[(ProductId, i64)], id: ProductId) -> Option<i64> {
    let found = lines.iter().filter(|(product, _)| *product == id).map(|(_, quantity)| *quantity);
    found.reduce(i64::saturating_add)
}

/// Puts both together. What both changed stays as typed here until somebody chooses.
pub fn merge(
    base: &[(ProductId, i64)],
    mine: &[(ProductId, i64)],
    theirs: &[(ProductId, i64)],
) -> (Quantities, Vec<Conflict>) {
    let (mut lines, mut conflicts) = (Quantities::new(), Vec::new());
    let mut seen = Vec::new();
    for (product, _) in mine.iter().chain(theirs).chain(base) {
        if seen.contains(product) {
            continue;
        }
        seen.push(*product);
        let (before, here, there) = (of(base, *product), of(mine, *product), of(theirs, *product));
        let stands = if here == before { there } else { here };
        if here != before && there != before && here != there {
            conflicts.push(Conflict { product: *product, mine: here, theirs: there });
        }
        if let Some(quantity) = stands {
            lines.push((*product, quantity));
        }
    }
    (lines, conflicts)
}

/// Where two lists differ, when nobody knows any more what was there before.
pub fn differences(mine: &[(ProductId, i64)], theirs: &[(ProductId, i64)]) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    for (product, _) in mine.iter().chain(theirs) {
        let conflict = Conflict { product: *product, mine: of(mine, *product), theirs: of(theirs, *product) };
        if conflict.mine != conflict.theirs && !found.contains(&conflict) {
            found.push(conflict);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(list: &[(i64, i64)]) -> Quantities {
        list.iter().map(|(product, quantity)| (ProductId(*product), *quantity)).collect()
    }

    #[test]
    fn what_one_changed_alone_stands() {
        let base = lines(&[(1, 2), (2, 1), (3, 5)]);
        // Here: one more of 1, 4 is new. There: 2 was taken off, 5 is new.
        let (merged, conflicts) =
            merge(&base, &lines(&[(1, 3), (2, 1), (3, 5), (4, 1)]), &lines(&[(1, 2), (3, 5), (5, 7)]));
        assert_eq!(merged, lines(&[(1, 3), (3, 5), (4, 1), (5, 7)]));
        assert!(conflicts.is_empty());
    }

    #[test]
    fn what_differs_is_told_once() {
        let told = differences(&lines(&[(1, 2), (1, 1), (2, 1), (3, 4)]), &lines(&[(1, 3), (2, 5), (4, 7)]));
        let told: Vec<_> = told.iter().map(|c| (c.product.0, c.mine, c.theirs)).collect();
        assert_eq!(told, [(2, Some(1), Some(5)), (3, Some(4), None), (4, None, Some(7))]);
    }

    #[test]
    fn what_both_changed_waits_for_a_choice() {
        let base = lines(&[(1, 2), (2, 1)]);
        let (merged, conflicts) = merge(&base, &lines(&[(1, 3)]), &lines(&[(1, 4), (2, 1)]));
        assert_eq!(merged, lines(&[(1, 3)]), "2 was taken off here alone");
        assert_eq!(conflicts, [Conflict { product: ProductId(1), mine: Some(3), theirs: Some(4) }]);
        let (merged, conflicts) = merge(&base, &lines(&[(1, 5), (2, 1)]), &lines(&[(2, 1)]));
        assert_eq!((merged.len(), conflicts[0].theirs), (2, None));
        assert!(merge(&base, &lines(&[(1, 9), (2, 1)]), &lines(&[(1, 9), (2, 1)])).1.is_empty(), "both meant the same");
    }
}
