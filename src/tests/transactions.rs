//! Transactions of somebody who goes away while they begin.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::TestDatabase;
use crate::server::transaction::begin;

const WAIT: Duration = Duration::from_secs(20);

/// A way to the database that keeps answers back while it is closed.
struct Gate {
    port: u16,
    open: watch::Sender<bool>,
    asked: watch::Receiver<bool>,
}

impl Gate {
    /// Open, before that server; `word` in what is asked is what [`Gate::closed_and_asked`] waits for.
    async fn before(host: String, port: u16, word: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let gate_port = listener.local_addr().expect("an address").port();
        let (open, is_open) = watch::channel(true);
        let (ask, asked) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (from_near, to_near) = near.into_split();
                let far = TcpStream::connect((host.as_str(), port)).await.expect("the database");
                let (from_far, to_far) = far.into_split();
                tokio::spawn(questions(from_near, to_far, word, ask.clone()));
                tokio::spawn(answers(from_far, to_near, is_open.clone()));
            }
        });
        Self { port: gate_port, open, asked }
    }

    /// Waits until the database was asked.
    async fn asked(&mut self) {
        tokio::time::timeout(WAIT, self.asked.wait_for(|asked| *asked)).await.expect("asked in time").expect("a gate");
    }
}

async fn questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, word: &str, ask: watch::Sender<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
        if buffer[..length].windows(word.len()).any(|part| part == word.as_bytes()) {
            ask.send_replace(true);
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if open.wait_for(|open| *open).await.is_err() || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn who_leaves_while_a_transaction_begins_leaves_none_open() {
    let database = TestDatabase::fresh().await;
    let (host, port) = database.address();
    let mut gate = Gate::before(host, port, "begin").await;
    let (db, elsewhere) = (database.one_connection(gate.port).await, database.pool().await);

    gate.open.send_replace(false);
    let caller = tokio::spawn({
        let db = db.clone();
        async move { begin(&db, "begin").await.map(drop) }
    });
    gate.asked().await;
    caller.abort();
    assert!(caller.await.expect_err("the caller has gone").is_cancelled());
    gate.open.send_replace(true);

    // What the next one writes on the same connection stands for everybody.
    sqlx::query("create table next_one ()").execute(&db).await.expect("a statement");
    let seen: bool = sqlx::query_scalar("select to_regclass('next_one') is not null")
        .fetch_one(&elsewhere)
        .await
        .expect("a look from elsewhere");
    assert!(seen, "the statement of the next one was left in the transaction of who had gone");
}
