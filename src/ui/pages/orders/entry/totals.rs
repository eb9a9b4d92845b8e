//! What the order comes to while it is written: the same exact arithmetic as the server's.

use crate::shared::{Money, VatRate};

/// The amounts of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// VAT included.
    pub ttc: Money,
    /// Without VAT.
    pub ht: Money,
    /// The VAT inside, rate by rate, lowest rate first.
    pub vat: Vec<(VatRate, Money)>,
}

/// Adds up lines of (unit price, VAT rate, quantity): the VAT is taken once per rate, from the sum.
/// `None` beyond what can be counted.
pub fn totals(lines: impl IntoIterator<Item = (Money, VatRate, i64)>) -> Option<Totals> {
    let mut by_rate: Vec<(VatRate, Money)> = Vec::new();
    for (price, rate, quantity) in lines {
        let amount = price.times(quantity)?;
        match by_rate.iter_mut().find(|(r, _)| *r == rate) {
            Some((_, sum)) => sum.0 = sum.0.checked_add(amount.0)?,
            None => by_rate.push((rate, amount)),
        }
    }
    by_rate.sort_by_key(|(rate, _)| *rate);
    let ttc = by_rate.iter().try_fold(0_i64, |sum, (_, amount)| sum.checked_add(amount.0)).map(Money)?;
    let vat: Vec<_> = by_rate.into_iter().map(|(rate, amount)| (rate, rate.inside(amount))).collect();
    let ht = Money(ttc.0 - vat.iter().map(|(_, inside)| inside.0).sum::<i64>());
    Some(Totals { ttc, ht, vat })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tax_is_taken_once_per_rate() {
        let lines = [(Money(333), VatRate(550), 3), (Money(1200), VatRate(2000), 2), (Money(101), VatRate(550), 1)];
        let sums = totals(lines).expect("countable");
        assert_eq!(sums.ttc, Money(3500));
        assert_eq!(sums.vat, [(VatRate(550), Money(57)), (VatRate(2000), Money(400))]);
        assert_eq!(sums.ht, Money(3043));
    }

    #[test]
    fn nothing_and_too_much() {
        assert_eq!(totals([]), Some(Totals::default()));
        assert_eq!(totals([(Money(i64::MAX / 2), VatRate(0), 3)]), None);
    }
}
