//! Random texts: one key for each opened form (however often it is sent, it makes one order), and passwords
//! that one can read out.

/// 128 random bits, in hexadecimal.
pub fn fresh_key() -> String {
    random().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 80 random bits in letters and digits that are not taken for one another: `k7ma-x2ci-9hqd-u4zp`.
pub fn fresh_password() -> String {
    password_of(&random())
}

/// The password that these bytes spell.
pub fn password_of(bytes: &[u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(19);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    text
}

#[cfg(feature = "ssr")]
fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // Without the system's randomness nothing else of the server works either.
    let _ = getrandom::fill(&mut bytes);
    bytes
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Ok(crypto) = leptos::prelude::window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
fn random() -> [u8; 16] {
    [0; 16]
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #[test]
    fn no_two_forms_share_a_key() {
        let (a, b) = (super::fresh_key(), super::fresh_key());
        assert_eq!(a.len(), 32);
        assert_ne!(a, b);
    }

    #[test]
    fn a_password_can_be_read_out_and_keeps_the_rule() {
        let password = super::fresh_password();
        assert_eq!((password.len(), password.matches('-').count()), (19, 3));
        assert!(crate::auth::password_rule::check_new(&password, "anne@shop.fr").is_ok());
        assert_ne!(password, super::fresh_password());
    }
}
