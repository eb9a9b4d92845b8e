//! One action on several rows at once: what travels, and how it is carried out.

use serde::{Deserialize, Serialize};

/// The most rows one action may be about.
pub const MAX_AT_ONCE: usize = 100;

/// A row as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<Id> {
    /// Which one.
    pub id: Id,
    /// The version that was seen; a newer one refuses.
    pub version: i32,
}

#[cfg(feature = "ssr")]
pub use carrying_out::{each, key_of, to_its_end};

#[cfg(feature = "ssr")]
mod carrying_out {
    use std::collections::BTreeMap;
    use std::future::Future;

    use super::{MAX_AT_ONCE, Seen};
    use crate::error::{AppError, AppResult};

    /// Does it to each, ids ascending, each in a transaction of its own: one refusal costs the others nothing.
    /// `name`, `many`: what the rows are called in the body and by people.
    pub async fn each<Id, T, Doing>(
        rows: Vec<Seen<Id>>,
        name: &str,
        many: &str,
        one: impl Fn(Id, i32) -> Doing,
    ) -> AppResult<Vec<(Id, AppResult<T>)>>
    where
        Id: Copy + Ord,
        Doing: Future<Output = AppResult<T>>,
    {
        let rows: BTreeMap<Id, i32> = rows.into_iter().map(|seen| (seen.id, seen.version)).collect();
        if rows.is_empty() || rows.len() > MAX_AT_ONCE {
            return Err(AppError::field(name, "hors_limites", format!("Choisissez de 1 à {MAX_AT_ONCE} {many}.")));
        }
        let mut answers = Vec::with_capacity(rows.len());
        for (id, version) in rows {
            answers.push((id, one(id, version).await));
        }
        Ok(answers)
    }

    /// The key of one row's own write, out of that of the press; none without one.
    pub fn key_of(press: &str, id: i64) -> String {
        if press.is_empty() { String::new() } else { format!("{press}-{id}") }
    }

    /// Carries it out to its end, also where whoever asked has gone meanwhile: half of a choice is nobody's wish.
    pub async fn to_its_end<T: Send + 'static>(
        work: impl Future<Output = AppResult<T>> + Send + 'static,
    ) -> AppResult<T> {
        tokio::spawn(work).await.map_err(AppError::internal)?
    }
}
