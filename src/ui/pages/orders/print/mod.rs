//! What is printed: pages that are read on the screen too, with a style sheet for A4 (`style/print.css`).

mod note;
mod picking;

pub use note::DeliveryNotePage;
pub use picking::PickingPage;

use leptos::prelude::*;

use crate::ui::components::{Button, ButtonKind, Glyph};

/// Opens the browser's own printing. Not there without JavaScript: the browser's menu does the same.
#[component]
fn PrintButton() -> impl IntoView {
    view! {
        <span class="needs-script">
            <Button
                kind=ButtonKind::Primary
                icon=Glyph::Printer
                text="Imprimer"
                on:click=move |_| {
                    // Fails only where the browser refuses to print at all.
                    let _ = window().print();
                }
            />
        </span>
    }
}
