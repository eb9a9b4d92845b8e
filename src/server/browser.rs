//! The browser's door: one session cookie, `Origin` checked on every unsafe request, pages and server functions.

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::prelude::{provide_context, use_context};

use super::security::{RequestId, page_policy};
use super::state::AppState;
use crate::auth::context::Ctx;
use crate::auth::permission::{Permission, Role, allows};
use crate::auth::server_functions::{FormReturn, PageContext, SignedIn};
use crate::auth::sessions::{self, BrowserSession};
use crate::error::{AppError, AppResult, ErrorCode};
use crate::ui::query::href;
use crate::ui::session::SESSION_ENDED;

/// Name of the session cookie; `__Host-` behind TLS, so that no neighbour can set it.
pub fn cookie_name(behind_tls: bool) -> &'static str {
    if behind_tls { "__Host-session" } else { "session" }
}

/// The session cookie with a value; an empty one takes it away.
pub fn session_cookie(value: String, behind_tls: bool) -> Cookie<'static> {
    let lifetime = if value.is_empty() { time::Duration::ZERO } else { time::Duration::days(30) };
    Cookie::build((cookie_name(behind_tls), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(behind_tls)
        .max_age(lifetime)
        .build()
}

/// The value of the session cookie of a request.
pub fn cookie_value(headers: &HeaderMap, behind_tls: bool) -> Option<String> {
    let name = cookie_name(behind_tls);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Refuses unsafe requests of other sites, and finds out who is there.
pub async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let unsafe_method = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if unsafe_method && !same_origin(request.headers(), state.options.behind_tls) {
        return AppError::new(ErrorCode::ForeignOrigin, "Cette requête vient d'un autre site.").into_response();
    }
    let cookie = cookie_value(request.headers(), state.options.behind_tls);
    match sessions::of_cookie(&state.reads, &state.db, cookie.as_deref()).await {
        Ok(session) => {
            if is_meant_for_another(request.headers(), &session) {
                return AppError::unauthenticated().into_response();
            }
            let slide = session.actor.is_some().then_some(cookie).flatten();
            request.extensions_mut().insert(session);
            let mut response = next.run(request).await;
            keep_cookie(&mut response, slide, state.options.behind_tls);
            response
        }
        Err(error) => error.into_response(),
    }
}

/// A phone says whose actions it sends: they are not another person's because that one has signed in meanwhile.
fn is_meant_for_another(headers: &HeaderMap, session: &BrowserSession) -> bool {
    let meant = headers.get("x-utilisateur").map(|value| value.to_str().ok().and_then(|id| id.parse::<i64>().ok()));
    meant.is_some_and(|meant| meant != session.actor.as_ref().map(|actor| actor.user_id.0))
}

/// The cookie lasts as long as the session: it is sent again with each page, unless the answer sets one.
fn keep_cookie(response: &mut Response, cookie: Option<String>, behind_tls: bool) {
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let Some(value) = cookie.filter(|_| is_page && !response.headers().contains_key(header::SET_COOKIE)) else {
        return;
    };
    if let Ok(value) = HeaderValue::from_str(&session_cookie(value, behind_tls).to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whether an unsafe request comes from a page of ours. Browsers say so in `Origin`; where they leave it
/// out, in `Sec-Fetch-Site`. A request with neither is no browser's: programs use the REST API.
fn same_origin(headers: &HeaderMap, behind_tls: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("origin") {
        Some(origin) => {
            let scheme = if behind_tls { "https://" } else { "http://" };
            text("host").is_some_and(|host| origin.strip_prefix(scheme) == Some(host))
        }
        None => text("sec-fetch-site") == Some("same-origin"),
    }
}

/// What a page is drawn with.
fn page_context(state: &AppState, session: &BrowserSession) -> PageContext {
    PageContext {
        user: session.actor.as_ref().map(|actor| SignedIn {
            id: actor.user_id,
            nom: actor.nom.clone(),
            prenom: actor.prenom.clone(),
            email: actor.email.clone(),
            role: actor.role,
        }),
        business: state.options.business_name.clone(),
        currency: state.shop.currency.clone(),
        zone: state.shop.zone.clone(),
        today: session.today,
        demo: state.options.demo,
        live: state.live.position(),
    }
}

/// Draws a page with its data, whole: it is as good without JavaScript.
pub async fn draw(state: AppState, request: Request<Body>, form: FormReturn, status: Option<StatusCode>) -> Response {
    let Some(session) = request.extensions().get::<BrowserSession>().cloned() else {
        return AppError::internal("a page without the browser's gate").into_response();
    };
    let context = page_context(&state, &session);
    let options = state.leptos.clone();
    let provide = move || {
        provide_context(state.clone());
        provide_context(context.clone());
        provide_context(form.clone());
    };
    let render = leptos_axum::render_app_async_stream_with_context(provide, move || {
        declare_policy();
        crate::app::shell(&options)
    });
    let (parts, body) = request.into_parts();
    let first = AssertUnwindSafe(render.clone()(Request::from_parts(parts.clone(), body)));
    let mut response = match first.catch_unwind().await {
        Ok(response) => response,
        // The framework draws on several threads; once in thousands of pages one throws a value away that another
        // still reads, and that is a panic. To draw writes nothing: it is done again.
        Err(_) => {
            tracing::warn!("a page could not be drawn; it is drawn again");
            render(Request::from_parts(parts, Body::empty())).await
        }
    };
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    // Pages hold what the person may see: no cache keeps them.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The policy that lets the page being drawn run its own scripts, by the nonce they carry.
fn declare_policy() {
    let (Some(response), Some(nonce)) = (use_context::<leptos_axum::ResponseOptions>(), leptos::nonce::use_nonce())
    else {
        return;
    };
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// GET of any page. Who is not signed in goes to sign in, and comes back afterwards.
pub async fn page(State(state): State<AppState>, request: Request<Body>) -> Response {
    let role = request.extensions().get::<BrowserSession>().and_then(|s| s.actor.as_ref()).map(|actor| actor.role);
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if path == "/connexion" {
        if let Some(role) = role {
            return Redirect::to(&first_page(return_path(request.uri().query()), role)).into_response();
        }
    } else if role.is_none() {
        // Signing out takes the cookie away: one that names nobody is of a session that has ended.
        let cookie = cookie_value(request.headers(), state.options.behind_tls);
        let ended = cookie.is_some_and(|value| !value.is_empty());
        return Redirect::to(&sign_in_path(request.uri(), ended)).into_response();
    }
    draw(state, request, FormReturn::default(), None).await
}

/// `/connexion?suite=…` for what was asked; `ended`: by somebody whose session has ended.
fn sign_in_path(uri: &http::Uri, ended: bool) -> String {
    let wanted = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let wanted = (wanted != "/").then_some(("suite", wanted));
    let query: Vec<_> = wanted.into_iter().chain(ended.then_some(SESSION_ENDED)).collect();
    href("/connexion", &query)
}

fn return_path(query: Option<&str>) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
    let wanted = pairs.into_iter().find(|(name, _)| name == "suite").map(|(_, value)| value);
    safe_return(wanted.as_deref())
}

/// Only a path of ours: `//elsewhere` and `/\elsewhere` lead away.
pub fn safe_return(path: Option<&str>) -> String {
    match path {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains(['\\', '\n', '\r', '\t'])
                && !path.starts_with("/connexion")
                && path.is_ascii() =>
        {
            path.to_owned()
        }
        _ => "/".into(),
    }
}

/// Where whoever is signed in begins: where they wanted to go; who may not see the dashboard, with their round instead.
pub fn first_page(wanted: String, role: Role) -> String {
    if wanted == "/" && !allows(role, Permission::ReadDashboard) { "/livreur".into() } else { wanted }
}

/// A server function, with the status of its refusal (the framework answers 500 to all of them).
pub async fn server_function(State(state): State<AppState>, request: Request<Body>) -> Response {
    let provide = move || provide_context(state.clone());
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = StatusCode::from_u16(error.code.status()).unwrap_or(parts.status);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The context of the server function or page that is running.
pub fn context_of_request() -> AppResult<Ctx> {
    let state = use_context::<AppState>().ok_or_else(|| AppError::internal("no state in this context"))?;
    let parts = use_context::<Parts>().ok_or_else(|| AppError::internal("no request in this context"))?;
    context_of_parts(&state, &parts)
}

/// The context of a plain form.
pub fn context_of_parts(state: &AppState, parts: &Parts) -> AppResult<Ctx> {
    let actor = parts.extensions.get::<BrowserSession>().and_then(|session| session.actor.clone());
    let id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    Ok(Ctx::new(state, actor.ok_or_else(AppError::unauthenticated)?, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (header::HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn unsafe_requests_of_other_sites_are_refused() {
        let host = ("host", "shop.example");
        assert!(same_origin(&headers(&[host, ("origin", "https://shop.example")]), true));
        assert!(!same_origin(&headers(&[host, ("origin", "http://shop.example")]), true));
        assert!(!same_origin(&headers(&[host, ("origin", "https://evil.example")]), true));
        assert!(!same_origin(&headers(&[host, ("origin", "null")]), true));
        assert!(!same_origin(&headers(&[host]), true));
        assert!(same_origin(&headers(&[host, ("sec-fetch-site", "same-origin")]), true));
        assert!(!same_origin(&headers(&[host, ("sec-fetch-site", "same-site")]), true));
        assert!(!same_origin(
            &headers(&[host, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")]),
            true
        ));
    }

    #[test]
    fn one_returns_to_a_page_of_ours_only() {
        assert_eq!(safe_return(Some("/commandes?statut=brouillon")), "/commandes?statut=brouillon");
        for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/connexion?suite=/"] {
            assert_eq!(safe_return(Some(bad)), "/", "{bad}");
        }
    }

    #[test]
    fn a_livreur_begins_with_the_round() {
        for role in Role::ALL {
            let home = if role == Role::Livreur { "/livreur" } else { "/" };
            assert_eq!((&*first_page("/".into(), role), &*first_page("/profil".into(), role)), (home, "/profil"));
        }
    }

    #[test]
    fn the_cookie_is_closed() {
        let cookie = session_cookie("x".into(), true).to_string();
        for part in ["__Host-session=x", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!session_cookie("x".into(), false).to_string().contains("Secure"));
    }
}
