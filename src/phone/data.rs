//! What the server tells a phone, all at once: who is signed in and what they have to deliver.

use serde::{Deserialize, Serialize};

use crate::deliveries::model::Deliveries;
use crate::shared::money::Currency;
use crate::shared::{UserId, ZoneTable};

/// Address of [`PhoneData`].
pub const DATA_PATH: &str = "/livreur/donnees";

/// Who is at this phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Id: the phone keeps each person's data apart.
    pub id: UserId,
    /// First name, then surname.
    pub nom: String,
}

/// The answer of `GET /livreur/donnees`; the phone keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhoneData {
    /// Who is signed in.
    pub personne: Person,
    /// The shop's currency.
    pub monnaie: Currency,
    /// The shop's time zone.
    pub fuseau: ZoneTable,
    /// Their deliveries of today, late ones too.
    pub tournee: Deliveries,
}
