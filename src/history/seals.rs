//! The trail as a whole, sealed in blocks (`history_seals`): a row that was taken out together with its chain of entries
//! is missed in its block, and whoever keeps the newest seal elsewhere can tell that the trail was not cut off since.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;

/// How often the newest entries are sealed, each so between one and two rests after it was written. A seal is kept for
/// ever: at this pace, at most a hundred thousand a year.
const REST: Duration = Duration::from_secs(300);
/// Blocks sealed by one statement: a backlog takes several.
const AT_ONCE: i32 = 20;

/// Up to where entries can be sealed once everybody who may still write one of them is done.
#[derive(Debug, Clone)]
pub struct Horizon {
    last_id: i64,
    /// An `xid8`, as text.
    transaction: String,
}

/// Seals what is new, for as long as the server runs.
pub async fn run(db: PgPool) {
    let mut horizon = None;
    loop {
        tokio::time::sleep(REST).await;
        if let Err(error) = round(&db, &mut horizon).await {
            tracing::warn!(%error, "the trail could not be sealed; it is tried again");
        }
    }
}

/// Seals up to the horizon that an earlier round saw, once all transactions of that time are over, and looks for the next
/// one. How many blocks were sealed.
pub async fn round(db: &PgPool, horizon: &mut Option<Horizon>) -> Result<u64, sqlx::Error> {
    let mut sealed = 0;
    if let Some(seen) = &*horizon {
        loop {
            let blocks: Option<i32> = sqlx::query_scalar("select history_seal($1, $2::text::xid8, $3)")
                .bind(seen.last_id)
                .bind(&seen.transaction)
                .bind(AT_ONCE)
                .fetch_one(db)
                .await?;
            let Some(blocks) = blocks else { return Ok(sealed) };
            sealed += u64::from(blocks.unsigned_abs());
            if blocks < AT_ONCE {
                break;
            }
        }
    }
    *horizon = ahead(db).await?;
    Ok(sealed)
}

/// The horizon now, where entries were written since the newest seal. Two statements: an entry has its number after its
/// transaction has its own, so that a transaction begun after the number was read is younger than all who wrote up to it.
async fn ahead(db: &PgPool) -> Result<Option<Horizon>, sqlx::Error> {
    let last_id: Option<i64> = sqlx::query_scalar(
        "select n.last from (select pg_sequence_last_value(pg_get_serial_sequence('history', 'id')::regclass) as last) n
         where n.last > (select coalesce(max(last_id), 0) from history_seals)",
    )
    .fetch_optional(db)
    .await?;
    let Some(last_id) = last_id else { return Ok(None) };
    let transaction = sqlx::query_scalar("select pg_current_xact_id()::text").fetch_one(db).await?;
    Ok(Some(Horizon { last_id, transaction }))
}

/// A seal that somebody keeps elsewhere: its number and its digest, written `12:9f86…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    num: i64,
    /// Hexadecimal.
    digest: String,
}

impl Anchor {
    /// The newest seal.
    pub async fn newest<'c>(db: impl sqlx::PgExecutor<'c>) -> Result<Option<Self>, sqlx::Error> {
        let newest: Option<(i64, String)> =
            sqlx::query_as("select num, encode(digest, 'hex') from history_seals order by num desc limit 1")
                .fetch_optional(db)
                .await?;
        Ok(newest.map(|(num, digest)| Self { num, digest }))
    }

    /// Its number, from 1.
    pub fn num(&self) -> i64 {
        self.num
    }

    /// Its digest: hexadecimal digits and nothing else.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.num, self.digest)
    }
}

impl FromStr for Anchor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (num, digest) = text.trim().split_once(':').unwrap_or_default();
        match num.parse() {
            Ok(num) if num > 0 && digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Ok(Self { num, digest: digest.to_ascii_lowercase() })
            }
            _ => Err("un sceau s'écrit NUMÉRO:EMPREINTE, comme verify le donne"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_written() {
        let text = format!("12:{}", "0f".repeat(32));
        assert_eq!(text.parse::<Anchor>().expect("an anchor").to_string(), text);
        assert_eq!(format!(" {}\n", text.to_uppercase()).parse::<Anchor>().expect("copied").to_string(), text);
        for wrong in ["", "12", "12:", "0:0f", &text[..66], &text.replace('f', "g"), &text.replace("12", "0")] {
            assert!(wrong.parse::<Anchor>().is_err(), "{wrong:?}");
        }
    }
}
