//! What travels: people. A hash never does: no type here has a place for one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::rules::Circumstances;
use crate::auth::model::SessionInfo;
use crate::auth::permission::Role;
use crate::shared::UserId;
use crate::shared::audit::{Audit, Deletion};

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

/// What a user is called whose data were erased.
pub const ERASED_USER: &str = "Utilisateur effacé";

/// The address that stands for an erased one. No two users may have the same.
pub fn erased_email(id: UserId) -> String {
    format!("efface-{id}@localhost")
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
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
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
    /// Who made and changed it.
    #[serde(flatten)]
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub audit: Audit,
    /// Whether it was deleted.
    #[serde(flatten)]
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub deletion: Deletion,
}

impl User {
    /// First name, then surname.
    pub fn display(&self) -> String {
        full_name(self.prenom.as_deref(), &self.nom)
    }

    /// Whether their data were erased: there is nobody who could sign in again.
    pub fn is_erased(&self) -> bool {
        self.email == erased_email(self.id)
    }
}

/// A user with what decides about them, as their page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserSheet {
    /// The user.
    pub user: User,
    /// Where they are signed in.
    pub sessions: Vec<SessionInfo>,
    /// What decides whether the account can be taken away.
    pub circumstances: Circumstances,
}

/// Oneself, and where one is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Oneself.
    pub user: User,
    /// Where one is signed in, the last used first.
    pub sessions: Vec<SessionInfo>,
}

/// What one sends to create a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewUser {
    /// E-mail to sign in with.
    pub email: String,
    /// At least 8 characters, not a common one, not the e-mail.
    pub password: String,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
    /// Role.
    pub role: Role,
}

/// What one sends to change a user: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserUpdate {
    /// E-mail to sign in with.
    pub email: Option<String>,
    /// A new password: ends the user's sessions.
    pub password: Option<String>,
    /// Surname.
    pub nom: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
    /// Role.
    pub role: Option<Role>,
}

/// What one may change of oneself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProfileUpdate {
    /// Surname.
    pub nom: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Phone.
    pub telephone: Option<String>,
}

/// A role, explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RoleInfo {
    /// Its name on the wire.
    pub code: Role,
    /// As people read it.
    pub libelle: String,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub permissions: Vec<String>,
}
