//! What one sends to move a stock or to set its threshold, checked: pure, so that the screens name the
//! same faults before sending.

use super::model::MoveKind;
use crate::error::{AppError, AppResult, ErrorCode, FieldError};
use crate::products::model::MAX_STOCK;
use crate::shared::audit::READ_ONLY;
use crate::shared::fields::Sent;
use crate::shared::{Fields, ProductId};

/// The kinds that people enter; `vente` comes from orders alone.
pub const BY_HAND: [MoveKind; 4] = [MoveKind::Entree, MoveKind::Sortie, MoveKind::Ajustement, MoveKind::Retour];

/// A movement that cannot be wrong in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidMovement {
    /// Which product.
    pub product: ProductId,
    /// Why.
    pub kind: MoveKind,
    /// How many; for an `ajustement` the quantity that was counted.
    pub quantity: i64,
    /// A word about it.
    pub motif: Option<String>,
}

impl ValidMovement {
    /// `{product_id, type, quantite, motif?}`; `kind`: what the address says already, in place of `type`.
    pub fn read(mut f: Fields, kind: Option<MoveKind>) -> AppResult<Self> {
        let kind = kind.unwrap_or_else(|| {
            let by_hand = |text: &str| MoveKind::parse(text).filter(|kind| BY_HAND.contains(kind));
            let kind = f.choice("type", by_hand, "entree, sortie, retour, ajustement (vente vient des commandes)");
            f.required("type", kind).unwrap_or(MoveKind::Entree)
        });
        let product = f.id("product_id");
        let product = f.required("product_id", product);
        let least = if kind == MoveKind::Ajustement { 0 } else { 1 };
        let quantity = f.integer("quantite", least, MAX_STOCK);
        let quantity = f.required("quantite", quantity);
        let motif = f.paragraph("motif", 5_000).value();
        f.finish()?;
        Ok(Self { product: product.unwrap_or(ProductId(0)), kind, quantity: quantity.unwrap_or_default(), motif })
    }
}

/// `{seuil_alerte?}`; the read-only members of the answer are ignored.
pub fn read_threshold(mut f: Fields) -> AppResult<Sent<i64>> {
    let threshold = f.integer("seuil_alerte", 0, MAX_STOCK);
    f.kept("seuil_alerte", &threshold);
    f.ignore(READ_ONLY);
    f.ignore(&["product_id", "product", "quantite", "quantite_reservee", "quantite_disponible", "statut"]);
    f.finish()?;
    Ok(threshold)
}

/// What the shelf refuses is told where the quantity is typed.
pub fn at_quantity(mut error: AppError) -> AppError {
    if matches!(error.code, ErrorCode::InsufficientStock | ErrorCode::StockReserved) && error.errors.is_empty() {
        let (code, message) = (error.code.as_str().to_owned(), error.detail.clone());
        error.errors.push(FieldError { champ: "quantite".to_owned(), code, message });
    }
    error
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: serde_json::Value) -> AppResult<ValidMovement> {
        ValidMovement::read(Fields::of_body(body)?, None)
    }

    #[test]
    fn a_count_may_be_zero_and_nothing_else_may() {
        let counted = read(json!({"product_id": 3, "type": "ajustement", "quantite": 0})).expect("a count");
        assert_eq!((counted.kind, counted.quantity, counted.motif), (MoveKind::Ajustement, 0, None));
        for kind in ["entree", "sortie", "retour"] {
            let refused = read(json!({"product_id": 3, "type": kind, "quantite": 0})).expect_err(kind);
            assert!(refused.message_for("quantite").is_some(), "{kind}");
        }
        let sold = read(json!({"product_id": 3, "type": "vente", "quantite": 1})).expect_err("vente");
        assert!(sold.message_for("type").is_some());
    }

    #[test]
    fn a_short_shelf_is_told_at_the_quantity() {
        let told = at_quantity(AppError::new(ErrorCode::InsufficientStock, "Il n'y en a que 2 de disponibles."));
        assert_eq!(told.message_for("quantite"), Some("Il n'y en a que 2 de disponibles."));
        assert!(at_quantity(AppError::forbidden()).errors.is_empty());
    }
}
