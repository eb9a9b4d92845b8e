//! These start real clusters: each test has its own folder and leaves nothing behind.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::place::Place;
use super::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};

mod kill;

/// A folder of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("dashboard-fb-test-{}-{count}", std::process::id());
        let path = env::temp_dir().join(name);
        let mut folder = fs::DirBuilder::new();
        folder.mode(0o755).create(&path).expect("temporary folder");
        Self(fs::canonicalize(path).expect("path of the temporary folder"))
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    fn options(&self) -> EmbeddedOptions {
        EmbeddedOptions { system_dir: self.0.join("system"), ..EmbeddedOptions::default() }
    }

    async fn start(&self) -> Result<EmbeddedPostgres, EmbeddedError> {
        EmbeddedPostgres::start(&self.data(), self.options()).await
    }

    async fn started(&self) -> EmbeddedPostgres {
        self.start().await.expect("PostgreSQL starts")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    PgConnection::connect_with(options).await.expect("connects")
}

async fn make_table(postgres: &EmbeddedPostgres) {
    let mut connection = connect(&postgres.connect_options()).await;
    let table = "CREATE TABLE kept (n bigint PRIMARY KEY)";
    sqlx::query(table).execute(&mut connection).await.unwrap();
    let row = "INSERT INTO kept VALUES (1)";
    sqlx::query(row).execute(&mut connection).await.unwrap();
}

async fn rows(postgres: &EmbeddedPostgres) -> i64 {
    let mut connection = connect(&postgres.connect_options()).await;
    let count = sqlx::query_scalar("SELECT count(*) FROM kept");
    count.fetch_one(&mut connection).await.expect("counts")
}

fn postmaster(cluster: &Path) -> Pid {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).expect("a pid file");
    Pid::from_raw(text.lines().next().unwrap().parse().unwrap())
}

async fn wait_until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_fresh_database_suits_the_application_and_keeps_its_data() {
    let folder = Folder::new();
    let postgres = folder.started().await;
    make_table(&postgres).await;
    let mut connection = connect(&postgres.connect_options()).await;
    let facts: (String, String, String, bool, bool, String, bool) = sqlx::query_as(
        "SELECT current_database()::text, current_user::text, \
                current_setting('server_encoding'), usesuper, usecreatedb, \
                current_setting('fsync') || current_setting('synchronous_commit'), \
                'côte' < 'côté' COLLATE \"fr-x-icu\" \
         FROM pg_user WHERE usename = current_user",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let text = |text: &str| text.to_owned();
    let name = text("dashboard_fb");
    let wanted = (name.clone(), name, text("UTF8"), false, true, text("onon"), true);
    assert_eq!(facts, wanted);
    connection.close().await.unwrap();

    let password_file = folder.data().join("postgres.password");
    let mode = fs::metadata(&password_file).unwrap().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let wrong = postgres.connect_options().password("wrong");
    assert!(PgConnection::connect_with(&wrong).await.is_err());
    let superuser = postgres.connect_options().username("postgres");
    assert!(PgConnection::connect_with(&superuser).await.is_err());

    let refused = folder.start().await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::AlreadyRunning { pid: Some(_), .. }), "{refused}");

    postgres.stop().await;
    let postgres = folder.started().await;
    assert_eq!(rows(&postgres).await, 1);

    // Dropping stops as well, and a lost password is replaced.
    drop(postgres);
    fs::remove_file(&password_file).unwrap();
    let postgres = folder.started().await;
    assert_eq!(rows(&postgres).await, 1);
    postgres.stop().await;
    fs::write(&password_file, "another").unwrap();
    let refused = folder.start().await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::WrongPassword { .. }), "{refused}");
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again_while_the_server_lives() {
    let folder = Folder::new();
    let postgres = folder.started().await;
    make_table(&postgres).await;
    let killed = postmaster(postgres.data_dir());
    // A connection that is busy keeps its process alive beyond the postmaster.
    let mut busy = connect(&postgres.connect_options()).await;
    let sleeper = tokio::spawn(async move {
        let _ = sqlx::query("SELECT pg_sleep(60)").execute(&mut busy).await;
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    kill(killed, Signal::SIGKILL).unwrap();
    let options = postgres.connect_options();
    wait_until("a new postmaster", async || {
        let answers = PgConnection::connect_with(&options).await.is_ok();
        answers && postmaster(postgres.data_dir()) != killed
    })
    .await;
    assert_eq!(rows(&postgres).await, 1);
    sleeper.await.unwrap();
    postgres.stop().await;
}

#[tokio::test]
async fn a_stale_pid_file_does_not_block_even_if_the_pid_lives_again() {
    let folder = Folder::new();
    let postgres = folder.started().await;
    make_table(&postgres).await;
    let cluster = postgres.data_dir().to_owned();
    let pid_file = cluster.join("postmaster.pid");
    let socket_lock = cluster.with_file_name("socket").join(".s.PGSQL.5432.lock");
    let (of_cluster, of_socket) = (fs::read(&pid_file).unwrap(), fs::read(&socket_lock).unwrap());
    postgres.stop().await;

    // PostgreSQL minds only processes of its own user.
    let place = Place::choose(&folder.data(), None, &folder.options().system_dir).unwrap();
    let mut sleep = place.command(Path::new("/bin/sleep"), Signal::SIGKILL);
    let mut other = sleep.arg("60").spawn().unwrap();
    for pid in [other.id().to_string(), std::process::id().to_string(), String::new()] {
        for (file, content) in [(&pid_file, &of_cluster), (&socket_lock, &of_socket)] {
            let text = String::from_utf8_lossy(content);
            let rest = text.split_once('\n').unwrap().1;
            let stale = if pid.is_empty() { String::new() } else { format!("{pid}\n{rest}") };
            fs::write(file, stale).unwrap();
        }
        let postgres = folder.started().await;
        assert_eq!(rows(&postgres).await, 1);
        postgres.stop().await;
    }
    assert!(other.try_wait().unwrap().is_none(), "an innocent process was stopped");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[tokio::test]
async fn root_uses_a_system_folder_where_only_root_may_enter() {
    if !geteuid().is_root() {
        return;
    }
    let folder = Folder::new();
    let closed = folder.0.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let data = closed.join("data");
    let postgres = EmbeddedPostgres::start(&data, folder.options()).await.unwrap();
    assert!(postgres.data_dir().starts_with(folder.0.join("system")));
    assert_ne!(fs::metadata(postgres.data_dir()).unwrap().uid(), 0);
    assert!(!data.join("postgres").exists());
    assert_eq!(fs::metadata(data.join("postgres.password")).unwrap().uid(), 0);
    make_table(&postgres).await;
    postgres.stop().await;

    // The way being open now, the data is still found where it is.
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).unwrap();
    let postgres = EmbeddedPostgres::start(&data, folder.options()).await.unwrap();
    assert_eq!(rows(&postgres).await, 1);
    postgres.stop().await;

    // A moved data folder must not pass for an empty one.
    let moved = folder.0.join("moved");
    fs::rename(&data, &moved).unwrap();
    let refused = EmbeddedPostgres::start(&moved, folder.options()).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::ClusterMissing { .. }), "{refused}");
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_is_served_over_loopback() {
    let folder = Folder::new();
    let data = folder.data().join("long, \"quoted\" and spaced ".repeat(4));
    let postgres = EmbeddedPostgres::start(&data, folder.options()).await.unwrap();
    let options = postgres.connect_options();
    assert_eq!((options.get_socket(), options.get_host()), (None, "127.0.0.1"));
    make_table(&postgres).await;
    assert_eq!(rows(&postgres).await, 1);
    postgres.stop().await;
}

#[tokio::test]
async fn a_start_that_cannot_succeed_says_what_to_do() {
    let folder = Folder::new();
    let options = EmbeddedOptions { bin_dir: Some(folder.0.clone()), ..folder.options() };
    let refused = EmbeddedPostgres::start(&folder.data(), options).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::BinariesNotFound { .. }), "{refused}");
    assert!(refused.to_string().contains("apt-get install postgresql"));

    let options = EmbeddedOptions { run_as: Some("no-such-user".to_owned()), ..folder.options() };
    if geteuid().is_root() {
        fs::remove_dir(folder.data().join("postgres")).unwrap();
        let refused = EmbeddedPostgres::start(&folder.data(), options).await.unwrap_err();
        assert!(matches!(refused, EmbeddedError::NoUser { .. }), "{refused}");
    }

    let cluster = folder.data().join("postgres/cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let refused = folder.start().await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::OtherMajor { made_by: 9, .. }), "{refused}");
}
