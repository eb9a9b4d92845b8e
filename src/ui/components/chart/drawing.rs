//! The parts of a chart that never change once drawn, as one piece of SVG text: hundreds of bars cost the
//! browser's program nothing.

use std::fmt::Write;

use super::ChartSlot;
use super::scale::Scale;

/// From here on a line reads better than bars.
const MOST_BARS: usize = 62;

/// Whether so many slots are drawn as bars.
pub(super) fn as_bars(slots: usize) -> bool {
    slots <= MOST_BARS
}

/// Where the slot `i` of `n` lies: left edge and width, in percent.
pub(super) fn place(i: usize, n: usize) -> (f64, f64) {
    let width = 100.0 / n.max(1) as f64;
    (i as f64 * width, width)
}

/// Grid lines and bars, or a line with the area under it.
pub(super) fn plot(slots: &[ChartSlot], scale: Scale) -> String {
    let mut svg = String::with_capacity(slots.len() * 96 + 512);
    for (y, _) in scale.ticks() {
        // A line on the very edge would be cut in half.
        let y = y.clamp(0.2, 99.8);
        let _ = write!(svg, r#"<line class="chart-grid" x1="0" x2="100%" y1="{y:.1}%" y2="{y:.1}%"/>"#);
    }
    if as_bars(slots.len()) {
        bars(&mut svg, slots, scale);
    } else {
        line(&mut svg, slots, scale);
    }
    svg
}

fn bars(svg: &mut String, slots: &[ChartSlot], scale: Scale) {
    for (i, slot) in slots.iter().enumerate() {
        let (left, width) = place(i, slots.len());
        let height = scale.height(slot.amount);
        if height > 0.0 {
            // One day sold is seen, however little.
            let height = height.max(0.8);
            // A single day is no wall.
            let bar = (width * 0.68).min(6.0);
            let (x, width) = (left + (width - bar) / 2.0, bar);
            let _ = write!(
                svg,
                r#"<rect class="chart-bar" x="{x:.3}%" y="{:.2}%" width="{width:.3}%" height="{height:.2}%" rx="2"/>"#,
                100.0 - height
            );
        }
    }
}

/// Points need numbers, not percentages: an inner drawing of 1000 × 1000 is stretched over the plot.
fn line(svg: &mut String, slots: &[ChartSlot], scale: Scale) {
    let mut points = String::with_capacity(slots.len() * 14);
    for (i, slot) in slots.iter().enumerate() {
        let (left, width) = place(i, slots.len());
        let x = (left + width / 2.0) * 10.0;
        let y = (100.0 - scale.height(slot.amount)) * 10.0;
        let _ = write!(points, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
    }
    let (first, _) = place(0, slots.len());
    let (last, width) = place(slots.len() - 1, slots.len());
    let (first, last) = ((first + width / 2.0) * 10.0, (last + width / 2.0) * 10.0);
    let _ = write!(
        svg,
        r#"<svg viewBox="0 0 1000 1000" width="100%" height="100%" preserveAspectRatio="none"><path class="chart-area" d="{points}L{last:.1} 1000L{first:.1} 1000Z"/><path class="chart-line" d="{points}"/></svg>"#
    );
}

/// Words longer than these (`30 sept.`, not `sept. 2026`) need more room on a phone.
const SHORT_WORD: usize = 8;

/// The words under the plot: at most `most` of them, evenly spread, none cut at the edges. A tablet shows four of
/// them, a phone three, or two long ones.
pub(super) fn axis(slots: &[ChartSlot], most: usize) -> String {
    let mut svg = String::new();
    let step = |words: usize| slots.len().div_ceil(words).max(1);
    let every = step(most);
    let long = slots.iter().any(|slot| slot.short.chars().count() > SHORT_WORD);
    let (some, few) = (step(4), step(if long { 2 } else { 3 }));
    let (mut in_some, mut in_few) = (0, 0);
    for i in (0..slots.len()).step_by(every) {
        let (left, width) = place(i, slots.len());
        let middle = left + width / 2.0;
        // Only the first and the last could be cut by the edges.
        let (x, anchor) = if i == 0 && middle < 4.0 {
            (left, "start")
        } else if i + 1 == slots.len() && middle > 96.0 {
            (100.0, "end")
        } else {
            (middle, "middle")
        };
        // On narrow screens only some of them have room.
        let wide = if i >= in_some {
            in_some = i + some;
            ""
        } else {
            " chart-word-wide"
        };
        let phone = if i >= in_few {
            in_few = i + few;
            "few"
        } else {
            "more"
        };
        let _ = write!(
            svg,
            r#"<text class="chart-word{wide} chart-word-{phone}" x="{x:.2}%" y="14" text-anchor="{anchor}">{}</text>"#,
            slots[i].short
        );
    }
    svg
}

/// The words at the left of the plot.
pub(super) fn amounts(scale: Scale) -> String {
    let mut svg = String::new();
    for (y, amount) in scale.ticks() {
        // The top one hangs below its line, the bottom one stands on it.
        let shift = if y == 0.0 { "0.8em" } else { "0.32em" };
        let _ = write!(
            svg,
            r#"<text class="chart-word" x="100%" y="{y}%" dy="{shift}" text-anchor="end">{}</text>"#,
            amount.display_whole()
        );
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Money;

    /// Which slots of so many a phone names.
    fn on_a_phone(slots: usize, word: &str) -> Vec<usize> {
        let slot = |n: usize| ChartSlot {
            short: format!("{word}{n:03}"),
            name: String::new(),
            amount: Money(0),
            more: String::new(),
            href: String::new(),
        };
        let drawn = axis(&(0..slots).map(slot).collect::<Vec<_>>(), 8);
        let few = drawn.split("</text>").filter(|text| text.contains("chart-word-few"));
        few.filter_map(|text| text.rsplit_once(word)?.1.parse().ok()).collect()
    }

    #[test]
    fn words_on_a_phone_keep_apart() {
        assert_eq!(on_a_phone(30, "nov."), [0, 12, 24]);
        assert_eq!(on_a_phone(7, "nov."), [0, 3, 6]);
        assert_eq!(on_a_phone(14, "novembre "), [0, 8], "long ones more so");
    }
}
