//! What travels: a client.

use serde::{Deserialize, Serialize};

use crate::shared::ClientId;

/// A client as the order form suggests them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
