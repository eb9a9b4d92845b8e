//! One key for each opened form: however often it is sent, it makes one order.

/// 128 random bits, in hexadecimal.
pub fn fresh_key() -> String {
    random().iter().map(|byte| format!("{byte:02x}")).collect()
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
}
