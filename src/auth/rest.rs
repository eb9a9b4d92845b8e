//! Signing in for programs.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations;
use super::sessions::TokenPair;
use super::tokens::ACCESS_SECONDS;
use crate::error::{AppError, AppResult};
use crate::server::openapi::Problem;
use crate::server::peer;
use crate::server::rest::{Call, bearer, needs, query_pairs, read_json, resource};
use crate::server::state::AppState;
use crate::shared::Fields;
use crate::users::model::User;

/// The routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(login)).routes(routes!(refresh)).routes(routes!(logout)).routes(routes!(me))
}

/// `{email, password}`
#[derive(Deserialize, ToSchema)]
#[allow(dead_code)]
struct LoginBody {
    email: String,
    password: String,
}

/// `{refresh_token}`, unless it is sent as Bearer.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code)]
struct RefreshBody {
    refresh_token: String,
}

/// A pair of tokens and whose they are.
#[derive(Serialize, ToSchema)]
struct TokenAnswer {
    /// For `Authorization: Bearer`, 15 minutes.
    access_token: String,
    /// For `/auth/refresh`, once.
    refresh_token: String,
    /// `Bearer`
    token_type: &'static str,
    /// Seconds the access token lasts.
    expires_in: i64,
    /// Who signed in.
    user: User,
}

impl TokenAnswer {
    fn new((pair, user): (TokenPair, User)) -> Self {
        Self {
            access_token: pair.access,
            refresh_token: pair.refresh,
            token_type: "Bearer",
            expires_in: ACCESS_SECONDS,
            user,
        }
    }
}

/// Ouvre une session. Public.
#[utoipa::path(post, path = "/auth/login", tag = "Authentification", request_body = LoginBody,
    responses((status = 200, body = TokenAnswer), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn login(State(state): State<AppState>, request: Request) -> Result<Json<TokenAnswer>, AppError> {
    let (parts, body) = request.into_parts();
    let (body, _) = read_json(&parts, body).await?;
    no_query(&parts)?;
    let origin = peer::origin(&parts, &state.options.trusted_proxies);
    Ok(Json(TokenAnswer::new(operations::login(&state, body, &origin).await?)))
}

/// Donne une nouvelle paire de jetons ; celui-ci ne sert qu'une fois.
#[utoipa::path(post, path = "/auth/refresh", tag = "Authentification", request_body = Option<RefreshBody>, security(("bearer" = []), ()),
    responses((status = 200, body = TokenAnswer), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn refresh(State(state): State<AppState>, request: Request) -> Result<Json<TokenAnswer>, AppError> {
    let (parts, body) = request.into_parts();
    let (body, _) = read_json(&parts, body).await?;
    no_query(&parts)?;
    let token = refresh_token(&parts, body)?;
    Ok(Json(TokenAnswer::new(operations::refresh(&state, &token).await?)))
}

/// These routes know nobody yet, so that they have no [`Call`] to ask.
fn no_query(parts: &Parts) -> AppResult<()> {
    Fields::of_pairs(query_pairs(parts)).finish()
}

fn refresh_token(parts: &Parts, body: serde_json::Value) -> AppResult<String> {
    let mut f = Fields::of_body(body)?;
    let sent = f.secret("refresh_token").value();
    f.finish()?;
    sent.or_else(|| bearer(parts).map(str::to_owned)).ok_or_else(AppError::unauthenticated)
}

/// Termine la session.
#[utoipa::path(post, path = "/auth/logout", tag = "Authentification", security(("bearer" = [])),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn logout(call: Call<needs::SignedIn>) -> Result<StatusCode, AppError> {
    call.no_query()?;
    Fields::of_body(call.body)?.finish()?;
    operations::logout(&call.ctx.db, &call.ctx.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// L'utilisateur connecté. Tous.
#[utoipa::path(get, path = "/auth/me", tag = "Authentification", security(("bearer" = [])),
    responses((status = 200, body = User), (status = 401, body = Problem)))]
async fn me(call: Call<needs::SignedIn>) -> Result<Response, AppError> {
    call.no_query()?;
    Ok(resource(crate::users::operations::me(&call.ctx).await?))
}
