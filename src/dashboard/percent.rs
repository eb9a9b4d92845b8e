//! Percentages as the dashboard tells them: one decimal, half away from zero.

/// Change from `before` to `now` in percent, one decimal; `None` without a before.
pub fn change_pct(now: i64, before: i64) -> Option<f64> {
    (before != 0).then(|| one_decimal((now - before) as f64 * 100.0 / before as f64))
}

/// `part` of `whole` in percent, one decimal; zero of nothing.
pub fn share_pct(part: i64, whole: i64) -> f64 {
    if whole == 0 { 0.0 } else { one_decimal(part as f64 * 100.0 / whole as f64) }
}

/// What each part is of all of them in percent, one decimal, so that they add up to 100.0 (largest remainder; of equals
/// the first); zeros of nothing.
pub fn shares_pct(parts: &[i64]) -> Vec<f64> {
    tenths_of(parts).into_iter().map(|tenths| tenths as f64 / 10.0).collect()
}

fn tenths_of(parts: &[i64]) -> Vec<i64> {
    const ALL: i128 = 1000;
    let whole: i128 = parts.iter().map(|part| i128::from(*part)).sum();
    if whole <= 0 {
        return vec![0; parts.len()];
    }
    let scaled = |part: i64| i128::from(part) * ALL;
    let mut tenths: Vec<i128> = parts.iter().map(|part| scaled(*part).div_euclid(whole)).collect();
    let left = usize::try_from(ALL - tenths.iter().sum::<i128>()).unwrap_or_default();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(scaled(parts[*at]).rem_euclid(whole)));
    for at in order.into_iter().take(left) {
        tenths[at] += 1;
    }
    tenths.into_iter().map(|tenths| i64::try_from(tenths).unwrap_or_default()).collect()
}

fn one_decimal(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percentages() {
        assert_eq!(change_pct(150, 100), Some(50.0));
        assert_eq!(change_pct(2, 3), Some(-33.3));
        assert_eq!(change_pct(5, 0), None);
        assert_eq!(share_pct(1, 3), 33.3);
        assert_eq!(share_pct(1, 0), 0.0);
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(shares_pct(&[1, 1, 1]), [33.4, 33.3, 33.3]);
        assert_eq!(shares_pct(&[2, 1, 0]), [66.7, 33.3, 0.0]);
        assert_eq!(shares_pct(&[1, 1, 1, 1, 1, 1, 1]), [14.3, 14.3, 14.3, 14.3, 14.3, 14.3, 14.2]);
        assert_eq!((shares_pct(&[0, 0]), shares_pct(&[])), (vec![0.0, 0.0], vec![]));
    }

    proptest! {
        #[test]
        fn shares_add_up_near_what_they_are(parts in vec(prop_oneof![0..4_i64, 0..10_000_000_000_i64], 0..120)) {
            let whole: i64 = parts.iter().sum();
            let tenths = tenths_of(&parts);
            prop_assert_eq!(tenths.iter().sum::<i64>(), if whole == 0 { 0 } else { 1000 });
            for (n, (part, share)) in parts.iter().zip(&tenths).enumerate() {
                let off = i128::from(*share) * i128::from(whole) - i128::from(*part) * 1000;
                prop_assert!(off.abs() <= i128::from(whole), "{} of {} is not {} tenths", part, whole, share);
                for (other, others) in parts.iter().zip(&tenths).skip(n + 1) {
                    prop_assert!(part < other || share >= others, "who has more, or comes first of equals, has no less");
                }
            }
        }
    }
}
