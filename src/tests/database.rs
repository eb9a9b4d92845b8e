//! A database for each test, copied from a migrated template: tests run side by side and never meet.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::LeptosOptions;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use crate::server::config::{Cli, ServeOptions};
use crate::server::database::{MIGRATIONS, connect_pool, settle};
use crate::server::keys::Keys;
use crate::server::replica::Replica;
use crate::server::state::AppState;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database that goes away with its test.
pub struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

fn server() -> PgConnectOptions {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names a PostgreSQL for tests: `make test` starts one");
    PgConnectOptions::from_str(&url).expect("DATABASE_URL can be read").disable_statement_logging()
}

fn keys() -> Keys {
    Keys::from_hex(&"5a".repeat(32)).expect("a key")
}

/// The template, made once for each set of migrations; processes that want it at the same time wait.
async fn template(admin: &mut PgConnection, server: &PgConnectOptions) -> String {
    // One digest of all of them: a name has 63 bytes, however many migrations there will be.
    let digest = MIGRATIONS.iter().fold(Sha256::new(), |digest, m| digest.chain_update(&m.checksum)).finalize();
    let name = format!("dfb_template_{}", crate::server::keys::hex(&digest[..16]));
    sqlx::query("select pg_advisory_lock(7301)").execute(&mut *admin).await.expect("lock");
    let exists: bool =
        sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1 and datistemplate)")
            .bind(&name)
            .fetch_one(&mut *admin)
            .await
            .expect("databases");
    if !exists {
        run(admin, format!("drop database if exists {name}")).await;
        run(admin, format!("create database {name}")).await;
        let pool = connect_pool(server.clone().database(&name), &keys(), 2).await.expect("template");
        MIGRATIONS.run(&pool).await.expect("migrations");
        pool.close().await;
        // Only now is it whole: a process that died half-way leaves a plain database, which is made anew.
        run(admin, format!("alter database {name} with is_template true")).await;
    }
    sqlx::query("select pg_advisory_unlock(7301)").execute(admin).await.expect("unlock");
    name
}

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.expect("a statement");
}

impl TestDatabase {
    /// A fresh, migrated database.
    pub async fn fresh() -> Self {
        Self::fresh_on(server()).await
    }

    /// The same on a server of one's own.
    pub async fn fresh_on(server: PgConnectOptions) -> Self {
        let mut admin = server.connect().await.expect("PostgreSQL answers");
        let template = template(&mut admin, &server).await;
        let name = format!("dfb_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        run(&mut admin, format!("drop database if exists {name} with (force)")).await;
        run(&mut admin, format!("create database {name} template {template}")).await;
        admin.close().await.expect("close");
        Self { server, name }
    }

    /// Connections with the key of the trail.
    pub async fn pool(&self) -> PgPool {
        connect_pool(self.server.clone().database(&self.name), &keys(), 12).await.expect("a pool")
    }

    /// Where the server listens that has it.
    pub fn address(&self) -> (String, u16) {
        (self.server.get_host().to_owned(), self.server.get_port())
    }

    /// A pool of a single connection, through that port of this machine.
    pub async fn one_connection(&self, port: u16) -> PgPool {
        let through = self.server.clone().host("127.0.0.1").port(port).database(&self.name);
        connect_pool(through, &keys(), 1).await.expect("a pool")
    }

    /// The state of a server over it.
    pub async fn state(&self) -> AppState {
        self.state_with(|_| {}).await
    }

    /// The same, served differently.
    pub async fn state_with(&self, configure: impl FnOnce(&mut ServeOptions)) -> AppState {
        self.state_reading(None, configure).await
    }

    /// This database, on another server that has it too.
    pub fn on(&self, server: PgConnectOptions) -> PgConnectOptions {
        server.database(&self.name)
    }

    /// The state of a server with a replica.
    pub async fn state_reading(
        &self,
        replica: Option<Arc<Replica>>,
        configure: impl FnOnce(&mut ServeOptions),
    ) -> AppState {
        let pool = self.pool().await;
        let shop = settle(&pool, None, None).await.expect("settings");
        // Tests call as fast as they can.
        let mut options = <Cli as clap::Parser>::parse_from(["dashboard-fb", "--rate-limit", "0"]).serve;
        configure(&mut options);
        let leptos = LeptosOptions::builder().output_name("dashboard-fb").build();
        AppState::new(pool, replica, keys(), shop, options, leptos)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own: this one may be ending. A failure leaves a database behind, nothing worse.
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut admin = server.connect().await.ok()?;
                let sql = format!("drop database if exists {name} with (force)");
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.ok()
            })
        })
        .join();
    }
}

/// A migrated database with settings: for tests below the doors. It is kept until the process ends.
pub async fn database() -> PgPool {
    let database = TestDatabase::fresh().await;
    let pool = database.pool().await;
    settle(&pool, None, None).await.expect("settings");
    std::mem::forget(database);
    pool
}
