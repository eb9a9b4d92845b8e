//! What the server tells a phone, all at once: who is signed in and what they have to deliver. No more than the phone
//! shows or needs: it comes every minute, and stays on the phone.
//!
//! Read member by member, as are the phone's database and the answers: what serde derives for reading weighs more
//! than anything else in the phone's program.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::deliveries::input::Ordered;
use crate::deliveries::model::{AttemptResult, Reason};
use crate::orders::workflow::OrderStatus;
use crate::shared::money::Currency;
use crate::shared::{Day, Money, OrderId, OrderItemId, UserId, Uuid, ZoneTable};

/// Address of [`PhoneData`].
pub const DATA_PATH: &str = "/livreur/donnees";

/// Who is at this phone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Person {
    /// Id: the phone keeps each person's data apart.
    pub id: UserId,
    /// First name, then surname.
    pub nom: String,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Id of the line.
    pub id: OrderItemId,
    /// Name of the product, as on the order.
    pub product_nom: String,
    /// Ordered.
    pub quantity: i64,
    /// Price of one, VAT included.
    pub prix_unitaire: Money,
}

/// What happened at the door, once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attempt {
    /// Id: that of the action which told it, where one did.
    pub id: Uuid,
    /// What it came to.
    pub resultat: AttemptResult,
    /// Why not everything was handed over.
    pub motif: Option<Reason>,
    /// Anything to know.
    pub note: Option<String>,
    /// Who took it.
    pub receveur: Option<String>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
    /// When, by the clock of the phone.
    pub survenu_le: DateTime<Utc>,
}

/// An order as the one who delivers it needs it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// Id of the order.
    pub id: OrderId,
    /// Its number.
    pub numero: String,
    /// Where it stands.
    pub statut: OrderStatus,
    /// Name of the client.
    pub client_nom: String,
    /// Their phone.
    pub client_telephone: Option<String>,
    /// Street.
    pub adresse_livraison: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
    /// Where that is, `47.2,-1.5`: degrees north and east.
    pub point: Option<String>,
    /// Anything to know.
    pub notes: Option<String>,
    /// Slot from, `HH:MM`.
    pub creneau_debut: Option<String>,
    /// Slot to, `HH:MM`.
    pub creneau_fin: Option<String>,
    /// The lines.
    pub items: Vec<Item>,
    /// What is still to be collected at the door.
    pub montant_a_encaisser: Money,
    /// It should have been delivered on an earlier day.
    pub en_retard: bool,
    /// What happened at the door so far, oldest first.
    pub tentatives: Vec<Attempt>,
}

/// The deliveries of today, in the order of the round; those that are done come last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Round {
    /// Business day.
    pub date: Day,
    /// When this was read, by the server's clock.
    pub lu_le: DateTime<Utc>,
    /// The deliveries.
    pub items: Vec<Delivery>,
}

/// The answer of `GET /livreur/donnees`; the phone keeps it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhoneData {
    /// Who is signed in.
    pub personne: Person,
    /// The shop's currency.
    pub monnaie: Currency,
    /// The shop's time zone.
    pub fuseau: ZoneTable,
    /// Their deliveries of today, late ones too.
    pub tournee: Round,
}

/// What a text tells, where it is JSON.
pub fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// A text, when there is one.
pub fn text(told: &Value) -> Option<String> {
    told.as_str().map(str::to_owned)
}

/// A word of a closed list.
pub fn word<T>(told: &Value, parse: fn(&str) -> Option<T>) -> Option<T> {
    parse(told.as_str()?)
}

/// A list whose elements can all be read.
pub fn list<T>(told: &Value, read: fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    told.as_array()?.iter().map(read).collect()
}

fn amount(told: &Value) -> Option<Money> {
    Money::parse(&told.as_number()?.to_string()).ok()
}

fn instant(told: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(told.as_str()?).ok().map(|at| at.to_utc())
}

impl Item {
    fn read(told: &Value) -> Option<Self> {
        Some(Self {
            id: OrderItemId(told["id"].as_i64()?),
            product_nom: text(&told["product_nom"])?,
            quantity: told["quantity"].as_i64()?,
            prix_unitaire: amount(&told["prix_unitaire"])?,
        })
    }
}

impl From<&Item> for Ordered {
    fn from(item: &Item) -> Self {
        Self { item_id: item.id, nom: item.product_nom.clone(), quantity: item.quantity }
    }
}

impl Attempt {
    fn read(told: &Value) -> Option<Self> {
        Some(Self {
            id: word(&told["id"], Uuid::parse)?,
            resultat: word(&told["resultat"], AttemptResult::parse)?,
            motif: word(&told["motif"], Reason::parse),
            note: text(&told["note"]),
            receveur: text(&told["receveur"]),
            montant_encaisse: amount(&told["montant_encaisse"]),
            survenu_le: instant(&told["survenu_le"])?,
        })
    }
}

impl Delivery {
    /// What is to be collected when so many of each line are handed over: as the server counts it, prices have the VAT
    /// inside, and what was collected before counts.
    pub fn to_collect(&self, handed: impl Fn(OrderItemId) -> i64) -> Money {
        let kept_back = |item: &Item| (item.quantity - handed(item.id)) * item.prix_unitaire.0;
        let left = self.montant_a_encaisser.0 - self.items.iter().map(kept_back).sum::<i64>();
        Money(left.max(0))
    }

    fn read(told: &Value) -> Option<Self> {
        Some(Self {
            id: OrderId(told["id"].as_i64()?),
            numero: text(&told["numero"])?,
            statut: word(&told["statut"], OrderStatus::parse)?,
            client_nom: text(&told["client_nom"])?,
            client_telephone: text(&told["client_telephone"]),
            adresse_livraison: text(&told["adresse_livraison"]),
            code_postal: text(&told["code_postal"]),
            ville: text(&told["ville"]),
            point: text(&told["point"]),
            notes: text(&told["notes"]),
            creneau_debut: text(&told["creneau_debut"]),
            creneau_fin: text(&told["creneau_fin"]),
            items: list(&told["items"], Item::read)?,
            montant_a_encaisser: amount(&told["montant_a_encaisser"])?,
            en_retard: told["en_retard"].as_bool()?,
            tentatives: list(&told["tentatives"], Attempt::read)?,
        })
    }
}

impl PhoneData {
    /// What the server told, or the phone kept of it; none when it is of another version. Its currency is from then on
    /// that of the program: the amounts that follow are read in it.
    pub fn read(told: &Value) -> Option<Self> {
        let (person, currency, zone, round) = (&told["personne"], &told["monnaie"], &told["fuseau"], &told["tournee"]);
        let monnaie =
            Currency { code: text(&currency["code"])?, exponent: u8::try_from(currency["exponent"].as_u64()?).ok()? };
        monnaie.clone().choose();
        Some(Self {
            personne: Person { id: UserId(person["id"].as_i64()?), nom: text(&person["nom"])? },
            monnaie,
            fuseau: ZoneTable {
                name: text(&zone["name"])?,
                offsets: list(&zone["offsets"], |pair| {
                    Some((pair[0].as_i64()?, i32::try_from(pair[1].as_i64()?).ok()?))
                })?,
            },
            tournee: Round {
                date: word(&round["date"], Day::parse)?,
                lu_le: instant(&round["lu_le"])?,
                items: list(&round["items"], Delivery::read)?,
            },
        })
    }
}

#[cfg(feature = "ssr")]
impl From<crate::deliveries::model::Delivery> for Delivery {
    fn from(delivery: crate::deliveries::model::Delivery) -> Self {
        let crate::deliveries::model::Delivery { order, montant_a_encaisser, en_retard, tentatives } = delivery;
        let item = |item: crate::orders::model::OrderItem| Item {
            id: item.id,
            product_nom: item.product_nom,
            quantity: item.quantity,
            prix_unitaire: item.prix_unitaire,
        };
        let attempt = |attempt: crate::deliveries::model::Attempt| Attempt {
            id: attempt.id,
            resultat: attempt.resultat,
            motif: attempt.motif,
            note: attempt.note,
            receveur: attempt.receveur,
            montant_encaisse: attempt.montant_encaisse,
            survenu_le: attempt.survenu_le,
        };
        Self {
            id: order.id,
            numero: order.numero,
            statut: order.statut,
            client_nom: order.client_nom,
            client_telephone: order.client_telephone,
            adresse_livraison: order.adresse_livraison,
            code_postal: order.code_postal,
            ville: order.ville,
            point: order.latitude.zip(order.longitude).map(|(north, east)| format!("{north},{east}")),
            notes: order.notes,
            creneau_debut: order.creneau_debut,
            creneau_fin: order.creneau_fin,
            items: order.items.into_iter().map(item).collect(),
            montant_a_encaisser,
            en_retard,
            tentatives: tentatives.into_iter().map(attempt).collect(),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<crate::deliveries::model::Deliveries> for Round {
    fn from(told: crate::deliveries::model::Deliveries) -> Self {
        Self { date: told.date, lu_le: told.lu_le, items: told.items.into_iter().map(Delivery::from).collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_collected_follows_what_is_handed_over() {
        let item = |id, quantity, price| Item {
            id: OrderItemId(id),
            product_nom: String::new(),
            quantity,
            prix_unitaire: Money(price),
        };
        let mut order = delivery();
        order.items = vec![item(1, 3, 1999), item(2, 2, 105)];
        order.montant_a_encaisser = Money(3 * 1999 + 2 * 105);
        let of = |order: &Delivery, one: i64, two: i64| {
            order.to_collect(|id| if id == OrderItemId(1) { one } else { two }).0
        };
        assert_eq!((of(&order, 3, 2), of(&order, 2, 1), of(&order, 0, 0)), (6207, 2 * 1999 + 105, 0));
        // 50.00 were collected before.
        order.montant_a_encaisser = Money(6207 - 5000);
        assert_eq!((of(&order, 3, 0), of(&order, 2, 2)), (997, 0));
    }

    #[test]
    fn what_is_written_is_read() {
        let data = PhoneData {
            personne: Person { id: UserId(5), nom: "Karim B.".into() },
            monnaie: Currency { code: "EUR".into(), exponent: 2 },
            fuseau: ZoneTable { name: "Europe/Paris".into(), offsets: vec![(0, 3600), (1_774_746_000, 7200)] },
            tournee: Round {
                date: Day::parse("2026-11-26").expect("a day"),
                lu_le: at("2026-11-26T09:00:00.123456Z"),
                items: vec![delivery()],
            },
        };
        let mut told: Value = serde_json::from_str(&serde_json::to_string(&data).expect("text")).expect("JSON");
        assert_eq!(PhoneData::read(&told), Some(data));
        told["tournee"]["items"][0]["statut"] = json!("envolee");
        assert_eq!(PhoneData::read(&told), None, "of another version");
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn delivery() -> Delivery {
        let attempt = Attempt {
            id: Uuid::parse("0f8fad5b-d9cb-469f-a165-70867728950e").expect("a UUID"),
            resultat: AttemptResult::Partielle,
            motif: Some(Reason::Endommage),
            note: Some("Carton\nouvert".into()),
            receveur: Some("Anne".into()),
            montant_encaisse: Some(Money(1500)),
            survenu_le: at("2026-11-26T09:30:00.250Z"),
        };
        Delivery {
            id: OrderId(7),
            numero: "CMD-20261126-000007".into(),
            statut: OrderStatus::EnLivraison,
            client_nom: "Café « Ré »".into(),
            client_telephone: Some("0612345678".into()),
            adresse_livraison: Some("3 rue du Port".into()),
            code_postal: Some("44000".into()),
            ville: None,
            point: Some("47.2,-1.5".into()),
            notes: Some("Sonner.\nFort.".into()),
            creneau_debut: Some("09:00".into()),
            creneau_fin: None,
            items: vec![Item {
                id: OrderItemId(70),
                product_nom: "Thé".into(),
                quantity: 4,
                prix_unitaire: Money(1250),
            }],
            montant_a_encaisser: Money(123_456_789),
            en_retard: true,
            tentatives: vec![attempt],
        }
    }
}
