//! Who runs PostgreSQL, and where its data lies.
//!
//! PostgreSQL refuses root. A server started by root therefore runs it as the owner of the data
//! that is already there, else as `postgres` (the user that the packages create), else as
//! `nobody`. Where that user cannot enter the data folder (a clone in a home of mode 700), the data
//! goes to a system folder named after the path of the data folder.

use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;
use nix::unistd::{Uid, User, geteuid};

use super::error::EmbeddedError;
use super::install::keeps_variable;

/// Users that PostgreSQL runs as when root starts it, the preferred first.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The user that PostgreSQL runs as, when it is not our own.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its name, for messages.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
}

/// Where the data lies and who uses it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder of everything that PostgreSQL writes; it belongs to `account`.
    pub base: PathBuf,
    /// The user to become; `None` to stay who we are.
    pub account: Option<Account>,
}

impl Place {
    /// The cluster (PostgreSQL's "data directory").
    pub fn cluster(&self) -> PathBuf {
        self.base.join("cluster")
    }

    /// The cluster while `initdb` works on it.
    pub fn unfinished(&self) -> PathBuf {
        self.base.join("unfinished")
    }

    /// The folder of the socket.
    pub fn socket_dir(&self) -> PathBuf {
        self.base.join("socket")
    }

    /// Decides on user and folder, and makes the folder.
    pub fn choose(data_dir: &Path, run_as: Option<&str>, system_dir: &Path) -> Result<Self, EmbeddedError> {
        let local = data_dir.join("postgres");
        if !geteuid().is_root() {
            make_private(&local, None)?;
            owned_by_us(&local)?;
            return Ok(Self { base: local, account: None });
        }
        let system = system_dir.join(path_hash(data_dir)).join("postgres");
        let has_cluster = |base: &Path| base.join("cluster/PG_VERSION").exists();
        // Data that exists decides; a new place would look like an empty database.
        if has_cluster(&local) {
            let account = pick_account(run_as, &local)?;
            return Self::at(local, account);
        }
        if !has_cluster(&system) {
            let account = pick_account(run_as, &local)?;
            let is_new = !local.exists();
            match Self::at(local.clone(), account) {
                Ok(place) => return Ok(place),
                Err(error) => tracing::debug!("the data folder does not suit PostgreSQL: {error}"),
            }
            if is_new {
                let _ = fs::remove_dir(&local);
            }
        }
        let account = pick_account(run_as, &system)?;
        if let Some(parent) = system.parent() {
            fs::create_dir_all(parent).map_err(EmbeddedError::io("de créer", parent))?;
        }
        let place = Self::at(system, account)?;
        tracing::warn!(
            "the user {} cannot enter {}: the database lies in {}",
            place.user_name(),
            data_dir.display(),
            place.base.display()
        );
        Ok(place)
    }

    /// The place at `base`, made and given to `account`, if that user can really enter it.
    fn at(base: PathBuf, account: Account) -> Result<Self, EmbeddedError> {
        make_private(&base, Some(&account))?;
        let mut try_entering = Command::new("/bin/sh");
        try_entering.args(["-c", ":"]).current_dir(&base);
        try_entering.uid(account.uid).gid(account.gid);
        if !try_entering.status().is_ok_and(|status| status.success()) {
            return Err(EmbeddedError::Unreachable { path: base, user: account.name });
        }
        Ok(Self { base, account: Some(account) })
    }

    /// The name of the user that PostgreSQL runs as.
    pub fn user_name(&self) -> String {
        match &self.account {
            Some(account) => account.name.clone(),
            None => name_of(geteuid().as_raw()),
        }
    }

    /// A command that runs as the right user with a bare environment, in a process group of its
    /// own, and gets `on_our_death` when the thread that starts it ends.
    ///
    /// The group keeps Ctrl+C in a terminal away from PostgreSQL: it must outlive the requests that
    /// a graceful shutdown still finishes.
    pub fn command(&self, program: &Path, on_our_death: Signal) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C");
        command.envs(std::env::vars_os().filter(|(name, _)| keeps_variable(name)));
        command.current_dir(&self.base).process_group(0);
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        die_with_parent(&mut command, on_our_death);
        command
    }

    /// Makes a folder for the user that PostgreSQL runs as, closed to all others.
    pub fn make_private(&self, path: &Path) -> Result<(), EmbeddedError> {
        make_private(path, self.account.as_ref())
    }
}

/// Asks the kernel to signal the child when the starting thread ends, however it ends.
#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command, signal: Signal) {
    let parent = nix::unistd::getpid();
    let set = move || {
        nix::sys::prctl::set_pdeathsig(signal)?;
        if nix::unistd::getppid() != parent {
            // The parent ended before the line above: nobody would send the signal any more.
            return Err(std::io::Error::from(ErrorKind::Interrupted));
        }
        Ok(())
    };
    // SAFETY: between fork and exec only two system calls run, and nothing is allocated. It runs
    // after the change of user, which would clear the signal.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(set);
    }
}

/// Elsewhere the next start stops what a killed server has left.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command, _signal: Signal) {}

/// Creates a folder of mode 700 that belongs to `account`, or corrects the owner of the one there.
fn make_private(path: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(EmbeddedError::io("de créer", path)(error));
        }
        _ => {}
    }
    let meta = fs::symlink_metadata(path).map_err(EmbeddedError::io("d'examiner", path))?;
    if !meta.is_dir() {
        return Err(EmbeddedError::io("d'utiliser", path)(ErrorKind::NotADirectory.into()));
    }
    let Some(account) = account else {
        return Ok(());
    };
    if (meta.uid(), meta.gid()) != (account.uid, account.gid) {
        lchown(path, Some(account.uid), Some(account.gid))
            .map_err(EmbeddedError::io("de changer le propriétaire de", path))?;
    }
    Ok(())
}

/// The user for data in `base`: its owner, the one asked for, or the first that exists.
fn pick_account(run_as: Option<&str>, base: &Path) -> Result<Account, EmbeddedError> {
    let owner = fs::symlink_metadata(base).map_or(0, |meta| meta.uid());
    let owner = match owner {
        0 => None,
        uid => User::from_uid(Uid::from_raw(uid)).ok().flatten(),
    };
    match (owner, run_as) {
        (Some(user), Some(name)) if user.name != name => {
            Err(EmbeddedError::OtherOwner { path: base.to_owned(), owner: user.name, user: name.to_owned() })
        }
        (Some(user), _) => usable(&user.name),
        (None, Some(name)) => usable(name),
        (None, None) => {
            let first = UNPRIVILEGED.iter().find_map(|name| usable(name).ok());
            first.ok_or_else(|| no_user("postgres", "cet utilisateur n'existe pas"))
        }
    }
}

/// The account of that name, if it exists and is not root.
fn usable(name: &str) -> Result<Account, EmbeddedError> {
    match User::from_name(name) {
        Ok(Some(user)) if user.uid.is_root() => Err(no_user(name, "c'est root")),
        Ok(Some(user)) => Ok(Account { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }),
        Ok(None) => Err(no_user(name, "cet utilisateur n'existe pas")),
        Err(error) => Err(no_user(name, &error.to_string())),
    }
}

fn no_user(name: &str, reason: &str) -> EmbeddedError {
    EmbeddedError::NoUser { name: name.to_owned(), reason: reason.to_owned() }
}

fn name_of(uid: u32) -> String {
    match User::from_uid(Uid::from_raw(uid)) {
        Ok(Some(user)) => user.name,
        _ => uid.to_string(),
    }
}

/// Refuses files that another user made, as after a start by root.
pub fn owned_by_us(path: &Path) -> Result<(), EmbeddedError> {
    let us = geteuid();
    match fs::symlink_metadata(path) {
        Ok(meta) if !us.is_root() && meta.uid() != us.as_raw() => Err(EmbeddedError::OtherOwner {
            path: path.to_owned(),
            owner: name_of(meta.uid()),
            user: name_of(us.as_raw()),
        }),
        _ => Ok(()),
    }
}

/// A short name for a path, the same with every compiler (64-bit FNV-1a).
pub fn path_hash(path: &Path) -> String {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = path.as_os_str().as_encoded_bytes();
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold))
}

/// Takes the data folder for this process; the system gives it back when the process ends,
/// however it ends.
pub fn lock(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("postgres.lock");
    owned_by_us(&path)?;
    let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(EmbeddedError::io("d'ouvrir", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let text = fs::read_to_string(&path).unwrap_or_default();
            return Err(EmbeddedError::AlreadyRunning { data_dir: data_dir.to_owned(), pid: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(EmbeddedError::io("de verrouiller", &path)(error)),
    }
    let write = file
        .set_permissions(Permissions::from_mode(0o600))
        .and_then(|()| file.set_len(0))
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    write.map_err(EmbeddedError::io("d'écrire", &path))?;
    Ok(file)
}
