//! The pages that there are, for those who may see them.

use crate::auth::permission::{Permission, Role};
use crate::auth::server_functions::SignedIn;
use crate::ui::components::Glyph;

/// A page in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its address.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The same in a few letters, for phones.
    pub short: &'static str,
    /// Its icon.
    pub icon: Glyph,
    /// What it takes to see it.
    pub permission: Permission,
    /// Current on this very address only, not on those below.
    pub exact: bool,
    /// A program of its own, for livreurs: the browser loads it, not the router.
    pub phone: bool,
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        href: "/livreur",
        label: "Ma tournée",
        short: "Tournée",
        icon: Glyph::Truck,
        permission: Permission::MoveOrders,
        exact: true,
        phone: true,
    },
    MenuEntry {
        href: "/",
        label: "Tableau de bord",
        short: "Accueil",
        icon: Glyph::Dashboard,
        permission: Permission::ReadDashboard,
        exact: true,
        phone: false,
    },
    MenuEntry {
        href: "/commandes",
        label: "Commandes",
        short: "Commandes",
        icon: Glyph::Orders,
        permission: Permission::ReadAllOrders,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/tournees",
        label: "Tournées",
        short: "Tournées",
        icon: Glyph::Route,
        permission: Permission::WriteOrders,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/produits",
        label: "Produits",
        short: "Produits",
        icon: Glyph::Package,
        permission: Permission::ReadCatalogue,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/categories",
        label: "Catégories",
        short: "Catégories",
        icon: Glyph::Folder,
        permission: Permission::ReadCatalogue,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/stocks",
        label: "Stocks",
        short: "Stocks",
        icon: Glyph::Boxes,
        permission: Permission::ReadStocks,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/clients",
        label: "Clients",
        short: "Clients",
        icon: Glyph::Contact,
        permission: Permission::ReadClients,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/utilisateurs",
        label: "Utilisateurs",
        short: "Comptes",
        icon: Glyph::Users,
        permission: Permission::ManageUsers,
        exact: false,
        phone: false,
    },
    MenuEntry {
        href: "/journal",
        label: "Journal",
        short: "Journal",
        icon: Glyph::Journal,
        permission: Permission::ReadAudit,
        exact: false,
        phone: false,
    },
];

/// The menu of a person.
pub fn menu_of(user: &SignedIn) -> Vec<MenuEntry> {
    let delivers = user.role == Role::Livreur;
    MENU.iter().copied().filter(|entry| user.may(entry.permission) && (delivers || !entry.phone)).collect()
}

/// The entry of a livreur's own program; nothing for the others.
pub fn round_of(user: &SignedIn) -> Option<MenuEntry> {
    menu_of(user).into_iter().find(|entry| entry.phone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::UserId;

    #[test]
    fn a_livreur_is_offered_their_round_and_the_catalogue() {
        let user = |role| SignedIn { id: UserId(1), nom: "B".into(), prenom: None, email: "b@x".into(), role };
        let offered: Vec<_> = menu_of(&user(Role::Livreur)).iter().map(|entry| entry.href).collect();
        assert_eq!(offered, ["/livreur", "/produits", "/categories"]);
        for role in Role::ALL {
            let orders = menu_of(&user(role)).iter().any(|entry| entry.href == "/commandes");
            assert_eq!((orders, round_of(&user(role)).is_some()), (role != Role::Livreur, role == Role::Livreur));
        }
    }
}
