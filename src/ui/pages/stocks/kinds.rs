//! How the kinds of movements look.

use leptos::prelude::*;

use crate::stocks::model::MoveKind;
use crate::ui::components::{Badge, Glyph, Tone};
use crate::ui::format::number;

/// Hue and icon of a kind.
pub fn mark(kind: MoveKind) -> (Tone, Glyph) {
    match kind {
        MoveKind::Entree => (Tone::Green, Glyph::Into),
        MoveKind::Sortie => (Tone::Amber, Glyph::OutOf),
        MoveKind::Ajustement => (Tone::Slate, Glyph::Count),
        MoveKind::Vente => (Tone::Blue, Glyph::Orders),
        MoveKind::Retour => (Tone::Violet, Glyph::Undo),
    }
}

/// Why a stock moved.
#[component]
pub fn KindBadge(
    /// The kind.
    kind: MoveKind,
) -> impl IntoView {
    let (tone, icon) = mark(kind);
    view! { <Badge tone icon text=kind.label()/> }
}

/// `+12`, `−3`, `0`
pub fn signed(n: i64) -> String {
    format!("{}{}", if n > 0 { "+" } else { "" }, number(n))
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn what_came_in_has_a_plus() {
        assert_eq!((signed(12), signed(-3), signed(0)), ("+12".into(), "−3".into(), "0".into()));
    }
}
