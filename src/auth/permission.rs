//! Who may do what: pure, one table, used by operations, REST, screens and the documentation.

use serde::{Deserialize, Serialize};

/// The four roles of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::Type), sqlx(type_name = "text", rename_all = "snake_case"))]
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

    /// What it is for, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Role::Admin => "Peut tout faire.",
            Role::Controleur => "Gère les produits, les stocks, les clients et les commandes.",
            Role::Livreur => "Voit et fait avancer les livraisons qui lui sont confiées.",
            Role::SimpleUtilisateur => "Consulte, sans rien modifier.",
        }
    }
}

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal;)*) => {
        /// What an operation asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[doc = $doc])* $name,)*
        }

        impl Permission {
            /// All of them.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];

            /// Stable name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

permissions! {
    /// See products and categories.
    ReadCatalogue = "lire_catalogue";
    /// Create or change products.
    WriteProducts = "ecrire_produits";
    /// Delete products.
    DeleteProducts = "supprimer_produits";
    /// Create, change, delete, reorder categories.
    WriteCategories = "ecrire_categories";
    /// See what a product costs the shop.
    ReadCost = "lire_prix_achat";
    /// See orders at all (a livreur: their own).
    ReadOrders = "lire_commandes";
    /// See all orders, not only one's own deliveries: the pages of orders are for that.
    ReadAllOrders = "lire_toutes_commandes";
    /// Create, change, confirm, cancel, assign orders.
    WriteOrders = "ecrire_commandes";
    /// Ask for a change of status: which ones, the workflow's table decides.
    MoveOrders = "avancer_commandes";
    /// Delete drafts and cancelled orders.
    DeleteOrders = "supprimer_commandes";
    /// See the dashboard.
    ReadDashboard = "lire_tableau_de_bord";
    /// See stocks and movements.
    ReadStocks = "lire_stocks";
    /// Move stock, set thresholds.
    WriteStocks = "ecrire_stocks";
    /// See clients.
    ReadClients = "lire_clients";
    /// Create, change, delete clients.
    WriteClients = "ecrire_clients";
    /// Take clients' data away in a file.
    ExportClients = "exporter_clients";
    /// See who changed what of products, categories, stocks, orders, clients.
    ReadHistory = "lire_historique";
    /// See who delivers.
    ReadCouriers = "lire_livreurs";
    /// See, create and change users.
    ManageUsers = "gerer_utilisateurs";
    /// See what was deleted, and bring it back.
    Restore = "restaurer";
    /// See every change of everything.
    ReadAudit = "lire_journal";
}

/// Whether a role has a permission.
pub const fn allows(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Admin => true,
        Role::Controleur => !matches!(
            permission,
            P::ManageUsers | P::DeleteProducts | P::WriteCategories | P::DeleteOrders | P::Restore | P::ReadAudit
        ),
        Role::Livreur => matches!(permission, P::ReadCatalogue | P::ReadOrders | P::MoveOrders | P::ReadCouriers),
        Role::SimpleUtilisateur => matches!(
            permission,
            P::ReadCatalogue
                | P::ReadOrders
                | P::ReadAllOrders
                | P::ReadDashboard
                | P::ReadStocks
                | P::ReadClients
                | P::ReadHistory
                | P::ReadCouriers
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
            for permission in [WriteProducts, WriteOrders, WriteStocks, WriteClients, ExportClients, ReadCost] {
                assert_eq!(allows(role, permission), writes, "{role:?} {permission:?}");
            }
            for permission in [DeleteProducts, WriteCategories, DeleteOrders, Restore, ReadAudit] {
                assert_eq!(allows(role, permission), role == Role::Admin, "{role:?} {permission:?}");
            }
            for permission in [ReadStocks, ReadClients, ReadHistory] {
                assert_eq!(allows(role, permission), role != Role::Livreur, "{role:?} {permission:?}");
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
