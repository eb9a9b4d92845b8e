//! All routes: the REST API, the browser's door, the files, the health checks.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::state::AppState;
use super::{browser, openapi, phone, rate, security, unread};
use crate::error::AppError;

/// Everything, ready to be served.
pub fn build(state: AppState) -> Router {
    // Pages spawn their reads; a second call finds it done already.
    let _ = any_spawner::Executor::init_tokio();
    Router::new()
        .merge(api(&state))
        .merge(health())
        .merge(files(&state))
        .merge(screens(&state))
        // All at once: each `layer` of a router is one more box that every request copies, with those inside it.
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(unread::close))
                .layer(CompressionLayer::new())
                .layer(middleware::from_fn_with_state(state.clone(), security::envelope))
                .layer(CatchPanicLayer::custom(refusal_of)),
        )
        .with_state(state)
}

/// What is told of a panic.
fn refusal_of(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    AppError::internal(text.unwrap_or("panic")).into_response()
}

/// The routes of the REST API and their documentation: the first word of a path is its room, and in `rest.rs`
/// there `path = "…"` stands over what answers. Three rooms have another name than their paths.
pub fn api_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(crate::auth::rest::router())
            .merge(crate::users::rest::router())
            .merge(crate::categories::rest::router())
            .merge(crate::products::rest::router())
            // /products/import and /imports
            .merge(crate::imports::rest::router())
            .merge(crate::stocks::rest::router())
            .merge(crate::clients::rest::router())
            .merge(crate::orders::rest::router())
            // /livraisons, and of an order: tentatives, corrections, preuves
            .merge(crate::deliveries::rest::router())
            .merge(crate::dashboard::rest::router())
            // /audit; /{resource}/{id}/history is in the resource's room
            .merge(crate::history::rest::router()),
    )
}

fn api(state: &AppState) -> Router<AppState> {
    let (routes, document) = api_routes().split_for_parts();
    let document = openapi::complete(document).to_string();
    routes
        .route(openapi::PATH, get(move || async move { ([(header::CONTENT_TYPE, "application/json")], document) }))
        .route("/api/{*rest}", axum::routing::any(|| async { StatusCode::NOT_FOUND }))
        .route("/api/", axum::routing::any(|| async { StatusCode::NOT_FOUND }))
        .merge(documentation())
        .layer(
            ServiceBuilder::new()
                .layer(cors(&state.options.cors_origins))
                .layer(middleware::from_fn_with_state(state.clone(), rate::limit))
                .layer(DefaultBodyLimit::disable()),
        )
}

/// The interactive page over the document. Its scripts are in the program: it needs no internet.
fn documentation() -> Router<AppState> {
    let config = Config::from(openapi::PATH).validator_url("none").persist_authorization(true);
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    Router::from(SwaggerUi::new("/api/docs").config(config))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("idempotency-replayed"),
        ])
        .max_age(Duration::from_secs(600))
}

fn health() -> Router<AppState> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready))
}

/// Whether the database answers.
async fn ready(State(state): State<AppState>) -> Response {
    match sqlx::query("select 1").execute(&state.db).await {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n").into_response()
        }
    }
}

fn files(state: &AppState) -> Router<AppState> {
    let root = &state.options.site_root;
    let serve = |folder: &str| ServeDir::new(root.join(folder)).precompressed_br().precompressed_gzip();
    // A folder named after its content never changes.
    let versioned = &*state.leptos.site_pkg_dir != "pkg";
    let pkg_cache = if versioned { "public, max-age=31536000, immutable" } else { "no-cache" };
    let cached = |value: &'static str| {
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(value))
    };
    Router::new()
        .nest_service("/pkg", ServiceBuilder::new().layer(cached(pkg_cache)).service(serve("pkg")))
        .nest_service("/fonts", ServiceBuilder::new().layer(cached("public, max-age=604800")).service(serve("fonts")))
        .nest_service("/icons", ServiceBuilder::new().layer(cached("public, max-age=86400")).service(serve("icons")))
        .route_service("/favicon.svg", tower_http::services::ServeFile::new(root.join("favicon.svg")))
        .route_service("/robots.txt", tower_http::services::ServeFile::new(root.join("robots.txt")))
}

fn screens(state: &AppState) -> Router<AppState> {
    crate::ui::forms::router()
        .merge(phone::router(state))
        .route("/_fn/{*name}", post(browser::server_function))
        .route("/evenements", get(crate::live::sse::events))
        .fallback(browser::page)
        .layer(middleware::from_fn_with_state(state.clone(), browser::gate))
}
