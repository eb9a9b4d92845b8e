//! An embedded PostgreSQL: a private cluster in the data folder, started and stopped with the
//! server.
//!
//! It starts the `initdb` and `postgres` of the machine itself instead of using the crate
//! `postgresql_embedded`: that one runs them as the current user, where root must become another
//! one for PostgreSQL only, and takes a stale `postmaster.pid` for a running server.
//!
//! What lies where:
//! - `<data folder>/postgres/` (or a system folder, see `place`): `cluster/`, `socket/`; mode 700,
//!   owned by the user that PostgreSQL runs as;
//! - `<data folder>/postgres.password`: readable by the user of the server only;
//! - `<data folder>/postgres.lock`: held by the server that uses the folder.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::time::{sleep, timeout};

mod cluster;
mod error;
mod install;
mod leftovers;
mod place;
mod process;
#[cfg(test)]
mod tests;

pub use error::EmbeddedError;
#[cfg(test)]
pub(crate) use {install::Install, place::Place};

use cluster::Door;
#[cfg(not(test))]
use install::Install;
#[cfg(not(test))]
use place::Place;
use process::{Launch, Supervisor};

/// How often a postmaster that dies while starting is started: the port may have been taken in
/// between, or shared memory may not be free yet.
const ATTEMPTS: u32 = 3;
/// The pause between two looks whether the server answers.
const LOOK: Duration = Duration::from_millis(25);
/// How long one attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What can be set about the embedded PostgreSQL; the defaults suit everybody.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// The folder with `initdb` and `postgres`; found by itself if not given.
    pub bin_dir: Option<PathBuf>,
    /// The user to run PostgreSQL as when the server runs as root; chosen by itself if not given.
    pub run_as: Option<String>,
    /// Where root puts data that the unprivileged user cannot reach in the data folder.
    pub system_dir: PathBuf,
    /// How long PostgreSQL may take until it accepts connections; recovery counts.
    pub start_timeout: Duration,
    /// How long a graceful stop may take before it becomes an immediate one.
    pub stop_timeout: Duration,
}

impl Default for EmbeddedOptions {
    fn default() -> Self {
        Self {
            bin_dir: None,
            run_as: None,
            system_dir: PathBuf::from("/var/lib/dashboard-fb"),
            start_timeout: Duration::from_secs(300),
            stop_timeout: Duration::from_secs(20),
        }
    }
}

/// A running PostgreSQL of our own.
///
/// If PostgreSQL dies it is started again on the same socket or port, so that a pool finds it by
/// itself. Dropping the value stops it too, and blocks for that moment; prefer [`Self::stop`].
pub struct EmbeddedPostgres {
    // The order matters: the lock is given back when PostgreSQL has stopped.
    _supervisor: Supervisor,
    connect_options: PgConnectOptions,
    data_dir: PathBuf,
    _lock: File,
}

impl std::fmt::Debug for EmbeddedPostgres {
    /// Without the password that the connect options hold.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedPostgres").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl EmbeddedPostgres {
    /// Starts PostgreSQL on the data folder, making folder, cluster and database where missing, and
    /// returns when the database has answered. Must be called in a tokio runtime.
    pub async fn start(data_dir: &Path, options: EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let data_dir = data_dir.to_owned();
        let start_timeout = options.start_timeout;
        let prepared = blocking(move || prepare(&data_dir, &options)).await?;
        let connect_options = prepared.launch.door.connect_options(&prepared.password);
        let mut attempt = 1;
        let supervisor = loop {
            let supervisor = Supervisor::start(prepared.launch.clone())?;
            match prepared.wait(&supervisor, &connect_options, start_timeout).await {
                Ok(()) => break supervisor,
                Err(EmbeddedError::StartFailed { log, .. }) if attempt < ATTEMPTS => {
                    tracing::warn!("PostgreSQL did not start, trying again: {log}");
                    attempt += 1;
                    sleep(Duration::from_millis(500)).await;
                }
                Err(error) => {
                    blocking(move || drop(supervisor)).await;
                    return Err(error);
                }
            }
        };
        supervisor.serve();
        let data_dir = prepared.launch.place.cluster();
        tracing::info!(
            "PostgreSQL {} runs as {} on {}",
            prepared.launch.install.major,
            prepared.launch.place.user_name(),
            data_dir.display()
        );
        Ok(Self { _supervisor: supervisor, connect_options, data_dir, _lock: prepared.lock })
    }

    /// How to connect to the database `dashboard_fb`, as the role that owns it.
    pub fn connect_options(&self) -> PgConnectOptions {
        self.connect_options.clone()
    }

    /// Where the data really lies: in the data folder, or in the system folder.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Stops PostgreSQL; what was committed is on the disk. Close the pool before.
    pub async fn stop(self) {
        blocking(move || drop(self)).await;
    }
}

/// All that must be there before the postmaster can start.
struct Prepared {
    launch: Launch,
    password: String,
    password_file: PathBuf,
    lock: File,
}

/// Locks the data folder, decides on user, place and programs, clears what a killed server left,
/// and makes the cluster where it is missing.
fn prepare(data_dir: &Path, options: &EmbeddedOptions) -> Result<Prepared, EmbeddedError> {
    // Others may pass: the user that PostgreSQL runs as is one of them.
    let mut folder = DirBuilder::new();
    let made = folder.recursive(true).mode(0o755).create(data_dir);
    made.map_err(EmbeddedError::io("de créer", data_dir))?;
    let canonical = fs::canonicalize(data_dir);
    let data_dir = canonical.map_err(EmbeddedError::io("d'utiliser", data_dir))?;
    let lock = place::lock(&data_dir)?;

    let place = Place::choose(&data_dir, options.run_as.as_deref(), &options.system_dir)?;
    let cluster = place.cluster();
    let made_by = install::cluster_major(&cluster)?;
    let install = Install::find(options.bin_dir.as_deref(), made_by, &cluster)?;
    can_run(&place, &install)?;

    // In the unfinished folder an `initdb` may have been killed.
    for folder in [place.unfinished(), cluster] {
        leftovers::clear(&folder, &place.socket_dir())?;
    }
    let password_file = data_dir.join("postgres.password");
    let password = cluster::prepare(&place, &install, &password_file)?;
    let launch = Launch { door: Door::choose(&place)?, place, install, stop_timeout: options.stop_timeout };
    Ok(Prepared { launch, password, password_file, lock })
}

/// Makes sure that the user PostgreSQL runs as may run it.
fn can_run(place: &Place, install: &Install) -> Result<(), EmbeddedError> {
    let program = install.program("postgres");
    let mut command = place.command(&program, Signal::SIGKILL);
    command.arg("--version").stdin(Stdio::null());
    let reason = match command.output() {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(EmbeddedError::ProgramUnusable {
        program,
        user: place.account.as_ref().map(|account| account.name.clone()),
        reason,
    })
}

impl Prepared {
    /// Waits until the database answers, making it where it is missing.
    async fn wait(
        &self,
        supervisor: &Supervisor,
        connect_options: &PgConnectOptions,
        patience: Duration,
    ) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        let mut connection = loop {
            if supervisor.has_ended() {
                return Err(EmbeddedError::StartFailed { cluster: self.launch.place.cluster(), log: supervisor.log() });
            }
            if started.elapsed() >= patience {
                return Err(EmbeddedError::StartTimeout {
                    cluster: self.launch.place.cluster(),
                    seconds: patience.as_secs(),
                    log: supervisor.log(),
                });
            }
            let attempt = PgConnection::connect_with(connect_options);
            match timeout(CONNECT_TIMEOUT, attempt).await {
                Ok(Ok(connection)) => break connection,
                Ok(Err(sqlx::Error::Database(error))) => match error.code().as_deref() {
                    // There is no such database.
                    Some("3D000") => create_database(connect_options).await?,
                    Some("28P01" | "28000") => {
                        return Err(EmbeddedError::WrongPassword { password_file: self.password_file.clone() });
                    }
                    // Starting, recovering or short of something.
                    Some(code) if code.starts_with("57") || code.starts_with("53") => {
                        sleep(LOOK).await;
                    }
                    _ => return Err(EmbeddedError::Database(sqlx::Error::Database(error))),
                },
                // Nobody listens yet.
                Ok(Err(_)) | Err(_) => sleep(LOOK).await,
            }
        };
        let collations = "SELECT count(*) FROM pg_collation WHERE collprovider = 'i'";
        let icu: i64 = sqlx::query_scalar(collations).fetch_one(&mut connection).await?;
        connection.close().await?;
        if icu == 0 {
            return Err(EmbeddedError::NoIcu { bin_dir: self.launch.install.bin_dir.clone() });
        }
        Ok(())
    }
}

/// Makes the database of the application, with nothing in it.
async fn create_database(connect_options: &PgConnectOptions) -> Result<(), EmbeddedError> {
    let elsewhere = connect_options.clone().database("postgres");
    let mut connection = PgConnection::connect_with(&elsewhere).await?;
    sqlx::query("CREATE DATABASE dashboard_fb TEMPLATE template0 ENCODING 'UTF8'").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Runs what blocks away from the threads that serve requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is shutting down cancels blocking work, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}
