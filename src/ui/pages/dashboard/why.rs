//! "Pourquoi ce chiffre ?": the definitions, said once.

use crate::shared::Period;
use crate::ui::format;

/// What the definitions speak of.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The business time zone.
    pub zone: String,
    /// The days counted.
    pub period: Period,
    /// The orders sold in them.
    pub sold: i64,
    /// The orders entered in them.
    pub entered: i64,
}

impl Rules {
    /// What counts as sold.
    pub fn sold(&self) -> String {
        format!(
            "Commandes confirmées, en préparation, en livraison ou livrées, au jour de leur confirmation, {}. {}, {}.",
            format::local_time(&self.zone),
            format::count(self.sold, "commande", "commandes"),
            format::period(self.period)
        )
    }

    /// What is counted by status.
    pub fn entered(&self) -> String {
        format!(
            "Commandes saisies dans la période (jour de leur saisie, {}), au statut qu'elles ont maintenant ; montants commandés, TVA comprise. {}, {}.",
            format::local_time(&self.zone),
            format::count(self.entered, "commande", "commandes"),
            format::period(self.period)
        )
    }

    /// What stocks are, now.
    pub fn stocks(&self, products: i64) -> String {
        format!(
            "Les produits du catalogue, en vente ou non, en ce moment ({}), quelle que soit la période : {}. \
             Rupture : plus rien de disponible, c'est-à-dire en stock et non réservé. Alerte : disponible, mais au \
             seuil d'alerte ou dessous. Valeur : quantité en stock × prix de vente TTC.",
            format::local_time(&self.zone),
            format::count(products, "produit", "produits")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Day;

    #[test]
    fn each_says_its_zone_and_how_many_it_counts() {
        let day = Day::parse("2026-11-22").expect("day");
        let period = Period { start: day, end: day };
        let rules = Rules { zone: "Europe/Paris".into(), period, sold: 12, entered: 1 };
        for (text, counted) in [
            (rules.sold(), format::count(12, "commande", "commandes")),
            (rules.entered(), format::count(1, "commande", "commandes")),
            (rules.stocks(60), format::count(60, "produit", "produits")),
        ] {
            assert!(text.contains("heure de Paris") && text.contains(&counted), "{text}");
        }
    }
}
