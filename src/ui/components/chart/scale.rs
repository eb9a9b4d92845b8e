//! Round numbers for an axis of amounts.

use crate::shared::Money;
use crate::shared::money::Currency;

/// An axis from zero to a round amount, in four equal steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Minor units of one step.
    step: i64,
}

impl Scale {
    /// How many steps there are.
    pub const STEPS: i64 = 4;

    /// The smallest round axis that holds `largest`; never finer than one whole unit of the currency.
    pub fn of(largest: Money) -> Self {
        let unit = 10_i64.pow(u32::from(Currency::current().exponent));
        let wanted = (largest.0.max(0) / unit + 1).div_euclid(Self::STEPS).max(1);
        let mut power = 1;
        loop {
            // In tenths: 1, 2, 2.5 and 5, the third only where it is whole.
            for tenths in [10, 20, 25, 50] {
                let step = tenths * power / 10;
                if tenths * power % 10 == 0 && step >= wanted && step * Self::STEPS * unit >= largest.0 {
                    return Self { step: step * unit };
                }
            }
            power *= 10;
        }
    }

    /// The largest amount of the axis.
    pub fn top(self) -> Money {
        Money(self.step * Self::STEPS)
    }

    /// The amounts to write, from the top down to zero.
    pub fn ticks(self) -> impl Iterator<Item = Money> {
        (0..=Self::STEPS).rev().map(move |i| Money(self.step * i))
    }

    /// How high an amount stands, in percent of the axis.
    pub fn height(self, amount: Money) -> f64 {
        (amount.0 as f64 * 100.0 / self.top().0 as f64).clamp(0.0, 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_and_large_enough() {
        for (largest, top) in
            [(0, 400), (350, 400), (401, 800), (99_900, 100_000), (123_456, 200_000), (1_000_000, 1_000_000)]
        {
            let scale = Scale::of(Money(largest));
            assert_eq!(scale.top(), Money(top), "{largest}");
            assert!(scale.height(Money(largest)) <= 100.0);
        }
    }
}
