//! The well-known accounts of the demonstration: created by the seed, printed by the server, shown on
//! the sign-in page. They exist nowhere else.

use super::permission::Role;

/// E-mail, password and role of each.
pub const DEMO_ACCOUNTS: [(&str, &str, Role); 4] = [
    ("admin@example.com", "admin123", Role::Admin),
    ("controleur@example.com", "controleur123", Role::Controleur),
    ("livreur@example.com", "livreur123", Role::Livreur),
    ("user@example.com", "user123", Role::SimpleUtilisateur),
];
