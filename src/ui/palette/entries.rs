//! What the palette proposes.

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::SignedIn;
use crate::search::model::{Hit, HitKind};
use crate::shared::text::folded;
use crate::ui::components::{Glyph, Icon};
use crate::ui::layouts::menu_of;
use crate::ui::preferences::Theme;

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an address.
    Page(String),
    /// To a file of the list at this address, which the browser downloads.
    Export(&'static str),
    /// To these colours.
    Theme(Theme),
    /// To the list of keys.
    Keys,
    /// Out.
    SignOut,
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
    /// Another word by which it is found, never shown.
    pub also: &'static str,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Where it leads.
    pub target: Target,
}

/// Pages that others lead to: words, address, what it takes.
const PAGES: &[(&str, &str, Permission, Glyph)] = &[
    ("Mouvements de stock", "/stocks/mouvements", Permission::ReadStocks, Glyph::Journal),
    ("Liste de préparation", "/commandes/preparation", Permission::ReadAllOrders, Glyph::Checklist),
];

/// What one may do from anywhere: words, address, what it takes.
const ACTIONS: &[(&str, &str, Permission, Glyph)] = &[
    ("Nouvelle commande", "/commandes/nouvelle", Permission::WriteOrders, Glyph::Plus),
    ("Nouveau produit", "/produits/nouveau", Permission::WriteProducts, Glyph::Plus),
    ("Importer des produits", "/produits/import", Permission::WriteProducts, Glyph::Upload),
    ("Nouveau client", "/clients/nouveau", Permission::WriteClients, Glyph::Plus),
    ("Nouvel utilisateur", "/utilisateurs/nouveau", Permission::ManageUsers, Glyph::Plus),
    ("Commandes à confirmer", "/commandes?statut=brouillon", Permission::ReadAllOrders, Glyph::Pencil),
    ("Commandes sans livreur", "/commandes?livreur_id=none", Permission::ReadAllOrders, Glyph::Truck),
];

/// Lists as workbooks: words, address of the page, what it asks for to offer it.
const EXPORTS: &[(&str, &str, Permission)] = &[
    ("Exporter les commandes", "/commandes", Permission::ExportClients),
    ("Exporter les produits", "/produits", Permission::ReadStocks),
    ("Exporter les catégories", "/categories", Permission::ReadCatalogue),
    ("Exporter les stocks", "/stocks", Permission::ReadStocks),
    ("Exporter les mouvements de stock", "/stocks/mouvements", Permission::ReadStocks),
    ("Exporter les clients", "/clients", Permission::ExportClients),
    ("Exporter les utilisateurs", "/utilisateurs", Permission::ManageUsers),
    ("Exporter le journal", "/journal", Permission::ReadAudit),
];

/// Pages and actions of a person.
pub fn standing(user: &SignedIn) -> Vec<Entry> {
    let entry = |title: &str, icon, kind, target| Entry {
        icon,
        title: title.to_owned(),
        detail: String::new(),
        also: "",
        kind,
        target,
    };
    let page = |title: &str, icon, href: &str, kind| entry(title, icon, kind, Target::Page(href.to_owned()));
    // The palette goes where the router goes.
    let pages = menu_of(user).into_iter().filter(|entry| !entry.phone);
    let pages = pages.map(|entry| page(entry.label, entry.icon, entry.href, "Page"));
    let others = [(PAGES, "Page"), (ACTIONS, "Action")];
    let others = others.into_iter().flat_map(|(some, kind)| some.iter().map(move |other| (other, kind)));
    let others = others.filter(|((_, _, permission, _), _)| user.may(*permission));
    let mut all: Vec<_> =
        pages.chain(others.map(|((title, href, _, icon), kind)| page(title, *icon, href, kind))).collect();
    all.push(page("Mon profil", Glyph::User, "/profil", "Page"));
    let exports = EXPORTS.iter().filter(|(_, _, permission)| user.may(*permission));
    all.extend(exports.map(|(title, list, _)| Entry {
        detail: "Classeur Excel (XLSX)".to_owned(),
        ..entry(title, Glyph::Download, "Action", Target::Export(list))
    }));
    all.extend(Theme::ALL.map(|theme| {
        entry(&format!("Thème {}", theme.label().to_lowercase()), theme.icon(), "Action", Target::Theme(theme))
    }));
    all.push(entry("Raccourcis clavier", Glyph::Keyboard, "Aide", Target::Keys));
    all.push(Entry { also: "Déconnexion", ..entry("Se déconnecter", Glyph::SignOut, "Action", Target::SignOut) });
    all
}

/// Those that contain every word, however written; all of them for nothing. `here`: the path of the page one is on,
/// whose list is taken as it is shown.
pub fn matching(entries: &[Entry], typed: &str, here: &str) -> Vec<Entry> {
    let wanted = folded(typed);
    let suits = |entry: &&Entry| {
        let title = folded(&format!("{} {}", entry.title, entry.also));
        wanted.split_whitespace().all(|word| title.contains(word))
    };
    let told = |entry: &Entry| match entry.target {
        Target::Export(list) if list == here => {
            Entry { detail: "Ce qui est affiché, en XLSX".to_owned(), ..entry.clone() }
        }
        _ => entry.clone(),
    };
    entries.iter().filter(suits).map(told).collect()
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
        also: "",
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
        let titles = |typed: &str| matching(&all, typed, "/").into_iter().map(|e| e.title).collect::<Vec<_>>();
        assert_eq!(titles("NOUVELLE com"), ["Nouvelle commande"]);
        assert!(titles("cle").contains(&"Raccourcis clavier".to_owned()) || titles("clavier").len() == 1);
        assert_eq!(titles("").len(), all.len());
        assert_eq!(titles("mouvement"), ["Mouvements de stock", "Exporter les mouvements de stock"]);
        assert_eq!(titles("preparation"), ["Liste de préparation"]);
        assert_eq!(titles("thème"), ["Thème système", "Thème clair", "Thème sombre"]);
        assert_eq!(titles("exporter").len(), EXPORTS.len());
        for typed in ["déconnexion", "deconnecter"] {
            assert_eq!(titles(typed), ["Se déconnecter"]);
        }
        assert!(titles("zzz").is_empty());
    }

    #[test]
    fn the_list_one_is_on_is_taken_as_it_is_shown() {
        let all = standing(&user(Role::Admin));
        let of = |here: &str| matching(&all, "exporter", here).into_iter().map(|e| e.detail).collect::<Vec<_>>();
        let shown = |here: &str| of(here).iter().filter(|detail| detail.starts_with("Ce qui est affiché")).count();
        for (_, list, _) in EXPORTS {
            assert_eq!(shown(list), 1, "{list}");
        }
        assert_eq!((shown("/"), shown("/commandes/12")), (0, 0));
    }

    #[test]
    fn nobody_is_offered_what_they_may_not_do() {
        let titles: Vec<_> = standing(&user(Role::SimpleUtilisateur)).into_iter().map(|e| e.title).collect();
        assert!(!titles.iter().any(|title| title.starts_with("Nouve")), "{titles:?}");
        assert!(titles.contains(&"Commandes".to_owned()) && titles.contains(&"Mon profil".to_owned()));
        let offers = |role, title: &str| standing(&user(role)).iter().any(|entry| entry.title == title);
        for (title, permission) in [
            ("Mouvements de stock", Permission::ReadStocks),
            ("Liste de préparation", Permission::ReadAllOrders),
            ("Exporter les clients", Permission::ExportClients),
            ("Exporter le journal", Permission::ReadAudit),
        ] {
            for role in Role::ALL {
                assert_eq!(offers(role, title), user(role).may(permission), "{role:?}: {title}");
            }
        }
    }
}
