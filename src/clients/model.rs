//! What travels: a client.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::shared::audit::{Audit, Deletion};
use crate::shared::{ClientId, Money};

/// What a client is called whose data were erased.
pub const ERASED_CLIENT: &str = "Client effacé";

/// Why they do not come back.
pub const ERASED_FOR_GOOD: &str = "Les données de ce client ont été effacées : il ne peut plus être restauré.";

/// A client as the order form suggests them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ClientChoice {
    /// Id.
    pub id: ClientId,
    /// Name.
    pub nom: String,
    /// Phone.
    pub telephone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Street.
    pub adresse: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
}

impl From<Client> for ClientChoice {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            nom: client.nom,
            telephone: client.telephone,
            email: client.email,
            adresse: client.adresse,
            code_postal: client.code_postal,
            ville: client.ville,
        }
    }
}

/// What a client has ordered so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ClientFigures {
    /// How many orders there are, of any status.
    pub commandes: i64,
    /// What was sold to them, by the dashboard's definition.
    pub chiffre_affaires: Money,
    /// When the last order was entered.
    pub derniere_commande: Option<DateTime<Utc>>,
}

/// A client with what they ordered, as the screens show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientSheet {
    /// The client.
    pub client: Client,
    /// What they ordered.
    pub figures: ClientFigures,
}

/// A client as the contract has it. Orders keep their own copy of these data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Client {
    /// Id.
    pub id: ClientId,
    /// Name.
    pub nom: String,
    /// Phone, as it was typed.
    pub telephone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Street.
    pub adresse: Option<String>,
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
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
    /// Whether it was deleted.
    #[serde(flatten)]
    pub deletion: Deletion,
}

impl Client {
    /// Whether their data were erased and none came since: there is nobody to bring back.
    pub fn is_erased(&self) -> bool {
        let told = [&self.telephone, &self.email, &self.adresse, &self.code_postal, &self.ville, &self.notes];
        self.nom == ERASED_CLIENT && told.into_iter().all(Option::is_none)
    }
}

/// What one sends to create a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewClient {
    /// Name.
    pub nom: String,
    /// Phone.
    pub telephone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Street.
    pub adresse: Option<String>,
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
}

/// What one sends to change a client: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ClientUpdate {
    /// Name.
    pub nom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Street.
    pub adresse: Option<String>,
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
}
