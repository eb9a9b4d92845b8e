//! Takes out what the triggers wrote and tells all servers. Each server runs one; rows that another one
//! holds are passed over, so that several share the work.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;

use super::hub::Hub;
use super::notice::{Notice, Written};

/// The channel of NOTIFY.
pub const CHANNEL: &str = "live";
/// At most so often: a NOTIFY takes a lock that every other NOTIFY waits for at its commit.
const PACE: Duration = Duration::from_millis(100);
/// What this server did not write itself is found by looking.
const LOOK: Duration = Duration::from_millis(500);
/// After a failure.
const PATIENCE: Duration = Duration::from_secs(2);
/// Events taken at once.
const BATCH: i64 = 5_000;

/// Sends until it is dropped.
pub async fn run(db: PgPool, hub: Arc<Hub>) {
    let mut more = false;
    loop {
        if !more {
            tokio::select! {
                () = hub.written() => {}
                () = tokio::time::sleep(LOOK) => {
                    if matches!(anything(&db).await, Ok(false)) {
                        continue;
                    }
                }
            }
        }
        match send(&db).await {
            Ok(0) => more = false,
            Ok(sent) => {
                more = sent >= BATCH as usize;
                tokio::time::sleep(PACE).await;
            }
            Err(error) => {
                tracing::warn!(%error, "changes could not be sent to open pages; it is tried again");
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }
}

/// Whether there is something to send; most of the time there is not.
async fn anything(db: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from live_events)").fetch_one(db).await
}

/// Takes what there is and sends it as one; how many events that were.
pub async fn send(db: &PgPool) -> Result<usize, sqlx::Error> {
    let mut tx = db.begin().await?;
    let events = sqlx::query_as!(
        Written,
        r#"delete from live_events
           where id in (select id from live_events order by id limit $1 for update skip locked)
           returning topic, ids, couriers as "couriers: Vec<Option<i64>>""#,
        BATCH
    )
    .fetch_all(&mut *tx)
    .await?;
    let count = events.len();
    let notice = Notice::of(events);
    if notice.says_something() {
        // Held until the end: of two servers the one with the lower number is heard first.
        sqlx::query("select pg_advisory_xact_lock(hashtext('dashboard-fb live'))").execute(&mut *tx).await?;
        let number: i64 = sqlx::query_scalar("select nextval('live_notices')").fetch_one(&mut *tx).await?;
        let payload = format!("{number} {}", notice.payload());
        sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&mut *tx).await?;
    }
    // Together: a server that dies in between leaves the events to the next one.
    tx.commit().await?;
    Ok(count)
}
