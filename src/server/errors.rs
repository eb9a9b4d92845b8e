//! From what went wrong inside to what may be said outside.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::error::{AppError, ErrorCode};
use crate::shared::references::Named;

tokio::task_local! {
    static FIRST_FAILURE: Arc<OnceLock<String>>;
}

/// Something that is done again another way should it fail: a failure of ours in it is not logged as one, its cause
/// is given back.
pub async fn attempt<T>(attempted: impl Future<Output = T>) -> (T, Option<String>) {
    let first = Arc::<OnceLock<String>>::default();
    let result = FIRST_FAILURE.scope(first.clone(), attempted).await;
    (result, first.get().cloned())
}

fn failed(cause: impl Display, what: &str) {
    let caught = FIRST_FAILURE.try_with(|first| {
        first.get_or_init(|| cause.to_string());
    });
    if caught.is_err() {
        tracing::error!(%cause, "{what}");
    }
}

impl AppError {
    /// A failure of ours: logged here, told to nobody.
    pub fn internal(cause: impl Display) -> Self {
        failed(cause, "internal error");
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
            return Some(AppError::invalid(vec![Named::Category.unknown("category_id")]));
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
                failed(error, "the database cannot be reached");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_attempt_tells_why_it_failed_first() {
        let (refused, cause) = attempt(async { AppError::not_found("Ceci") }).await;
        assert_eq!((refused.code, cause), (ErrorCode::NotFound, None));
        let failing = async {
            let first = AppError::from(sqlx::Error::PoolClosed);
            (first.code, AppError::internal("the second").code)
        };
        let (codes, cause) = attempt(failing).await;
        assert_eq!(codes, (ErrorCode::Unavailable, ErrorCode::Internal));
        assert_eq!(cause, Some(sqlx::Error::PoolClosed.to_string()));
    }
}
