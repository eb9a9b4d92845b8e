//! Which key does what: the one table that keys are looked up in and read from.

use crate::auth::permission::Permission;
use crate::auth::server_functions::SignedIn;
use crate::stocks::model::MoveKind;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The palette.
    Palette,
    /// The list of keys.
    Help,
    /// The page's search box.
    Search,
    /// A new order.
    NewOrder,
    /// The next row of the list.
    NextRow,
    /// The row before.
    PreviousRow,
    /// The next row, where one is on a row.
    Down,
    /// The row before, where one is on a row.
    Up,
    /// Chooses the row, or no longer.
    Choose,
}

/// Where keys do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On every page.
    Everywhere,
    /// In lists.
    Lists,
    /// On a row of the stocks.
    Stocks,
    /// Entering an order.
    Entry,
    /// The rounds of a day.
    Rounds,
    /// The chart of the dashboard.
    Chart,
}

impl Place {
    /// All of them, as they are read.
    pub const ALL: [Place; 6] =
        [Place::Everywhere, Place::Lists, Place::Stocks, Place::Entry, Place::Rounds, Place::Chart];

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Place::Everywhere => "Partout",
            Place::Lists => "Dans une liste",
            Place::Stocks => "Sur une ligne des stocks",
            Place::Entry => "En saisissant une commande",
            Place::Rounds => "Sur un arrêt des tournées",
            Place::Chart => "Sur le graphique du tableau de bord",
        }
    }

    /// What it takes to do something there; nothing where everybody may.
    fn permission(self) -> Option<Permission> {
        match self {
            Place::Everywhere | Place::Lists => None,
            Place::Stocks => Some(Permission::WriteStocks),
            Place::Entry | Place::Rounds => Some(Permission::WriteOrders),
            Place::Chart => Some(Permission::ReadDashboard),
        }
    }
}

/// A key, or keys that are pressed together.
pub type Keys = &'static [&'static str];

/// What one presses, and what happens.
pub struct Shortcut {
    /// Where.
    pub place: Place,
    /// Any of these.
    pub keys: &'static [Keys],
    /// What happens.
    pub words: &'static str,
    /// What the desk is asked for; none where the place itself listens.
    command: Option<Command>,
}

const fn of(place: Place, keys: &'static [Keys], words: &'static str, command: Option<Command>) -> Shortcut {
    Shortcut { place, keys, words, command }
}

/// What a letter does on a row of the stocks.
pub const STOCK_LETTERS: [(MoveKind, &str); 3] =
    [(MoveKind::Entree, "e"), (MoveKind::Sortie, "s"), (MoveKind::Ajustement, "c")];

/// All keys.
pub const SHORTCUTS: &[Shortcut] = &[
    of(
        Place::Everywhere,
        &[&["Ctrl", "K"]],
        "Aller à une page, une commande, un produit, un client",
        Some(Command::Palette),
    ),
    of(Place::Everywhere, &[&["n"]], "Nouvelle commande", Some(Command::NewOrder)),
    of(Place::Everywhere, &[&["?"]], "Tous les raccourcis", Some(Command::Help)),
    of(Place::Everywhere, &[&["Échap"]], "Fermer ce qui est devant la page", None),
    of(Place::Lists, &[&["/"]], "Rechercher dans la liste", Some(Command::Search)),
    of(Place::Lists, &[&["j"]], "Ligne suivante", Some(Command::NextRow)),
    of(Place::Lists, &[&["k"]], "Ligne précédente", Some(Command::PreviousRow)),
    of(Place::Lists, &[&["↓"]], "Ligne suivante, depuis une ligne", Some(Command::Down)),
    of(Place::Lists, &[&["↑"]], "Ligne précédente, depuis une ligne", Some(Command::Up)),
    of(Place::Lists, &[&["Entrée"]], "Ouvrir la ligne", None),
    of(Place::Lists, &[&["x"]], "Sélectionner la ligne", Some(Command::Choose)),
    of(Place::Stocks, &[&[STOCK_LETTERS[0].1]], "Enregistrer une entrée", None),
    of(Place::Stocks, &[&[STOCK_LETTERS[1].1]], "Enregistrer une sortie", None),
    of(Place::Stocks, &[&[STOCK_LETTERS[2].1]], "Enregistrer un comptage", None),
    of(Place::Entry, &[&["Entrée"], &["Tab"]], "Prendre la proposition, puis la case suivante", None),
    of(Place::Entry, &[&["↓"], &["↑"]], "Choisir une proposition ; changer une quantité", None),
    of(Place::Entry, &[&["Ctrl", "Entrée"]], "Confirmer la commande", None),
    of(Place::Rounds, &[&["Alt", "↑"]], "Livrer plus tôt", None),
    of(Place::Rounds, &[&["Alt", "↓"]], "Livrer plus tard", None),
    of(Place::Chart, &[&["←"], &["→"]], "Lire le jour d'avant, d'après", None),
    of(Place::Chart, &[&["Page↑"], &["Page↓"]], "Sept jours plus tard, plus tôt", None),
    of(Place::Chart, &[&["Début"], &["Fin"]], "Le premier, le dernier jour", None),
    of(Place::Chart, &[&["Entrée"]], "Ouvrir les commandes du jour", None),
];

/// Those of a place that do something for this person.
pub fn shortcuts_of(user: &SignedIn, place: Place) -> Vec<&'static Shortcut> {
    let may = place.permission().is_none_or(|permission| user.may(permission));
    let enters = user.may(Permission::WriteOrders);
    let all = SHORTCUTS.iter().filter(|shortcut| may && shortcut.place == place);
    all.filter(|shortcut| enters || shortcut.command != Some(Command::NewOrder)).collect()
}

/// The command of a key, as browsers name it. `control`: Ctrl, or Cmd on a Mac.
pub fn command_of(key: &str, control: bool, alt: bool) -> Option<Command> {
    if alt {
        return None;
    }
    let pressed = match key {
        "ArrowDown" => "↓".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        key => key.to_lowercase(),
    };
    let suits = |keys: &Keys| match keys {
        ["Ctrl", letter] => control && letter.to_lowercase() == pressed,
        [letter] => !control && *letter == pressed,
        _ => false,
    };
    let commands = SHORTCUTS.iter().filter_map(|shortcut| Some((shortcut.keys, shortcut.command?)));
    commands.filter(|(keys, _)| keys.iter().any(suits)).map(|(_, command)| command).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::permission::Role;
    use crate::shared::UserId;

    #[test]
    fn keys_and_what_they_ask_for() {
        assert_eq!(command_of("k", true, false), Some(Command::Palette));
        assert_eq!(command_of("K", true, false), Some(Command::Palette));
        assert_eq!(command_of("k", false, false), Some(Command::PreviousRow));
        assert_eq!(command_of("ArrowDown", false, false), Some(Command::Down));
        assert_eq!(command_of("?", false, false), Some(Command::Help));
        assert_eq!(command_of("n", true, false), None, "the browser's own");
        assert_eq!(command_of("n", false, true), None);
        assert_eq!(command_of("Enter", false, false), None);
    }

    #[test]
    fn everybody_is_told_the_keys_that_do_something_for_them() {
        let told = |role| {
            let user = SignedIn { id: UserId(2), nom: "Anne".into(), prenom: None, email: String::new(), role };
            let all = Place::ALL.map(|place| shortcuts_of(&user, place));
            all.concat().iter().map(|shortcut| shortcut.words).collect::<Vec<_>>()
        };
        assert_eq!(told(Role::Admin).len(), SHORTCUTS.len());
        let reader = told(Role::SimpleUtilisateur);
        assert!(reader.contains(&"Ligne suivante") && reader.contains(&"Le premier, le dernier jour"));
        assert!(!reader.contains(&"Nouvelle commande") && !reader.contains(&"Enregistrer une entrée"));
    }

    #[test]
    fn one_key_has_one_meaning_in_a_place() {
        for place in Place::ALL {
            let keys: Vec<_> = SHORTCUTS.iter().filter(|s| s.place == place).flat_map(|s| s.keys).collect();
            let different: std::collections::BTreeSet<_> = keys.iter().collect();
            assert_eq!(keys.len(), different.len(), "{place:?}");
        }
    }
}
