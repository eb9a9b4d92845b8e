//! Round numbers for an axis of amounts.

use crate::shared::Money;
use crate::shared::money::Currency;

/// An axis from zero to a round amount, in a few equal steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Minor units of one step.
    step: i64,
    /// How many there are.
    steps: i64,
}

/// The fewest and the most steps.
const STEPS: (i64, i64) = (3, 5);

impl Scale {
    /// The lowest round axis that holds `largest`; never finer than one whole unit of the currency.
    pub fn of(largest: Money) -> Self {
        let unit = 10_i64.pow(u32::from(Currency::current().exponent));
        let units = largest.0.max(0).div_euclid(unit) + i64::from(largest.0.max(0) % unit > 0);
        let mut power = 1;
        loop {
            // In tenths: 1, 2, 2.5 and 5, the third only where it is whole.
            for tenths in [10, 20, 25, 50] {
                let step = tenths * power / 10;
                let steps = (units + step - 1).div_euclid(step).max(STEPS.0);
                if tenths * power % 10 == 0 && steps <= STEPS.1 {
                    return Self { step: step * unit, steps };
                }
            }
            power *= 10;
        }
    }

    /// The largest amount of the axis.
    pub fn top(self) -> Money {
        Money(self.step * self.steps)
    }

    /// The amounts to write, from the top down to zero, each with how far down it stands, in percent of the axis.
    pub fn ticks(self) -> impl Iterator<Item = (f64, Money)> {
        (0..=self.steps).map(move |i| (i as f64 * 100.0 / self.steps as f64, Money(self.step * (self.steps - i))))
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
        for (largest, top) in [
            (0, 300),
            (350, 400),
            (401, 500),
            (501, 600),
            (99_900, 100_000),
            (100_001, 125_000),
            (123_456, 125_000),
            (1_000_000, 1_000_000),
        ] {
            let scale = Scale::of(Money(largest));
            assert_eq!(scale.top(), Money(top), "{largest}");
            assert!(scale.height(Money(largest)) <= 100.0);
        }
    }

    #[test]
    fn little_of_it_is_empty() {
        for units in 3..20_000 {
            let scale = Scale::of(Money(units * 100));
            let height = scale.height(Money(units * 100));
            assert!(height >= 66.0, "{units}: {height}");
            assert!((STEPS.0..=STEPS.1).contains(&(scale.ticks().count() as i64 - 1)), "{units}");
        }
    }
}
