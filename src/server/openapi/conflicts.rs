//! Which 409s an operation has of its own: the states, names and stocks that may stand in its way. The tests hold every
//! 409 that they meet against this table (`src/tests/documented.rs`).

use crate::error::ErrorCode::{self, *};

/// By operation; what is not here never finds anything in its way.
const OWN: &[(&str, &[ErrorCode])] = &[
    ("create_user", &[EmailTaken]),
    ("update_user", &[EmailTaken, LastAdmin, CourierBusy]),
    ("toggle_user", &[LastAdmin, OwnAccount, CourierBusy, StateConflict]),
    ("delete_user", &[LastAdmin, OwnAccount, CourierBusy]),
    ("restore_user", &[EmailTaken, StateConflict]),
    ("restore_client", &[StateConflict]),
    ("create_category", &[NameTaken]),
    ("update_category", &[NameTaken]),
    ("delete_category", &[StateConflict]),
    ("restore_category", &[NameTaken]),
    ("create_product", &[ReferenceTaken]),
    ("update_product", &[ReferenceTaken]),
    ("delete_product", &[StateConflict]),
    ("restore_product", &[StateConflict, ReferenceTaken]),
    ("import_products", &[ReferenceTaken]),
    ("undo_import", &[StateConflict, ImportUsed, ReferenceTaken]),
    ("create_movement", &[InsufficientStock, StockReserved]),
    ("stock_exit", &[InsufficientStock]),
    ("create_order", &[StateConflict, InsufficientStock]),
    ("update_order", &[StateConflict, InsufficientStock]),
    ("delete_order", &[StateConflict]),
    ("add_order_item", &[StateConflict, InsufficientStock]),
    ("remove_order_item", &[StateConflict]),
    ("confirm_order", &[IllegalTransition, StateConflict, InsufficientStock]),
    ("change_order_status", &[IllegalTransition, CourierRequired, StateConflict, InsufficientStock]),
    ("cancel_order", &[IllegalTransition]),
    ("assign_livreur", &[StateConflict]),
    ("correct_delivery", &[StateConflict, InsufficientStock]),
    ("add_proof", &[StateConflict]),
];

/// The codes of an operation's 409; `replayable`: it takes an `Idempotency-Key`, which may have served for something else.
pub fn of(operation: &str, replayable: bool) -> Vec<ErrorCode> {
    let own = OWN.iter().find(|(id, _)| *id == operation).map_or(&[][..], |(_, codes)| *codes);
    own.iter().copied().chain(replayable.then_some(IdempotencyConflict)).collect()
}

/// What the document says of them.
pub fn told(codes: &[ErrorCode]) -> String {
    let listed: Vec<_> = codes.iter().map(|code| format!("`{}` ({})", code.as_str(), code.title())).collect();
    format!("Codes de cette adresse : {}.", listed.join(" ; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_a_conflict_is_some_operations_own() {
        let told: Vec<_> = OWN.iter().flat_map(|(id, _)| of(id, true)).collect();
        for code in ErrorCode::ALL.iter().filter(|code| code.status() == 409) {
            assert!(told.contains(code), "{}", code.as_str());
        }
        assert!(told.iter().all(|code| code.status() == 409));
    }
}
