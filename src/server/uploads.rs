//! Bodies that are files: read up to a limit, told apart by digest where they may be sent twice.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::header;
use http::request::Parts;
use http_body_util::BodyExt;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::rest::{Call, caller};
use super::state::AppState;
use crate::error::{AppError, AppResult, ErrorCode};

/// A file of at most `MAX` bytes, sent by somebody who may.
pub struct Upload<const MAX: usize> {
    /// Who sent it, and with which parameters.
    pub call: Call,
    /// What it was declared to be; empty when nothing was said.
    pub declared: String,
    /// The file.
    pub bytes: Bytes,
}

impl<const MAX: usize> FromRequest<AppState> for Upload<MAX> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> AppResult<Self> {
        let (mut parts, body) = request.into_parts();
        let (ctx, params) = caller(&mut parts, state).await?;
        let bytes = read_file(body, MAX).await?;
        let digest = digest(&parts, &bytes);
        let declared = content_type(&parts);
        Ok(Self { call: Call::of(&parts, ctx, params, Value::Null, digest)?, declared, bytes })
    }
}

/// A body up to a limit; beyond it, 413.
pub async fn read_file(body: Body, max: usize) -> AppResult<Bytes> {
    let read = http_body_util::Limited::new(body, max).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            let size =
                if max < 1024 * 1024 { format!("{} Kio", max / 1024) } else { format!("{} Mio", max / 1024 / 1024) };
            AppError::new(ErrorCode::TooLarge, format!("Le fichier dépasse {size}."))
        } else {
            AppError::new(ErrorCode::BadRequest, "Le corps de la requête n'a pas pu être lu.")
        }
    })?;
    Ok(read.to_bytes())
}

/// The media type that was declared, without its parameters.
pub fn content_type(parts: &Parts) -> String {
    let value = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Of all that decides what a file becomes: its bytes, its kind, the parameters.
pub fn digest(parts: &Parts, bytes: &Bytes) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in [content_type(parts).as_bytes(), parts.uri.query().unwrap_or_default().as_bytes(), bytes] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}
