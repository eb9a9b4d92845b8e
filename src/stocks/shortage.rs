//! That there is not enough of something, as people say it.

use crate::shared::text::count;
use crate::ui::format::number;

/// `Il n'y en a que 8 de disponibles, 9 sont demandés.`: of one product.
pub fn sentence(available: i64, wanted: i64) -> String {
    let left = match available {
        ..=0 => "Rien n'est disponible".to_owned(),
        1 => "Il n'y en a qu'un de disponible".to_owned(),
        n => format!("Il n'y en a que {} de disponibles", number(n)),
    };
    let asked = if wanted < 2 { "est demandé" } else { "sont demandés" };
    format!("{left}, {} {asked}.", number(wanted))
}

/// `3 sont réservés par des commandes`: why fewer cannot have been counted.
pub fn reserved(n: i64) -> String {
    format!("{} {} par des commandes", number(n), if n < 2 { "est réservé" } else { "sont réservés" })
}

/// `2 disponibles pour 4 demandés`: beside the name of a product.
pub fn beside(available: i64, wanted: i64) -> String {
    let left = match available {
        ..=0 => "rien de disponible".to_owned(),
        n => count(n, "disponible", "disponibles"),
    };
    format!("{left} pour {}", count(wanted, "demandé", "demandés"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_said_for_none_one_and_more() {
        assert_eq!(sentence(0, 9_999), "Rien n'est disponible, 9\u{202f}999 sont demandés.");
        assert_eq!(sentence(0, 1), "Rien n'est disponible, 1 est demandé.");
        assert_eq!(sentence(1, 2), "Il n'y en a qu'un de disponible, 2 sont demandés.");
        assert_eq!(sentence(1_200, 9_999), "Il n'y en a que 1\u{202f}200 de disponibles, 9\u{202f}999 sont demandés.");
        assert_eq!(reserved(1), "1 est réservé par des commandes");
        assert_eq!(reserved(1_200), "1\u{202f}200 sont réservés par des commandes");
        assert_eq!(beside(0, 1), "rien de disponible pour 1\u{a0}demandé");
        assert_eq!(beside(1, 3), "1\u{a0}disponible pour 3\u{a0}demandés");
        assert_eq!(beside(1_200, 9_999), "1\u{202f}200\u{a0}disponibles pour 9\u{202f}999\u{a0}demandés");
    }
}
