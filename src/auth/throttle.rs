//! Slows down who guesses passwords, without letting anybody lock a colleague out from elsewhere.
//!
//! Failures are counted before the password is looked at and taken back on success, so that many
//! attempts at once count as many. Kept in the database: it holds for every server.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::server::keys::{Keys, hmac_sha256};

/// Failures of one account from one address before it slows down.
const PAIR_FREE: i32 = 5;
/// Failures of one address within the window.
const ADDRESS_LIMIT: i32 = 30;

/// One attempt, counted as a failure until it succeeds.
pub struct Attempt {
    pair: Vec<u8>,
    address: Vec<u8>,
}

impl Attempt {
    /// Counts an attempt, or refuses it with how long to wait.
    pub async fn begin(db: &PgPool, keys: &Keys, email: &str, address: IpAddr) -> AppResult<Self> {
        let digest = |text: String| hmac_sha256(&keys.throttle(), text.as_bytes()).to_vec();
        let attempt = Self {
            pair: digest(format!("pair {} {address}", email.trim().to_lowercase())),
            address: digest(format!("address {address}")),
        };
        // The pair first: what it refuses is no failure of the address.
        count(db, &attempt.pair, PAIR_FREE, true).await?;
        if let Err(refused) = count(db, &attempt.address, ADDRESS_LIMIT, false).await {
            // Nobody looks at this password: it is no failure of the pair, whose colleagues share the address.
            take_back(db, &attempt.pair).await?;
            return Err(refused);
        }
        Ok(attempt)
    }

    /// Takes the attempt back: it was right.
    pub async fn succeed(self, db: &PgPool) -> AppResult<()> {
        sqlx::query!(
            "with pair as (delete from sign_in_failures where key_digest = $1)
             update sign_in_failures set failures = failures - 1, blocked_until = null where key_digest = $2 and failures > 0",
            self.pair, self.address
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// One failure less under a key: the last one was none.
async fn take_back(db: &PgPool, key: &[u8]) -> AppResult<()> {
    let sql = "update sign_in_failures set failures = failures - 1, blocked_until = null
               where key_digest = $1 and failures > 0";
    sqlx::query(sql).bind(key).execute(db).await?;
    Ok(())
}

/// One more failure under a key. From the `free`th on it blocks: growing from 30 s to 15 min, or until
/// the window of 15 minutes is over.
async fn count(db: &PgPool, key: &[u8], free: i32, growing: bool) -> AppResult<()> {
    let counted = sqlx::query!(
        "insert into sign_in_failures as f (key_digest, failures, first_at, last_at) values ($1, 1, now(), now())
         on conflict (key_digest) do update set
            failures = case when f.first_at < now() - interval '15 minutes' and f.last_at < now() - interval '15 minutes'
                            then 1 when not $3 and f.first_at < now() - interval '15 minutes' then 1
                            else f.failures + 1 end,
            first_at = case when f.first_at < now() - interval '15 minutes'
                             and (not $3 or f.last_at < now() - interval '15 minutes') then now() else f.first_at end,
            last_at = now(),
            blocked_until = case
                when f.last_at < now() - interval '15 minutes' or f.failures + 1 < $2 then null
                when $3 then now() + least(interval '15 minutes', interval '30 seconds' * power(2, least(f.failures + 1 - $2, 10)))
                when f.first_at < now() - interval '15 minutes' then null
                else f.first_at + interval '15 minutes' end
         where f.blocked_until is null or f.blocked_until <= now()",
        key, free, growing
    )
    .execute(db)
    .await?
    .rows_affected();
    if counted == 1 {
        return Ok(());
    }
    let until = sqlx::query_scalar!("select blocked_until from sign_in_failures where key_digest = $1", key)
        .fetch_optional(db)
        .await?
        .flatten();
    Err(too_many(until, Utc::now()))
}

fn too_many(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> AppError {
    let seconds = until.map_or(1, |until| (until - now).num_seconds() + 1).clamp(1, 900);
    let wait = if seconds < 90 { format!("{seconds} secondes") } else { format!("{} minutes", (seconds + 59) / 60) };
    AppError::new(ErrorCode::TooManyRequests, format!("Trop de tentatives. Réessayez dans {wait}."))
        .with(Member::RetryAfter, seconds)
}
