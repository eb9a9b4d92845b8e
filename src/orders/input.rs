//! What was sent of an order, checked: the client and delivery part, the lines. Both builds: the form
//! names the same faults as the server.

use super::model::{MAX_LINES, MAX_QUANTITY, NewOrderItem, Order};
use crate::error::AppResult;
use crate::shared::fields::Sent;
use crate::shared::money::french;
use crate::shared::place::Place;
use crate::shared::{ClientId, Day, Fields};

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
    pub position: Option<Place>,
    /// Anything to know.
    pub notes: Option<String>,
    /// Day of delivery.
    pub date_livraison_prevue: Option<Day>,
    /// Slot: from, to.
    pub creneau: Slot,
}

impl ValidDelivery {
    /// What stands on an order.
    pub fn of(order: &Order) -> Self {
        let clock = |text: &Option<String>| {
            text.as_deref().and_then(|text| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok())
        };
        Self {
            client_nom: order.client_nom.clone(),
            client_telephone: order.client_telephone.clone(),
            client_email: order.client_email.clone(),
            adresse_livraison: order.adresse_livraison.clone(),
            code_postal: order.code_postal.clone(),
            ville: order.ville.clone(),
            position: Place::of(order.latitude, order.longitude),
            notes: order.notes.clone(),
            date_livraison_prevue: order.date_livraison_prevue,
            creneau: (clock(&order.creneau_debut), clock(&order.creneau_fin)),
        }
    }
}

/// Checks a change of client and delivery before it is sent.
pub fn check_delivery(body: serde_json::Value, now: &Order) -> AppResult<()> {
    let mut f = Fields::of_body(body)?;
    let sent = DeliverySent::read(&mut f);
    sent.check_cleared(&mut f);
    f.finish()?;
    sent.over(&ValidDelivery::of(now)).map(drop)
}

/// When on that day: from, to.
pub type Slot = (Option<chrono::NaiveTime>, Option<chrono::NaiveTime>);

/// What was sent of the client and delivery part: the same checks for a new order and a change.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySent {
    client_nom: Sent<String>,
    client_telephone: Sent<String>,
    client_email: Sent<String>,
    adresse_livraison: Sent<String>,
    code_postal: Sent<String>,
    ville: Sent<String>,
    position: Sent<Place>,
    notes: Sent<String>,
    date_livraison_prevue: Sent<Day>,
    creneau_debut: Sent<chrono::NaiveTime>,
    creneau_fin: Sent<chrono::NaiveTime>,
}

/// What of a client nobody spoke of. An address is one thing: a street of theirs in another town is nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsaid {
    /// Their phone.
    pub telephone: bool,
    /// Their e-mail.
    pub email: bool,
    /// Street, postcode, town and degrees.
    pub place: bool,
}

impl DeliverySent {
    /// Takes the fields out of what was sent.
    pub fn read(f: &mut Fields) -> Self {
        Self {
            client_nom: f.line("client_nom", 200),
            client_telephone: f.line("client_telephone", 30),
            client_email: f.email("client_email"),
            adresse_livraison: f.line("adresse_livraison", 500),
            code_postal: f.line("code_postal", 20),
            ville: f.line("ville", 200),
            position: f.place(),
            notes: f.paragraph("notes", 5_000),
            date_livraison_prevue: f.day("date_livraison_prevue"),
            creneau_debut: f.time("creneau_debut"),
            creneau_fin: f.time("creneau_fin"),
        }
    }

    /// What nobody spoke of: not even to say that there is none.
    pub fn unsaid(&self) -> Unsaid {
        let place = [&self.adresse_livraison, &self.code_postal, &self.ville];
        Unsaid {
            telephone: self.client_telephone == Sent::Absent,
            email: self.client_email == Sent::Absent,
            place: place.into_iter().all(|part| *part == Sent::Absent) && self.position == Sent::Absent,
        }
    }

    /// Of a whole new order.
    pub fn complete(self, f: &mut Fields) -> ValidDelivery {
        let client_nom = f.required("client_nom", self.client_nom).unwrap_or_default();
        let creneau = (self.creneau_debut.value(), self.creneau_fin.value());
        check_slot(creneau, f);
        ValidDelivery {
            client_nom,
            client_telephone: self.client_telephone.value(),
            client_email: self.client_email.value(),
            adresse_livraison: self.adresse_livraison.value(),
            code_postal: self.code_postal.value(),
            ville: self.ville.value(),
            position: self.position.value(),
            notes: self.notes.value(),
            date_livraison_prevue: self.date_livraison_prevue.value(),
            creneau,
        }
    }

    /// Refuses to clear what an order cannot be without.
    pub fn check_cleared(&self, f: &mut Fields) {
        f.kept("client_nom", &self.client_nom);
    }

    /// Put over what is there. The slot is judged as it becomes.
    pub fn over(self, now: &ValidDelivery) -> AppResult<ValidDelivery> {
        let creneau = (self.creneau_debut.or_cleared(now.creneau.0), self.creneau_fin.or_cleared(now.creneau.1));
        let mut f = Fields::of_pairs([]);
        check_slot(creneau, &mut f);
        f.finish()?;
        Ok(ValidDelivery {
            client_nom: self.client_nom.or(now.client_nom.clone()),
            client_telephone: self.client_telephone.or_cleared(now.client_telephone.clone()),
            client_email: self.client_email.or_cleared(now.client_email.clone()),
            adresse_livraison: self.adresse_livraison.or_cleared(now.adresse_livraison.clone()),
            code_postal: self.code_postal.or_cleared(now.code_postal.clone()),
            ville: self.ville.or_cleared(now.ville.clone()),
            position: self.position.or_cleared(now.position),
            notes: self.notes.or_cleared(now.notes.clone()),
            date_livraison_prevue: self.date_livraison_prevue.or_cleared(now.date_livraison_prevue),
            creneau,
        })
    }
}

/// The lines that were sent: each product once, in the order of first mention.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ValidItems {
    /// The lines.
    pub items: Vec<NewOrderItem>,
    /// For each of them, where it stood first in what was sent.
    sent_at: Vec<usize>,
}

/// What a line of the answer carries and nobody sets.
pub const ANSWERED: &[&str] =
    &["id", "product_nom", "category_id", "quantite_livree", "prix_unitaire", "taux_tva", "total"];

impl ValidItems {
    /// Takes `items` out of what was sent; the same product twice is one line.
    pub fn read(f: &mut Fields) -> Sent<Self> {
        Self::read_with(f, read_item)
    }

    /// The same for a change: lines may come back as the answer gave them.
    pub fn read_again(f: &mut Fields) -> Sent<Self> {
        Self::read_with(f, |item| {
            item.ignore(ANSWERED);
            read_item(item)
        })
    }

    fn read_with(f: &mut Fields, read: impl FnMut(&mut Fields) -> Option<NewOrderItem>) -> Sent<Self> {
        match f.list("items", MAX_LINES, read) {
            Sent::Value(items) => Sent::Value(merge(items, f)),
            Sent::Null => Sent::Null,
            Sent::Absent => Sent::Absent,
        }
    }

    /// Lines that nobody sent as a list.
    pub fn of(items: Vec<NewOrderItem>) -> Self {
        Self { items, sent_at: Vec::new() }
    }

    /// Where a line stood in what was sent: errors speak of that place.
    pub fn path(&self, line: usize) -> String {
        format!("items[{}].product_id", self.sent_at.get(line).copied().unwrap_or(line))
    }
}

/// A new order that cannot be wrong in itself (its products and client may still not exist).
#[derive(Debug, Clone, PartialEq)]
pub struct ValidNewOrder {
    /// An existing client.
    pub client_id: Option<ClientId>,
    /// Client and delivery.
    pub delivery: ValidDelivery,
    /// What of it is the client's own, if one is named.
    pub unsaid: Unsaid,
    /// The lines.
    pub lines: ValidItems,
    /// Confirm at once.
    pub confirmer: bool,
}

impl ValidNewOrder {
    /// Checks what was sent; every fault at once.
    pub fn read(body: serde_json::Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let client_id = f.id("client_id").value();
        let delivery = DeliverySent::read(&mut f);
        let unsaid = delivery.unsaid();
        let delivery = delivery.complete(&mut f);
        let lines = ValidItems::read(&mut f).value().unwrap_or_default();
        let confirmer = f.boolean("confirmer").value().unwrap_or(false);
        if confirmer && lines.items.is_empty() {
            f.needed("items", "Ajoutez au moins un article pour confirmer.");
        }
        f.finish()?;
        Ok(Self { client_id, delivery, unsaid, lines, confirmer })
    }
}

/// `{product_id, quantity}`
pub fn read_item(f: &mut Fields) -> Option<NewOrderItem> {
    let product_id = f.id("product_id");
    let product_id = f.required("product_id", product_id);
    let quantity = f.integer("quantity", 1, MAX_QUANTITY);
    let quantity = f.required("quantity", quantity);
    Some(NewOrderItem { product_id: product_id?, quantity: quantity? })
}

/// What is wrong with more of one product than a line may have.
pub fn too_many() -> String {
    format!("Au plus {} par article.", french(&MAX_QUANTITY.to_string()))
}

/// The same product twice is one line.
fn merge(items: Vec<NewOrderItem>, f: &mut Fields) -> ValidItems {
    let mut merged = ValidItems::default();
    for (index, item) in items.into_iter().enumerate() {
        match merged.items.iter_mut().find(|m| m.product_id == item.product_id) {
            Some(line) => line.quantity += item.quantity,
            None => {
                merged.items.push(item);
                merged.sent_at.push(index);
            }
        }
    }
    if merged.items.iter().any(|line| line.quantity > MAX_QUANTITY) {
        f.refuse("items", "hors_limites", too_many());
    }
    merged
}

fn check_slot(slot: Slot, f: &mut Fields) {
    match slot {
        (None, Some(_)) => f.refuse("creneau_debut", "obligatoire", "Indiquez aussi le début du créneau."),
        (Some(from), Some(to)) if from >= to => {
            f.refuse("creneau_fin", "creneau_invalide", "La fin du créneau doit suivre son début.");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::orders::model::NewOrder;
    use crate::shared::ProductId;

    #[test]
    fn the_same_product_twice_is_merged() {
        let order = ValidNewOrder::read(json!({
            "client_nom": " Jean Dupont ",
            "items": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}, {"product_id": 1, "quantity": 4}]
        }))
        .expect("valid");
        assert_eq!(order.delivery.client_nom, "Jean Dupont");
        let lines: Vec<_> = order.lines.items.iter().map(|i| (i.product_id.0, i.quantity)).collect();
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
        assert_eq!(order.lines.items.len(), 1);
    }
}
