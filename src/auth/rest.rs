//! Signing in for programs.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::SessionInfo;
use super::operations;
use super::sessions::{self, TokenPair};
use super::tokens::ACCESS_SECONDS;
use crate::error::{AppError, AppResult};
use crate::server::access::signed_in;
use crate::server::openapi::Problem;
use crate::server::peer;
use crate::server::rest::{Call, MAX_JSON, bearer, gone, query_pairs, read_json, resource, saved};
use crate::server::state::AppState;
use crate::shared::Fields;
use crate::users::model::{ProfileUpdate, User};
use crate::users::{operations as users, queries};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        // These two know nobody yet.
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(signed_in(routes!(logout)))
        .routes(signed_in(routes!(me)))
        .routes(signed_in(routes!(update_me)))
        .routes(signed_in(routes!(change_password)))
        .routes(signed_in(routes!(list_sessions)))
        .routes(signed_in(routes!(end_session)))
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
    refresh_token: Option<String>,
}

/// `{current_password, new_password}`
#[derive(Deserialize, ToSchema)]
#[allow(dead_code)]
struct PasswordBody {
    current_password: String,
    new_password: String,
}

/// One's own sessions.
#[derive(Serialize, ToSchema)]
struct Sessions {
    items: Vec<SessionInfo>,
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

/// Ouvre une session. Trop d'échecs sont ralentis, par compte et adresse.
#[utoipa::path(post, path = "/auth/login", operation_id = "login", tag = "Authentification", request_body = LoginBody,
    responses((status = 200, body = TokenAnswer), (status = 401, description = "E-mail, mot de passe ou compte inactif : un seul refus", body = Problem, content_type = "application/problem+json")))]
async fn login(State(state): State<AppState>, request: Request) -> Result<Json<TokenAnswer>, AppError> {
    let (parts, body) = request.into_parts();
    let (body, _) = read_json(&parts, body, MAX_JSON).await?;
    no_query(&parts)?;
    let origin = peer::origin(&parts, &state.options.trusted_proxies);
    Ok(Json(TokenAnswer::new(operations::login(&state, body, &origin).await?)))
}

/// Donne une nouvelle paire de jetons ; celui-ci ne sert qu'une fois.
#[utoipa::path(post, path = "/auth/refresh", operation_id = "refresh", tag = "Authentification", request_body = Option<RefreshBody>,
    security(("bearer" = []), ()),
    responses((status = 200, body = TokenAnswer)))]
async fn refresh(State(state): State<AppState>, request: Request) -> Result<Json<TokenAnswer>, AppError> {
    let (parts, body) = request.into_parts();
    let (body, _) = read_json(&parts, body, MAX_JSON).await?;
    no_query(&parts)?;
    let token = refresh_token(&parts, body)?;
    Ok(Json(TokenAnswer::new(operations::refresh(&state, &token).await?)))
}

/// These routes know nobody yet, so that they have no [`Call`] to ask.
fn no_query(parts: &Parts) -> AppResult<()> {
    Fields::of_pairs(query_pairs(parts)?).finish()
}

fn refresh_token(parts: &Parts, body: serde_json::Value) -> AppResult<String> {
    let mut f = Fields::of_body(body)?;
    let sent = f.secret("refresh_token").value();
    f.finish()?;
    sent.or_else(|| bearer(parts).map(str::to_owned)).ok_or_else(AppError::unauthenticated)
}

/// Termine la session.
#[utoipa::path(post, path = "/auth/logout", operation_id = "logout", tag = "Authentification", responses((status = 204)))]
async fn logout(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::logout(&call.ctx.db, &call.ctx.actor).await.map(gone)
}

/// L'utilisateur connecté.
#[utoipa::path(get, path = "/auth/me", operation_id = "get_me", tag = "Authentification", responses((status = 200, body = User)))]
async fn me(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(resource(queries::me(&call.ctx).await?))
}

/// Change son nom, son prénom, son téléphone.
#[utoipa::path(put, path = "/auth/me", operation_id = "update_me", tag = "Authentification", request_body = ProfileUpdate,
    responses((status = 200, body = User)))]
async fn update_me(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(saved(users::update_me(&call.ctx, call.body).await?))
}

/// Change son mot de passe ; les autres sessions se terminent.
#[utoipa::path(post, path = "/auth/change-password", operation_id = "change_password", tag = "Authentification",
    request_body = PasswordBody, responses((status = 204)))]
async fn change_password(call: Call) -> AppResult<Response> {
    call.no_query()?;
    users::change_password(&call.ctx, call.body).await.map(gone)
}

/// Ses propres sessions, la plus récente d'abord.
#[utoipa::path(get, path = "/auth/sessions", operation_id = "list_sessions", tag = "Authentification",
    responses((status = 200, body = Sessions)))]
async fn list_sessions(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(Sessions { items: sessions::own(&call.ctx).await? }).into_response())
}

/// Termine une de ses sessions.
#[utoipa::path(delete, path = "/auth/sessions/{id}", operation_id = "end_session", tag = "Authentification",
    params(("id" = i64, Path)), responses((status = 204)))]
async fn end_session(call: Call) -> AppResult<Response> {
    call.bare()?;
    sessions::end_own(&call.ctx, call.id("id")?).await.map(gone)
}
