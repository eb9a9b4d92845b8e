//! Cursors: where a walk through a list stands. Opaque to callers; good for one sort and one set of filters.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{AppError, AppResult};

/// The last row seen: its sort value (as text, null when it had none) and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Digest of sort and filters.
    q: String,
    /// Sort value.
    pub v: Option<String>,
    /// Id.
    pub id: i64,
}

impl Cursor {
    /// The cursor behind a row of a list.
    pub fn new(query: &str, value: Option<String>, id: i64) -> Self {
        Self { q: digest(query), v: value, id }
    }

    /// As it travels.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor; one of another sort or other filters is refused.
    pub fn decode(text: &str, query: &str) -> AppResult<Self> {
        let cursor: Option<Self> =
            URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match cursor {
            Some(cursor) if cursor.q == digest(query) => Ok(cursor),
            Some(_) => Err(AppError::field(
                "cursor",
                "curseur_incompatible",
                "Ce curseur vient d'un autre tri ou d'autres filtres.",
            )),
            None => Err(AppError::field("cursor", "curseur_invalide", "Ce curseur n'est pas lisible.")),
        }
    }
}

fn digest(query: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(query.as_bytes())[..9])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_list() {
        let cursor = Cursor::new("sort=total", Some("1599".into()), 7);
        assert_eq!(Cursor::decode(&cursor.encode(), "sort=total"), Ok(cursor.clone()));
        assert_eq!(
            Cursor::decode(&cursor.encode(), "sort=-total").expect_err("other").errors[0].code,
            "curseur_incompatible"
        );
        assert_eq!(Cursor::decode("???", "sort=total").expect_err("garbage").errors[0].code, "curseur_invalide");
    }
}
