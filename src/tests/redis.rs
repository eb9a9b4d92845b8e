//! Several servers with one Redis, and without it when it goes away. A real one, on a socket of its own.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::Method;
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;

use super::App;
use crate::auth::permission::Role;
use crate::server::config::ServeOptions;

/// A Redis that is there until it is dropped.
struct TestRedis {
    folder: TempDir,
    server: Option<Child>,
}

impl TestRedis {
    fn new() -> Self {
        let mut redis = Self { folder: TempDir::new().expect("a folder"), server: None };
        redis.start();
        redis
    }

    fn start(&mut self) {
        let socket = self.folder.path().join("redis.sock");
        let server = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(&socket)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .spawn();
        self.server = Some(server.expect("redis-server, which the set-up installs"));
    }

    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().and_then(|()| server.wait()).expect("killed");
        }
    }

    /// Until it answers.
    async fn ready(&self) {
        let client = redis::Client::open(self.url()).expect("an address");
        until("Redis answers", async || client.get_multiplexed_async_connection().await.is_ok()).await;
    }

    fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    fn used(&self, options: &mut ServeOptions) {
        options.redis_url = Some(SecretString::from(self.url()));
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap_or_else(|_| panic!("it never happens: {what}"));
}

async fn summary(app: &App, token: &str) -> Value {
    app.get(token, "/dashboard/summary").await.expect(200).json()
}

/// Whether what one server reads, after a change, the other need not.
async fn shared(one: &App, two: &App, token: &str) -> bool {
    one.product(token, "Miel", 800, 5).await;
    summary(one, token).await;
    let before = two.state.answers.readings();
    // It is told to the others behind the answer: at once, but not before.
    for _ in 0..10 {
        summary(two, token).await;
        if two.state.answers.readings() == before {
            return true;
        }
        one.product(token, "Cire", 800, 5).await;
        summary(one, token).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_share_what_they_read_and_do_without_when_redis_is_gone() {
    let mut redis = TestRedis::new();
    redis.ready().await;
    let one = App::with(|options| redis.used(options)).await;
    let two = one.beside_with(|options| redis.used(options)).await;
    let token = one.token(Role::Admin).await;
    until("they share", async || shared(&one, &two, &token).await).await;
    assert_eq!(summary(&one, &token).await, summary(&two, &token).await);

    // Killed under load: nobody notices but the log.
    let (over, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let ask = async |app: &App| {
        while !over.load(Ordering::SeqCst) {
            summary(app, &token).await;
            asked.fetch_add(1, Ordering::SeqCst);
        }
    };
    let more = async |count: usize| {
        let goal = asked.load(Ordering::SeqCst) + count;
        until("they are answered", async || asked.load(Ordering::SeqCst) >= goal).await;
    };
    let events = async {
        more(20).await;
        redis.kill();
        one.product(&token, "Pollen", 500, 0).await;
        more(60).await;
        over.store(true, Ordering::SeqCst);
    };
    tokio::join!(events, join_all([&one, &two, &one, &two].map(ask)));
    assert!(!shared(&one, &two, &token).await);
    assert_eq!(summary(&one, &token).await, summary(&two, &token).await);

    redis.start();
    redis.ready().await;
    until("they share again", async || shared(&one, &two, &token).await).await;
}

#[tokio::test]
async fn an_address_has_one_allowance_at_all_servers() {
    let redis = TestRedis::new();
    redis.ready().await;
    let configure = |options: &mut ServeOptions| {
        redis.used(options);
        options.rate_limit = 1;
    };
    let one = App::with(configure).await;
    let two = one.beside_with(configure).await;
    let call = async |app: &App, from: &str| app.call(Method::GET, "/api/v1/products").from(from).send().await;
    // Two at once, then one a second: each server alone would let as many pass again.
    let (begun, mut passed) = (Instant::now(), 0);
    for app in [&one, &two].into_iter().cycle().take(12) {
        let answer = call(app, "10.0.0.1").await;
        match answer.status.as_u16() {
            401 => passed += 1,
            _ => assert!(!answer.refused(429, "trop_de_requetes").header("retry-after").is_empty()),
        }
    }
    let allowed = 2 + begun.elapsed().as_secs() + 1;
    assert!((2..=allowed).contains(&passed), "{passed} passed, {allowed} were allowed");
    call(&two, "10.0.0.2").await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn a_redis_that_was_never_there_is_not_needed() {
    let nowhere = |options: &mut ServeOptions| {
        options.redis_url = Some(SecretString::from("redis://127.0.0.1:1"));
        options.rate_limit = 1;
    };
    let app = App::with(nowhere).await;
    let token = app.token(Role::Admin).await;
    let call = async || app.call(Method::GET, "/api/v1/dashboard/summary").from("10.0.0.1").bearer(&token).send().await;
    // It keeps its own: unless PostgreSQL itself has written something in between.
    until("an answer is kept", async || {
        let asked = app.get(&token, "/dashboard/summary");
        let (first, read) = (asked.await, app.state.answers.readings());
        app.get(&token, "/dashboard/summary").await.text == first.text && app.state.answers.readings() == read
    })
    .await;
    until("it counts by itself", async || call().await.status == 429).await;
}

#[tokio::test]
async fn what_a_neighbour_of_another_version_keeps_is_read_anew() {
    let redis = TestRedis::new();
    redis.ready().await;
    let one = App::with(|options| redis.used(options)).await;
    let two = one.beside_with(|options| redis.used(options)).await;
    let token = one.token(Role::Admin).await;
    let client = redis::Client::open(redis.url()).expect("an address");
    let mut neighbour = client.get_multiplexed_async_connection().await.expect("Redis");
    let told = summary(&one, &token).await;
    let mut keys: Vec<String> = Vec::new();
    while keys.is_empty() {
        keys = redis::cmd("KEYS").arg("*answer:*").query_async(&mut neighbour).await.expect("keys");
    }
    for key in keys {
        let other = [&0_i64.to_be_bytes()[..], b"{\"autre\": 1}"].concat();
        redis::cmd("SET").arg(key).arg(other).query_async::<()>(&mut neighbour).await.expect("set");
    }
    assert_eq!(summary(&two, &token).await, told);
}
