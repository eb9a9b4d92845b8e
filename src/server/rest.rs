//! The REST door's shared half: who calls, what was sent, how it is answered. No rule of the business.

use std::collections::HashMap;

use axum::Json;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgExecutor;

use super::access::Access;
use super::export::{self, Exported};
use super::readers::Lease;
use super::security::RequestId;
use super::state::AppState;
use crate::auth::context::{Ctx, IdempotencyKey, Saved};
use crate::auth::permission::Permission;
use crate::auth::sessions::actor_of_token;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::shared::Fields;
use crate::shared::listing::{self, Filter};
use crate::shared::resource::{Resource, Versioned, get, get_on, not_found};

/// JSON bodies are at most this large.
pub const MAX_JSON: usize = 1024 * 1024;
/// A batch of actions is at most this large.
pub const MAX_BATCH: usize = 5 * 1024 * 1024;

/// A call whose caller is known and allowed; only then was its body read.
pub struct Call {
    /// Context of the operation.
    pub ctx: Ctx,
    /// The body; null when there was none.
    pub body: Value,
    /// The parameters of the query string, decoded.
    pub query: Vec<(String, String)>,
    params: HashMap<String, String>,
}

impl Call {
    /// An id in the path. What is no id names nothing; `007` and `+7` are none, for one thing has one address.
    pub fn id<T: From<i64>>(&self, name: &str) -> AppResult<T> {
        let written = self.params.get(name).filter(|text| *text == "0" || !text.starts_with(['0', '+']));
        let id = written.and_then(|text| text.parse().ok());
        id.map(T::from).ok_or_else(|| AppError::not_found("Cette ressource"))
    }

    /// The id of what the answer is about, where it becomes a filter: those take none below 1.
    pub fn parent_id<R: Resource>(&self, name: &str) -> AppResult<i64> {
        self.id(name).ok().filter(|id| *id > 0).ok_or_else(not_found::<R>)
    }

    /// A text in the path.
    pub fn text(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Refuses parameters where a route has none.
    pub fn no_query(&self) -> AppResult<()> {
        Fields::of_pairs(self.query.clone()).finish()
    }

    /// Refuses parameters and a body where a route has neither; `{}` is no body.
    pub fn bare(&self) -> AppResult<()> {
        self.no_query()?;
        Fields::of_body(self.body.clone())?.finish()
    }
}

/// A call that reads one thing: what looked the caller up also reads it, which spares a turn in the pool.
pub struct Reading {
    call: Call,
    /// None when a body came first: nobody holds a connection while a client takes its time.
    lease: Option<Lease>,
}

impl Reading {
    /// A page of a list, or all of it as a file.
    pub async fn list<F>(self) -> AppResult<Response>
    where
        F: Filter + 'static,
        F::Of: Serialize + Exported,
    {
        let Self { call, lease } = self;
        match export::wanted(&call.query)? {
            None => {
                let page = listing::page_on::<F>(lease, &call.ctx, without_format(call.query)).await?;
                Ok(Json(page).into_response())
            }
            Some(format) => {
                drop(lease);
                export::list::<F>(call.ctx, without_format(call.query), format).await
            }
        }
    }

    /// The same of what belongs to one parent: the filter `name` is its id in the path.
    pub async fn list_under<R, F>(mut self, in_path: &str, name: &str) -> AppResult<Response>
    where
        R: Resource,
        F: Filter + 'static,
        F::Of: Serialize + Exported,
    {
        let id = self.call.parent_id::<R>(in_path)?;
        if self.call.query.iter().any(|(sent, _)| sent == name) {
            return Err(AppError::field(name, "parametre_inconnu", "Paramètre inconnu : il est dans l'adresse."));
        }
        self.call.query.push((name.to_owned(), id.to_string()));
        let ctx = self.call.ctx.clone();
        let answer = self.list::<F>().await?;
        // After what may be wrong with the parameters.
        get::<R>(&ctx, id, false).await?;
        Ok(answer)
    }

    /// One resource with its `ETag`.
    pub async fn one<R: Resource + Versioned + Serialize>(self) -> AppResult<Response> {
        self.one_by::<R>("id").await
    }

    /// The same, where the id has another name in the path.
    pub async fn one_by<R: Resource + Versioned + Serialize>(self, name: &str) -> AppResult<Response> {
        let Self { call, lease } = self;
        let id = call.id(name)?;
        let mut f = Fields::of_pairs(call.query);
        let include_deleted = R::DELETABLE && f.boolean("include_deleted").value().unwrap_or(false);
        if include_deleted {
            call.ctx.require(Permission::Restore)?;
        }
        f.finish()?;
        let found = match lease {
            Some(mut lease) => lease.read(async |db| get_on::<R>(db, &call.ctx, id, include_deleted).await).await?,
            None => get::<R>(&call.ctx, id, include_deleted).await?,
        };
        Ok(resource(found))
    }
}

/// The parameters without `format`.
pub fn without_format(query: Vec<(String, String)>) -> Vec<(String, String)> {
    query.into_iter().filter(|(name, _)| name != "format").collect()
}

impl FromRequest<AppState> for Call {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let (ctx, params) = caller(&mut parts, state).await?;
        Self::read(parts, body, ctx, params).await
    }
}

impl FromRequest<AppState> for Reading {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        // Without a token there is nothing to ask the database.
        bearer(&parts).ok_or_else(AppError::unauthenticated)?;
        let mut lease = state.reads.lease().await?;
        let (ctx, params) = lease.read(async |db| caller_on(db, &mut parts, state).await).await?;
        let lease = body.is_end_stream().then_some(lease);
        Ok(Self { call: Call::read(parts, body, ctx, params).await?, lease })
    }
}

/// A call whose body may be larger than others: a batch.
pub struct LargeCall(pub Call);

impl FromRequest<AppState> for LargeCall {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let (ctx, params) = caller(&mut parts, state).await?;
        let (body, digest) = read_json(&parts, body, MAX_BATCH).await?;
        Call::of(&parts, ctx, params, body, digest).map(Self)
    }
}

impl Call {
    async fn read(parts: Parts, body: Body, ctx: Ctx, params: HashMap<String, String>) -> AppResult<Self> {
        let (body, digest) = read_json(&parts, body, MAX_JSON).await?;
        Self::of(&parts, ctx, params, body, digest)
    }

    /// A call whose body was read already; `digest` stands for it.
    pub fn of(
        parts: &Parts,
        ctx: Ctx,
        params: HashMap<String, String>,
        body: Value,
        digest: Vec<u8>,
    ) -> AppResult<Self> {
        let ctx = Ctx { if_match: if_match(parts), idempotency: idempotency_key(parts, digest)?, ..ctx };
        Ok(Self { ctx, body, query: query_pairs(parts)?, params })
    }
}

/// The caller, allowed to call this route, before anything of the body is looked at.
pub async fn caller(parts: &mut Parts, state: &AppState) -> AppResult<(Ctx, HashMap<String, String>)> {
    state.reads.read(async |db| caller_on(db, parts, state).await).await
}

async fn caller_on(
    db: impl PgExecutor<'_>,
    parts: &mut Parts,
    state: &AppState,
) -> AppResult<(Ctx, HashMap<String, String>)> {
    let token = bearer(parts).ok_or_else(AppError::unauthenticated)?;
    let actor = actor_of_token(db, &state.keys, token).await?;
    // A route that nobody named a permission for is closed.
    let access = parts.extensions.get::<Access>().copied();
    access.ok_or_else(|| AppError::internal("a route without access"))?.check(actor.role)?;
    let params = path_params(parts).await;
    Ok((Ctx::new(state, actor, request_id(parts)), params))
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn path_params(parts: &mut Parts) -> HashMap<String, String> {
    match RawPathParams::from_request_parts(parts, &()).await {
        Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        Err(_) => HashMap::new(),
    }
}

/// The parameters of a query string, decoded.
pub fn query_pairs(parts: &Parts) -> AppResult<Vec<(String, String)>> {
    serde_urlencoded::from_str(parts.uri.query().unwrap_or_default())
        .map_err(|_| AppError::new(ErrorCode::BadRequest, "Les paramètres de l'adresse n'ont pas pu être lus."))
}

fn request_id(parts: &Parts) -> String {
    parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The versions that `If-Match` names: one, or a list of them (RFC 9110, 13.1.1). What is none of ours matches none.
fn if_match(parts: &Parts) -> Vec<i32> {
    let values = parts.headers.get_all(header::IF_MATCH).iter();
    let tags: Vec<_> = values.flat_map(|value| value.to_str().unwrap_or("?").split(',').map(str::trim)).collect();
    if tags.contains(&"*") {
        return Vec::new();
    }
    let version = |tag: &&str| tag.strip_prefix("W/").unwrap_or(*tag).trim_matches('"').parse().unwrap_or(-1);
    tags.iter().map(version).collect()
}

/// The key of a write that may be sent twice; `body_digest` stands for what was sent with it.
pub fn idempotency_key(parts: &Parts, body_digest: Vec<u8>) -> AppResult<Option<IdempotencyKey>> {
    // What opens, renews or ends sessions is never answered from memory.
    if parts.method != http::Method::POST || parts.uri.path().contains("/auth/") {
        return Ok(None);
    }
    let mut sent = parts.headers.get_all("idempotency-key").iter();
    let Some(value) = sent.next() else { return Ok(None) };
    if sent.next().is_some() {
        return Err(AppError::field("Idempotency-Key", "cle_invalide", "Une seule clé est attendue."));
    }
    let key = value.to_str().unwrap_or_default().to_owned();
    IdempotencyKey::new(key, parts.method.to_string(), parts.uri.path().to_owned(), body_digest).map(Some)
}

/// A JSON body of at most `max` bytes and its digest: 413, then 415, then 400. No body, or a blank one, is null.
pub async fn read_json(parts: &Parts, body: Body, max: usize) -> AppResult<(Value, Vec<u8>)> {
    let bytes = http_body_util::Limited::new(body, max)
        .collect()
        .await
        .map_err(|e| {
            if e.is::<http_body_util::LengthLimitError>() {
                AppError::new(ErrorCode::TooLarge, format!("Le corps dépasse {} Mio.", max / MAX_JSON))
            } else {
                AppError::new(ErrorCode::BadRequest, "Le corps de la requête n'a pas pu être lu.")
            }
        })?
        .to_bytes();
    let digest = Sha256::digest(&bytes).to_vec();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok((Value::Null, digest));
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !(essence.starts_with("application/") && essence.ends_with("+json")) {
        return Err(AppError::new(
            ErrorCode::UnsupportedMediaType,
            "Envoyez du JSON : Content-Type: application/json.",
        ));
    }
    let value = super::digits::read(&bytes).map_err(|e| {
        AppError::new(ErrorCode::MalformedJson, format!("JSON mal formé, ligne {} colonne {}.", e.line(), e.column()))
    })?;
    // A body that was left out is read as null further on; one that says so is no object.
    if value.is_null() {
        return Err(AppError::field("", "objet_attendu", "Un objet JSON est attendu."));
    }
    Ok((value, digest))
}

/// 200 with a resource and its `ETag`.
pub fn resource<T: Serialize + Versioned>(value: T) -> Response {
    let etag = etag(&value);
    let mut response = Json(value).into_response();
    insert(&mut response, header::ETAG, &etag);
    response
}

/// 200 with what a write left.
pub fn saved<T: Serialize + Versioned>(saved: Saved<T>) -> Response {
    let replayed = saved.replayed;
    let mut response = resource(saved.value);
    mark_replay(&mut response, replayed);
    response
}

/// 200 with what a write left, where that has no version of its own.
pub fn done<T: Serialize>(result: Saved<T>) -> Response {
    let replayed = result.replayed;
    let mut response = Json(result.value).into_response();
    mark_replay(&mut response, replayed);
    response
}

/// 204.
pub fn gone(_: ()) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// 201 with what a write made, and where it is: the collection's path and the new id.
pub fn created<T: Serialize + Versioned>(result: Saved<T>, collection: &str, id: impl FnOnce(&T) -> i64) -> Response {
    let location = format!("{collection}/{}", id(&result.value));
    let etag = etag(&result.value);
    let mut response = made(result, &location);
    insert(&mut response, header::ETAG, &etag);
    response
}

/// 201 with what has no version.
pub fn made<T: Serialize>(result: Saved<T>, location: &str) -> Response {
    let location = format!("/api/v1{location}");
    let mut response = done(result);
    *response.status_mut() = StatusCode::CREATED;
    insert(&mut response, header::LOCATION, &location);
    response
}

fn etag(value: &impl Versioned) -> String {
    format!("\"{}\"", value.version())
}

fn mark_replay(response: &mut Response, replayed: bool) {
    if replayed {
        insert(response, header::HeaderName::from_static("idempotency-replayed"), "true");
    }
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
