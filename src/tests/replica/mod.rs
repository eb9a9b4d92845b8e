//! A streaming replica that the dashboard and exports read, and that may stop at any moment.

mod cluster;
mod load;

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use http_body_util::BodyExt;
use serde_json::json;
use tokio::task::JoinHandle;

use self::cluster::{Cluster, until};
use super::{App, TestDatabase};
use crate::auth::permission::Role;
use crate::live::hub::News;
use crate::server::database::session;
use crate::server::replica::{BEHIND, Replica, Watch};
use crate::server::router;

/// Longer than this test takes.
const NEVER_TOO_LATE: Duration = Duration::from_secs(600);

/// Servers over one database that all read from its replica.
struct Shop {
    /// Reads however far the replica is behind, and keeps no answer of the dashboard.
    one: App,
    /// The same, another server.
    two: App,
    /// As it is in use: it keeps them.
    strict: App,
    watches: Vec<JoinHandle<()>>,
    standby: Cluster,
    primary: Cluster,
}

impl Shop {
    async fn open() -> Self {
        let primary = Cluster::primary().await;
        let database = Arc::new(TestDatabase::fresh_on(primary.connect()).await);
        let standby = primary.standby().await;
        let mut watches = Vec::new();
        let mut serve = async |name: &str, behind: Duration, kept: u32| {
            let connect = session(database.on(standby.connect())).application_name(name);
            let replica = Arc::new(Replica::new(connect, 8, behind));
            let watch = Watch::new(replica.clone(), database.on(primary.connect()));
            watches.push(tokio::spawn(watch.run()));
            let state = database.state_reading(Some(replica), |options| options.cache_mib = kept).await;
            App { db: state.db.clone(), router: router::build(state.clone()), state, _database: database.clone() }
        };
        let one = serve("one", NEVER_TOO_LATE, 0).await;
        let two = serve("two", NEVER_TOO_LATE, 0).await;
        let strict = serve("strict", BEHIND, 8).await;
        Self { one, two, strict, watches, standby, primary }
    }

    /// Until the replica has all that was written.
    async fn replicated(&self) {
        let written: String = sqlx::query_scalar("select pg_current_wal_flush_lsn()::text")
            .fetch_one(&mut self.primary.session().await)
            .await
            .expect("a position");
        let there = format!("pg_last_wal_replay_lsn() >= '{written}'::pg_lsn");
        until("it is replicated", async || self.standby.is_so(there.as_str()).await).await;
    }

    /// Until the replica has answered what a server reads, asked again and again.
    async fn answers(&self, name: &str, mut read: impl AsyncFnMut() -> i64) {
        let now: String = sqlx::query_scalar("select clock_timestamp()::text")
            .fetch_one(&mut self.standby.session().await)
            .await
            .expect("an instant");
        // The watch begins no transactions.
        let seen = format!(
            "exists (select from pg_stat_activity where application_name = '{name}' and query = 'commit'
                     and state_change > '{now}')"
        );
        until("the replica is read", async || {
            read().await;
            self.standby.is_so(seen.as_str()).await
        })
        .await;
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        for watch in &self.watches {
            watch.abort();
        }
    }
}

/// How many orders the dashboard counts.
async fn orders(app: &App, token: &str) -> i64 {
    let summary = app.get(token, "/dashboard/summary").await.expect(200).json();
    summary["commandes"]["total"].as_i64().expect("a number")
}

/// The rows of a file, without its titles.
fn lines(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.records().map(|r| r.expect("a record").iter().map(str::to_owned).collect()).collect()
}

/// How many orders their export has.
async fn exported(app: &App, token: &str) -> i64 {
    let file = app.get(token, "/orders?format=csv").await.expect(200);
    let mut numbers: Vec<_> = lines(&file.text).into_iter().map(|row| row[0].clone()).collect();
    let rows = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), rows, "each order once");
    i64::try_from(rows).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_replica_is_read_where_nobody_notices_and_may_stop_at_any_moment() {
    let mut shop = Shop::open().await;
    let (writer, other) = (shop.one.token(Role::Admin).await, shop.one.token(Role::Admin).await);
    let product = shop.one.product(&writer, "Miel", 800, 100_000).await;
    shop.one.order(&writer, &[(product, 1)]).await;
    shop.replicated().await;
    shop.answers("one", async || orders(&shop.one, &other).await).await;
    for (name, app) in [("one", &shop.one), ("two", &shop.two), ("strict", &shop.strict)] {
        shop.answers(name, async || exported(app, &other).await).await;
    }
    whoever_writes_sees_it(&shop, &writer, &other, product).await;
    a_read_goes_on_elsewhere(&mut shop, &other).await;
    an_export_goes_on_elsewhere(&mut shop, &other).await;
    load::nothing_fails(&mut shop, &writer, &other, product).await;
    shop.one.assert_sound().await;
}

/// What a person wrote they see at once, on every server; in files others see it within a second, or once they are told.
async fn whoever_writes_sees_it(shop: &Shop, writer: &str, other: &str, product: i64) {
    let Shop { standby, one, two, strict, .. } = shop;
    standby.pause().await;
    one.order(writer, &[(product, 2)]).await;
    for app in [one, two, strict] {
        assert_eq!((orders(app, other).await, orders(app, writer).await), (2, 2), "nobody's figures are behind");
    }
    for app in [one, two] {
        assert_eq!((exported(app, other).await, exported(app, writer).await), (1, 2));
        let late = app.get(other, "/orders?format=csv&sort=-total").await.expect(200);
        assert_eq!(lines(&late.text).len(), 2, "places in this list change: it is the database's own");
    }
    until("a second is over", async || exported(strict, other).await == 2).await;

    // A movement of stock is in no trail.
    let (third, body) = (one.token(Role::Admin).await, json!({"product_id": product, "quantite": 5}));
    one.post(&third, "/stocks/entry", &body).await.expect(201);
    let movements =
        async |token: &str| lines(&two.get(token, "/stocks/movements?format=csv").await.expect(200).text).len();
    assert_eq!(movements(&third).await, movements(other).await + 1);

    // Whoever was told that something changed must find it.
    one.state.live.publish(News::Gap(None));
    assert_eq!((exported(one, other).await, exported(two, other).await), (2, 1));

    standby.resume().await;
    for (name, app) in [("one", one), ("two", two), ("strict", strict)] {
        shop.answers(name, async || exported(app, writer).await).await;
        assert_eq!((exported(app, other).await, orders(app, other).await), (2, 2));
    }
}

/// The replica stops in the middle of a statement.
async fn a_read_goes_on_elsewhere(shop: &mut Shop, other: &str) {
    let expected = orders(&shop.one, other).await;
    // What is locked here is locked there, until it is told otherwise.
    let mut lock = shop.one.db.begin().await.expect("a transaction");
    sqlx::query("lock table orders in access exclusive mode").execute(&mut *lock).await.expect("a lock");
    sqlx::query("select pg_logical_emit_message(true, 'test', '')").execute(&shop.one.db).await.expect("a flush");
    let locked = "exists (select from pg_locks where mode = 'AccessExclusiveLock' and relation is not null)";
    until("it is locked there too", async || shop.standby.is_so(locked).await).await;
    shop.replicated().await;

    let Shop { standby, one, .. } = shop;
    let reads = async { tokio::join!(orders(one, other), exported(one, other)) };
    let stop = async {
        let wait = "2 = (select count(*) from pg_stat_activity
                         where application_name = 'one' and wait_event_type = 'Lock')";
        until("both wait there", async || standby.is_so(wait).await).await;
        standby.stop();
        lock.rollback().await.expect("a rollback");
    };
    let (read, ()) = tokio::join!(reads, stop);
    assert_eq!(read, (expected, expected));
    standby.start().await;
    shop.answers("one", async || orders(&shop.one, other).await).await;
}

/// The replica stops in the middle of a file.
async fn an_export_goes_on_elsewhere(shop: &mut Shop, other: &str) {
    shop.one
        .run(
            "insert into products (nom, description, prix, taux_tva, category_id, created_by, updated_by)
             select 'Produit ' || n, repeat('x', 5000), 100, 550, (select min(id) from categories), 1, 1
             from generate_series(1, 5000) n",
        )
        .await;
    shop.replicated().await;
    shop.answers("one", async || orders(&shop.one, other).await).await;
    let mut all: Vec<i64> =
        sqlx::query_scalar("select id from products order by id").fetch_all(&shop.one.db).await.expect("products");
    let Shop { standby, one, .. } = shop;
    let call = one.call(Method::GET, "/api/v1/products?format=csv&sort=-created_at").bearer(other);
    let mut body = call.open().await.into_body();
    let mut file = body.frame().await.expect("a piece").expect("bytes").into_data().expect("bytes").to_vec();
    // Nobody takes the rest: it fills what lies between the two, and the replica waits.
    let waits = "exists (select from pg_stat_activity where application_name = 'one' and wait_event = 'ClientWrite')";
    until("the file waits there", async || standby.is_so(waits).await).await;
    standby.stop();
    file.extend(body.collect().await.expect("the rest").to_bytes());
    let rows = lines(&String::from_utf8(file).expect("UTF-8"));
    let ids: Vec<i64> = rows.iter().map(|row| row.last().and_then(|id| id.parse().ok()).expect("an id")).collect();
    all.reverse();
    assert!(ids == all, "each row once, in order: {} of {}", ids.len(), all.len());
    standby.start().await;
}
