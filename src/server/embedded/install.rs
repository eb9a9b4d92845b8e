//! Finds the PostgreSQL programs of the machine.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::EmbeddedError;

/// The oldest major version that the schema and these settings work with.
pub const OLDEST_MAJOR: u32 = 15;

/// Where packages put versioned program folders: parent, start of the name, rest of the path.
const PACKAGED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
];

/// A usable set of PostgreSQL programs.
#[derive(Debug, Clone)]
pub struct Install {
    /// The folder with `initdb` and `postgres`.
    pub bin_dir: PathBuf,
    /// Its major version.
    pub major: u32,
}

impl Install {
    /// The path of one program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }

    /// Takes the programs in `explicit`, or the first ones on the machine that fit: of the major
    /// version `made_by` when there is data of that version already, else recent enough.
    pub fn find(explicit: Option<&Path>, made_by: Option<u32>, cluster: &Path) -> Result<Self, EmbeddedError> {
        let folders = match explicit {
            Some(folder) => vec![fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())],
            None => candidates(),
        };
        let installs: Vec<Self> = folders.iter().filter_map(|dir| Self::probe(dir)).collect();
        let Some(newest) = installs.iter().max_by_key(|install| install.major) else {
            let searched: Vec<_> = folders.iter().map(|f| f.display().to_string()).collect();
            return Err(EmbeddedError::BinariesNotFound { searched: searched.join(", ") });
        };
        if newest.major < OLDEST_MAJOR {
            return Err(EmbeddedError::TooOld { bin_dir: newest.bin_dir.clone(), version: newest.major });
        }
        let fits = |install: &&Self| match made_by {
            Some(major) => install.major == major,
            None => install.major >= OLDEST_MAJOR,
        };
        if let Some(install) = installs.iter().find(fits) {
            return Ok(install.clone());
        }
        let found: Vec<_> = installs.iter().map(|i| i.major.to_string()).collect();
        Err(EmbeddedError::OtherMajor {
            cluster: cluster.to_owned(),
            made_by: made_by.unwrap_or_default(),
            found: found.join(", "),
        })
    }

    /// The programs in one folder, if both are there and tell a version.
    fn probe(folder: &Path) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").current_dir("/").output().ok()?;
        Some(Self { bin_dir: folder.to_owned(), major: parse_major(&String::from_utf8_lossy(&output.stdout))? })
    }
}

/// All folders worth a look, the preferred first, each once.
fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output()
        && output.status.success()
    {
        let answer = String::from_utf8_lossy(&output.stdout);
        folders.push(PathBuf::from(answer.trim()));
    }
    for (parent, prefix, rest) in PACKAGED {
        folders.extend(versioned(Path::new(parent), prefix, rest));
    }
    if let Some(path) = env::var_os("PATH") {
        let in_path = |folder: &PathBuf| folder.join("postgres").is_file();
        folders.extend(env::split_paths(&path).filter(in_path));
    }
    let mut seen = Vec::new();
    folders.retain(|folder| {
        let new = !seen.contains(folder);
        seen.push(folder.clone());
        new
    });
    folders
}

/// The folders `parent/prefix*/rest`, the highest number in the name first.
fn versioned(parent: &Path, prefix: &str, rest: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.trim_matches('@');
            let number = version.split('.').next()?.parse().unwrap_or(0);
            let folder = entry.path().join(rest);
            folder.is_dir().then_some((number, folder))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The major version in `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`, also of a beta.
fn parse_major(answer: &str) -> Option<u32> {
    let version = answer.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The major version that made the cluster, `None` when there is no cluster.
pub fn cluster_major(cluster: &Path) -> Result<Option<u32>, EmbeddedError> {
    let file = cluster.join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().parse().unwrap_or(0))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EmbeddedError::io("de lire", &file)(error)),
    }
}

/// Names of environment variables that PostgreSQL programs need; all others are withheld from
/// them, because they may hold secrets and `PG*` would change what the programs do.
pub fn keeps_variable(name: &OsStr) -> bool {
    ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"].iter().any(|kept| name == OsStr::new(kept))
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn reads_the_major_version_of_releases_and_betas() {
        let debian = "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n";
        assert_eq!(parse_major(debian), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta2\n"), Some(18));
        assert_eq!(parse_major("something else"), None);
    }
}
