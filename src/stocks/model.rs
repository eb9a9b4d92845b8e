//! What travels: the stock of a product, and the movements that explain it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::products::model::StockBrief;
use crate::shared::audit::Audit;
use crate::shared::{MovementId, OrderId, ProductId, UserId};

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
