//! Signing in and out: always plain forms, so that they work before and without the WASM.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::Form;
use crate::auth::operations::{self, Credentials};
use crate::auth::permission::Role;
use crate::auth::sessions::BrowserSession;
use crate::error::AppError;
use crate::server::browser::{first_page, safe_return, session_cookie};
use crate::server::state::AppState;
use crate::server::{peer, phone};

/// POST /connexion
pub async fn sign_in(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let origin = peer::origin(&form.parts, &state.options.trusted_proxies);
    let body = serde_json::json!({ "email": form.get("email"), "password": form.get("password") });
    let result = match Credentials::read(body) {
        Ok(credentials) => operations::sign_in(&state, credentials, &origin).await,
        Err(error) => Err(error),
    };
    match result {
        Ok((cookie, user)) => {
            let tls = state.options.behind_tls;
            let livreur = (user.role == Role::Livreur).then_some(user.id);
            let jar = phone::name_person(&form.parts.headers, livreur, tls).add(session_cookie(cookie, tls));
            let to = first_page(safe_return(Some(form.get("suite"))), user.role);
            (jar, Redirect::to(&to)).into_response()
        }
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /deconnexion
pub async fn sign_out(State(state): State<AppState>, request: Request) -> Result<Response, AppError> {
    if let Some(actor) = request.extensions().get::<BrowserSession>().and_then(|s| s.actor.as_ref()) {
        operations::logout(&state.db, actor).await?;
    }
    let tls = state.options.behind_tls;
    let jar = phone::name_person(request.headers(), None, tls).add(session_cookie(String::new(), tls));
    Ok((jar, Redirect::to("/connexion")).into_response())
}
