//! Connections for single reads, beside the pool for what writes.
//!
//! The pool pings a connection each time it comes back: a round trip as long as a short read itself, to be
//! sure that nothing was left half-done. Here a read says when it has come to its end, and only a
//! connection whose last read did not, or that has been idle, is asked whether it still answers.

use std::ops::AsyncFnOnce;
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, Pool, RecycleError, RecycleResult, Timeouts};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::error::{AppError, AppResult};

/// What was used a moment ago is there; what has been idle for longer is asked.
const TRUSTED: Duration = Duration::from_secs(5);

/// How long a read waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// The connections; cheap to clone.
#[derive(Clone)]
pub struct Readers(Pool<Opener>);

struct Opener {
    connect: PgConnectOptions,
    /// Whether a suspect connection is asked if it still answers; else it is closed.
    asks: bool,
}

struct Reader {
    db: PgConnection,
    /// A read began and has not come to a good end.
    suspect: bool,
}

impl managed::Manager for Opener {
    type Type = Reader;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Reader, sqlx::Error> {
        Ok(Reader { db: self.connect.connect().await?, suspect: false })
    }

    async fn recycle(&self, reader: &mut Reader, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if reader.suspect && !self.asks {
            return Err(RecycleError::message("its last read has no end"));
        }
        if reader.suspect || metrics.last_used() > TRUSTED {
            reader.db.ping().await.map_err(RecycleError::Backend)?;
            reader.suspect = false;
        }
        Ok(())
    }
}

impl Readers {
    /// At most `size` connections, opened as they are needed.
    pub fn new(connect: PgConnectOptions, size: usize) -> Self {
        Self::with(Opener { connect, asks: true }, size, Timeouts { wait: Some(WAIT), ..Timeouts::new() })
    }

    /// The same of a server that may go away without a word: nothing is waited for longer than that, and what is suspect
    /// is closed.
    pub fn within(patience: Duration, connect: PgConnectOptions, size: usize) -> Self {
        let patience = Some(patience);
        let opener = Opener { connect, asks: false };
        Self::with(opener, size, Timeouts { wait: patience, create: patience, recycle: patience })
    }

    fn with(opener: Opener, size: usize, timeouts: Timeouts) -> Self {
        let pool = Pool::builder(opener).max_size(size).runtime(deadpool::Runtime::Tokio1).timeouts(timeouts);
        Self(pool.build().expect("a pool with a runtime"))
    }

    /// A connection for the reads of one request.
    pub async fn lease(&self) -> AppResult<Lease> {
        self.0.get().await.map(Lease).map_err(|error| match error {
            managed::PoolError::Backend(error) => error.into(),
            managed::PoolError::Timeout(_) => sqlx::Error::PoolTimedOut.into(),
            other => AppError::internal(other),
        })
    }

    /// One read.
    pub async fn read<T>(&self, read: impl AsyncFnOnce(&mut PgConnection) -> AppResult<T>) -> AppResult<T> {
        self.lease().await?.read(read).await
    }

    /// Closes what is idle, for its server has gone.
    pub fn forget_idle(&self) {
        drop(self.0.retain(|_, _| false));
    }

    /// Closes what is idle; what is lent is closed when it comes back.
    pub fn close(&self) {
        self.0.close();
    }
}

/// A connection lent to one request.
pub struct Lease(Object<Opener>);

impl Lease {
    /// One read to its end. Cut off by a caller who went away, it leaves the connection suspect.
    pub async fn read<T>(&mut self, read: impl AsyncFnOnce(&mut PgConnection) -> AppResult<T>) -> AppResult<T> {
        let result = read(self.begin()).await;
        self.0.suspect = result.is_err();
        result
    }

    /// The connection for a longer read, which leaves it suspect unless it says that it [`ended`](Self::ended).
    pub fn begin(&mut self) -> &mut PgConnection {
        self.0.suspect = true;
        &mut self.0.db
    }

    /// The read that began has come to its end.
    pub fn ended(&mut self) {
        self.0.suspect = false;
    }
}
