//! Who may do what: pure, one table, used by operations, REST, screens and the documentation.

use serde::{Deserialize, Serialize};

/// The four roles of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Products, stocks, clients, orders.
    Controleur,
    /// The deliveries assigned to them.
    Livreur,
    /// Reads.
    SimpleUtilisateur,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 4] = [Role::Admin, Role::Controleur, Role::Livreur, Role::SimpleUtilisateur];

    /// Name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Controleur => "controleur",
            Role::Livreur => "livreur",
            Role::SimpleUtilisateur => "simple_utilisateur",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Role::Admin => "Administrateur",
            Role::Controleur => "Contrôleur",
            Role::Livreur => "Livreur",
            Role::SimpleUtilisateur => "Lecture seule",
        }
    }
}

/// What an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See products and categories.
    ReadCatalogue,
    /// Create or change products.
    WriteProducts,
    /// See what a product costs the shop.
    ReadCost,
    /// See all orders, not only one's own deliveries.
    ReadAllOrders,
    /// See orders at all (a livreur: their own).
    ReadOrders,
    /// Create, change, confirm, cancel, assign orders.
    WriteOrders,
    /// Ask for a change of status: which ones, the workflow's table decides.
    MoveOrders,
    /// See the dashboard.
    ReadDashboard,
    /// See stocks, movements, clients and histories.
    ReadStocks,
    /// See who delivers.
    ReadCouriers,
    /// Create and change users.
    ManageUsers,
}

/// Whether a role has a permission.
pub const fn allows(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Admin => true,
        Role::Controleur => !matches!(permission, P::ManageUsers),
        Role::Livreur => matches!(permission, P::ReadCatalogue | P::ReadOrders | P::MoveOrders | P::ReadCouriers),
        Role::SimpleUtilisateur => matches!(
            permission,
            P::ReadCatalogue | P::ReadOrders | P::ReadAllOrders | P::ReadDashboard | P::ReadStocks | P::ReadCouriers
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_contract_says() {
        use Permission::*;
        for role in Role::ALL {
            assert!(allows(role, ReadCatalogue) && allows(role, ReadCouriers) && allows(role, ReadOrders));
            assert_eq!(allows(role, ManageUsers), role == Role::Admin);
            assert_eq!(allows(role, ReadDashboard), role != Role::Livreur);
            assert_eq!(allows(role, ReadAllOrders), role != Role::Livreur);
            let writes = matches!(role, Role::Admin | Role::Controleur);
            for permission in [WriteProducts, WriteOrders, ReadCost] {
                assert_eq!(allows(role, permission), writes, "{role:?} {permission:?}");
            }
            assert_eq!(allows(role, MoveOrders), role != Role::SimpleUtilisateur);
        }
    }

    #[test]
    fn names_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
