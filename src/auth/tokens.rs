//! The tokens of programs: a signed access token of 15 minutes, and a refresh token that rotates.
//!
//! A refresh token is `<session>.<generation>.<mac>`: derived, not random, so that a lost answer can be
//! given again, and nothing has to be stored but the generation and a salt.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::error::{AppError, AppResult};
use crate::server::keys::{Keys, hmac_sha256};
use crate::shared::{SessionId, UserId};

/// How long an access token lasts, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// A refresh token lasts so long after its last use, in days.
pub const REFRESH_DAYS: i32 = 30;
/// And the whole family so long after sign-in, in days.
pub const FAMILY_DAYS: i32 = 90;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: String,
    /// The session.
    pub sid: i64,
    /// Issued, Unix seconds.
    pub iat: i64,
    /// Ends, Unix seconds.
    pub exp: i64,
}

/// Signs an access token.
pub fn sign_access(keys: &Keys, user: UserId, session: SessionId, now: DateTime<Utc>) -> AppResult<String> {
    let iat = now.timestamp();
    let claims = Claims { sub: user.to_string(), sid: session.0, iat, exp: iat + ACCESS_SECONDS };
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&keys.access()))
        .map_err(AppError::internal)
}

/// Reads an access token; `None` when it is not ours, changed or over.
pub fn read_access(keys: &Keys, token: &str) -> Option<Claims> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.leeway = 0;
    jsonwebtoken::decode(token, &DecodingKey::from_secret(&keys.access()), &rules).ok().map(|data| data.claims)
}

/// The refresh token of a session's generation.
pub fn refresh_token(keys: &Keys, session: SessionId, generation: i32, salt: &[u8]) -> String {
    let body = format!("{session}.{generation}");
    let mac = hmac_sha256(&keys.refresh(), &[body.as_bytes(), b".", salt].concat());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// The session and generation a refresh token claims to be of: to be compared with [`refresh_token`].
pub fn read_refresh(token: &str) -> Option<(SessionId, i32)> {
    let mut parts = token.splitn(3, '.');
    let session = parts.next()?.parse().ok()?;
    let generation = parts.next()?.parse().ok()?;
    parts.next().map(|_| (session, generation))
}

/// Compares two secrets in a time that does not tell where they differ.
pub fn same_secret(keys: &Keys, a: &str, b: &str) -> bool {
    hmac_sha256(&keys.refresh(), a.as_bytes()) == hmac_sha256(&keys.refresh(), b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_hex(&"7f".repeat(32)).expect("key")
    }

    #[test]
    fn an_access_token_lasts_fifteen_minutes() {
        let keys = keys();
        let now = Utc::now();
        let token = sign_access(&keys, UserId(7), SessionId(3), now).expect("token");
        let claims = read_access(&keys, &token).expect("valid");
        assert_eq!((claims.sub.as_str(), claims.sid, claims.exp - claims.iat), ("7", 3, 900));
        let old = sign_access(&keys, UserId(7), SessionId(3), now - chrono::TimeDelta::seconds(901)).expect("token");
        assert_eq!(read_access(&keys, &old), None);
        let other = Keys::from_hex(&"80".repeat(32)).expect("key");
        assert_eq!(read_access(&other, &token), None);
        assert_eq!(read_access(&keys, "x.y.z"), None);
    }

    #[test]
    fn refresh_tokens_are_derived() {
        let keys = keys();
        let token = refresh_token(&keys, SessionId(3), 5, b"salt");
        assert_eq!(read_refresh(&token), Some((SessionId(3), 5)));
        assert!(same_secret(&keys, &token, &refresh_token(&keys, SessionId(3), 5, b"salt")));
        assert_ne!(token, refresh_token(&keys, SessionId(3), 6, b"salt"));
        assert_ne!(token, refresh_token(&keys, SessionId(3), 5, b"pepper"));
        assert_eq!(read_refresh("nonsense"), None);
    }
}
