//! Demo data: accounts, a believable shop, and any number of orders.

mod catalogue;
mod clients;
mod fill;
mod indexes;
mod orders;
mod people;
mod shop;
mod stock;
mod town;
mod trail;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::dashboard::rollups;
use crate::history::seals;
use fill::Plan;

/// Orders of a shop that had none.
const DEMO_ORDERS: u64 = 400;
/// Days over which these are spread.
const DEMO_DAYS: i32 = 90;
/// Days over which orders that were asked for are spread.
const YEAR: i32 = 365;
/// How long ago the demo shop opened: before its oldest order.
const OPENED_DAYS_AGO: i64 = 400;
/// From this many orders on the trail has one entry for each row, and indexes are built afterwards.
const MANY: u64 = 20_000;
const STEPS: usize = 7;

/// What `seed` is to make.
#[derive(Debug, Clone, Default)]
pub struct SeedOptions {
    /// That many orders over the past year; without, a few hundred if the shop has none.
    pub orders: Option<u64>,
    /// The same number gives the same orders.
    pub random_seed: u64,
}

/// Why nothing was seeded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The database refused.
    #[error("La base de données a refusé : {0}")]
    Database(#[from] sqlx::Error),
    /// A password could not be hashed.
    #[error("Un mot de passe de démonstration n'a pas pu être haché : {0}")]
    Password(String),
    /// Nothing to sell, nobody to sell to, nobody to deliver.
    #[error("Impossible de créer des commandes : la boutique n'a aucun {0}.")]
    Nobody(&'static str),
    /// Beyond what the database can count.
    #[error("C'est trop de commandes.")]
    TooMany,
    /// The shop's settings are missing.
    #[error("La boutique n'est pas encore réglée (devise et fuseau horaire).")]
    NoSettings,
    /// The trail could not be sealed.
    #[error("La session n'a pas la clef de l'historique (app.audit_key).")]
    NoAuditKey,
}

/// A step that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What is being done, for people.
    pub label: &'static str,
    /// Since the beginning.
    pub elapsed: Duration,
}

/// Counts the steps and tells about them.
struct Progress<'a> {
    tell: &'a (dyn Fn(Step) + Send + Sync),
    started: Instant,
    number: usize,
}

impl Progress<'_> {
    fn step(&mut self, label: &'static str) {
        self.number += 1;
        (self.tell)(Step { number: self.number, of: STEPS, label, elapsed: self.started.elapsed() });
    }
}

/// Puts in the demo accounts, the shop and a few hundred orders, as far as they are missing.
/// Whatever somebody changed or deleted since stays as they left it.
pub async fn demo(db: &PgPool) -> Result<(), SeedError> {
    demo_until(db, Utc::now()).await
}

/// [`demo`], with the instant that is "now".
pub(crate) async fn demo_until(db: &PgPool, now: DateTime<Utc>) -> Result<(), SeedError> {
    put_in(db, &SeedOptions::default(), now, &|_| ()).await
}

/// The demo accounts and the shop, as far as they are missing, and the orders that were asked for.
pub async fn seed(db: &PgPool, options: &SeedOptions, progress: impl Fn(Step) + Send + Sync) -> Result<(), SeedError> {
    seed_until(db, options, Utc::now(), progress).await
}

/// [`seed`], with the instant that is "now".
pub(crate) async fn seed_until(
    db: &PgPool,
    options: &SeedOptions,
    now: DateTime<Utc>,
    progress: impl Fn(Step) + Send + Sync,
) -> Result<(), SeedError> {
    put_in(db, options, now, &progress).await
}

/// All in one transaction: a crash leaves nothing behind.
async fn put_in(
    db: &PgPool,
    options: &SeedOptions,
    now: DateTime<Utc>,
    tell: &(dyn Fn(Step) + Send + Sync),
) -> Result<(), SeedError> {
    let mut progress = Progress { tell, started: Instant::now(), number: 0 };
    let people = people::missing(db).await?;
    let mut tx = db.begin().await?;
    // The app's own limits are meant for requests; two seeds wait for each other.
    sqlx::raw_sql(
        "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;
         select set_config('app.user_id', (select id::text from users where is_system), true),
                pg_advisory_xact_lock(hashtext('dashboard-fb seed'))",
    )
    .execute(&mut *tx)
    .await?;
    let (has_settings, has_key): (bool, bool) = sqlx::query_as(
        "select exists (select from settings), coalesce(current_setting('app.audit_key', true), '') <> ''",
    )
    .fetch_one(&mut *tx)
    .await?;
    if !has_settings {
        return Err(SeedError::NoSettings);
    }
    if !has_key {
        return Err(SeedError::NoAuditKey);
    }

    let opened = now - chrono::Duration::days(OPENED_DAYS_AGO);
    if !people.is_empty() {
        sqlx::raw_sql("alter table users disable trigger user").execute(&mut *tx).await?;
        people::insert(&mut tx, &people, opened).await?;
        sqlx::raw_sql("alter table users enable trigger user").execute(&mut *tx).await?;
    }
    if shop::is_empty(&mut tx).await? {
        sqlx::raw_sql(SHOP_SLEEP).execute(&mut *tx).await?;
        shop::insert(&mut tx, opened).await?;
        clients::insert(&mut tx, opened).await?;
        sqlx::raw_sql(SHOP_WAKE).execute(&mut *tx).await?;
        sqlx::raw_sql("analyze users, categories, products, clients").execute(&mut *tx).await?;
    }
    let already: i64 = sqlx::query_scalar("select count(*) from orders").fetch_one(&mut *tx).await?;
    let (orders, days) = match options.orders {
        Some(orders) => (orders, YEAR),
        None if already == 0 => (DEMO_ORDERS, DEMO_DAYS),
        None => (0, 0),
    };
    if orders > 0 {
        let plan = Plan {
            orders,
            days,
            random_seed: options.random_seed,
            until: now,
            whole: orders < MANY,
            // Building the indexes of what was there already would cost more than it saves.
            bulk: orders >= MANY && orders >= already.unsigned_abs() / 2,
        };
        fill::fill(&mut tx, &plan, &mut progress).await?;
    }
    if !people.is_empty() || orders > 0 {
        // With the triggers asleep nothing was told.
        sqlx::query(TELL).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    if orders > 0 {
        // So that the first reads need not find out which rows everybody may see.
        progress.step("Rangement");
        tokio::try_join!(
            sqlx::raw_sql("vacuum orders, stocks, stock_movements").execute(db),
            sqlx::raw_sql("vacuum order_items").execute(db),
        )?;
        rollups::refresh(db).await?;
        sqlx::raw_sql(
            "vacuum analyze rollup_touched, rollup_days, rollup_statuts, rollup_articles, rollup_articles_mois",
        )
        .execute(db)
        .await?;
        // Two rounds: the first sees how far, the second seals.
        let mut horizon = None;
        seals::round(db, &mut horizon).await?;
        seals::round(db, &mut horizon).await?;
    }
    Ok(())
}

/// Anything may have changed.
const TELL: &str = "insert into live_events (topic)
    select unnest(array['orders', 'stocks', 'products', 'categories', 'clients', 'users'])";

const SHOP_SLEEP: &str = "
    alter table categories disable trigger user; alter table products disable trigger user;
    alter table clients disable trigger user; alter table stocks disable trigger user";
const SHOP_WAKE: &str = "
    alter table categories enable trigger user; alter table products enable trigger user;
    alter table clients enable trigger user; alter table stocks enable trigger user";
