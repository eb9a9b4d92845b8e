//! From what went wrong inside to what may be said outside.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::error::{AppError, ErrorCode};

impl AppError {
    /// A failure of ours: logged here, told to nobody.
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(ErrorCode::Internal, "Une erreur est survenue de notre côté. Réessayez.")
    }
}

/// What a named constraint of the database means to people.
fn of_constraint(name: &str) -> Option<AppError> {
    let code = match name {
        "users_email_key" => ErrorCode::EmailTaken,
        "products_reference_key" => ErrorCode::ReferenceTaken,
        "categories_nom_key" => ErrorCode::NameTaken,
        "products_category_id_fkey" => {
            return Some(AppError::field("category_id", "inconnu", "Cette catégorie n'existe pas."));
        }
        // A phone chose the id of an attempt that is there already.
        "tentatives_id_key" => ErrorCode::IdempotencyConflict,
        "stocks_quantite_check" | "stocks_reserve_check" => ErrorCode::InsufficientStock,
        _ => return None,
    };
    Some(AppError::new(code, format!("{}.", code.title())))
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(known) = error.as_database_error().and_then(|e| e.constraint()).and_then(of_constraint) {
            return known;
        }
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::error!(%error, "the database cannot be reached");
                Self::new(ErrorCode::Unavailable, "La base de données ne répond pas. Réessayez dans un instant.")
            }
            other => Self::internal(other),
        }
    }
}

/// A refusal as an answer: the status, and the error for the layer that writes its body
/// (problem+json for programs, a page for people).
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
