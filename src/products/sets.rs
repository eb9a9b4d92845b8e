//! What travels when several products are meant at once.

use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::shared::ProductId;

/// What is done to each of several products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkDeed {
    /// On sale.
    Sell,
    /// Off sale.
    Withdraw,
    /// Away.
    Delete,
    /// Back.
    Restore,
}

/// How it went for one product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkAnswer {
    /// Which one.
    pub id: ProductId,
    /// Its version now; absent where it was refused.
    pub version: Option<i32>,
    /// Why it was refused.
    pub refus: Option<AppError>,
}
