//! Answers that are given before the body was read: a refusal needs none of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt, future, stream};
use http::{HeaderValue, Version, header};

/// Says that the connection closes after an answer to a body that was not read to its end. It does, for what is left of
/// the body would be taken for the next request; a client that is not told sends one, which is lost.
pub async fn close(request: Request, next: Next) -> Response {
    // HTTP/2 resets the one stream.
    if request.body().is_end_stream() || request.version() >= Version::HTTP_2 {
        return next.run(request).await;
    }
    let read = Arc::new(AtomicBool::new(false));
    let end = read.clone();
    let watched = request.map(|body| {
        let end = stream::once(async move {
            end.store(true, Ordering::Relaxed);
            None
        });
        Body::from_stream(body.into_data_stream().map(Some).chain(end).filter_map(future::ready))
    });
    let mut response = next.run(watched).await;
    if !read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
