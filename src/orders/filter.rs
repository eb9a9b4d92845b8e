//! What a list of orders is narrowed by.

use serde::{Deserialize, Serialize};

use super::workflow::OrderStatus;
use crate::shared::{Bounds, CategoryId, ClientId, Day, ProductId, UserId};

/// What a list of orders is narrowed by. Empty means all.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderFilter {
    /// Any of these statuses.
    pub statut: Vec<OrderStatus>,
    /// In numero, client, phone: accents and case ignored.
    pub search: Option<String>,
    /// Of one client.
    pub client_id: Option<ClientId>,
    /// Of one livreur, or of none.
    pub livreur: Option<CourierFilter>,
    /// With this product.
    pub product_id: Option<ProductId>,
    /// With a line of this category.
    pub category_id: Option<CategoryId>,
    /// With a line of any product but these.
    pub hors_product_id: Vec<ProductId>,
    /// With a line of any category but these.
    pub hors_category_id: Vec<CategoryId>,
    /// Whose delivery went so.
    pub livraison: Option<DeliveryOutcome>,
    /// From this business day on.
    pub start_date: Option<Day>,
    /// Until this business day, included.
    pub end_date: Option<Day>,
    /// Which date the two days are about.
    pub date_champ: DateField,
    /// Where the two days begin and end, for the server, once it asked its database.
    #[serde(skip)]
    pub bounds: Option<Bounds>,
    /// The clients' names that `search` means, where it means nothing else: for the server, once it asked its database.
    #[serde(skip)]
    pub names: Option<Vec<i64>>,
}

/// `livreur_id=12` or `livreur_id=none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CourierFilter {
    /// Not assigned yet.
    Unassigned,
    /// Assigned to this one.
    To(UserId),
}

/// How the delivery of an order went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// On the planned day, in its slot, or before.
    ALHeure,
    /// Given up on the way, delivered in part, or still on the way after a failed attempt.
    Probleme,
}

impl DeliveryOutcome {
    /// Both.
    pub const ALL: [DeliveryOutcome; 2] = [DeliveryOutcome::ALHeure, DeliveryOutcome::Probleme];

    /// Name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryOutcome::ALHeure => "a_l_heure",
            DeliveryOutcome::Probleme => "probleme",
        }
    }

    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            DeliveryOutcome::ALHeure => "Livrée à l'heure",
            DeliveryOutcome::Probleme => "Problème de livraison",
        }
    }
}

/// The date a period is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateField {
    /// Entered (default).
    #[default]
    CreatedAt,
    /// Sold.
    ConfirmedAt,
    /// Handed over.
    DeliveredAt,
    /// To be delivered.
    DateLivraisonPrevue,
}

impl DateField {
    /// All four.
    pub const ALL: [DateField; 4] =
        [DateField::CreatedAt, DateField::ConfirmedAt, DateField::DeliveredAt, DateField::DateLivraisonPrevue];

    /// Name on the wire and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            DateField::CreatedAt => "created_at",
            DateField::ConfirmedAt => "confirmed_at",
            DateField::DeliveredAt => "delivered_at",
            DateField::DateLivraisonPrevue => "date_livraison_prevue",
        }
    }
}
