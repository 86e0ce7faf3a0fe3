//! Percent-encoding, as in URLs.

use std::fmt::Write;

/// Encodes everything but letters, digits, `-`, `_`, `.` and `~` as `%XX`.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes a string; `None` if a `%` is not followed by two digits.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = after else { return None };
        bytes.push((digit(*high)? * 16 + digit(*low)?) as u8);
        rest = after;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_text_is_decoded_to_itself() {
        assert_eq!(encode("a b/ü"), "a%20b%2F%C3%BC");
        for text in ["", "a b/ü", "100%", "+~"] {
            assert_eq!(decode(&encode(text)).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(decode("a+b").as_deref(), Some(&b"a+b"[..]));
    }

    #[test]
    fn a_percent_sign_needs_two_digits() {
        for text in ["%", "%4", "%zz", "a%"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
