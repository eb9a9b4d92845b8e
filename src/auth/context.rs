//! What every operation takes: who acts, on what database, in which request.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::Semaphore;

use super::permission::{Permission, Role, allows};
use crate::dashboard::kept::Answers;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::live::hub::Hub;
use crate::server::readers::Readers;
use crate::server::replica::Replica;
use crate::server::state::{AppState, Exports, Shop};
use crate::server::transaction;
use crate::shared::{SessionId, UserId};

/// Who acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The user.
    pub user_id: UserId,
    /// The session they act in.
    pub session_id: SessionId,
    /// Their role, as of this request.
    pub role: Role,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// E-mail.
    pub email: String,
}

/// A write that may be sent twice: the key and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct IdempotencyKey {
    /// What the caller chose.
    pub key: String,
    /// HTTP method (or `FN` for a screen).
    pub method: String,
    /// Path (or the server function's name).
    pub path: String,
    /// SHA-256 of the body.
    pub body_digest: Vec<u8>,
}

/// The context of an operation.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: PgPool,
    /// The same, for single reads.
    pub reads: Readers,
    /// What may be read instead: see [`replica`](crate::server::replica).
    pub replica: Option<std::sync::Arc<Replica>>,
    /// What the shop has chosen (currency, zone, VAT).
    pub shop: std::sync::Arc<Shop>,
    /// Turns for those who hash a password.
    pub hashing: std::sync::Arc<Semaphore>,
    /// Turns for those who take whole lists away.
    pub exports: Exports,
    /// Who is told of changes.
    pub live: std::sync::Arc<Hub>,
    /// What was read for the dashboard and still holds.
    pub answers: std::sync::Arc<Answers>,
    /// Who acts.
    pub actor: Actor,
    /// The request, for the trail.
    pub request_id: String,
    /// The versions that the caller would change, one of which must be the present one; none: whichever it is.
    pub if_match: Vec<i32>,
    /// Set when the caller may send the same thing again.
    pub idempotency: Option<IdempotencyKey>,
}

/// The answer of a write: the resource as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved<T> {
    /// The resource.
    pub value: T,
    /// True when this is the first answer again.
    pub replayed: bool,
}

impl<T> Saved<T> {
    /// The same answer in another shape.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Saved<U> {
        Saved { value: f(self.value), replayed: self.replayed }
    }
}

impl Ctx {
    /// The context of a request whose caller is known.
    pub fn new(state: &AppState, actor: Actor, request_id: String) -> Self {
        Self {
            db: state.db.clone(),
            reads: state.reads.clone(),
            replica: state.replica.clone(),
            shop: state.shop.clone(),
            hashing: state.hashing.clone(),
            exports: state.exports.clone(),
            live: state.live.clone(),
            answers: state.answers.clone(),
            actor,
            request_id,
            if_match: Vec::new(),
            idempotency: None,
        }
    }

    /// The context of a server function: the browser's session was looked up by the middleware.
    pub async fn of_browser() -> AppResult<Self> {
        crate::server::browser::context_of_request()
    }

    /// Refuses when the caller's role lacks the permission.
    pub fn require(&self, permission: Permission) -> AppResult<()> {
        if allows(self.actor.role, permission) { Ok(()) } else { Err(AppError::forbidden()) }
    }

    /// Whether the caller's role has the permission.
    pub fn may(&self, permission: Permission) -> bool {
        allows(self.actor.role, permission)
    }

    /// The same, acting only on the version that was seen.
    pub fn if_match(mut self, version: i32) -> Self {
        self.if_match = vec![version];
        self
    }

    /// The same, acting only on the version that was seen, if one was.
    pub fn seen(mut self, version: Option<i32>) -> Self {
        if let Some(version) = version {
            self.if_match = vec![version];
        }
        self
    }

    /// The same, safe to send twice. An empty key means: not repeatable.
    pub fn idempotent(mut self, name: &str, key: String, body: &serde_json::Value) -> AppResult<Self> {
        if key.is_empty() {
            return Ok(self);
        }
        let body_digest = Sha256::digest(body.to_string().as_bytes()).to_vec();
        self.idempotency = Some(IdempotencyKey::new(key, "FN".into(), name.into(), body_digest)?);
        Ok(self)
    }

    /// Refuses when somebody changed the resource since the caller saw it.
    pub fn check_version(&self, current: i32) -> AppResult<()> {
        if self.if_match.is_empty() || self.if_match.contains(&current) { Ok(()) } else { Err(stale(current)) }
    }

    /// Opens the transaction of a write, or gives back the first answer when its key was already used.
    pub async fn open_write<T: DeserializeOwned>(&self) -> AppResult<Opened<T>> {
        // One round trip; neither value can hold a quote: a number, and an id of [A-Za-z0-9._-].
        let begin = format!(
            "begin; set local app.user_id = '{}'; set local app.request_id = '{}'",
            self.actor.user_id,
            self.request_id.replace('\'', "")
        );
        let tx = transaction::begin(&self.db, begin).await?;
        let mut tx = WriteTx { tx, key: None, live: self.live.clone() };
        let Some(key) = &self.idempotency else { return Ok(Opened::New(tx)) };
        match tx.claim(self.actor.user_id, key).await? {
            None => {
                tx.key = Some((self.actor.user_id, key.key.clone()));
                Ok(Opened::New(tx))
            }
            Some(answer) => {
                let value = serde_json::from_value(answer).map_err(AppError::internal)?;
                Ok(Opened::Replayed(Saved { value, replayed: true }))
            }
        }
    }
}

/// The refusal of what was seen in another version than the one it has now.
pub fn stale(current: i32) -> AppError {
    let detail = "Quelqu'un a modifié ces données entre-temps. Rechargez avant de recommencer.";
    AppError::new(ErrorCode::StaleVersion, detail).with(Member::Version, current)
}

impl IdempotencyKey {
    /// A key of 1…255 visible characters.
    pub fn new(key: String, method: String, path: String, body_digest: Vec<u8>) -> AppResult<Self> {
        if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
            return Err(AppError::field("Idempotency-Key", "cle_invalide", "Une clé a de 1 à 255 caractères."));
        }
        Ok(Self { key, method, path, body_digest })
    }
}

/// How a write begins.
pub enum Opened<T> {
    /// It is new.
    New(WriteTx),
    /// It was done before: this was the answer.
    Replayed(Saved<T>),
}

/// A transaction in which rows know who changes them. Dropped without `commit`, nothing happened.
pub struct WriteTx {
    tx: Transaction<'static, Postgres>,
    key: Option<(UserId, String)>,
    live: std::sync::Arc<Hub>,
}

impl Deref for WriteTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

impl WriteTx {
    /// Takes the key for this write. A twin under way is waited for: its row blocks ours until it ends.
    async fn claim(&mut self, user: UserId, key: &IdempotencyKey) -> AppResult<Option<serde_json::Value>> {
        let taken = sqlx::query!(
            "insert into idempotency_keys (user_id, key, method, path, body_digest) values ($1, $2, $3, $4, $5)
             on conflict (user_id, key) do update
                set method = excluded.method, path = excluded.path, body_digest = excluded.body_digest,
                    answer = null, created_at = now()
                where idempotency_keys.created_at < now() - interval '24 hours'",
            user.0,
            key.key,
            key.method,
            key.path,
            key.body_digest
        )
        .execute(&mut *self.tx)
        .await?
        .rows_affected();
        if taken == 1 {
            return Ok(None);
        }
        let first = sqlx::query!(
            "select method, path, body_digest, answer from idempotency_keys where user_id = $1 and key = $2",
            user.0,
            key.key
        )
        .fetch_one(&mut *self.tx)
        .await?;
        if (first.method, first.path, first.body_digest)
            != (key.method.clone(), key.path.clone(), key.body_digest.clone())
        {
            return Err(AppError::new(
                ErrorCode::IdempotencyConflict,
                "Cette clé a déjà servi à une requête différente : choisissez-en une autre.",
            ));
        }
        Ok(Some(first.answer.unwrap_or_default()))
    }

    /// Keeps the answer with the write, if the caller may repeat it, and commits both.
    pub async fn commit<T: Serialize>(mut self, value: T) -> AppResult<Saved<T>> {
        if let Some((user, key)) = self.key.take() {
            let answer = serde_json::to_value(&value).map_err(AppError::internal)?;
            sqlx::query!(
                "update idempotency_keys set answer = $3 where user_id = $1 and key = $2",
                user.0,
                key,
                answer
            )
            .execute(&mut *self.tx)
            .await?;
        }
        self.tx.commit().await?;
        self.live.wrote();
        Ok(Saved { value, replayed: false })
    }
}
