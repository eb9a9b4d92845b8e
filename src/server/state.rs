//! What the whole server shares.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::config::ServeOptions;
use super::keys::Keys;
use crate::shared::money::Currency;
use crate::shared::{VatRate, ZoneTable};

/// What the shop chose at its first start.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Currency of every amount.
    pub currency: Currency,
    /// Business time zone.
    pub zone: ZoneTable,
    /// VAT rate of a product that names none.
    pub default_vat: VatRate,
}

/// Shared by every request; cheap to clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The database.
    pub db: PgPool,
    /// Secrets.
    pub keys: Arc<Keys>,
    /// The shop.
    pub shop: Arc<Shop>,
    /// How it is served.
    pub options: Arc<ServeOptions>,
    /// Where the browser's files are.
    pub leptos: LeptosOptions,
    /// Hashing a password takes 19 MiB and a core: two at a time.
    pub hashing: Arc<Semaphore>,
}

impl AppState {
    /// The state of a server over a migrated database.
    pub fn new(db: PgPool, keys: Keys, shop: Shop, options: ServeOptions, leptos: LeptosOptions) -> Self {
        Self {
            db,
            keys: Arc::new(keys),
            shop: Arc::new(shop),
            options: Arc::new(options),
            leptos,
            hashing: Arc::new(Semaphore::new(2)),
        }
    }
}
