//! Makes the private cluster, keeps its password and says how its server is started.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt, lchown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use nix::sys::signal::Signal;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::error::EmbeddedError;
use super::install::Install;
use super::leftovers::title_of;
use super::place::{Place, owned_by_us};

/// The name of the database and of the role that owns it.
pub const NAME: &str = "dashboard_fb";

/// The superuser of the cluster; nobody can log in as it.
const SUPERUSER: &str = "postgres";

/// The longest path of a socket, without the closing zero byte (macOS has the shorter limit).
const SOCKET_PATH_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The port that names the socket file; nothing listens on it.
const SOCKET_PORT: u16 = 5432;

/// Who may log in: the role of the application with its password, over socket or loopback.
const ACCESS_RULES: &str = "local all dashboard_fb scram-sha-256\n\
                            host all dashboard_fb 127.0.0.1/32 scram-sha-256\n";

/// Settings for a shop on a small machine. The three that make an acknowledged order durable are
/// given although they are the defaults, so that no configuration file can switch them off.
const SETTINGS: [&str; 26] = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=128MB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
    "max_connections=50",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    // Nobody replicates from a database in a folder: what a bulk load writes into fresh files is
    // synchronised at commit instead of being written twice.
    "wal_level=minimal",
    "max_wal_senders=0",
    "wal_compression=on",
    "random_page_cost=1.1",
    "jit=off",
    "TimeZone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "unix_socket_permissions=0700",
    "log_destination=stderr",
    "logging_collector=off",
    "log_line_prefix=",
    "log_checkpoints=off",
    // The data of clients has no business in a log, and wrong statements are the caller's to log.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_statement=none",
    "log_min_messages=warning",
];

/// How the server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// A socket in a folder that only its user may enter.
    Socket(PathBuf),
    /// A port of 127.0.0.1, where the path of the socket would be too long.
    Loopback(u16),
}

impl Door {
    /// The socket if its path is short enough, else a free port.
    pub fn choose(place: &Place) -> Result<Self, EmbeddedError> {
        let folder = place.socket_dir();
        let file = folder.join(format!(".s.PGSQL.{SOCKET_PORT}"));
        if file.to_str().is_some_and(|path| path.len() <= SOCKET_PATH_MAX) {
            place.make_private(&folder)?;
            return Ok(Self::Socket(folder));
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr());
        let address = free.map_err(EmbeddedError::io("de trouver un port libre pour", &place.base))?;
        tracing::info!("the path of the data folder is too long for a socket: PostgreSQL listens on {address}");
        Ok(Self::Loopback(address.port()))
    }

    /// How the application connects to its database.
    pub fn connect_options(&self, password: &str) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass()
            .username(NAME)
            .password(password)
            .database(NAME)
            .ssl_mode(PgSslMode::Disable);
        match self {
            Self::Socket(folder) => options.host("localhost").socket(folder).port(SOCKET_PORT),
            Self::Loopback(port) => options.host("127.0.0.1").port(*port),
        }
    }

    fn settings(&self) -> [String; 3] {
        match self {
            Self::Socket(folder) => [
                "listen_addresses=".to_owned(),
                // The value is a list: quotes keep a comma or a space in the path.
                format!("unix_socket_directories=\"{}\"", folder.display().to_string().replace('"', "\"\"")),
                format!("port={SOCKET_PORT}"),
            ],
            Self::Loopback(port) => {
                ["listen_addresses=127.0.0.1".to_owned(), "unix_socket_directories=".to_owned(), format!("port={port}")]
            }
        }
    }
}

/// The command that runs the server of the cluster.
pub fn server_command(place: &Place, install: &Install, door: &Door) -> Command {
    let mut command = place.command(&install.program("postgres"), Signal::SIGINT);
    command.arg("-D").arg(place.cluster());
    let title = format!("cluster_name={}", title_of(&place.cluster()));
    command.arg("-c").arg(title);
    let door = door.settings();
    for setting in SETTINGS.iter().copied().chain(door.iter().map(String::as_str)) {
        command.arg("-c").arg(setting);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::piped());
    command
}

/// Makes the cluster if there is none yet, and returns the password of the application's role.
pub fn prepare(place: &Place, install: &Install, password_file: &Path) -> Result<String, EmbeddedError> {
    owned_by_us(password_file)?;
    let kept = match fs::read_to_string(password_file) {
        Ok(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(EmbeddedError::io("de lire", password_file)(error)),
    };
    let has_cluster = place.cluster().join("PG_VERSION").exists();
    match kept {
        Some(password) if has_cluster => return Ok(password),
        Some(_) => {
            return Err(EmbeddedError::ClusterMissing {
                cluster: place.cluster(),
                password_file: password_file.to_owned(),
            });
        }
        None if !has_cluster => create(place, install)?,
        None => {}
    }
    // Kept only once it is set: a start cut off in between sets another one.
    let password = new_password()?;
    set_password(place, install, &password)?;
    keep(password_file, &password)?;
    Ok(password)
}

/// Runs `initdb` in a folder beside, which gets its name when it is complete.
fn create(place: &Place, install: &Install) -> Result<(), EmbeddedError> {
    let cluster = place.cluster();
    let unfinished = place.unfinished();
    tracing::info!("creating the database in {}", cluster.display());
    // Bytewise order is fast and the same everywhere; sorting for people is up to the French
    // collation of the columns. The character type makes lower('É') work where the system has it.
    let mut output = Err(std::io::Error::from(ErrorKind::NotFound));
    for character_type in ["C.UTF-8", "en_US.UTF-8", "C"] {
        remove_folder(&unfinished)?;
        let mut initdb = place.command(&install.program("initdb"), Signal::SIGKILL);
        initdb.arg("--pgdata").arg(&unfinished);
        initdb.args(["--username", SUPERUSER, "--encoding", "UTF8"]);
        initdb.args(["--locale", "C", "--lc-ctype", character_type]);
        // Access rules of our own replace those that would need a superuser's password.
        initdb.args(["--auth", "reject", "--data-checksums"]);
        output = initdb.stdin(Stdio::null()).output();
        match &output {
            Ok(done) if !done.status.success() && tail_of(done).contains("locale") => {}
            _ => break,
        }
    }
    check(output, "initdb", place, install)?;

    let rules = unfinished.join("pg_hba.conf");
    let replace =
        fs::remove_file(&rules).and_then(|()| write_new(&rules, ACCESS_RULES)).and_then(|()| match &place.account {
            Some(account) => lchown(&rules, Some(account.uid), Some(account.gid)),
            None => Ok(()),
        });
    replace.map_err(EmbeddedError::io("d'écrire", &rules))?;
    // Onto a folder with something in it this fails: what lies there may be somebody's data.
    fs::rename(&unfinished, &cluster)
        .and_then(|()| File::open(&place.base)?.sync_all())
        .map_err(EmbeddedError::io("de créer", &cluster))
}

/// Gives the application's role its password in single-user mode, which asks for none.
///
/// The role may create databases (tests want some) but is no superuser: a hole in the application
/// must not open the machine.
fn set_password(place: &Place, install: &Install, password: &str) -> Result<(), EmbeddedError> {
    let mut command = place.command(&install.program("postgres"), Signal::SIGTERM);
    command.arg("--single").arg("-D").arg(place.cluster());
    command.args(["-c", "exit_on_error=on", "-c", "log_min_messages=error"]);
    command.args(["-c", "log_checkpoints=off", "-c", "log_statement=none"]);
    command.arg(SUPERUSER);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    command.stderr(Stdio::piped());
    // Single-user mode takes one statement a line.
    let statements = format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{NAME}') \
         THEN CREATE ROLE {NAME}; END IF; END $$\n\
         ALTER ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'\n"
    );
    let output = command.spawn().and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended early says why on its standard error.
            let _ = stdin.write_all(statements.as_bytes());
        }
        child.wait_with_output()
    });
    check(output, "postgres --single", place, install)
}

/// Turns a program that did not run or did not succeed into an error.
fn check(
    output: std::io::Result<Output>,
    program: &'static str,
    place: &Place,
    install: &Install,
) -> Result<(), EmbeddedError> {
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(EmbeddedError::SetUpFailed { program, path: place.base.clone(), output: tail_of(&output) }),
        Err(error) => Err(EmbeddedError::ProgramUnusable {
            program: install.bin_dir.clone(),
            user: place.account.as_ref().map(|account| account.name.clone()),
            reason: error.to_string(),
        }),
    }
}

/// The end of what a program complained about.
fn tail_of(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(8)..].join(" | ")
}

fn new_password() -> Result<String, EmbeddedError> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).map_err(|error| EmbeddedError::Io {
        action: "de tirer un mot de passe de",
        path: PathBuf::from("la source d'aléa du système"),
        source: std::io::Error::other(error.to_string()),
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes the password where only our own user reads it, whole or not at all.
fn keep(password_file: &Path, password: &str) -> Result<(), EmbeddedError> {
    let unfinished = password_file.with_extension("unfinished");
    let _ = fs::remove_file(&unfinished);
    write_new(&unfinished, &format!("{password}\n"))
        .and_then(|()| fs::rename(&unfinished, password_file))
        .map_err(EmbeddedError::io("d'écrire", password_file))
}

/// Writes a file of mode 600 that must not exist yet, so that no link is followed.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn remove_folder(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(EmbeddedError::io("de supprimer", path)(error)),
        _ => Ok(()),
    }
}
