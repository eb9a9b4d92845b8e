//! The balance through the movements shown, as a line of steps: drawn on the server, the table under it
//! says the same.

use std::fmt::Write;

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::stocks::model::Movement;
use crate::ui::format::number;

/// Side of the drawing, stretched over its place.
const SIDE: f64 = 1000.0;

/// What is drawn.
#[derive(Debug, PartialEq)]
struct Drawing {
    line: String,
    area: String,
    top: i64,
    /// Where the threshold lies, from the top.
    threshold: f64,
}

/// `points`: when (seconds) and the balance from then on, oldest first; `start`: the balance before them.
fn draw(points: &[(i64, i64)], start: i64, threshold: i64) -> Drawing {
    let top = points.iter().map(|(_, after)| *after).chain([start, threshold]).max().unwrap_or(1).max(1);
    let (first, last) = (points.first().map_or(0, |p| p.0), points.last().map_or(0, |p| p.0));
    let x = |at: i64| if last > first { (at - first) as f64 * SIDE / (last - first) as f64 } else { SIDE };
    let y = |n: i64| SIDE - n as f64 * SIDE / top as f64;
    let mut line = format!("M0 {:.1}", y(start));
    for (at, after) in points {
        let _ = write!(line, "H{:.1}V{:.1}", x(*at), y(*after));
    }
    let area = format!("{line}H{SIDE}V{SIDE}H0Z");
    Drawing { line, area, top, threshold: y(threshold) }
}

/// The line; nothing while there is no course to show.
#[component]
pub fn Balance(
    /// The movements shown, newest first.
    movements: Vec<Movement>,
    /// Alert at or below this.
    threshold: i64,
) -> impl IntoView {
    let (newest, oldest) = (movements.first()?.clone(), movements.last()?.clone());
    if movements.len() < 2 {
        return None;
    }
    let zone = expect_context::<PageContext>().zone;
    let points: Vec<_> = movements.iter().rev().map(|m| (m.created_at.timestamp(), m.stock_apres)).collect();
    let Drawing { line, area, top, threshold: y } = draw(&points, oldest.stock_avant, threshold);
    let (from, to) = (zone.display(oldest.created_at), zone.display(newest.created_at));
    let words = format!(
        "Solde en stock du {from} au {to} : de {} à {}, au plus {}.",
        number(oldest.stock_avant),
        number(newest.stock_apres),
        number(top)
    );
    Some(view! {
        <figure class="balance">
            <div class="balance-plot">
                <span class="balance-top figures" aria-hidden="true">
                    {number(top)}
                </span>
                <span class="balance-zero figures" aria-hidden="true">
                    "0"
                </span>
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label=words>
                    <line class="chart-grid" x1="0" x2="1000" y1="999" y2="999"></line>
                    <path class="chart-area" d=area></path>
                    <path class="chart-line" d=line></path>
                    {(threshold > 0)
                        .then(|| {
                            let y = format!("{y:.1}");
                            view! { <line class="balance-threshold" x1="0" x2="1000" y1=y.clone() y2=y></line> }
                        })}
                </svg>
            </div>
            <figcaption class="balance-days figures">
                <span>{from}</span>
                {(threshold > 0).then(|| view! { <span class="balance-legend">"Seuil " {number(threshold)}</span> })}
                <span>{to}</span>
            </figcaption>
        </figure>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_from_balance_to_balance() {
        let drawing = draw(&[(0, 10), (50, 5), (100, 20)], 0, 5);
        assert_eq!(drawing.top, 20);
        assert_eq!(drawing.line, "M0 1000.0H0.0V500.0H500.0V750.0H1000.0V0.0");
        assert!((drawing.threshold - 750.0).abs() < 0.01);
        assert!(draw(&[(7, 3), (7, 1)], 4, 0).line.starts_with("M0 0.0H1000.0V250.0"), "all at once");
    }
}
