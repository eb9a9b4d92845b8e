//! What the palette proposes.

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::SignedIn;
use crate::search::model::{Hit, HitKind};
use crate::shared::text::folded;
use crate::ui::components::{Glyph, Icon};
use crate::ui::layouts::menu_of;

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an address.
    Page(String),
    /// To the list of keys.
    Keys,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its icon.
    pub icon: Glyph,
    /// What it is called.
    pub title: String,
    /// What tells it from others.
    pub detail: String,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Where it leads.
    pub target: Target,
}

/// What one may do from anywhere: words, address, what it takes.
const ACTIONS: [(&str, &str, Permission, Glyph); 7] = [
    ("Nouvelle commande", "/commandes/nouvelle", Permission::WriteOrders, Glyph::Plus),
    ("Nouveau produit", "/produits/nouveau", Permission::WriteProducts, Glyph::Plus),
    ("Importer des produits", "/produits/import", Permission::WriteProducts, Glyph::Upload),
    ("Nouveau client", "/clients/nouveau", Permission::WriteClients, Glyph::Plus),
    ("Nouvel utilisateur", "/utilisateurs/nouveau", Permission::ManageUsers, Glyph::Plus),
    ("Commandes à confirmer", "/commandes?statut=brouillon", Permission::ReadAllOrders, Glyph::Pencil),
    ("Commandes sans livreur", "/commandes?livreur_id=none", Permission::ReadAllOrders, Glyph::Truck),
];

/// Pages and actions of a person.
pub fn standing(user: &SignedIn) -> Vec<Entry> {
    let page = |title: &str, icon, href: &str, kind| Entry {
        icon,
        title: title.to_owned(),
        detail: String::new(),
        kind,
        target: Target::Page(href.to_owned()),
    };
    // The palette goes where the router goes.
    let pages = menu_of(user).into_iter().filter(|entry| !entry.phone);
    let pages = pages.map(|entry| page(entry.label, entry.icon, entry.href, "Page"));
    let actions = ACTIONS.iter().filter(|(_, _, permission, _)| user.may(*permission));
    let mut all: Vec<_> =
        pages.chain(actions.map(|(title, href, _, icon)| page(title, *icon, href, "Action"))).collect();
    all.push(page("Mon profil", Glyph::User, "/profil", "Page"));
    all.push(Entry {
        icon: Glyph::Keyboard,
        title: "Raccourcis clavier".to_owned(),
        detail: String::new(),
        kind: "Aide",
        target: Target::Keys,
    });
    all
}

/// Those that contain every word, however written; all of them for nothing.
pub fn matching(entries: &[Entry], typed: &str) -> Vec<Entry> {
    let wanted = folded(typed);
    let suits = |entry: &&Entry| {
        let title = folded(&entry.title);
        wanted.split_whitespace().all(|word| title.contains(word))
    };
    entries.iter().filter(suits).cloned().collect()
}

/// What was found, as a proposal.
pub fn of_hit(hit: Hit) -> Entry {
    Entry {
        icon: match hit.kind {
            HitKind::Commande => Glyph::Orders,
            HitKind::Produit => Glyph::Package,
            HitKind::Client => Glyph::Contact,
        },
        target: Target::Page(format!("{}/{}", hit.kind.path(), hit.id)),
        kind: hit.kind.label(),
        title: hit.title,
        detail: hit.detail,
    }
}

/// Draws one.
pub fn draw(entry: &Entry) -> AnyView {
    view! {
        <span class="palette-row">
            <Icon of=entry.icon/>
            <span class="palette-title">{entry.title.clone()}</span>
            <span class="palette-detail">{entry.detail.clone()}</span>
            <span class="palette-kind">{entry.kind}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::permission::Role;
    use crate::shared::UserId;

    fn user(role: Role) -> SignedIn {
        SignedIn { id: UserId(1), nom: "B".into(), prenom: None, email: "b@x".into(), role }
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let all = standing(&user(Role::Admin));
        let titles = |typed: &str| matching(&all, typed).into_iter().map(|e| e.title).collect::<Vec<_>>();
        assert_eq!(titles("NOUVELLE com"), ["Nouvelle commande"]);
        assert!(titles("cle").contains(&"Raccourcis clavier".to_owned()) || titles("clavier").len() == 1);
        assert_eq!(titles("").len(), all.len());
        assert!(titles("zzz").is_empty());
    }

    #[test]
    fn nobody_is_offered_what_they_may_not_do() {
        let titles: Vec<_> = standing(&user(Role::SimpleUtilisateur)).into_iter().map(|e| e.title).collect();
        assert!(!titles.iter().any(|title| title.starts_with("Nouve")), "{titles:?}");
        assert!(titles.contains(&"Commandes".to_owned()) && titles.contains(&"Mon profil".to_owned()));
    }
}
