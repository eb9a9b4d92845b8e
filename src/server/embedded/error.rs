//! What can go wrong with the embedded PostgreSQL, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded PostgreSQL could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No directory with `initdb` and `postgres` was found.
    #[error(
        "les programmes de PostgreSQL (initdb, postgres) sont introuvables dans : {searched}. \
         Installez PostgreSQL 15 ou plus récent (Debian et Ubuntu : `apt-get install postgresql` ; \
         Fedora : `dnf install postgresql-server` ; macOS : `brew install postgresql@17`), indiquez \
         leur dossier (--pg-bin-dir), ou un autre serveur par DATABASE_URL"
    )]
    BinariesNotFound {
        /// The places that were looked at.
        searched: String,
    },

    /// Programs were found, but all of them are too old.
    #[error(
        "PostgreSQL, dans {}, est en version {version} ; il faut la version {} ou plus récente : \
         installez-la, ou indiquez un autre serveur par DATABASE_URL",
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
        "{} ne peut pas être exécuté{} : {reason}. Vérifiez les droits de son dossier",
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
        "les données de {} viennent de PostgreSQL {made_by}, mais seule la version {found} est \
         installée : installez aussi PostgreSQL {made_by}, ou convertissez les données avec \
         pg_upgrade ou pg_dump",
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
        "un autre serveur{} utilise déjà le dossier de données {} : arrêtez-le, ou choisissez un \
         autre dossier (--data-dir)",
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
        "{} appartient à l'utilisateur {owner}, mais ce serveur est lancé par {user} : lancez-le en \
         tant que {owner}, donnez le dossier de données à {user} (chown -R), ou choisissez un autre \
         dossier (--data-dir)",
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
        "PostgreSQL refuse d'être lancé par root et ne peut pas l'être par « {name} » ({reason}) : \
         créez un utilisateur sans privilèges (`useradd --system postgres`)"
    )]
    NoUser {
        /// The user's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The unprivileged user cannot enter the folder of the data.
    #[error(
        "l'utilisateur {user}, par qui PostgreSQL est lancé puisqu'il refuse root, ne peut pas \
         utiliser {} : placez le dossier de données là où chacun peut entrer, ou ouvrez-en le chemin \
         (chmod o+x)",
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
        "la base de données devrait être dans {} et n'y est pas, alors que {} dit qu'il y en avait \
         une. Remettez-la (le dossier a-t-il été déplacé, un disque n'est-il pas monté ?), ou \
         supprimez ce fichier pour repartir d'une base vide",
        cluster.display(), password_file.display()
    )]
    ClusterMissing {
        /// Where the data should be.
        cluster: PathBuf,
        /// The password kept.
        password_file: PathBuf,
    },

    /// `initdb` or the setting of the password failed.
    #[error("{program} a échoué dans {} : {output}", path.display())]
    SetUpFailed {
        /// Which program.
        program: &'static str,
        /// The folder it worked on.
        path: PathBuf,
        /// The end of what it said.
        output: String,
    },

    /// `postgres` ended before it accepted a connection.
    #[error("PostgreSQL n'a pas démarré dans {}. Il a dit : {log}", cluster.display())]
    StartFailed {
        /// The cluster.
        cluster: PathBuf,
        /// The end of its log.
        log: String,
    },

    /// `postgres` runs but accepts no connection.
    #[error(
        "PostgreSQL, dans {}, n'a accepté aucune connexion en {seconds} s. Il a dit : {log}",
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
        "le PostgreSQL d'un démarrage précédent (processus {pid}) utilise encore {} et n'a pas pu être \
         arrêté : arrêtez-le (kill -INT {pid}) et recommencez",
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
        "la base de données a refusé le mot de passe de {} : supprimez ce fichier, le prochain \
         démarrage en fixera un autre",
        password_file.display()
    )]
    WrongPassword {
        /// The password file.
        password_file: PathBuf,
    },

    /// This PostgreSQL sorts no French.
    #[error(
        "PostgreSQL, dans {}, a été compilé sans ICU, qu'il faut pour trier du texte français : \
         installez les paquets de votre système ou de postgresql.org",
        bin_dir.display()
    )]
    NoIcu {
        /// Where it lies.
        bin_dir: PathBuf,
    },

    /// The database answered with an error.
    #[error("la base de données intégrée n'a pas pu être préparée : {0}")]
    Database(#[from] sqlx::Error),

    /// A file or folder could not be used.
    #[error("impossible {action} {} : {source}", path.display())]
    Io {
        /// What was tried, after "impossible".
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
    user.map(|name| format!(" par l'utilisateur {name}")).unwrap_or_default()
}

fn with_pid(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (processus {pid})")).unwrap_or_default()
}
