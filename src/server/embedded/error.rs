//! What can go wrong with the embedded PostgreSQL, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded PostgreSQL could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No directory with `initdb` and `postgres` was found.
    #[error(
        "the PostgreSQL server programs (initdb, postgres) were not found in: {searched}. \
         Install PostgreSQL 15 or newer (Debian and Ubuntu: `apt-get install postgresql`; Fedora: \
         `dnf install postgresql-server`; macOS: `brew install postgresql@17`), name their folder \
         in the settings, or set DATABASE_URL to use another server"
    )]
    BinariesNotFound {
        /// The places that were looked at.
        searched: String,
    },

    /// Programs were found, but all of them are too old.
    #[error(
        "the PostgreSQL in {} is version {version}, but version {} or newer is needed: install a \
         newer one, or set DATABASE_URL to use another server",
        bin_dir.display(), super::install::OLDEST_MAJOR
    )]
    TooOld {
        /// Where the newest of them lies.
        bin_dir: PathBuf,
        /// Its major version.
        version: u32,
    },

    /// A program is there but does not run for the user meant to run it.
    #[error(
        "{} cannot be run{}: {reason}. Check the permissions of its folder",
        program.display(), as_user(user.as_deref())
    )]
    ProgramUnusable {
        /// The program.
        program: PathBuf,
        /// The unprivileged user, when the server runs as root.
        user: Option<String>,
        /// What happened.
        reason: String,
    },

    /// The data was written by another major version.
    #[error(
        "the data in {} was made by PostgreSQL {made_by}, but only version {found} was found: \
         install PostgreSQL {made_by} beside it, or bring the data over with pg_upgrade or \
         pg_dump",
        cluster.display()
    )]
    OtherMajor {
        /// The cluster.
        cluster: PathBuf,
        /// The major version that made it.
        made_by: u32,
        /// The major versions on this machine.
        found: String,
    },

    /// Another server holds the data folder.
    #[error(
        "another server{} is already running on the data folder {}: stop it, or choose another \
         data folder",
        with_pid(*pid), data_dir.display()
    )]
    AlreadyRunning {
        /// The data folder.
        data_dir: PathBuf,
        /// The process that holds it, when known.
        pid: Option<u32>,
    },

    /// The data belongs to another user.
    #[error(
        "{} belongs to the user {owner}, but this server runs as {user}: start it as {owner}, \
         give the data folder to {user} (chown -R), or choose another data folder",
        path.display()
    )]
    OtherOwner {
        /// What belongs to somebody else.
        path: PathBuf,
        /// Its owner.
        owner: String,
        /// The user that needs it.
        user: String,
    },

    /// The user that was asked for cannot run PostgreSQL.
    #[error(
        "PostgreSQL refuses to run as root and cannot run as {name:?} ({reason}): create an \
         unprivileged user (`useradd --system postgres`) or name another one in the settings"
    )]
    NoUser {
        /// The user's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The unprivileged user cannot enter the folder of the data.
    #[error(
        "the user {user}, which PostgreSQL runs as because it refuses root, cannot use {}: move \
         the data folder below a directory that everyone may enter, or open the way (chmod o+x)",
        path.display()
    )]
    Unreachable {
        /// The folder.
        path: PathBuf,
        /// The unprivileged user.
        user: String,
    },

    /// A password was kept, but the data it belongs to is gone.
    #[error(
        "the database was expected in {} and is not there, although {} says that there was one. \
         Put it back (was the data folder moved, or a disk not mounted?), or delete that file to \
         start with an empty database",
        cluster.display(), password_file.display()
    )]
    ClusterMissing {
        /// Where the data should be.
        cluster: PathBuf,
        /// The password kept.
        password_file: PathBuf,
    },

    /// `initdb` or the setting of the password failed.
    #[error("{program} failed in {}: {output}", path.display())]
    SetUpFailed {
        /// Which program.
        program: &'static str,
        /// The folder it worked on.
        path: PathBuf,
        /// The end of what it said.
        output: String,
    },

    /// `postgres` ended before it accepted a connection.
    #[error("PostgreSQL did not start in {}. It said: {log}", cluster.display())]
    StartFailed {
        /// The cluster.
        cluster: PathBuf,
        /// The end of its log.
        log: String,
    },

    /// `postgres` runs but accepts no connection.
    #[error(
        "PostgreSQL in {} accepted no connection within {seconds} s. It said: {log}",
        cluster.display()
    )]
    StartTimeout {
        /// The cluster.
        cluster: PathBuf,
        /// How long it was given.
        seconds: u64,
        /// The end of its log.
        log: String,
    },

    /// Processes of an earlier server do not go away.
    #[error(
        "PostgreSQL of an earlier start (process {pid}) still uses {} and could not be stopped: \
         stop it (kill -INT {pid}) and start again",
        cluster.display()
    )]
    LeftOver {
        /// One of the processes.
        pid: i32,
        /// The cluster.
        cluster: PathBuf,
    },

    /// The password kept does not open the database.
    #[error(
        "the database refused the password in {}: delete that file, and the next start sets a new \
         password",
        password_file.display()
    )]
    WrongPassword {
        /// The password file.
        password_file: PathBuf,
    },

    /// This PostgreSQL sorts no French.
    #[error(
        "the PostgreSQL in {} was built without ICU, which the sorting of French text needs: \
         install the packages of your system or of postgresql.org",
        bin_dir.display()
    )]
    NoIcu {
        /// Where it lies.
        bin_dir: PathBuf,
    },

    /// The database answered with an error.
    #[error("the embedded database could not be prepared: {0}")]
    Database(#[from] sqlx::Error),

    /// A file or folder could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// An I/O error with what was tried on which path; made for `map_err`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

fn as_user(user: Option<&str>) -> String {
    user.map(|name| format!(" by the user {name}")).unwrap_or_default()
}

fn with_pid(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}
