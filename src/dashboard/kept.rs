//! Answers that were read before and still hold.
//!
//! An answer is kept under the snapshot of the database that its caller saw: which transactions were visible. Who
//! sees the same snapshot would read the same; whatever is committed since, through whichever server, makes it
//! another one. So nothing is ever invalidated, no news can be missed, and nobody gets a figure that is behind.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{AGE, CONTENT_TYPE};
use http::{HeaderValue, Response as HttpResponse};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use crate::error::{AppError, AppResult};
use crate::server::redis::Redis;
use crate::shared::Day;

/// What nobody asked for in so long is dropped: by then its snapshot is hardly ever the latest.
const IDLE: Duration = Duration::from_secs(60);

/// What an entry weighs beside its text and its key, about.
const ENTRY: usize = 256;

/// What a question meets in the database: what is visible, and which day it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Moment {
    /// The visible transactions, of this start of this PostgreSQL, in this database.
    snapshot: String,
    /// The business day now.
    pub today: Day,
}

impl Moment {
    /// Reads it. Two snapshots that print the same are the same: transaction ids are never used twice.
    pub async fn read(db: &mut PgConnection) -> AppResult<Self> {
        Ok(sqlx::query_as(
            "select concat_ws(' ', pg_current_snapshot(), pg_postmaster_start_time(), current_database()) as snapshot,
                    business_day(now()) as today",
        )
        .fetch_one(db)
        .await?)
    }
}

/// An answer as it is sent, and since when it is known.
#[derive(Clone)]
struct Kept {
    json: Bytes,
    read_at: DateTime<Utc>,
}

impl Kept {
    /// When it was read, in milliseconds, before the answer.
    fn pack(&self) -> Vec<u8> {
        [&self.read_at.timestamp_millis().to_be_bytes()[..], &self.json].concat()
    }

    fn unpack(packed: Vec<u8>) -> Option<Self> {
        let packed = Bytes::from(packed);
        let read_at = DateTime::from_timestamp_millis(i64::from_be_bytes(*packed.first_chunk()?))?;
        Some(Self { json: packed.slice(size_of::<i64>()..), read_at })
    }
}

/// The answer to a question, read now or before.
pub struct Answer<T> {
    kept: Kept,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Answer<T> {
    /// What it says.
    pub fn value(&self) -> AppResult<T> {
        serde_json::from_slice(&self.kept.json).map_err(AppError::internal)
    }
}

/// JSON; `Age` says how many seconds ago it was read. It still holds.
impl<T> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let age = (Utc::now() - self.kept.read_at).num_seconds().max(0);
        let mut response = HttpResponse::new(Body::from(self.kept.json));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(AGE, HeaderValue::from(age));
        response
    }
}

/// The answers of this server, and of its neighbours where there is a Redis. Callers who ask the same at the same time wait for one reading.
pub struct Answers {
    kept: Option<Cache<String, Kept>>,
    redis: Option<Arc<Redis>>,
    readings: AtomicU64,
}

impl Answers {
    /// Keeps at most so many MiB; nothing for 0.
    pub fn new(mebibytes: u32, redis: Option<Arc<Redis>>) -> Self {
        let kept = (mebibytes > 0).then(|| {
            Cache::builder()
                .max_capacity(u64::from(mebibytes) << 20)
                .weigher(|key: &String, kept: &Kept| {
                    u32::try_from(key.len() + kept.json.len() + ENTRY).unwrap_or(u32::MAX)
                })
                // Not what was asked for most, which is what stands under a snapshot that is over.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(IDLE)
                .build()
        });
        Self { kept, redis, readings: AtomicU64::new(0) }
    }

    /// How often the database was read since the start.
    pub fn readings(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }

    /// The answer to a question that was asked at a moment: the one kept, or what `read` finds in the database as it
    /// is then or later. `question` names everything it depends on beside what is in the database.
    pub async fn of<T: Serialize + DeserializeOwned>(
        &self,
        moment: &Moment,
        question: &str,
        read: impl AsyncFnOnce() -> AppResult<T>,
    ) -> AppResult<Answer<T>> {
        let kept = match &self.kept {
            None => self.read_anew(read).await?,
            Some(kept) => {
                let key = format!("{question} {}", moment.snapshot);
                let find = async {
                    if let Some(found) = self.of_neighbour::<T>(&key).await {
                        return Ok(found);
                    }
                    let fresh = self.read_anew(read).await?;
                    self.tell_neighbours(&key, &fresh);
                    Ok(fresh)
                };
                let found = kept.try_get_with_by_ref(&key, find).await;
                found.map_err(|error: Arc<AppError>| AppError::clone(&error))?
            }
        };
        Ok(Answer { kept, of: PhantomData })
    }

    async fn read_anew<T: Serialize>(&self, read: impl AsyncFnOnce() -> AppResult<T>) -> AppResult<Kept> {
        self.readings.fetch_add(1, Ordering::Relaxed);
        let read_at = Utc::now();
        let json = serde_json::to_vec(&read().await?).map_err(AppError::internal)?;
        Ok(Kept { json: json.into(), read_at })
    }

    /// What a neighbour keeps, if it can be read: one of another version may tell it differently.
    async fn of_neighbour<T: DeserializeOwned>(&self, key: &str) -> Option<Kept> {
        let found = Kept::unpack(self.redis.as_ref()?.get(&format!("answer:{key}")).await?)?;
        serde_json::from_slice::<T>(&found.json).is_ok().then_some(found)
    }

    /// Nobody waits for it.
    fn tell_neighbours(&self, key: &str, kept: &Kept) {
        let Some(redis) = self.redis.clone() else { return };
        let (key, packed) = (format!("answer:{key}"), kept.pack());
        tokio::spawn(async move { redis.put(&key, packed, IDLE).await });
    }
}
