//! What travels: an order, its lines, and what one sends to make one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::workflow::OrderStatus;
use crate::shared::{CategoryId, ClientId, Day, Fields, Money, OrderId, OrderItemId, ProductId, UserId, VatRate};
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
    /// Place in the livreur's round.
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
    /// Entered.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom entered.
    pub created_by: UserId,
    /// By whom last changed.
    pub updated_by: UserId,
    /// Grows with every change: the `ETag`.
    pub version: i32,
    /// Deleted (drafts and cancelled orders only).
    pub is_deleted: bool,
    /// When deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub deleted_by: Option<UserId>,
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
    /// An existing client; without it one is found by phone, or created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Name, required.
    pub client_nom: String,
    /// Phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_telephone: Option<String>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_email: Option<String>,
    /// Street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adresse_livraison: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_postal: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ville: Option<String>,
    /// Degrees; with `longitude` or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The client and delivery part of an order, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidDelivery {
    /// See [`NewOrder`], field by field.
    pub client_nom: String,
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
    /// Degrees, both or none.
    pub position: Option<(f64, f64)>,
    /// Anything to know.
    pub notes: Option<String>,
    /// Day of delivery.
    pub date_livraison_prevue: Option<Day>,
    /// Slot: from, to.
    pub creneau: (Option<chrono::NaiveTime>, Option<chrono::NaiveTime>),
}

/// A new order that cannot be wrong in itself (its products and client may still not exist).
#[derive(Debug, Clone, PartialEq)]
pub struct ValidNewOrder {
    /// An existing client.
    pub client_id: Option<ClientId>,
    /// Client and delivery.
    pub delivery: ValidDelivery,
    /// Each product once, in the order of first mention.
    pub items: Vec<NewOrderItem>,
    /// For each of them, where it stood first in what was sent.
    sent_at: Vec<usize>,
    /// Confirm at once.
    pub confirmer: bool,
}

impl ValidNewOrder {
    /// Where a line stood in what was sent: errors speak of that place.
    pub fn sent_index(&self, line: usize) -> usize {
        self.sent_at.get(line).copied().unwrap_or(line)
    }

    /// Checks what was sent; every fault at once.
    pub fn read(body: serde_json::Value) -> crate::error::AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let client_id = f.id("client_id").value();
        let client_nom = f.line("client_nom", 200);
        let client_nom = f.required("client_nom", client_nom);
        let client_telephone = f.line("client_telephone", 30).value();
        let client_email = f.email("client_email").value();
        let adresse_livraison = f.line("adresse_livraison", 500).value();
        let code_postal = f.line("code_postal", 20).value();
        let ville = f.line("ville", 200).value();
        let position = read_position(&mut f);
        let notes = f.paragraph("notes", 5_000).value();
        let date_livraison_prevue = f.day("date_livraison_prevue").value();
        let creneau = read_slot(&mut f);
        let items = f.list("items", MAX_LINES, read_item).value().unwrap_or_default();
        let (items, sent_at) = merge(items, &mut f);
        let confirmer = f.boolean("confirmer").value().unwrap_or(false);
        if confirmer && items.is_empty() {
            f.refuse("items", "obligatoire", "Ajoutez au moins un article pour confirmer.");
        }
        f.finish()?;
        let delivery = ValidDelivery {
            client_nom: client_nom.unwrap_or_default(),
            client_telephone,
            client_email,
            adresse_livraison,
            code_postal,
            ville,
            position,
            notes,
            date_livraison_prevue,
            creneau,
        };
        Ok(Self { client_id, delivery, items, sent_at, confirmer })
    }
}

fn read_item(f: &mut Fields) -> Option<NewOrderItem> {
    let product_id = f.id("product_id");
    let product_id = f.required("product_id", product_id);
    let quantity = f.integer("quantity", 1, MAX_QUANTITY);
    let quantity = f.required("quantity", quantity);
    Some(NewOrderItem { product_id: product_id?, quantity: quantity? })
}

/// The same product twice is one line.
fn merge(items: Vec<NewOrderItem>, f: &mut Fields) -> (Vec<NewOrderItem>, Vec<usize>) {
    let mut merged: Vec<NewOrderItem> = Vec::with_capacity(items.len());
    let mut sent_at = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        match merged.iter_mut().find(|m| m.product_id == item.product_id) {
            Some(line) => line.quantity += item.quantity,
            None => {
                merged.push(item);
                sent_at.push(index);
            }
        }
    }
    if merged.iter().any(|line| line.quantity > MAX_QUANTITY) {
        f.refuse("items", "hors_limites", format!("Au plus {MAX_QUANTITY} par article."));
    }
    (merged, sent_at)
}

fn read_position(f: &mut Fields) -> Option<(f64, f64)> {
    let latitude = f.number("latitude", -90.0, 90.0).value();
    let longitude = f.number("longitude", -180.0, 180.0).value();
    match (latitude, longitude) {
        (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
        (None, None) => None,
        (Some(_), None) => {
            f.refuse("longitude", "obligatoire", "Avec une latitude il faut une longitude.");
            None
        }
        (None, Some(_)) => {
            f.refuse("latitude", "obligatoire", "Avec une longitude il faut une latitude.");
            None
        }
    }
}

fn read_slot(f: &mut Fields) -> (Option<chrono::NaiveTime>, Option<chrono::NaiveTime>) {
    let from = f.time("creneau_debut").value();
    let to = f.time("creneau_fin").value();
    match (from, to) {
        (None, Some(_)) => f.refuse("creneau_debut", "obligatoire", "Indiquez aussi le début du créneau."),
        (Some(from), Some(to)) if from >= to => {
            f.refuse("creneau_fin", "creneau_invalide", "La fin du créneau doit suivre son début.");
        }
        _ => {}
    }
    (from, to)
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
}

/// How many living orders there are in each status, under the other filters: the tabs of the list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StatusCounts {
    /// `(status, how many up to the cap)`, all six.
    pub counts: Vec<(OrderStatus, i64)>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_product_twice_is_merged() {
        let order = ValidNewOrder::read(json!({
            "client_nom": " Jean Dupont ",
            "items": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}, {"product_id": 1, "quantity": 4}]
        }))
        .expect("valid");
        assert_eq!(order.delivery.client_nom, "Jean Dupont");
        let lines: Vec<_> = order.items.iter().map(|i| (i.product_id.0, i.quantity)).collect();
        assert_eq!(lines, [(1, 6), (3, 1)]);
        assert!(!order.confirmer);
    }

    #[test]
    fn faults_are_named_by_their_path() {
        let error = ValidNewOrder::read(json!({
            "client_nom": "", "confirmer": true, "creneau_fin": "10:00", "latitude": 48.8,
            "items": [{"product_id": 1, "quantity": 0}, {"quantity": 100_001}]
        }))
        .expect_err("faults");
        let champs: Vec<_> = error.errors.iter().map(|e| e.champ.as_str()).collect();
        assert_eq!(
            champs,
            [
                "client_nom",
                "longitude",
                "creneau_debut",
                "items[0].quantity",
                "items[1].product_id",
                "items[1].quantity",
                "items"
            ]
        );
    }

    #[test]
    fn what_the_form_sends_is_what_the_contract_takes() {
        let form = NewOrder {
            client_nom: "Anne".into(),
            items: vec![NewOrderItem { product_id: ProductId(4), quantity: 1 }],
            confirmer: Some(true),
            ..NewOrder::default()
        };
        let order = ValidNewOrder::read(serde_json::to_value(form).expect("json")).expect("valid");
        assert!(order.confirmer);
        assert_eq!(order.items.len(), 1);
    }
}
