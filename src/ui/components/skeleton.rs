//! The place of something that is on its way, in its final size.

use leptos::prelude::*;

/// A grey bar. Its size comes from utility classes: `<Skeleton class="h-9 w-32"/>`.
#[component]
pub fn Skeleton(
    /// Height and width.
    #[prop(into)]
    class: String,
) -> impl IntoView {
    view! { <span class=format!("skeleton {class}") aria-hidden="true"></span> }
}

/// Rows of a table to come: use inside `<tbody>`.
#[component]
pub fn SkeletonRows(
    /// How many rows.
    #[prop(default = 8)]
    rows: usize,
    /// How many columns.
    columns: usize,
) -> impl IntoView {
    let row = || {
        let cells: Vec<_> = (0..columns).map(|_| view! { <td><Skeleton class="h-3 w-3/4 max-w-40"/></td> }).collect();
        view! { <tr aria-hidden="true">{cells}</tr> }
    };
    (0..rows).map(|_| row()).collect::<Vec<_>>()
}
