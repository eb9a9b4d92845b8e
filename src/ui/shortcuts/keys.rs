//! Which key does what.

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
    /// Chooses the row, or no longer.
    Choose,
}

/// The keys, as they are read: what one presses, and what happens.
pub const KEYS: [(&[&str], &str, Command); 7] = [
    (&["Ctrl", "K"], "Aller à une page, une commande, un produit, un client", Command::Palette),
    (&["n"], "Nouvelle commande", Command::NewOrder),
    (&["/"], "Rechercher dans la liste", Command::Search),
    (&["j"], "Ligne suivante", Command::NextRow),
    (&["k"], "Ligne précédente", Command::PreviousRow),
    (&["x"], "Sélectionner la ligne", Command::Choose),
    (&["?"], "Tous les raccourcis", Command::Help),
];

/// The command of a key, as browsers name it. `control`: Ctrl, or Cmd on a Mac.
pub fn command_of(key: &str, control: bool, alt: bool) -> Option<Command> {
    if alt {
        return None;
    }
    let pressed = key.to_lowercase();
    let suits = |keys: &[&str]| match keys {
        ["Ctrl", letter] => control && letter.to_lowercase() == pressed,
        [letter] => !control && *letter == pressed,
        _ => false,
    };
    KEYS.iter().find(|(keys, _, _)| suits(keys)).map(|(_, _, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_what_they_ask_for() {
        assert_eq!(command_of("k", true, false), Some(Command::Palette));
        assert_eq!(command_of("K", true, false), Some(Command::Palette));
        assert_eq!(command_of("k", false, false), Some(Command::PreviousRow));
        assert_eq!(command_of("?", false, false), Some(Command::Help));
        assert_eq!(command_of("n", true, false), None, "the browser's own");
        assert_eq!(command_of("n", false, true), None);
        assert_eq!(command_of("Enter", false, false), None);
    }
}
