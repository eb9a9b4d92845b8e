//! Signatures and photos through the browser's door: shown on an order's page, sent by the phone of a livreur, to whom
//! those pages are closed and this is not.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::deliveries::proofs::{self, MAX_PHOTO};
use crate::deliveries::rest::as_picture;
use crate::error::{AppError, AppResult};
use crate::server::browser::context_of_parts;
use crate::server::rest::query_pairs;
use crate::server::state::AppState;
use crate::server::uploads::read_file;
use crate::shared::{OrderId, ProofId};

fn id<T: From<i64>>(text: &str) -> AppResult<T> {
    text.parse::<i64>().map(T::from).map_err(|_| AppError::not_found("Cette preuve"))
}

/// GET /commandes/{id}/preuves/{preuve}
pub async fn show(
    State(state): State<AppState>,
    Path((order, proof)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let shown = async {
        let ctx = context_of_parts(&state, &parts)?;
        proofs::picture(&ctx, id::<OrderId>(&order)?, id::<ProofId>(&proof)?).await
    };
    match shown.await {
        Ok(picture) => as_picture(picture),
        Err(error) => error.into_response(),
    }
}

/// POST /commandes/{id}/preuves?type=…&tentative_id=…, the picture itself as the body: the answer is that of
/// `POST /api/v1/orders/{id}/preuves`; a refusal is the error as JSON, as of a server function.
pub async fn add(State(state): State<AppState>, Path(order): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let added = async {
        let ctx = context_of_parts(&state, &parts)?;
        let bytes = read_file(body, MAX_PHOTO).await?;
        proofs::add(&ctx, id::<OrderId>(&order)?, query_pairs(&parts)?, bytes).await
    };
    let mut response = match added.await {
        Ok(saved) => (StatusCode::CREATED, Json(saved.value)).into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(error)).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
