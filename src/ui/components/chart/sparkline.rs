//! Small drawings next to a figure.

use std::fmt::Write;

use leptos::prelude::*;

/// The course of a figure, without any axis: decoration for those who see it.
#[component]
pub fn Sparkline(
    /// The figure, day by day.
    values: Vec<f64>,
) -> impl IntoView {
    let values = thin_out(values, 60);
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
        </svg>
    }
}

/// At most `most` values: means of as many neighbours as it takes.
fn thin_out(values: Vec<f64>, most: usize) -> Vec<f64> {
    let each = values.len().div_ceil(most).max(1);
    values.chunks(each).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect()
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
