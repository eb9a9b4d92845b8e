//! What is printed: pages that are read on the screen too, with a style sheet for A4 (`style/print.css`).

mod note;
mod picking;

pub use note::DeliveryNotePage;
pub use picking::{PATH as PICKING, PickingPage};

use leptos::prelude::*;

use crate::ui::components::{Button, ButtonKind, Glyph};

/// What stands above the second page of a sheet and those after it: on paper they come apart. The first page has its
/// own head.
#[component]
fn RunningHead(
    /// What the sheet is, and which one.
    text: String,
) -> impl IntoView {
    let content = css_text(&text);
    let rules = format!("@page{{@top-left{{content:\"{content}\"}}}}@page :first{{@top-left{{content:none}}}}");
    view! { <style inner_html=rules></style> }
}

/// A text between the quotes of a style sheet: nothing in it ends the text, or the sheet.
fn css_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '.' | '-') {
            safe.push(c);
        } else {
            // The space ends the number.
            safe.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    safe
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_the_style_sheet() {
        assert_eq!(css_text("Bon CMD-1, M. Roux"), "Bon CMD-1, M. Roux");
        assert_eq!(css_text("Thé"), "Th\\e9 ");
        assert_eq!(css_text("a\"}</style>"), "a\\22 \\7d \\3c \\2f style\\3e ");
        assert_eq!(css_text("\\\n"), "\\5c \\a ");
    }
}
