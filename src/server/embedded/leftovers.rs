//! Clears what a killed server has left: a postmaster that still runs, its orphans, stale pid files.
//!
//! PostgreSQL takes a living process with the pid of its pid file for a postmaster, even if that
//! pid went to another program since. Which processes really use the cluster is asked from the
//! system.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::EmbeddedError;
use super::place::path_hash;

/// How long each step of the stopping may take: asked kindly, asked to drop everything, killed.
const PATIENCE: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(60)),
    (Signal::SIGQUIT, Duration::from_secs(5)),
    (Signal::SIGKILL, Duration::from_secs(5)),
];

/// Stops every process that uses the cluster and removes the pid files. The caller holds the lock
/// of the data folder, so none of them belongs to a living server of ours.
pub fn clear(cluster: &Path, socket_dir: &Path) -> Result<(), EmbeddedError> {
    for (signal, patience) in PATIENCE {
        let users = users_of(cluster);
        if users.is_empty() {
            break;
        }
        tracing::warn!("PostgreSQL of an earlier start still runs ({} processes): stopping it ({signal})", users.len());
        stop(cluster, &users, signal);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline && !users_of(cluster).is_empty() {
            sleep(Duration::from_millis(50));
        }
    }
    if let Some(pid) = users_of(cluster).first() {
        return Err(EmbeddedError::LeftOver { pid: *pid, cluster: cluster.to_owned() });
    }
    remove_file(&cluster.join("postmaster.pid"))?;
    remove_sockets(socket_dir)
}

/// Sends the signal: a fast shutdown is the postmaster's to organise, orphans end by themselves
/// when asked, and the two harder signals go to all.
fn stop(cluster: &Path, users: &[i32], signal: Signal) {
    let postmaster = pid_in_file(cluster).filter(|pid| users.contains(pid));
    match (signal, postmaster) {
        (Signal::SIGINT, Some(postmaster)) => send(postmaster, Signal::SIGINT),
        (Signal::SIGINT, None) => users.iter().for_each(|pid| send(*pid, Signal::SIGTERM)),
        _ => users.iter().for_each(|pid| send(*pid, signal)),
    }
}

fn send(pid: i32, signal: Signal) {
    // It may have ended since it was listed.
    let _ = kill(Pid::from_raw(pid), signal);
}

/// The pid that the postmaster wrote, negative in single-user mode.
fn pid_in_file(cluster: &Path) -> Option<i32> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let pid = text.lines().next()?.trim().parse::<i32>().ok()?.abs();
    (pid > 1).then_some(pid)
}

/// The PostgreSQL processes of the cluster: those that work in its folder, or, where the system does
/// not tell (a container's root may lack that right), those whose title says so.
#[cfg(target_os = "linux")]
fn users_of(cluster: &Path) -> Vec<i32> {
    use std::os::unix::fs::MetadataExt;
    let (Ok(wanted), Ok(processes)) = (fs::metadata(cluster), fs::read_dir("/proc")) else {
        return Vec::new();
    };
    let belongs = |pid: &i32| {
        let process = Path::new("/proc").join(pid.to_string());
        // The name spares the shell of somebody who looks around in the folder.
        let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
        if !matches!(name.trim_end(), "postgres" | "postmaster") {
            return false;
        }
        match fs::metadata(process.join("cwd")) {
            Ok(folder) => (folder.dev(), folder.ino()) == (wanted.dev(), wanted.ino()),
            Err(_) => {
                let title = fs::read(process.join("cmdline")).unwrap_or_default();
                names(&String::from_utf8_lossy(&title).replace('\0', " "), cluster)
            }
        }
    };
    let pids = processes.flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(belongs).collect()
}

/// The PostgreSQL processes of the cluster by their titles.
#[cfg(not(target_os = "linux"))]
fn users_of(cluster: &Path) -> Vec<i32> {
    let mut ps = std::process::Command::new("ps");
    let Ok(output) = ps.args(["-A", "-ww", "-o", "pid=,command="]).output() else {
        return Vec::new();
    };
    let users = String::from_utf8_lossy(&output.stdout);
    let users = users.lines().filter_map(|line| {
        let (pid, title) = line.trim_start().split_once(' ')?;
        names(title, cluster).then(|| pid.parse().ok()).flatten()
    });
    users.collect()
}

/// Whether the title of a process is that of the cluster's postmaster or of a child of it.
fn names(title: &str, cluster: &Path) -> bool {
    let postmaster = format!("postgres -D {} ", cluster.display());
    let single_user = format!("postgres --single -D {} ", cluster.display());
    let child = format!("postgres: {}: ", title_of(cluster));
    title.contains(&postmaster) || title.contains(&single_user) || title.starts_with(&child)
}

/// What the titles of the cluster's processes show: a name no other cluster has.
pub fn title_of(cluster: &Path) -> String {
    format!("dashboard-fb-{}", path_hash(cluster))
}

/// Removes socket and lock file; the folder is private to the cluster.
fn remove_sockets(folder: &Path) -> Result<(), EmbeddedError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(EmbeddedError::io("de lire", folder)(error)),
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(".s.PGSQL.") {
            remove_file(&entry.path())?;
        }
    }
    Ok(())
}

fn remove_file(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(EmbeddedError::io("de supprimer", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{names, title_of};

    #[test]
    fn a_process_is_known_by_its_title() {
        let cluster = Path::new("/srv/shop/cluster");
        let child = format!("postgres: {}: walwriter ", title_of(cluster));
        assert!(names(&child, cluster));
        assert!(names("/usr/bin/postgres -D /srv/shop/cluster -c fsync=on", cluster));
        assert!(!names("/usr/bin/postgres -D /srv/shop/cluster2 -c fsync=on", cluster));
        assert!(!names("postgres: walwriter ", cluster));
    }
}
