//! What a new password must be: pure, so that the screens say it before sending and the server asks again.

/// The least number of characters of a new password.
pub const MIN_LENGTH: usize = 8;

/// The rule for new passwords: at least 8 characters, not among the common ones, not the e-mail.
pub fn check_new(password: &str, email: &str) -> Result<(), (&'static str, String)> {
    if password.chars().count() < MIN_LENGTH {
        return Err(("trop_court", format!("Au moins {MIN_LENGTH} caractères.")));
    }
    let lower = password.to_lowercase();
    let local = email.split('@').next().unwrap_or(email).to_lowercase();
    if lower == email.to_lowercase() || (lower == local && !local.is_empty()) {
        return Err(("trop_proche_email", "Le mot de passe ne peut pas être l'adresse e-mail.".into()));
    }
    if COMMON.contains(&lower.as_str()) || lower.chars().all(|c| lower.starts_with(c)) {
        return Err(("trop_courant", "Ce mot de passe est trop courant.".into()));
    }
    Ok(())
}

/// Passwords of eight characters or more that lead every published list of leaked ones.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "123123123",
    "11111111",
    "00000000",
    "87654321",
    "987654321",
    "password",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "motdepasse",
    "motdepasse1",
    "azertyuiop",
    "azerty123",
    "qwertyuiop",
    "qwerty123",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "abcd1234",
    "abc12345",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "welcome1",
    "admin123",
    "admin1234",
    "administrateur",
    "letmein1",
    "soleil123",
    "doudou123",
    "marseille",
    "bonjour1",
    "bonjour123",
    "changeme",
    "changemoi",
    "loulou123",
    "chocolat",
    "jetaime1",
    "nicolas1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords() {
        assert!(check_new("cheval agrafe pile", "a@b.fr").is_ok());
        for (bad, code) in [
            ("court", "trop_court"),
            ("motdepasse", "trop_courant"),
            ("aaaaaaaaa", "trop_courant"),
            ("Jean.Dupont@shop.fr", "trop_proche_email"),
            ("jean.dupont", "trop_proche_email"),
        ] {
            assert_eq!(check_new(bad, "jean.dupont@shop.fr").expect_err(bad).0, code);
        }
    }
}
