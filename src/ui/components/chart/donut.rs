//! Parts of a whole as a ring. The table beside it says the same in figures.

use leptos::prelude::*;
use leptos::svg;

/// A part of the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// What it is called.
    pub name: String,
    /// Its figure, as people read it: `1 234,50 €`.
    pub value: String,
    /// How much of the whole, 0…1.
    pub share: f64,
    /// Where it leads.
    pub href: String,
}

/// Hues of the ring; more parts than these are put together by [`at_most`].
pub const HUES: usize = 6;

/// The class that gives a part of a ring, and its row in the table, the same colour; counted from 0.
pub fn hue(part: usize) -> String {
    format!("donut-{}", part % HUES)
}

/// Between two parts, in hundredths of the ring.
const GAP: f64 = 0.7;

/// No part is drawn shorter than this: it would not be seen.
const SHORTEST: f64 = 1.0;

/// Where each part begins and how long it is drawn, in hundredths of the ring.
fn arcs(slices: &[Slice]) -> Vec<(f64, f64)> {
    let whole: f64 = slices.iter().map(|slice| slice.share.max(0.0)).sum();
    let gap = if slices.len() > 1 { GAP } else { 0.0 };
    let mut from = 0.0_f64;
    let each = slices.iter().map(|slice| {
        let length = if whole > 0.0 { slice.share.max(0.0) * 100.0 / whole } else { 0.0 };
        let drawn = (length - gap).max(SHORTEST);
        // The last one does not run over the first.
        let begin = from.min(100.0 - gap - drawn).max(0.0);
        from += length;
        (begin, drawn)
    });
    each.collect()
}

/// The first ones alone, the others as one. `rest`: what they come to, as people read it.
pub fn at_most(mut slices: Vec<Slice>, most: usize, rest: impl FnOnce(usize) -> Slice) -> Vec<Slice> {
    if slices.len() > most {
        let kept = most.saturating_sub(1);
        let mut other = rest(kept);
        other.share = slices.drain(kept..).map(|slice| slice.share).sum();
        slices.push(other);
    }
    slices
}

/// The ring: each part is a link to what it counts. Inside a `Readable`, a pointer over a part or the focus on it reads it
/// in the middle.
#[component]
pub fn Donut(
    /// The parts, the largest first; at most [`HUES`] of them.
    slices: Vec<Slice>,
    /// What it shows, in a sentence, for those who do not see it.
    #[prop(into)]
    summary: String,
    /// What stands in the middle while no part is read: name and figure.
    #[prop(into)]
    idle: (String, String),
) -> impl IntoView {
    let drawn = arcs(&slices);
    let parts = slices.iter().zip(drawn).enumerate().map(|(i, (slice, (begin, length)))| {
        let words = format!("{} : {}", slice.name, slice.value);
        let arc = view! {
            <circle
                cx="50"
                cy="50"
                r="40"
                pathLength="100"
                stroke-dasharray=format!("{length:.2} {:.2}", 100.0 - length)
                stroke-dashoffset=format!("{:.2}", -begin)
            ></circle>
        };
        // Not `view!`, which takes it for a link of HTML.
        svg::a()
            .class(format!("donut-part {}", hue(i)))
            .attr("href", slice.href.clone())
            .attr("aria-label", words)
            .attr("data-name", slice.name.clone())
            .attr("data-value", slice.value.clone())
            .child(arc)
    });
    let parts = parts.collect::<Vec<_>>();
    let (name, value) = idle;
    view! {
        <div class="donut">
            <svg class="donut-ring" viewBox="0 0 100 100" role="group" aria-label=summary>
                {parts}
            </svg>
            <p class="donut-reading" aria-hidden="true" data-name=name.clone() data-value=value.clone()>
                <span class="donut-name">{name.clone()}</span>
                <span class="donut-value figures">{value.clone()}</span>
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(name: &str, share: f64) -> Slice {
        Slice { name: name.into(), value: String::new(), share, href: String::new() }
    }

    #[test]
    fn parts_follow_each_other_around_the_ring() {
        let drawn = arcs(&[slice("a", 0.5), slice("b", 0.25), slice("c", 0.25)]);
        let begins: Vec<_> = drawn.iter().map(|(begin, _)| begin.round()).collect();
        assert_eq!(begins, [0.0, 50.0, 75.0]);
        assert!((drawn[0].1 - (50.0 - GAP)).abs() < 0.001);
        assert_eq!(arcs(&[slice("a", 1.0)]), [(0.0, 100.0)], "one part is the whole ring");
        assert!(arcs(&[slice("a", 0.9999), slice("b", 0.0001)])[1].1 > 0.0, "the smallest is seen");
    }

    #[test]
    fn what_is_too_many_is_put_together() {
        let all = vec![slice("a", 0.4), slice("b", 0.3), slice("c", 0.2), slice("d", 0.1)];
        let few = at_most(all.clone(), 3, |kept| slice(&format!("{kept} gardées"), 0.0));
        assert_eq!(few.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["a", "b", "2 gardées"]);
        assert!((few[2].share - 0.3).abs() < 1e-9);
        assert_eq!(at_most(all, 4, |_| slice("x", 0.0)).len(), 4);
    }
}
