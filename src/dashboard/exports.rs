//! The dashboard's tables as files.

use super::model::{CategorySales, DaySales, SalesByProduct, ShortStock, StatusShare};
use crate::auth::context::Ctx;
use crate::server::export::{Column, Exported};
use crate::shared::Money;

impl Exported for DaySales {
    const NAME: &'static str = "ventes-par-jour";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Jour", |d: &Self| d.date.into()),
            Column::new("Chiffre d'affaires", |d| d.chiffre_affaires.into()),
            Column::new("Commandes", |d| d.nombre_commandes.into()),
            Column::new("Articles vendus", |d| d.articles_vendus.into()),
        ]
    }
}

impl Exported for StatusShare {
    const NAME: &'static str = "commandes-par-statut";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Statut", |s: &Self| (&s.libelle).into()),
            Column::new("Commandes", |s| s.nombre.into()),
            Column::new("Montant", |s| s.montant.into()),
        ]
    }
}

impl Exported for CategorySales {
    const NAME: &'static str = "ventes-par-categorie";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Catégorie", |c: &Self| (&c.nom).into()),
            Column::new("Quantité", |c| c.quantite.into()),
            Column::new("Chiffre d'affaires", |c| c.chiffre_affaires.into()),
            Column::new("Part (%)", |c| c.part_pct.into()),
        ]
    }
}

impl Exported for ShortStock {
    const NAME: &'static str = "etat-stocks";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Référence", |s: &Self| s.reference.clone().into()),
            Column::new("Produit", |s| (&s.nom).into()),
            Column::new("Disponible", |s| s.quantite_disponible.into()),
            Column::new("Seuil d'alerte", |s| s.seuil_alerte.into()),
            Column::new("État", |s| s.statut.as_str().into()),
        ]
    }
}

/// A product of `ventes-par-article`, or the rest of them: so that the column adds up.
pub struct ArticleLine {
    nom: String,
    quantite: i64,
    chiffre_affaires: Money,
    part_pct: f64,
}

impl ArticleLine {
    /// The listed products, then the rest.
    pub fn of(sales: SalesByProduct) -> Vec<Self> {
        let listed = sales.items.into_iter().map(|item| ArticleLine {
            nom: item.nom,
            quantite: item.quantite,
            chiffre_affaires: item.chiffre_affaires,
            part_pct: item.part_pct,
        });
        let rest = ArticleLine {
            nom: "Autres".into(),
            quantite: sales.autres.quantite,
            chiffre_affaires: sales.autres.chiffre_affaires,
            part_pct: sales.autres.part_pct,
        };
        listed.chain([rest]).collect()
    }
}

impl Exported for ArticleLine {
    const NAME: &'static str = "ventes-par-article";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Article", |a: &Self| (&a.nom).into()),
            Column::new("Quantité", |a| a.quantite.into()),
            Column::new("Chiffre d'affaires", |a| a.chiffre_affaires.into()),
            Column::new("Part (%)", |a| a.part_pct.into()),
        ]
    }
}
