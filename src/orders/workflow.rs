//! The life of an order, as one table of data: used by the operations, the facade and the screens.

use serde::{Deserialize, Serialize};

use crate::auth::permission::Role;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Being written: nothing is reserved.
    Brouillon,
    /// Sold: its goods are reserved.
    Confirmee,
    /// Its goods are being gathered.
    EnPreparation,
    /// Its goods have left the stock.
    EnLivraison,
    /// Handed over.
    Livree,
    /// Given up: what was reserved or had left came back.
    Annulee,
}

use OrderStatus::*;

impl OrderStatus {
    /// All six, in the order of their life.
    pub const ALL: [OrderStatus; 6] = [Brouillon, Confirmee, EnPreparation, EnLivraison, Livree, Annulee];

    /// Name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Brouillon => "brouillon",
            Confirmee => "confirmee",
            EnPreparation => "en_preparation",
            EnLivraison => "en_livraison",
            Livree => "livree",
            Annulee => "annulee",
        }
    }

    /// Reads the name on the wire, in the accented spelling too.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.replace('é', "e");
        Self::ALL.into_iter().find(|status| status.as_str() == plain)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Brouillon => "Brouillon",
            Confirmee => "Confirmée",
            EnPreparation => "En préparation",
            EnLivraison => "En livraison",
            Livree => "Livrée",
            Annulee => "Annulée",
        }
    }

    /// The statuses in which an order counts as sold (on the day of its confirmation).
    pub const SOLD: [OrderStatus; 4] = [Confirmee, EnPreparation, EnLivraison, Livree];

    /// Whether lines and client may still change.
    pub fn is_editable(self) -> bool {
        matches!(self, Brouillon | Confirmee)
    }

    /// Whether a livreur may be put on it.
    pub fn takes_courier(self) -> bool {
        matches!(self, Confirmee | EnPreparation | EnLivraison)
    }
}

/// What a transition does to the stock, in the same transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockEffect {
    /// Nothing.
    None,
    /// Reserves each line, or refuses naming every short one.
    Reserve,
    /// The reservation becomes a `vente` movement.
    Ship,
    /// What is handed over is written on the lines.
    HandOver,
    /// Gives the reservation back.
    Release,
    /// A `retour` movement brings the goods back.
    Return,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// From this status
    pub from: OrderStatus,
    /// to that one.
    pub to: OrderStatus,
    /// Whether the livreur of the order may do it too; admin and controleur always may.
    pub own_courier: bool,
    /// What happens to the stock.
    pub effect: StockEffect,
    /// The verb on the button.
    pub action: &'static str,
    /// What will happen, in a few words.
    pub hint: &'static str,
}

/// Every transition there is; any other is illegal.
pub const TRANSITIONS: &[Transition] = &[
    Transition {
        from: Brouillon,
        to: Confirmee,
        own_courier: false,
        effect: StockEffect::Reserve,
        action: "Confirmer",
        hint: "Réserve les articles en stock.",
    },
    Transition {
        from: Confirmee,
        to: EnPreparation,
        own_courier: false,
        effect: StockEffect::None,
        action: "Préparer",
        hint: "La préparation commence.",
    },
    Transition {
        from: EnPreparation,
        to: EnLivraison,
        own_courier: true,
        effect: StockEffect::Ship,
        action: "Expédier",
        hint: "Sort les articles du stock ; il faut un livreur.",
    },
    Transition {
        from: EnLivraison,
        to: Livree,
        own_courier: true,
        effect: StockEffect::HandOver,
        action: "Marquer livrée",
        hint: "Toutes les quantités sont remises au client.",
    },
    Transition {
        from: Brouillon,
        to: Annulee,
        own_courier: false,
        effect: StockEffect::None,
        action: "Annuler",
        hint: "La commande est abandonnée.",
    },
    Transition {
        from: Confirmee,
        to: Annulee,
        own_courier: false,
        effect: StockEffect::Release,
        action: "Annuler",
        hint: "Libère les articles réservés.",
    },
    Transition {
        from: EnPreparation,
        to: Annulee,
        own_courier: false,
        effect: StockEffect::Release,
        action: "Annuler",
        hint: "Libère les articles réservés.",
    },
    Transition {
        from: EnLivraison,
        to: Annulee,
        own_courier: false,
        effect: StockEffect::Return,
        action: "Annuler",
        hint: "Les articles reviennent en stock.",
    },
];

/// The row from one status to another, if there is one.
pub fn transition(from: OrderStatus, to: OrderStatus) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|t| t.from == from && t.to == to)
}

/// Whether a role may take a transition; `own` tells whether the order is assigned to the caller.
pub fn may_take(transition: &Transition, role: Role, own: bool) -> bool {
    match role {
        Role::Admin | Role::Controleur => true,
        Role::Livreur => own && transition.own_courier,
        Role::SimpleUtilisateur => false,
    }
}

/// Where a caller may take an order from here.
pub fn allowed_from(from: OrderStatus, role: Role, own: bool) -> Vec<OrderStatus> {
    TRANSITIONS.iter().filter(|t| t.from == from && may_take(t, role, own)).map(|t| t.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_contract() {
        let legal: Vec<_> = OrderStatus::ALL
            .into_iter()
            .flat_map(|from| OrderStatus::ALL.map(|to| (from, to)))
            .filter(|(from, to)| transition(*from, *to).is_some())
            .collect();
        assert_eq!(
            legal,
            [
                (Brouillon, Confirmee),
                (Brouillon, Annulee),
                (Confirmee, EnPreparation),
                (Confirmee, Annulee),
                (EnPreparation, EnLivraison),
                (EnPreparation, Annulee),
                (EnLivraison, Livree),
                (EnLivraison, Annulee),
            ]
        );
    }

    #[test]
    fn no_transition_is_written_twice_and_ends_are_ends() {
        for (i, a) in TRANSITIONS.iter().enumerate() {
            assert!(TRANSITIONS[i + 1..].iter().all(|b| (a.from, a.to) != (b.from, b.to)));
            assert!(!matches!(a.from, Livree | Annulee));
            assert_ne!(a.to, Brouillon);
        }
    }

    #[test]
    fn what_leaves_reservation_or_shelf_comes_back_on_cancellation() {
        let effect = |from| transition(from, Annulee).map(|t| t.effect);
        assert_eq!(effect(Brouillon), Some(StockEffect::None));
        assert_eq!(effect(Confirmee), Some(StockEffect::Release));
        assert_eq!(effect(EnPreparation), Some(StockEffect::Release));
        assert_eq!(effect(EnLivraison), Some(StockEffect::Return));
    }

    #[test]
    fn a_livreur_moves_only_their_own_deliveries() {
        assert_eq!(allowed_from(EnPreparation, Role::Livreur, true), [EnLivraison]);
        assert_eq!(allowed_from(EnLivraison, Role::Livreur, true), [Livree]);
        assert_eq!(allowed_from(EnLivraison, Role::Livreur, false), []);
        assert_eq!(allowed_from(Confirmee, Role::Livreur, true), []);
        for status in OrderStatus::ALL {
            assert_eq!(allowed_from(status, Role::SimpleUtilisateur, true), []);
            assert_eq!(allowed_from(status, Role::Admin, false), allowed_from(status, Role::Controleur, false));
        }
    }

    #[test]
    fn accents_are_accepted() {
        assert_eq!(OrderStatus::parse("livrée"), Some(Livree));
        assert_eq!(OrderStatus::parse("confirmée"), Some(Confirmee));
        assert_eq!(OrderStatus::parse("livre"), None);
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::parse(status.as_str()), Some(status));
        }
    }
}
