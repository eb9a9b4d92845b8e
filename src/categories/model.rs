//! What travels: a category.

use serde::{Deserialize, Serialize};

use crate::shared::CategoryId;
use crate::shared::audit::{Audit, Deletion};

/// A category of products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Category {
    /// Id.
    pub id: CategoryId,
    /// Name, unique among the living; case and accents ignored.
    pub nom: String,
    /// More about it.
    pub description: Option<String>,
    /// Its place among the others.
    pub ordre: i32,
    /// Living products in it.
    pub nombre_produits: i64,
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
    /// Whether it was deleted.
    #[serde(flatten)]
    pub deletion: Deletion,
}

/// What one sends to create a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewCategory {
    /// Name.
    pub nom: String,
    /// More about it.
    pub description: Option<String>,
    /// Its place; last when absent.
    pub ordre: Option<i32>,
}

/// What one sends to change a category: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategoryUpdate {
    /// Name.
    pub nom: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// Its place.
    pub ordre: Option<i32>,
}

/// A new order of all categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategoryOrder {
    /// Every living category exactly once, the first on top.
    pub ids: Vec<CategoryId>,
}
