//! What was done to several orders, in words.

use crate::orders::sets::BulkAction;
use crate::orders::workflow::OrderStatus;
use crate::ui::format::count;

/// What became of one of them, beside its number: `annulée`.
pub fn in_words(action: &BulkAction) -> String {
    match action {
        BulkAction::Status { statut, .. } => statut.label().to_lowercase(),
        BulkAction::Courier { livreur_id: Some(_) } => "livreur assigné".to_owned(),
        BulkAction::Courier { livreur_id: None } => "plus de livreur".to_owned(),
    }
}

/// That it was done to all of them: `3 commandes annulées.`
pub fn summary(action: &BulkAction, n: i64) -> String {
    let (one, many) = match action {
        BulkAction::Status { statut, .. } => match statut {
            OrderStatus::Brouillon => ("en brouillon", "en brouillon"),
            OrderStatus::Confirmee => ("confirmée", "confirmées"),
            OrderStatus::EnPreparation => ("en préparation", "en préparation"),
            OrderStatus::EnLivraison => ("en livraison", "en livraison"),
            OrderStatus::Livree => ("livrée", "livrées"),
            OrderStatus::Annulee => ("annulée", "annulées"),
        },
        BulkAction::Courier { livreur_id: Some(_) } => ("confiée à un livreur", "confiées à un livreur"),
        BulkAction::Courier { livreur_id: None } => ("sans livreur", "sans livreur"),
    };
    format!("{} {}.", count(n, "commande", "commandes"), if n < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::UserId;
    use OrderStatus::*;

    #[test]
    fn what_was_done_agrees_with_how_many() {
        let to = |statut, n| summary(&BulkAction::Status { statut, motif: None }, n);
        assert_eq!(to(Annulee, 1), "1 commande annulée.");
        assert_eq!(to(Annulee, 3), "3 commandes annulées.");
        assert_eq!(to(Confirmee, 2), "2 commandes confirmées.");
        assert_eq!(to(Livree, 2), "2 commandes livrées.");
        assert_eq!(to(EnPreparation, 2), "2 commandes en préparation.");
        assert_eq!(to(EnLivraison, 1), "1 commande en livraison.");
        let courier = |livreur_id, n| summary(&BulkAction::Courier { livreur_id }, n);
        assert_eq!(courier(Some(UserId(4)), 1), "1 commande confiée à un livreur.");
        assert_eq!(courier(Some(UserId(4)), 2), "2 commandes confiées à un livreur.");
        assert_eq!(courier(None, 2), "2 commandes sans livreur.");
    }
}
