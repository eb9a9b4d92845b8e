//! What travels: a session, as its owner sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::shared::SessionId;

/// A signed-in browser, phone or program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct SessionInfo {
    /// Id.
    pub id: SessionId,
    /// `navigateur` (a cookie) or `api` (tokens).
    pub kind: String,
    /// What it called itself.
    pub user_agent: Option<String>,
    /// Where it was opened from.
    pub address: Option<String>,
    /// Opened.
    pub created_at: DateTime<Utc>,
    /// Last seen, to the hour.
    pub last_seen_at: DateTime<Utc>,
    /// Ends, unless it is used before.
    pub expires_at: DateTime<Utc>,
    /// This one.
    pub courante: bool,
}
