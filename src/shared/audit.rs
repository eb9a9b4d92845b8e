//! Who made a row and who changed it last: the same members in every answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::UserId;

/// When and by whom a row was entered and last changed. Written by the database's triggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct Audit {
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
}

/// Whether, when and by whom a row was deleted. It stays, and an admin can bring it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct Deletion {
    /// Deleted.
    pub is_deleted: bool,
    /// When.
    pub deleted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub deleted_by: Option<UserId>,
}

/// The members above: an answer that is sent back may carry them, and they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
    "version",
    "is_deleted",
    "deleted_at",
    "deleted_by",
];
