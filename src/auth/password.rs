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

/// The rule for new passwords: at least 8 characters, not among the common ones, not the e-mail.
pub fn check_new(password: &str, email: &str) -> Result<(), (&'static str, String)> {
    if password.chars().count() < 8 {
        return Err(("trop_court", "Au moins 8 caractères.".into()));
    }
    let lower = password.to_lowercase();
    let local = email.split('@').next().unwrap_or(email).to_lowercase();
    if lower == email.to_lowercase() || (lower == local && !local.is_empty()) {
        return Err(("trop_proche_email", "Le mot de passe ne peut pas être l'adresse e-mail.".into()));
    }
    if COMMON.contains(&lower.as_str()) || lower.chars().all(|c| lower.starts_with(c)) {
        return Err(("trop_courant", "Ce mot de passe est trop courant.".into()));
    }
    Ok(())
}

/// Passwords of eight characters or more that lead every published list of leaked ones.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "123123123",
    "11111111",
    "00000000",
    "87654321",
    "987654321",
    "password",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "motdepasse",
    "motdepasse1",
    "azertyuiop",
    "azerty123",
    "qwertyuiop",
    "qwerty123",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "abcd1234",
    "abc12345",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "welcome1",
    "admin123",
    "admin1234",
    "administrateur",
    "letmein1",
    "soleil123",
    "doudou123",
    "marseille",
    "bonjour1",
    "bonjour123",
    "changeme",
    "changemoi",
    "loulou123",
    "chocolat",
    "jetaime1",
    "nicolas1",
];

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

    #[test]
    fn new_passwords() {
        assert!(check_new("cheval agrafe pile", "a@b.fr").is_ok());
        for (bad, code) in [
            ("court", "trop_court"),
            ("motdepasse", "trop_courant"),
            ("aaaaaaaaa", "trop_courant"),
            ("Jean.Dupont@shop.fr", "trop_proche_email"),
            ("jean.dupont", "trop_proche_email"),
        ] {
            assert_eq!(check_new(bad, "jean.dupont@shop.fr").expect_err(bad).0, code);
        }
    }
}
