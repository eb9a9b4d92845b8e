//! What travels: an order, its lines, and what one sends to make one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::workflow::OrderStatus;
use crate::deliveries::model::{AttemptLine, Proof};
use crate::shared::audit::{Audit, Deletion};
use crate::shared::{CategoryId, ClientId, Day, Money, OrderId, OrderItemId, ProductId, UserId, VatRate};
use crate::users::model::CourierBrief;

/// The most lines one order may have.
pub const MAX_LINES: usize = 200;
/// The largest quantity of one line.
pub const MAX_QUANTITY: i64 = 100_000;

/// A line: name, category, price and VAT rate are those of the moment its product was put on the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderItem {
    /// Id of the line.
    pub id: OrderItemId,
    /// Its product.
    pub product_id: ProductId,
    /// Name of the product then.
    pub product_nom: String,
    /// Category of the product then.
    pub category_id: CategoryId,
    /// Ordered.
    pub quantity: i64,
    /// Handed over; null until delivered.
    pub quantite_livree: Option<i64>,
    /// Price of one, VAT included.
    pub prix_unitaire: Money,
    /// VAT rate, percent.
    pub taux_tva: VatRate,
    /// quantity × prix_unitaire.
    pub total: Money,
}

/// An order as the contract has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Order {
    /// Id.
    pub id: OrderId,
    /// `CMD-YYYYMMDD-NNNNNN`, unique for ever.
    pub numero: String,
    /// Where it stands.
    pub statut: OrderStatus,
    /// The same in French.
    pub statut_libelle: String,
    /// Its client.
    pub client_id: ClientId,
    /// Name of the client, as on the order.
    pub client_nom: String,
    /// Phone, as on the order.
    pub client_telephone: Option<String>,
    /// E-mail, as on the order.
    pub client_email: Option<String>,
    /// Street.
    pub adresse_livraison: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Anything to know.
    pub notes: Option<String>,
    /// Business day on which it is to be delivered.
    pub date_livraison_prevue: Option<Day>,
    /// Slot from, `HH:MM`.
    pub creneau_debut: Option<String>,
    /// Slot to, `HH:MM`.
    pub creneau_fin: Option<String>,
    /// Place in the livreur's round of its day; none once either of them changes.
    pub position_tournee: Option<i32>,
    /// Sum of the lines, VAT included.
    pub total: Money,
    /// Without VAT.
    pub total_ht: Money,
    /// VAT inside, per rate, rounded half up.
    pub total_tva: Money,
    /// Value of what was handed over; null until delivered.
    pub total_livre: Option<Money>,
    /// Cash collected at the door.
    pub montant_encaisse: Option<Money>,
    /// Who delivers it.
    pub livreur_id: Option<UserId>,
    /// The same person.
    pub livreur: Option<CourierBrief>,
    /// The lines.
    pub items: Vec<OrderItem>,
    /// Where this caller may take it from here.
    pub transitions_permises: Vec<OrderStatus>,
    /// When it was sold.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When preparation began.
    pub prepared_at: Option<DateTime<Utc>>,
    /// When it left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When it was handed over.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    pub motif_annulation: Option<String>,
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
    /// Whether it was deleted (drafts and cancelled orders only).
    #[serde(flatten)]
    pub deletion: Deletion,
}

/// A line one sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewOrderItem {
    /// Which product.
    pub product_id: ProductId,
    /// How many, 1…100 000.
    pub quantity: i64,
}

/// What one sends to create an order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct NewOrder {
    /// An existing client, whose phone, e-mail and address are copied where nothing is sent of them; without it one is
    /// found by phone, or created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Name, required.
    pub client_nom: String,
    // Sent as null by the pages, where an empty field says that there is none.
    /// Phone.
    pub client_telephone: Option<String>,
    /// E-mail.
    pub client_email: Option<String>,
    /// Street.
    pub adresse_livraison: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
    /// Degrees; with `longitude` or not at all.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Anything to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Business day of delivery, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_livraison_prevue: Option<String>,
    /// Slot from, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creneau_debut: Option<String>,
    /// Slot to, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creneau_fin: Option<String>,
    /// Lines; the same product twice is merged.
    pub items: Vec<NewOrderItem>,
    /// Confirm at once, or create nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmer: Option<bool>,
}

/// What one sends to change an order: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderUpdate {
    /// Another client.
    pub client_id: Option<ClientId>,
    /// Name.
    pub client_nom: Option<String>,
    /// Phone.
    pub client_telephone: Option<String>,
    /// E-mail.
    pub client_email: Option<String>,
    /// Street.
    pub adresse_livraison: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
    /// Degrees; with `longitude` or not at all.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Anything to know.
    pub notes: Option<String>,
    /// Business day of delivery, `YYYY-MM-DD`.
    pub date_livraison_prevue: Option<Day>,
    /// Slot from, `HH:MM`.
    pub creneau_debut: Option<String>,
    /// Slot to, `HH:MM`.
    pub creneau_fin: Option<String>,
    /// All lines; those whose product was there keep their price.
    pub items: Option<Vec<NewOrderItem>>,
}

/// A status with where one may go from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StatusInfo {
    /// Its name on the wire.
    pub code: OrderStatus,
    /// As people read it.
    pub libelle: String,
    /// Where an order may go from here.
    pub transitions: Vec<OrderStatus>,
}

/// One entry of an order's story, as its page tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub auteur: String,
    /// What, in a few words: "Commande confirmée".
    pub texte: String,
    /// More, such as the reason of a cancellation.
    pub detail: Option<String>,
    /// What else is known of it, a sentence each.
    pub faits: Vec<String>,
    /// Signatures and photos that came with it.
    pub preuves: Vec<Proof>,
}

/// The page of one order, read in one go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderDetail {
    /// The order.
    pub order: Order,
    /// What happened, newest first.
    pub events: Vec<OrderEvent>,
    /// Who may be put on it (for those who assign).
    pub couriers: Vec<CourierBrief>,
    /// How its lines stand once delivered (for those who may put them right).
    pub livrees: Vec<AttemptLine>,
    /// What it names that the reader cannot open any more.
    pub gone: Gone,
}

/// What an order names that was deleted since, for those to whom deleted rows are no more.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gone {
    /// Its client.
    pub client: bool,
    /// Of its products.
    pub products: Vec<ProductId>,
}

/// How many living orders there are in each status, under the other filters: the tabs of the list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StatusCounts {
    /// `(status, how many up to the cap)`, all six.
    pub counts: Vec<(OrderStatus, i64)>,
}
