//! Addresses with parameters.

/// An address: `path?name=value&…`, the same on the server and in the browser.
pub fn href<N: AsRef<str>, V: AsRef<str>>(path: &str, query: &[(N, V)]) -> String {
    let mut address = path.to_owned();
    for (i, (name, value)) in query.iter().enumerate() {
        address.push(if i == 0 { '?' } else { '&' });
        encode(name.as_ref(), &mut address);
        address.push('=');
        encode(value.as_ref(), &mut address);
    }
    address
}

/// Percent-encodes everything but the letters, digits and marks that need none.
fn encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}
