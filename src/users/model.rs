//! What travels: people. A hash never does: no type here has a place for one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::auth::permission::Role;
use crate::shared::UserId;

/// Somebody who delivers, as others may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CourierBrief {
    /// Id.
    pub id: UserId,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
}

impl CourierBrief {
    /// `Karim Benali`
    pub fn display(&self) -> String {
        full_name(self.prenom.as_deref(), &self.nom)
    }
}

/// First name, then surname.
pub fn full_name(prenom: Option<&str>, nom: &str) -> String {
    match prenom {
        Some(prenom) if !prenom.is_empty() => format!("{prenom} {nom}"),
        _ => nom.to_owned(),
    }
}

/// A user as the contract has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct User {
    /// Id.
    pub id: UserId,
    /// E-mail, unique among the living, case ignored.
    pub email: String,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
    /// Role.
    pub role: Role,
    /// May sign in.
    pub is_active: bool,
    /// Last sign-in.
    pub last_login_at: Option<DateTime<Utc>>,
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
    /// Deleted.
    pub is_deleted: bool,
    /// When deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub deleted_by: Option<UserId>,
}
