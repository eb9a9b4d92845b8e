//! The one secret of an installation, and what is derived from it.

use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Why there is no usable secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The one given is too short to be a secret.
    #[error(
        "le secret doit avoir au moins 64 caractères hexadécimaux (32 octets aléatoires), par exemple ceux de `openssl rand -hex 32`"
    )]
    Weak,
    /// The file cannot be read or made.
    #[error("le fichier du secret, {0}, ne peut pas être utilisé : {1}")]
    File(String, std::io::Error),
    /// What is in the database was sealed with another.
    #[error(
        "cette base a déjà servi, et son secret n'est pas là : {0} n'existait pas. Indiquez son dossier (--data-dir) ou le secret lui-même (DASHBOARD_FB_SECRET). S'il est perdu, écrivez-y celui de `openssl rand -hex 32` : tout servira de nouveau, mais `verify` ne reconnaîtra plus les sceaux d'avant"
    )]
    Lost(String),
}

/// In the folder of the installation.
const FILE: &str = "secret.key";

/// Keys for each purpose, so that none serves two.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
}

impl Keys {
    /// The file that [`Keys::load`] would have to make; nothing where there is a secret already.
    pub fn missing(setting: Option<&SecretString>, data_dir: &Path) -> Option<PathBuf> {
        let path = data_dir.join(FILE);
        (setting.is_none() && !path.exists()).then_some(path)
    }

    /// From the setting, or from `<data>/secret.key`, made at the first start and readable by its owner alone.
    pub fn load(setting: Option<&SecretString>, data_dir: &Path) -> Result<Self, KeyError> {
        if let Some(secret) = setting {
            return Self::from_hex(secret.expose_secret());
        }
        let path = data_dir.join(FILE);
        let fault = |e| KeyError::File(path.display().to_string(), e);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::from_hex(text.trim()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(data_dir).map_err(fault)?;
                let seed = hex(&random_bytes::<32>());
                save(&path, &seed).map_err(fault)?;
                Self::from_hex(&seed)
            }
            Err(e) => Err(fault(e)),
        }
    }

    /// From at least 32 bytes written in hexadecimal.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        if text.len() < 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(KeyError::Weak);
        }
        Ok(Self { master: derive(text.to_ascii_lowercase().as_bytes(), "dashboard-fb master") })
    }

    /// Signs access tokens.
    pub fn access(&self) -> [u8; 32] {
        derive(&self.master, "access token")
    }

    /// Derives refresh tokens.
    pub fn refresh(&self) -> [u8; 32] {
        derive(&self.master, "refresh token")
    }

    /// Seals the trail; hexadecimal, as the database session takes it.
    pub fn audit_hex(&self) -> String {
        hex(&derive(&self.master, "audit trail"))
    }

    /// Tells this installation's keys in a Redis from those of others; hexadecimal, no secret.
    pub fn redis(&self) -> String {
        hex(&derive(&self.master, "redis")[..8])
    }

    /// What a password that is made up for a form comes of: the same form sent twice gives one password.
    pub fn handed(&self, form: &str) -> [u8; 32] {
        hmac_sha256(&derive(&self.master, "handed password"), form.as_bytes())
    }

    /// Hides what was typed at a failed sign-in.
    pub fn throttle(&self) -> [u8; 32] {
        derive(&self.master, "sign-in throttle")
    }
}

/// HMAC-SHA-256 of a message.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length: this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

// Written under another name first: a crash must not leave half a key.
fn save(path: &Path, seed: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let half = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    writeln!(file, "{seed}")?;
    file.sync_all()?;
    std::fs::rename(half, path)
}

fn derive(key: &[u8], purpose: &str) -> [u8; 32] {
    hmac_sha256(key, purpose.as_bytes())
}

/// Bytes from the operating system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness nothing here is safe: stopping is the only right answer.
    #[allow(clippy::expect_used)]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_for_each_purpose_and_the_same_after_a_restart() {
        let dir = std::env::temp_dir().join(format!("dashboard-fb-keys-{}", hex(&random_bytes::<6>())));
        assert_eq!(Keys::missing(None, &dir), Some(dir.join("secret.key")));
        let first = Keys::load(None, &dir).expect("made");
        assert_eq!(Keys::missing(None, &dir), None);
        let again = Keys::load(None, &dir).expect("read");
        assert_eq!(first.audit_hex(), again.audit_hex());
        assert_ne!(first.access(), first.refresh());
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.join("secret.key")).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(dir).expect("clean");
    }

    #[test]
    fn a_weak_secret_is_refused() {
        assert!(Keys::from_hex("secret").is_err());
        assert!(Keys::from_hex(&"zz".repeat(32)).is_err());
        assert!(Keys::from_hex(&"ab".repeat(32)).is_ok());
    }
}
