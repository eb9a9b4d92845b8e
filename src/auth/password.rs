//! Passwords: argon2id, off the async threads, at most two at a time.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

use crate::error::{AppError, AppResult};

/// The PHC string of a new password.
pub async fn hash(hashing: &Semaphore, password: String) -> AppResult<String> {
    let _turn = hashing.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(AppError::internal)
    })
    .await
    .map_err(AppError::internal)?
}

/// Whether a password is the one behind a stored hash. Without one, as much time is spent on a
/// hash that nothing matches: an unknown account costs what a known one costs.
pub async fn verify(hashing: &Semaphore, password: String, stored: Option<String>) -> AppResult<bool> {
    let _turn = hashing.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| nobodys_hash().to_owned());
        let parsed = PasswordHash::new(&stored).map_err(AppError::internal)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
    .map_err(AppError::internal)?
}

fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let random = crate::server::keys::random_bytes::<32>();
        Argon2::default().hash_password(&random).map(|h| h.to_string()).unwrap_or_default()
    })
}

/// Makes the hash for unknown accounts before the first of them asks, who would otherwise wait twice as long.
pub fn prepare() {
    nobodys_hash();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_answers_for_its_password_alone() {
        let turns = Semaphore::new(2);
        let stored = hash(&turns, "une phrase longue".into()).await.expect("hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify(&turns, "une phrase longue".into(), Some(stored.clone())).await.expect("verify"));
        assert!(!verify(&turns, "une autre".into(), Some(stored)).await.expect("verify"));
        assert!(!verify(&turns, "n'importe".into(), None).await.expect("verify"));
    }
}
