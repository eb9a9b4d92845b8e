//! Hears what the senders tell, on a connection of its own, and hands it to the hub.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use sqlx::{Connection, PgPool};

use super::hub::{Hub, News};
use super::sender::CHANNEL;

/// The number of the last thing that was told.
const LAST: &str = "select case when is_called then last_value else 0 end from live_notices";
/// After so much silence the connection is asked whether it still stands.
const SILENCE: Duration = Duration::from_secs(20);
/// So long it may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// Between attempts to connect.
const PATIENCE: Duration = Duration::from_millis(500);

/// Listens until it is dropped.
pub async fn run(pool: PgPool, hub: Arc<Hub>) {
    let mut told = false;
    loop {
        match listen(&pool, &hub).await {
            Err(Lost { heard: true, error }) => {
                tracing::warn!(%error, "nothing is heard of changes: open pages wait");
                hub.publish(News::Deaf);
                told = true;
            }
            Err(Lost { error, .. }) if !told => {
                tracing::warn!(%error, "changes cannot be listened to; it is tried again");
                told = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(PATIENCE).await;
    }
}

/// Why listening ended.
struct Lost {
    /// It had begun.
    heard: bool,
    error: sqlx::Error,
}

async fn listen(pool: &PgPool, hub: &Hub) -> Result<std::convert::Infallible, Lost> {
    let early = |error| Lost { heard: false, error };
    let late = |error| Lost { heard: true, error };
    let mut listener = PgListener::connect_with(pool).await.map_err(early)?;
    // Here, because everybody must be told of what may have been missed.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await.map_err(early)?;
    // Asked afterwards: what gets a higher number is heard.
    let from = sqlx::query_scalar(LAST).fetch_one(pool).await.map_err(early)?;
    hub.publish(News::Gap(number(from)));
    loop {
        match tokio::time::timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(told))) => hub.publish(read(told.payload())),
            Ok(Ok(None)) => return Err(late(sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into()))),
            Ok(Err(error)) => return Err(late(error)),
            Err(_) => ask(&mut listener).await.map_err(late)?,
        }
    }
}

fn number(value: i64) -> Option<u64> {
    u64::try_from(value).ok()
}

/// A newer server may tell what this one does not understand: then anything may have changed.
fn read(payload: &str) -> News {
    let told = payload
        .split_once(' ')
        .and_then(|(number, notice)| Some(News::Changed(number.parse().ok()?, serde_json::from_str(notice).ok()?)));
    told.unwrap_or(News::Gap(None))
}

/// A connection that was cut off on its way does not say so by itself.
async fn ask(listener: &mut PgListener) -> Result<(), sqlx::Error> {
    let connection = sqlx::Acquire::acquire(listener).await?;
    match tokio::time::timeout(ANSWER, connection.ping()).await {
        Ok(answer) => answer,
        Err(_) => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
    }
}
