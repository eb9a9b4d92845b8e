//! The REST door's shared half: who calls, what was sent, how it is answered. No rule of the business.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::str::FromStr;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::auth::context::{Actor, Ctx, IdempotencyKey, Saved};
use crate::auth::permission::{Permission, allows};
use crate::auth::sessions::actor_of_token;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::server::security::RequestId;
use crate::server::state::AppState;

/// JSON bodies are at most this large.
pub const MAX_JSON: usize = 1024 * 1024;

/// A permission as a type, so that it stands in a handler's signature, in front of the body.
pub trait Needs {
    /// Which one; `None` for any signed-in user.
    const PERMISSION: Option<Permission>;
}

/// The permissions that handlers ask for.
pub mod needs {
    use super::{Needs, Permission};

    macro_rules! needs {
        ($($name:ident = $permission:expr;)*) => {
            $(
                /// See the permission of this name.
                pub struct $name;
                impl Needs for $name {
                    const PERMISSION: Option<Permission> = $permission;
                }
            )*
        };
    }

    needs! {
        SignedIn = None;
        ReadCatalogue = Some(Permission::ReadCatalogue);
        WriteProducts = Some(Permission::WriteProducts);
        ReadOrders = Some(Permission::ReadOrders);
        WriteOrders = Some(Permission::WriteOrders);
        MoveOrders = Some(Permission::MoveOrders);
        ReadDashboard = Some(Permission::ReadDashboard);
        ReadCouriers = Some(Permission::ReadCouriers);
    }
}

/// A call whose caller is known and allowed; only then was its body read.
pub struct Call<P> {
    /// Context of the operation.
    pub ctx: Ctx,
    /// The body; null when there was none.
    pub body: Value,
    /// The parameters of the query string, decoded.
    pub query: Vec<(String, String)>,
    params: HashMap<String, String>,
    needs: PhantomData<P>,
}

impl<P> Call<P> {
    /// An id in the path. What is no id names nothing.
    pub fn id<T: FromStr>(&self, name: &str) -> AppResult<T> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or_else(|| AppError::not_found("Cette ressource"))
    }

    /// Refuses parameters where a route has none.
    pub fn no_query(&self) -> AppResult<()> {
        crate::shared::Fields::of_pairs(self.query.clone()).finish()
    }
}

impl<P: Needs + Send> FromRequest<AppState> for Call<P> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let actor = bearer_actor(&parts, state).await?;
        if P::PERMISSION.is_some_and(|permission| !allows(actor.role, permission)) {
            return Err(AppError::forbidden());
        }
        let params = path_params(&mut parts).await;
        let (body, digest) = read_json(&parts, body).await?;
        let mut ctx = Ctx::new(state, actor, request_id(&parts));
        ctx.if_match = if_match(&parts)?;
        ctx.idempotency = idempotency_key(&parts, digest)?;
        Ok(Self { ctx, body, query: query_pairs(&parts), params, needs: PhantomData })
    }
}

/// Who an `Authorization: Bearer` header stands for.
pub async fn bearer_actor(parts: &Parts, state: &AppState) -> AppResult<Actor> {
    let token = bearer(parts).ok_or_else(AppError::unauthenticated)?;
    actor_of_token(&state.db, &state.keys, token).await
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
pub fn query_pairs(parts: &Parts) -> Vec<(String, String)> {
    serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default()
}

fn request_id(parts: &Parts) -> String {
    parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

fn if_match(parts: &Parts) -> AppResult<Option<i32>> {
    let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    // What never was a version of ours matches none.
    Ok(Some(tag.parse().unwrap_or(-1)))
}

fn idempotency_key(parts: &Parts, body_digest: Vec<u8>) -> AppResult<Option<IdempotencyKey>> {
    if parts.method != http::Method::POST {
        return Ok(None);
    }
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().to_owned();
    IdempotencyKey::new(key, parts.method.to_string(), parts.uri.path().to_owned(), body_digest).map(Some)
}

/// A JSON body and its digest: 413, then 415, then 400. No body, or a blank one, is null.
pub async fn read_json(parts: &Parts, body: Body) -> AppResult<(Value, Vec<u8>)> {
    let bytes = http_body_util::Limited::new(body, MAX_JSON)
        .collect()
        .await
        .map_err(|e| {
            if e.is::<http_body_util::LengthLimitError>() {
                AppError::new(ErrorCode::TooLarge, "Le corps dépasse 1 Mio.")
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
    let value = serde_json::from_slice(&bytes).map_err(|e| {
        AppError::new(ErrorCode::MalformedJson, format!("JSON mal formé, ligne {} colonne {}.", e.line(), e.column()))
    })?;
    Ok((value, digest))
}

/// A resource with a version: it is the `ETag`.
pub trait Versioned {
    /// Grows with every change.
    fn version(&self) -> i32;
}

impl Versioned for crate::orders::model::Order {
    fn version(&self) -> i32 {
        self.version
    }
}

impl Versioned for crate::products::model::Product {
    fn version(&self) -> i32 {
        self.version
    }
}

impl Versioned for crate::users::model::User {
    fn version(&self) -> i32 {
        self.version
    }
}

/// 200 with a resource and its `ETag`.
pub fn resource<T: Serialize + Versioned>(value: T) -> Response {
    let etag = format!("\"{}\"", value.version());
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

/// 201 with what a write made, and where it is.
pub fn created<T: Serialize + Versioned>(result: Saved<T>, location: &str) -> Response {
    let mut response = saved(result);
    *response.status_mut() = StatusCode::CREATED;
    insert(&mut response, header::LOCATION, location);
    response
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
