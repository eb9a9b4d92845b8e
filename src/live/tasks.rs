//! The two tasks of a server that keep open pages up to date.

use std::sync::Arc;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::task::JoinHandle;

use super::hub::Hub;
use super::{listener, sender};

/// Sender and listener; stopped when dropped.
pub struct Tasks {
    pool: PgPool,
    running: [JoinHandle<()>; 2],
}

impl Tasks {
    /// Starts them on connections of their own: requests that wait for one do not hold up the news.
    pub fn start(connect: PgConnectOptions, hub: Arc<Hub>) -> Self {
        let pool = PgPoolOptions::new().max_connections(2).max_lifetime(None).idle_timeout(None);
        let pool = pool.connect_lazy_with(connect);
        let running =
            [tokio::spawn(sender::run(pool.clone(), hub.clone())), tokio::spawn(listener::run(pool.clone(), hub))];
        Self { pool, running }
    }

    /// Stops them and closes their connections.
    pub async fn stop(self) {
        for task in &self.running {
            task.abort();
        }
        self.pool.close().await;
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.running {
            task.abort();
        }
    }
}
