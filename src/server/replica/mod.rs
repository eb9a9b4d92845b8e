//! Reads that may go to a streaming replica of the database (`DATABASE_READ_URL`), and which of them do.
//!
//! The dashboard may where the replica has all that the database had when it was asked ([`Least::Now`]): its answers are
//! kept for others, and nobody is given a figure that is behind. Exports may where it has a little less
//! ([`Least::Recent`]):
//! - what the database had [`BEHIND`] ago;
//! - what this server's open pages were told of: whoever reads again because of news meets what they were about;
//! - what the person who asks has written, on whichever server: the replica must have the last entries of theirs that
//!   the database has. That is compared, not guessed from how long ago they wrote.
//!
//! Where the replica does not have that, where it is set aside (see [`Watch`]), and where it fails on the way, the
//! database itself is read: nobody notices. Without a replica none of this is asked.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{Stream, TryStreamExt};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, raw_sql};
use tokio::sync::watch;

use super::errors;
use super::readers::{Lease, Readers};
use crate::auth::context::Ctx;
use crate::error::{AppResult, ErrorCode};
use crate::shared::UserId;

mod looking;
mod standing;

pub use looking::Watch;
use standing::Standing;

/// A replica further behind than that is not read; one that does not answer for so long has gone.
pub const BEHIND: Duration = Duration::from_secs(1);

/// How a snapshot begins, there as on the database.
pub const SNAPSHOT: &str = "begin isolation level repeatable read, read only";

/// How far a server is in the log of changes, in bytes: the database, what it has written; the replica, what it shows.
macro_rules! position {
    () => {
        "(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end
          - '0/0'::pg_lsn)::bigint"
    };
}
use position;

/// The last entries of a person, and how far the server is; beside it, how far it is with what is visible before it is
/// written to the disk, where commits do not wait for that. Several, because of two transactions of theirs the one whose
/// entries are the older ones may be the later to commit. The trail has all but the movements of stock that no order made.
const STATE: &str = concat!(
    "select array(select id from history where user_id = $1 order by id desc limit 20)
         || array(select id from stock_movements where created_by = $1 and order_id is null order by id desc limit 20), ",
    position!(),
    ", case when not pg_is_in_recovery() and current_setting('synchronous_commit') = 'off'
            then (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint else 0 end"
);

/// Whether it is a replica still, and how far it is.
const REPLAYED: &str = concat!("select pg_is_in_recovery(), ", position!());

/// How much a snapshot on the replica must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// All that the database has.
    Now,
    /// All that whoever asks has written or was told of, and the rest as it was a second ago.
    Recent,
}

/// A snapshot on the replica that has all that this person must find there; `None` where the database is to be read.
/// What is read in it goes through [`attempt`].
pub async fn begin(ctx: &Ctx, least: Least) -> Option<Snapshot> {
    let replica = ctx.replica.as_ref()?;
    let needs = replica.needs(ctx, least).await?;
    // None to be had: the watch will know whether that means anything.
    let mut lease = errors::attempt(replica.reads.lease()).await.0.ok()?;
    let begun = async { Ok(needs.begin(lease.begin()).await?) };
    match attempt(ctx, begun).await {
        Some(Ok(true)) => Some(Snapshot(lease)),
        Some(Ok(false)) => {
            lease.ended();
            None
        }
        _ => None,
    }
}

/// What a read on the replica came to; `None` where it failed, and the database is to be read instead.
pub async fn attempt<T>(ctx: &Ctx, read: impl Future<Output = AppResult<T>>) -> Option<AppResult<T>> {
    let replica = ctx.replica.as_ref()?;
    let (result, cause) = errors::attempt(async {
        tokio::select! {
            result = read => Some(result),
            // Whoever does not answer the watch may never answer this read.
            () = replica.gone() => None,
        }
    })
    .await;
    match result? {
        Err(error) if matches!(error.code, ErrorCode::Internal | ErrorCode::Unavailable) => {
            replica.set_aside(true, &cause.unwrap_or(error.detail));
            None
        }
        result => Some(result),
    }
}

/// A snapshot that has begun on a connection to the replica. Dropped before its end, it takes the connection along.
pub struct Snapshot(Lease);

impl Snapshot {
    /// Where to read.
    pub fn db(&mut self) -> &mut PgConnection {
        self.0.begin()
    }

    /// Everything was read.
    pub async fn end(mut self) {
        if raw_sql("commit").execute(self.0.begin()).await.is_ok() {
            self.0.ended();
        }
    }
}

/// The replica of the settings.
pub struct Replica {
    reads: Readers,
    connect: PgConnectOptions,
    behind: Duration,
    standing: watch::Sender<Standing>,
    told: Mutex<Told>,
}

/// How far the database was once so many news had been heard.
#[derive(Default)]
struct Told {
    news: u64,
    position: i64,
}

/// What the replica must have before a person may read there.
struct Needs {
    user: UserId,
    own: Vec<i64>,
    position: i64,
}

impl Replica {
    /// With at most `size` connections for reads; read while it is `behind` at most. Nothing is asked of it, and nothing
    /// read from it, before a [`Watch`] has looked.
    pub fn new(connect: PgConnectOptions, size: usize, behind: Duration) -> Self {
        Self {
            reads: Readers::within(behind, connect.clone(), size),
            connect,
            behind,
            standing: watch::Sender::new(Standing::Untried),
            told: Mutex::default(),
        }
    }

    /// What somebody must find there, asked of the database in one statement; `None` where the replica is not to be read.
    async fn needs(&self, ctx: &Ctx, least: Least) -> Option<Needs> {
        let reached = self.standing.borrow().readable()?;
        // Before the question: the answer has what these news were about.
        let news = ctx.live.told();
        let user = ctx.actor.user_id;
        let state = ctx.reads.read(async |db| Ok(sqlx::query_as(STATE).bind(user).fetch_one(db).await?)).await;
        // What is wrong here is told by the read that follows.
        let (own, written, visible): (Vec<i64>, i64, i64) = state.ok()?;
        let told = self.position_of(news, written);
        let position = match least {
            Least::Now => written.max(visible),
            Least::Recent => reached.max(told),
        };
        Some(Needs { user, own, position })
    }

    fn position_of(&self, news: u64, now: i64) -> i64 {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if news > told.news {
            *told = Told { news, position: now };
        }
        told.position
    }

    /// Not to be read until it was looked at; `gone`: what it is reading is not waited for either.
    fn set_aside(&self, gone: bool, why: &str) {
        if gone {
            self.reads.forget_idle();
        }
        self.standing.send_if_modified(|standing| standing.set_aside(gone, why));
    }

    /// It has reached what the database had at that instant.
    fn reached(&self, asked: Instant, position: i64) {
        self.standing.send_if_modified(|standing| standing.reached(asked, position, self.behind));
    }

    /// It answers since then, and has reached nothing of what the database had after that.
    fn reached_nothing(&self, since: Instant) {
        if since.elapsed() > self.behind {
            self.set_aside(false, "it is far behind");
        }
    }

    /// The database does not say how far it is.
    fn not_compared(&self, why: &str) {
        if self.standing.borrow().readable().is_none() {
            self.set_aside(false, &format!("how far the database is cannot be told: {why}"));
        }
    }

    /// Until it is gone.
    async fn gone(&self) {
        // The sender lives as long as this.
        let _ = self.standing.subscribe().wait_for(Standing::is_gone).await;
    }
}

impl Needs {
    /// Begins a snapshot, if it has all of it.
    async fn begin(&self, db: &mut PgConnection) -> sqlx::Result<bool> {
        // Before the snapshot is taken, which then has no less.
        let (replica, position): (bool, Option<i64>) = sqlx::query_as(REPLAYED).fetch_one(&mut *db).await?;
        if !replica || position.is_none_or(|position| position < self.position) {
            return Ok(false);
        }
        raw_sql(SNAPSHOT).execute(&mut *db).await?;
        let (own, _, _): (Vec<i64>, i64, i64) = sqlx::query_as(STATE).bind(self.user).fetch_one(&mut *db).await?;
        let whole = own == self.own;
        if !whole {
            raw_sql("rollback").execute(db).await?;
        }
        Ok(whole)
    }
}

/// The replica does not give this, or no more of it: the database does.
#[derive(Debug)]
pub struct OfPrimary;

/// The rows of a statement on the replica, in one snapshot, as they come. They end early, with an error, where the
/// database has to give the rest: all of them, if none came.
pub fn rows<'a, R>(
    ctx: &'a Ctx,
    sql: &'a mut QueryBuilder<Postgres>,
) -> impl Stream<Item = Result<R, OfPrimary>> + Send + 'a
where
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'a,
{
    async_stream::try_stream! {
        let mut there = Box::pin(begin(ctx, Least::Recent)).await.ok_or(OfPrimary)?;
        {
            let mut rows = sql.build_query_as::<R>().persistent(false).fetch(there.db());
            loop {
                let next = async { Ok(rows.try_next().await?) };
                match attempt(ctx, next).await {
                    Some(Ok(Some(row))) => yield row,
                    Some(Ok(None)) => break,
                    _ => Err(OfPrimary)?,
                }
            }
        }
        there.end().await;
    }
}
