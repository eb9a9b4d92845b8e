//! The icons of the product: drawn inline (paths of Lucide, ISC licence), only those that are used.

mod paths;

use leptos::prelude::*;

/// One icon: what is inside its `<svg viewBox="0 0 24 24">`. Each is decoration: the words next to it, or a visually
/// hidden text, say what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph(&'static str);

/// Draws an icon, 16 px by default, in the colour of the text around it; hidden from screen readers.
#[component]
pub fn Icon(
    /// Which one.
    of: Glyph,
    /// Side in pixels.
    #[prop(default = 16)]
    size: u8,
) -> impl IntoView {
    let side = size.to_string();
    view! {
        <svg
            class="icon"
            width=side.clone()
            height=side
            viewBox="0 0 24 24"
            aria-hidden="true"
            inner_html=of.0
        ></svg>
    }
}
