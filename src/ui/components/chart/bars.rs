//! Turnover through time: bars, or a line when there are many days.

use std::fmt::Write;

use leptos::prelude::*;

use super::drawing;
use super::scale::Scale;
use crate::shared::Money;

/// One day (or month) of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSlot {
    /// On the axis: `14 nov.`
    pub short: String,
    /// In full: `samedi 14 novembre`.
    pub name: String,
    /// How high.
    pub amount: Money,
    /// What is read of it besides the amount: `12 commandes · 34 articles`.
    pub more: String,
    /// Where its figure leads.
    pub href: String,
}

impl ChartSlot {
    fn words(&self) -> String {
        format!("{} : {} · {}", self.name, self.amount.display(), self.more)
    }
}

/// The chart. Inside a `Readable`, a pointer over it or the arrow keys on it read a slot in the line above; a click or
/// Enter opens what it counts. Without JavaScript it is a picture, and the table under it says the same.
#[component]
pub fn SalesChart(
    /// The slots, oldest first; not empty.
    slots: Vec<ChartSlot>,
    /// What it shows, in a sentence, for those who do not see it.
    summary: String,
    /// What stands in the line above while no slot is read.
    idle: String,
) -> impl IntoView {
    let scale = Scale::of(slots.iter().map(|slot| slot.amount).max().unwrap_or_default());
    let (plot, axis, amounts) = (drawing::plot(&slots, scale), drawing::axis(&slots, 8), drawing::amounts(scale));
    let lines = |line: fn(&ChartSlot) -> String| slots.iter().map(line).collect::<Vec<_>>().join("\n");
    let (words, hrefs) = (lines(ChartSlot::words), lines(|slot| slot.href.clone()));
    let last = slots.last().map(ChartSlot::words);
    view! {
        <div class="chart">
            <p class="chart-reading figures">{idle.clone()}</p>
            <div class="chart-frame">
                <svg class="chart-amounts" aria-hidden="true" inner_html=amounts></svg>
                <div class="chart-plot">
                    <svg width="100%" height="100%" role="img" aria-label=summary inner_html=plot></svg>
                    <svg class="chart-marks" width="100%" height="100%" aria-hidden="true"></svg>
                    // What is read of it, a line a slot: see `Readable`.
                    <div
                        class="chart-reader"
                        // Until the page wakes up.
                        hidden=true
                        role="slider"
                        tabindex="0"
                        aria-label="Lire le graphique jour par jour"
                        aria-valuemin="1"
                        aria-valuemax=slots.len().to_string()
                        aria-valuenow=slots.len().to_string()
                        aria-valuetext=last
                        data-idle=idle.clone()
                        data-words=words
                        data-hrefs=hrefs
                        data-marks=marks(&slots, scale)
                    ></div>
                </div>
                <svg class="chart-axis" aria-hidden="true" inner_html=axis></svg>
            </div>
        </div>
    }
}

/// How each slot is marked over the picture, a line each.
fn marks(slots: &[ChartSlot], scale: Scale) -> String {
    let mut marks = String::with_capacity(slots.len() * 96);
    for (i, slot) in slots.iter().enumerate() {
        let (left, width) = drawing::place(i, slots.len());
        let between = if i > 0 { "\n" } else { "" };
        let _ = write!(
            marks,
            r#"{between}<rect class="chart-band" x="{left:.3}%" y="0" width="{width:.3}%" height="100%"/>"#
        );
        if !drawing::as_bars(slots.len()) {
            let (x, y) = (left + width / 2.0, 100.0 - scale.height(slot.amount));
            let _ = write!(marks, r#"<circle class="chart-point" cx="{x:.3}%" cy="{y:.2}%" r="4"/>"#);
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_has_its_mark() {
        let slot = |n: i64| ChartSlot {
            short: n.to_string(),
            name: n.to_string(),
            amount: Money(n * 100),
            more: String::new(),
            href: String::new(),
        };
        let slots: Vec<_> = (0..70).map(slot).collect();
        let scale = Scale::of(Money(6_900));
        let few = marks(&slots[..3], scale);
        assert_eq!(few.lines().count(), 3);
        assert!(!few.contains("circle"), "bars are marked by their band alone");
        assert!(marks(&slots, scale).lines().all(|line| line.contains("chart-band") && line.contains("chart-point")));
    }
}
