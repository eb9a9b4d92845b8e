//! What the whole server shares.

use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::LeptosOptions;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::config::ServeOptions;
use super::export::AT_ONCE;
use super::keys::Keys;
use super::rate::RateLimit;
use super::readers::Readers;
use super::redis::Redis;
use super::replica::Replica;
use super::sections::SectionFiles;
use crate::dashboard::kept::Answers;
use crate::live::hub::Hub;
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

/// Shared by every request; as cheap to clone as one counter, for every layer has its own.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What there is in the state.
pub struct Parts {
    /// The database.
    pub db: PgPool,
    /// The same, for single reads.
    pub reads: Readers,
    /// What the dashboard and exports may read instead.
    pub replica: Option<Arc<Replica>>,
    /// Secrets.
    pub keys: Arc<Keys>,
    /// The shop.
    pub shop: Arc<Shop>,
    /// How it is served.
    pub options: Arc<ServeOptions>,
    /// Where the browser's files are.
    pub leptos: LeptosOptions,
    /// The files of its sections.
    pub sections: SectionFiles,
    /// Hashing a password takes 19 MiB and a core: two at a time.
    pub hashing: Arc<Semaphore>,
    /// How often one address may call; none for no limit.
    pub rate_limit: Option<Arc<RateLimit>>,
    /// An export holds a connection for as long as its reader takes: [`AT_ONCE`] at a time.
    pub exports: Exports,
    /// What open pages are told.
    pub live: Arc<Hub>,
    /// What was read for the dashboard and still holds.
    pub answers: Arc<Answers>,
}

/// Turns for exports, told apart from those for passwords by their type.
#[derive(Clone)]
pub struct Exports(pub Arc<Semaphore>);

impl AppState {
    /// The state of a server over a migrated database.
    pub fn new(
        db: PgPool,
        replica: Option<Arc<Replica>>,
        keys: Keys,
        shop: Shop,
        options: ServeOptions,
        leptos: LeptosOptions,
    ) -> Self {
        let redis = options.redis_url.as_ref().and_then(|url| Redis::at(url, &keys));
        let rate_limit = RateLimit::new(options.rate_limit, redis.clone()).map(Arc::new);
        let answers = Arc::new(Answers::new(options.cache_mib, redis));
        let size = db.options().get_max_connections() as usize;
        Self(Arc::new(Parts {
            reads: Readers::new((*db.connect_options()).clone(), size),
            db,
            replica,
            rate_limit,
            sections: SectionFiles::read(&leptos),
            leptos,
            keys: Arc::new(keys),
            shop: Arc::new(shop),
            options: Arc::new(options),
            hashing: Arc::new(Semaphore::new(2)),
            exports: Exports(Arc::new(Semaphore::new(AT_ONCE))),
            live: Arc::default(),
            answers,
        }))
    }
}
