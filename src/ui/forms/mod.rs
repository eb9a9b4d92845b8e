//! Plain forms: what pages send without JavaScript. Each posts to its page's own address; a refusal
//! draws the same page again, with everything that was typed.

pub mod categories;
pub mod clients;
pub mod exports;
pub mod imports;
pub mod orders;
pub mod products;
pub mod profile;
pub mod proofs;
pub mod rounds;
pub mod sign_in;
pub mod stocks;
pub mod users;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::Response;
use axum::routing::{get, post};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::{Map, Value};

use crate::auth::context::Ctx;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::server::browser::{context_of_parts, draw, page};
use crate::server::security::retry_after;
use crate::server::state::AppState;
use crate::ui::editor::{FormField, body_of, choose};

/// The largest form.
const MAX_FORM: usize = 256 * 1024;

/// The forms' routes.
pub fn router() -> Router<AppState> {
    // A path that takes a form is a page too: the fallback does not see it any more.
    Router::new()
        .route("/connexion", get(page).post(sign_in::sign_in))
        .route("/deconnexion", post(sign_in::sign_out))
        .route("/exports/{*list}", get(exports::download))
        .route("/commandes/nouvelle", get(page).post(orders::create))
        .route("/commandes/{id}", get(page).post(orders::act))
        .route("/stocks/{id}", get(page).post(stocks::act))
        .route("/clients/nouveau", get(page).post(clients::create))
        .route("/clients/{id}", get(page).post(clients::act))
        .route("/clients/{id}/modifier", get(page).post(clients::update))
        .route("/utilisateurs/nouveau", get(page).post(users::create))
        .route("/utilisateurs/{id}", get(page).post(users::act))
        .route("/utilisateurs/{id}/modifier", get(page).post(users::update))
        .route("/profil", get(page).post(profile::act))
        .route("/produits/nouveau", get(page).post(products::create))
        .route("/produits/{id}", get(page).post(products::act))
        .route("/produits/{id}/modifier", get(page).post(products::change))
        .route("/categories", get(page).post(categories::act))
        .route("/produits/import/modele", get(imports::template))
        .route("/produits/import", get(page).post(imports::act).layer(DefaultBodyLimit::max(imports::MAX_REQUEST)))
        .route("/commandes/{id}/preuves", post(proofs::add).layer(DefaultBodyLimit::disable()))
        .route("/commandes/{id}/preuves/{preuve}", get(proofs::show))
        .route("/commandes/{id}/livraison", get(page).post(orders::change_delivery))
        .route("/commandes/{id}/correction", get(page).post(orders::correct))
        .route("/commandes/{id}/articles", get(page).post(orders::change_lines))
        .route("/tournees", get(page).post(rounds::act))
}

/// A form that was sent: the request it came with, and its fields in order.
pub struct Form {
    /// The request without its body.
    pub parts: Parts,
    /// Names and values as sent.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Reads a form; a body that is none is refused. Between two values of a field it has chosen already.
    pub async fn read(request: Request) -> AppResult<Form> {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, MAX_FORM)
            .await
            .map_err(|_| AppError::new(ErrorCode::TooLarge, "Ce formulaire est trop volumineux."))?;
        let fields = serde_urlencoded::from_bytes(&bytes)
            .map_err(|_| AppError::new(ErrorCode::BadRequest, "Ce formulaire n'a pas pu être lu."))?;
        Ok(Form { parts, fields: choose(fields) })
    }

    /// The first value under a name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// What was sent, as the contract takes it.
    pub fn body(&self, fields: &[FormField]) -> Map<String, Value> {
        let sent = |name: &str| self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        body_of(fields, sent)
    }

    /// The context of the form's operation; on the version that was seen, where the form says one.
    pub fn ctx(&self, state: &AppState) -> AppResult<Ctx> {
        let ctx = context_of_parts(state, &self.parts)?;
        Ok(match self.get("version").parse() {
            Ok(version) => ctx.if_match(version),
            Err(_) => ctx,
        })
    }

    /// All values under a name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The page again, with what was typed (no secret) and why it was refused.
    pub async fn again(self, state: AppState, error: Option<AppError>) -> Response {
        self.redrawn(state, error, Vec::new()).await
    }

    /// The same, with `more` that only this answer says.
    pub async fn redrawn(self, state: AppState, error: Option<AppError>, more: Vec<(String, String)>) -> Response {
        let status =
            error.as_ref().map(|e| StatusCode::from_u16(e.code.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY));
        let wait = error.as_ref().and_then(retry_after);
        let values = self.fields.into_iter().filter(|(name, _)| !name.contains("password")).chain(more).collect();
        // The page is drawn as if it had been asked for: its data is read anew.
        let mut parts = self.parts;
        parts.method = http::Method::GET;
        let mut page =
            draw(state, Request::from_parts(parts, Body::empty()), FormReturn { values, error }, status).await;
        if let Some(wait) = wait {
            page.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        page
    }
}
