//! What several servers share in Redis: answers that still hold, and how often an address calls.
//!
//! It is never needed. While it does not answer, each server keeps to itself, and asks again from time to time.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, FromRedisValue, RedisError, RedisResult, Script};
use secrecy::{ExposeSecret, SecretString};

use super::keys::Keys;

/// Nobody waits longer for it, for what can be had without it.
const ANSWER: Duration = Duration::from_millis(250);

/// After a failure it is left alone so long.
const REST: Duration = Duration::from_secs(2);

/// The generic cell rate algorithm, with Redis' own clock: when the next call of an address is due, in microseconds.
/// Returns how long this one is too early, 0 when it is not.
const CALL: &str = "
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
    local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + step
    local early = due - burst * step - now
    if early > 0 then return early end
    redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
    return 0";

/// A connection that is made when it is needed, and made again when it is lost.
pub struct Redis {
    connection: ConnectionManager,
    /// Several installations may share one Redis.
    prefix: String,
    call: Script,
    /// Until when it is left alone; none while it answers.
    resting: Mutex<Option<Instant>>,
}

impl Redis {
    /// Whether an address can be one of Redis.
    pub fn check(url: &SecretString) -> RedisResult<()> {
        Client::open(url.expose_secret()).map(drop)
    }

    /// Nothing is asked of it yet. None for an address that [`Redis::check`] refuses.
    pub fn at(url: &SecretString, keys: &Keys) -> Option<Arc<Self>> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(ANSWER))
            .set_response_timeout(Some(ANSWER));
        let client = Client::open(url.expose_secret()).ok()?;
        let connection = ConnectionManager::new_lazy_with_config(client, config).ok()?;
        let prefix = format!("dashboard-fb:{}", keys.redis());
        Some(Arc::new(Self { connection, prefix, call: Script::new(CALL), resting: Mutex::default() }))
    }

    /// What was put under a key.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let key = format!("{}:{key}", self.prefix);
        self.ask(async |redis| redis.get::<_, Option<Vec<u8>>>(key).await).await.flatten()
    }

    /// Puts something under a key, for a while.
    pub async fn put(&self, key: &str, value: Vec<u8>, stays: Duration) {
        let key = format!("{}:{key}", self.prefix);
        self.ask(async |redis| redis.set_ex::<_, _, ()>(key, value, stays.as_secs()).await).await;
    }

    /// How long an address must wait with this call, which counts when it need not; none when Redis does not say.
    pub async fn wait(&self, address: IpAddr, per_second: u32, burst: u32) -> Option<Duration> {
        let key = format!("{}:calls:{address}", self.prefix);
        let mut call = self.call.key(key);
        call.arg(1_000_000 / u64::from(per_second.max(1))).arg(burst);
        let early = self.ask(async |redis| call.invoke_async::<u64>(redis).await).await?;
        Some(Duration::from_micros(early))
    }

    async fn ask<T: FromRedisValue>(
        &self,
        what: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        if self.resting().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        match what(&mut self.connection.clone()).await {
            Ok(answer) => {
                if self.rest(None).is_some() {
                    tracing::info!("Redis answers again: servers share what they keep");
                }
                Some(answer)
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    fn failed(&self, error: &RedisError) {
        if self.rest(Some(Instant::now() + REST)).is_none() {
            tracing::warn!(%error, "Redis does not answer: each server keeps to itself until it does");
        }
    }

    fn resting(&self) -> Option<Instant> {
        *self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was there before.
    fn rest(&self, until: Option<Instant>) -> Option<Instant> {
        std::mem::replace(&mut *self.resting.lock().unwrap_or_else(PoisonError::into_inner), until)
    }
}
