//! A PostgreSQL and its streaming replica, on loopback, gone when they are dropped.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use tempfile::TempDir;

use crate::server::embedded::{Install, Place};
use crate::server::keys::{hex, random_bytes};

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "wal_level=replica",
    "max_wal_senders=4",
    "hot_standby=on",
    // The replica is back soon after its start.
    "wal_retrieve_retry_interval=100ms",
    "max_connections=100",
    "shared_buffers=64MB",
    "max_wal_size=1GB",
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
    "log_min_messages=panic",
];

/// A server.
pub struct Cluster {
    place: Place,
    install: Install,
    port: u16,
    password: String,
    server: Option<Child>,
    _folder: TempDir,
}

/// Waits for something that comes about by itself.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn succeed(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().expect("a program of PostgreSQL runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Cluster {
    /// Where a server will be; PostgreSQL runs as somebody who must be able to go there.
    fn place(password: String) -> Self {
        let mut folder = tempfile::Builder::new();
        let folder = folder.permissions(Permissions::from_mode(0o755)).tempdir().expect("a folder");
        let place = Place::choose(folder.path(), None, folder.path()).expect("a place");
        let install = Install::find(None, None, &place.cluster()).expect("PostgreSQL");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr()).expect("a port");
        Self { place, install, port: free.port(), password, server: None, _folder: folder }
    }

    fn program(&self, name: &str) -> Command {
        self.place.command(&self.install.program(name), Signal::SIGQUIT)
    }

    /// A fresh one, that can be followed.
    pub async fn primary() -> Self {
        let mut cluster = Self::place(hex(&random_bytes::<16>()));
        let file = cluster.place.base.join("password");
        fs::write(&file, &cluster.password).expect("a file");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("permissions");
        if let Some(account) = &cluster.place.account {
            chown(&file, Some(account.uid), Some(account.gid)).expect("an owner");
        }
        let mut initdb = cluster.program("initdb");
        initdb.arg("-D").arg(cluster.place.cluster()).arg("--pwfile").arg(&file);
        initdb.args(["-U", "postgres", "--auth=password", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]);
        succeed(initdb);
        cluster.start().await;
        cluster
    }

    /// A replica that follows this one.
    pub async fn standby(&self) -> Self {
        let mut standby = Self::place(self.password.clone());
        let mut copy = standby.program("pg_basebackup");
        copy.env("PGPASSWORD", &self.password).arg("-D").arg(standby.place.cluster());
        copy.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()]);
        copy.args(["-R", "-X", "stream", "--checkpoint=fast", "--no-sync", "--no-manifest"]);
        succeed(copy);
        standby.start().await;
        standby
    }

    /// Starts it, and returns when it answers.
    pub async fn start(&mut self) {
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.place.cluster()).args(["-p", &self.port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(command.spawn().expect("postgres runs"));
        let connect = self.connect();
        until("PostgreSQL answers", async || connect.connect().await.is_ok()).await;
    }

    /// Stops it at once, in the middle of whatever it does.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let pid = Pid::from_raw(i32::try_from(server.id()).expect("a pid"));
        kill(pid, Signal::SIGQUIT).expect("a signal");
        server.wait().expect("its end");
    }

    /// How to reach it.
    pub fn connect(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username("postgres")
            .password(&self.password)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
            .disable_statement_logging()
    }

    /// A connection for looking behind the doors.
    pub async fn session(&self) -> PgConnection {
        self.connect().connect().await.expect("a connection")
    }

    /// Whether something is so.
    pub async fn is_so(&self, condition: impl Into<String>) -> bool {
        let sql = format!("select {}", condition.into());
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut self.session().await).await.expect("an answer")
    }

    /// Stands still: what the other one does is no longer seen here.
    pub async fn pause(&self) {
        sqlx::query("select pg_wal_replay_pause()").execute(&mut self.session().await).await.expect("a pause");
        until("it stands still", async || self.is_so("pg_get_wal_replay_pause_state() = 'paused'").await).await;
    }

    /// Goes on.
    pub async fn resume(&self) {
        sqlx::query("select pg_wal_replay_resume()").execute(&mut self.session().await).await.expect("it goes on");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
