//! Small drawings next to a figure.

use std::fmt::Write;

use leptos::prelude::*;

use crate::shared::{Day, Period};
use crate::ui::format::{day_with_weekday, period};

/// The course of a figure, without any axis; a pointer over it reads a day. A table says the same to those who do not
/// see it.
#[component]
pub fn Sparkline(
    /// The figure, day by day.
    days: Vec<(Day, f64)>,
    /// How people read it.
    read: fn(f64) -> String,
) -> impl IntoView {
    let drawn = thin_out(&days, DRAWN);
    let width = 100.0 / drawn.len().max(1) as f64;
    let slots = drawn.iter().enumerate().map(|(i, (words, value))| {
        let words = format!("{words}\u{a0}: {}", read(*value));
        view! {
            <rect class="sparkline-slot" x=format!("{:.2}", i as f64 * width) width=format!("{width:.2}") height="32">
                <title>{words}</title>
            </rect>
        }
    });
    let slots = slots.collect::<Vec<_>>();
    let values: Vec<_> = drawn.iter().map(|(_, value)| *value).collect();
    let largest = values.iter().copied().fold(0.0, f64::max);
    let mut path = String::new();
    let last = values.len().saturating_sub(1).max(1) as f64;
    for (i, value) in values.iter().enumerate() {
        let y = if largest > 0.0 { 30.0 - value / largest * 28.0 } else { 30.0 };
        let _ = write!(path, "{}{:.1} {y:.1}", if i == 0 { 'M' } else { 'L' }, i as f64 * 100.0 / last);
    }
    if values.len() == 1 {
        // One day has no course: a level line.
        path.push_str(if largest > 0.0 { "L100 2" } else { "L100 30" });
    }
    let area = format!("{path}L100 32L0 32Z");
    view! {
        <svg class="sparkline" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
            <path class="chart-area" d=area></path>
            <path class="chart-line" d=path></path>
            {slots}
        </svg>
    }
}

/// More days than these are drawn several as one.
const DRAWN: usize = 60;

/// At most `most` values, each with its days in words: means of as many neighbours as it takes.
fn thin_out(days: &[(Day, f64)], most: usize) -> Vec<(String, f64)> {
    let each = days.len().div_ceil(most).max(1);
    let mean = |chunk: &[(Day, f64)]| {
        let (first, last) = (chunk[0].0, chunk[chunk.len() - 1].0);
        let words = match first == last {
            true => day_with_weekday(first),
            false => format!("{}, par jour", period(Period { start: first, end: last })),
        };
        (words, chunk.iter().map(|(_, value)| value).sum::<f64>() / chunk.len() as f64)
    };
    days.chunks(each).map(mean).collect()
}

/// A part of a whole as a bar; the figure stands next to it.
#[component]
pub fn ShareBar(
    /// 0…100.
    percent: f64,
) -> impl IntoView {
    let width = percent.clamp(0.0, 100.0);
    view! {
        <svg class="share-bar" width="100%" height="6" aria-hidden="true">
            <rect class="share-all" width="100%" height="6" rx="3"></rect>
            <rect class="share-part" width=format!("{width:.1}%") height="6" rx="3"></rect>
        </svg>
    }
}
