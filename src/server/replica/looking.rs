//! Looks at the replica again and again: whether it answers, whether it is one of this database, how far behind it is.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, FromRow, PgConnection};

use super::{Replica, position};

/// Several times within [`BEHIND`](super::BEHIND), for what is known of the replica is as old as the look before.
const LOOK: Duration = Duration::from_millis(250);

/// What each of the two says of itself. Two servers that share identifier and number of the database have one origin.
const ASK: &str = concat!(
    "select pg_is_in_recovery() as replica, ",
    position!(),
    " as position, (select system_identifier from pg_control_system()) as origin,
       (select oid::bigint from pg_database where datname = current_database()) as base"
);

#[derive(FromRow)]
struct Said {
    replica: bool,
    position: Option<i64>,
    origin: i64,
    base: i64,
}

/// A connection for looking, apart from those that reads wait for.
struct Link {
    connect: PgConnectOptions,
    db: Option<PgConnection>,
}

impl Link {
    fn new(connect: PgConnectOptions) -> Self {
        Self { connect, db: None }
    }

    async fn ask(&mut self, patience: Duration) -> Result<Said, String> {
        match tokio::time::timeout(patience, self.answer()).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("it has not answered for {} s", patience.as_secs())),
        }
    }

    /// The connection is kept only where it answered.
    async fn answer(&mut self) -> sqlx::Result<Said> {
        let mut db = match self.db.take() {
            Some(db) => db,
            None => self.connect.connect().await?,
        };
        let said = sqlx::query_as(ASK).fetch_one(&mut db).await?;
        self.db = Some(db);
        Ok(said)
    }
}

/// Who looks, and what was seen.
pub struct Watch {
    replica: Arc<Replica>,
    here: Link,
    there: Link,
    /// When the database was asked, and how far it was.
    asked: VecDeque<(Instant, i64)>,
    /// The latest of these that the replica has reached.
    reached: Option<(Instant, i64)>,
    /// Since when it answers.
    answers: Option<Instant>,
}

impl Watch {
    /// Of the replica of that database.
    pub fn new(replica: Arc<Replica>, database: PgConnectOptions) -> Self {
        let there = Link::new(replica.connect.clone());
        Self { replica, here: Link::new(database), there, asked: VecDeque::new(), reached: None, answers: None }
    }

    /// Looks until it is dropped.
    pub async fn run(mut self) {
        loop {
            self.look().await;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Looks once. While the database does not answer there is nothing to compare with, and what is known of the replica
    /// runs out.
    pub async fn look(&mut self) {
        let asked = Instant::now();
        let behind = self.replica.behind;
        let here = match self.here.ask(behind).await {
            Ok(here) => here,
            Err(error) => return self.replica.not_compared(&error),
        };
        let Some(position) = here.position.filter(|_| !here.replica) else {
            return self.replica.not_compared("it is a replica itself");
        };
        self.asked.push_back((asked, position));
        // To have reached no more than these is to be behind.
        while self.asked.pop_front_if(|(asked, _)| asked.elapsed() > behind).is_some() {}
        match self.there.ask(behind).await {
            Ok(there) if (there.origin, there.base) != (here.origin, here.base) => {
                self.gone("it is no replica of this database");
            }
            Ok(Said { replica: true, position: Some(position), .. }) => self.answered(position),
            Ok(_) => self.gone("it follows nobody: it is no replica, or no longer"),
            Err(error) => self.gone(&error),
        }
    }

    fn gone(&mut self, why: &str) {
        // Started anew, it may show less than it did.
        (self.reached, self.answers) = (None, None);
        self.replica.set_aside(true, why);
    }

    fn answered(&mut self, position: i64) {
        let answers = *self.answers.get_or_insert_with(Instant::now);
        while let Some(reached) = self.asked.pop_front_if(|(_, asked)| *asked <= position) {
            self.reached = Some(reached);
        }
        match self.reached {
            Some((asked, position)) => self.replica.reached(asked, position),
            // What it has not reached within that time it is behind.
            None => self.replica.reached_nothing(answers),
        }
    }
}
