//! What every answer carries, and how refusals look: request ids, security headers, problem+json.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::keys::{hex, random_bytes};
use super::openapi;
use super::state::AppState;
use crate::error::{AppError, ErrorCode, Member};

/// The id of a request, in logs, answers and trail.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The caller's id if it is sane (1…64 of `A-Za-z0-9._-`), else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let sane = |text: &str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    match headers.get(&X_REQUEST_ID).and_then(|v| v.to_str().ok()) {
        Some(text) if sane(text) => text.to_owned(),
        _ => hex(&random_bytes::<12>()),
    }
}

/// Gives the request its id, and the answer the id and the security headers.
pub async fn envelope(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, method = %request.method(), path);
    let started = std::time::Instant::now();
    let mut response = tracing::Instrument::instrument(next.run(request), span.clone()).await;
    if path.starts_with("/api/") || is_bare_refusal(&response) {
        response = problem(response, &id);
    }
    let _entered = span.enter();
    tracing::info!(status = response.status().as_u16(), ms = started.elapsed().as_millis() as u64, "answered");
    secure(response.headers_mut(), &id, state.options.behind_tls);
    response
}

/// A refusal that nothing has drawn yet.
fn is_bare_refusal(response: &Response) -> bool {
    response.extensions().get::<AppError>().is_some()
}

fn secure(headers: &mut HeaderMap, id: &str, behind_tls: bool) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(X_REQUEST_ID, id);
    }
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Stricter ones send `Origin: null`, which breaks signing in without JavaScript.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=(), payment=()"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"));
    if behind_tls {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
}

/// The policy of a page: scripts need the page's nonce; WASM may be compiled; nothing comes from elsewhere.
/// Styles may be inline, because the charts are placed with style attributes.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{live}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'",
        // The development build reloads the page through a socket of its own.
        live = if cfg!(debug_assertions) { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" }
    )
}

/// Writes the body of a refusal, RFC 9457, whoever refused: an operation, a layer, the router itself.
fn problem(response: Response, id: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = match response.extensions().get::<AppError>() {
        Some(error) => error.clone(),
        None => of_status(status),
    };
    let retry_after = retry_after(&error);
    let body = body_of(error, status.as_u16(), id);
    // Headers that layers gave stay: without those of CORS, a tool in a browser could not read its refusals.
    let (mut parts, _) = response.into_parts();
    let headers = &mut parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"dashboard-fb\""));
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, seconds);
    }
    Response::from_parts(parts, body.to_string().into())
}

/// What a refusal says.
pub fn body_of(error: AppError, status: u16, request_id: &str) -> Value {
    let mut body = serde_json::Map::from_iter([
        ("type".to_owned(), json!(format!("urn:dashboard-fb:{}", error.code.as_str()))),
        ("title".to_owned(), json!(error.code.title())),
        ("status".to_owned(), json!(status)),
        ("detail".to_owned(), json!(error.detail)),
        ("code".to_owned(), json!(error.code.as_str())),
        ("request_id".to_owned(), json!(request_id)),
    ]);
    if cfg!(debug_assertions) {
        let untold = error.errors.iter().map(|e| e.code.as_str()).find(|code| !openapi::is_told(code));
        assert_eq!(untold, None, "a code that the document does not tell");
    }
    if !error.errors.is_empty() {
        body.insert("errors".into(), json!(error.errors));
    }
    body.extend(error.data);
    Value::Object(body)
}

/// How many seconds a refusal asks to wait, as the header says it.
pub fn retry_after(error: &AppError) -> Option<HeaderValue> {
    Some(HeaderValue::from(error.member(Member::RetryAfter)?.as_u64()?))
}

/// What a status that no code of ours gave stands for.
fn of_status(status: StatusCode) -> AppError {
    let code = match status.as_u16() {
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        413 => ErrorCode::TooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        422 => ErrorCode::Invalid,
        429 => ErrorCode::TooManyRequests,
        503 => ErrorCode::Unavailable,
        other if (400..500).contains(&other) => ErrorCode::BadRequest,
        _ => ErrorCode::Internal,
    };
    AppError::new(code, format!("{}.", code.title()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sane_request_ids_are_taken() {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_static("abc-123_x.y"));
        assert_eq!(request_id(&headers), "abc-123_x.y");
        for bad in ["a'; drop", "", "a b"] {
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(bad).expect("value"));
            assert_eq!(request_id(&headers).len(), 24, "{bad}");
        }
    }

    #[test]
    fn scripts_need_the_nonce() {
        let policy = page_policy("abc");
        let scripts = policy.split(';').find(|p| p.trim().starts_with("script-src")).expect("script-src");
        assert!(scripts.contains("'nonce-abc'") && !scripts.contains("unsafe-inline"));
    }
}
