//! What the whole server shares.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::config::ServeOptions;
use super::keys::Keys;
use super::rate::RateLimit;
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
    /// How often one address may call; none for no limit.
    pub rate_limit: Option<Arc<RateLimit>>,
    /// An export holds a connection for as long as its reader takes: two at a time.
    pub exports: Exports,
}

/// Turns for exports, told apart from those for passwords by their type.
#[derive(Clone)]
pub struct Exports(pub Arc<Semaphore>);

impl AppState {
    /// The state of a server over a migrated database.
    pub fn new(db: PgPool, keys: Keys, shop: Shop, options: ServeOptions, leptos: LeptosOptions) -> Self {
        let rate_limit = RateLimit::new(options.rate_limit).map(Arc::new);
        Self {
            db,
            rate_limit,
            keys: Arc::new(keys),
            shop: Arc::new(shop),
            options: Arc::new(options),
            leptos,
            hashing: Arc::new(Semaphore::new(2)),
            exports: Exports(Arc::new(Semaphore::new(2))),
        }
    }
}
