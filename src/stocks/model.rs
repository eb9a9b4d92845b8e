//! What travels: the stock of a product, and the movements that explain it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::products::model::{CategoryBrief, StockBrief};
use crate::shared::audit::Audit;
use crate::shared::{CategoryId, Money, MovementId, OrderId, ProductId, UserId};

/// A product, as shown with its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StockProduct {
    /// Id.
    pub id: ProductId,
    /// Name.
    pub nom: String,
    /// The shop's own code.
    pub reference: Option<String>,
    /// Category.
    pub category_id: CategoryId,
    /// The same.
    pub category: CategoryBrief,
}

/// The stock of a living product. Its version counts changes of the threshold: quantities are
/// explained by the movements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Stock {
    /// Its product.
    pub product_id: ProductId,
    /// The same.
    pub product: StockProduct,
    /// The figures.
    #[serde(flatten)]
    pub figures: StockBrief,
    /// Who changed it.
    #[serde(flatten)]
    pub audit: Audit,
}

/// A row of the list on the screen: a stock, and what one piece of it is sold for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PricedStock {
    /// The stock.
    pub stock: Stock,
    /// The selling price, which the value of what is on the shelf is counted at.
    pub prix: Money,
}

/// Why a stock moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::Type), sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// Came in.
    Entree,
    /// Went out, other than by a sale.
    Sortie,
    /// Was counted.
    Ajustement,
    /// Left with an order.
    Vente,
    /// Came back.
    Retour,
}

impl MoveKind {
    /// All five.
    pub const ALL: [MoveKind; 5] =
        [MoveKind::Entree, MoveKind::Sortie, MoveKind::Ajustement, MoveKind::Vente, MoveKind::Retour];

    /// Name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            MoveKind::Entree => "entree",
            MoveKind::Sortie => "sortie",
            MoveKind::Ajustement => "ajustement",
            MoveKind::Vente => "vente",
            MoveKind::Retour => "retour",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What the shelf gains by it. `quantity`: how many, for an `ajustement` the quantity that was counted.
    pub fn gain(self, quantity: i64, on_shelf: i64) -> i64 {
        match self {
            MoveKind::Entree | MoveKind::Retour => quantity,
            MoveKind::Ajustement => quantity - on_shelf,
            MoveKind::Sortie | MoveKind::Vente => -quantity,
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            MoveKind::Entree => "Entrée",
            MoveKind::Sortie => "Sortie",
            MoveKind::Ajustement => "Comptage",
            MoveKind::Vente => "Vente",
            MoveKind::Retour => "Retour",
        }
    }
}

/// A product, as shown with a movement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MovedProduct {
    /// Id.
    pub id: ProductId,
    /// Name.
    pub nom: String,
    /// Whether it was deleted since: then it has no stock to open.
    pub is_deleted: bool,
}

/// A movement: never changed, never deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Movement {
    /// Id: follows the order in which they were applied.
    pub id: MovementId,
    /// Its product.
    pub product_id: ProductId,
    /// The same.
    pub product: MovedProduct,
    /// Why.
    pub r#type: MoveKind,
    /// What the stock gained; negative for what it lost.
    pub quantite: i64,
    /// On the shelf before.
    pub stock_avant: i64,
    /// On the shelf after.
    pub stock_apres: i64,
    /// A word about it.
    pub motif: Option<String>,
    /// The order that it belongs to.
    pub order_id: Option<OrderId>,
    /// Number of that order.
    pub numero: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: UserId,
    /// Their name.
    pub auteur: String,
}

/// What a movement that takes another back says, before that one's number.
const COUNTER: &str = "Contre-passation du mouvement n° ";

impl Movement {
    /// What takes it back: a movement is never changed, so its opposite is written. Nothing for what orders
    /// moved (they take it back themselves), for a count that was right, for what takes another back, and for a product
    /// that was deleted.
    pub fn counter(&self) -> Option<(MoveKind, i64)> {
        if self.order_id.is_some() || self.quantite == 0 || self.counters().is_some() || self.product.is_deleted {
            return None;
        }
        let kind = if self.quantite > 0 { MoveKind::Sortie } else { MoveKind::Entree };
        Some((kind, self.quantite.abs()))
    }

    /// What its opposite says.
    pub fn counter_motif(&self) -> String {
        format!("{COUNTER}{}", self.id)
    }

    /// Which movement it takes back, if it does.
    pub fn counters(&self) -> Option<MovementId> {
        self.motif.as_deref()?.strip_prefix(COUNTER)?.parse().ok()
    }
}

/// A movement that was written, and the stock as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The movement.
    pub movement: Movement,
    /// What it made of the stock.
    pub stock: Stock,
}

/// How many stocks stand how, under the other filters: the tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StockCounts {
    /// All of them.
    pub tous: i64,
    /// At or below their threshold, but something left.
    pub alertes: i64,
    /// Nothing left.
    pub ruptures: i64,
}

/// What a list of stocks comes to: everything that its filters match, not one page of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockSum {
    /// How many stocks.
    pub nombre: i64,
    /// What is on their shelves, at the selling price, as the dashboard counts it.
    pub valeur: Money,
}

/// What one sends to move a stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewMovement {
    /// Which product.
    pub product_id: ProductId,
    /// `entree`, `sortie`, `retour` or `ajustement`; `vente` comes from orders alone.
    pub r#type: MoveKind,
    /// How many, above zero; for `ajustement` the quantity that was counted.
    pub quantite: i64,
    /// A word about it.
    pub motif: Option<String>,
}

/// What one sends for an entry or an exit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewEntry {
    /// Which product.
    pub product_id: ProductId,
    /// How many, above zero.
    pub quantite: i64,
    /// A word about it.
    pub motif: Option<String>,
}

/// What one sends to change a stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StockUpdate {
    /// Alert at or below this.
    pub seuil_alerte: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(kind: MoveKind, quantite: i64, motif: Option<&str>, order: Option<i64>) -> Movement {
        Movement {
            id: MovementId(7),
            product_id: ProductId(1),
            product: MovedProduct { id: ProductId(1), nom: "Cidre".into(), is_deleted: false },
            r#type: kind,
            quantite,
            stock_avant: 10,
            stock_apres: 10 + quantite,
            motif: motif.map(str::to_owned),
            order_id: order.map(OrderId),
            numero: None,
            created_at: DateTime::UNIX_EPOCH,
            created_by: UserId(2),
            auteur: "Anne".into(),
        }
    }

    #[test]
    fn what_was_entered_by_hand_is_taken_back_by_its_opposite_once() {
        let counter = |kind, quantite| moved(kind, quantite, None, None).counter();
        assert_eq!(counter(MoveKind::Entree, 5), Some((MoveKind::Sortie, 5)));
        assert_eq!(counter(MoveKind::Sortie, -5), Some((MoveKind::Entree, 5)));
        assert_eq!(counter(MoveKind::Ajustement, -2), Some((MoveKind::Entree, 2)));
        assert_eq!(counter(MoveKind::Ajustement, 0), None);
        assert_eq!(moved(MoveKind::Vente, -3, None, Some(4)).counter(), None);
        assert_eq!(moved(MoveKind::Retour, 3, None, Some(4)).counter(), None, "an order's own return");
        let motif = moved(MoveKind::Entree, 5, None, None).counter_motif();
        let back = moved(MoveKind::Sortie, -5, Some(&motif), None);
        assert_eq!((back.counters(), back.counter()), (Some(MovementId(7)), None));
    }
}
