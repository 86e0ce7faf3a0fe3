//! The forms of names, keys and values that API servers take.
//!
//! Each check gives what is wrong as a phrase, or nothing. Texts with `${` are left to whoever substitutes them later.

/// What is wrong with a text, as a phrase for a label.
pub(crate) type Wrong = Option<String>;

/// Whether a later step, such as Flux, will put something else into this text.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.contains("${")
}

/// What is wrong with a text that breaks `rule`. One with a placeholder is let pass: nobody knows what it will be.
#[cold]
fn broken(text: &str, rule: &str) -> Wrong {
    (!is_placeholder(text)).then(|| rule.to_owned())
}

fn is_lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether a text is labels of DNS with dots between them, each of which begins and ends with a letter or digit.
fn is_subdomain(text: &str) -> bool {
    let mut before = b'.';
    for &byte in text.as_bytes() {
        let is_fine = match byte {
            b'-' => before != b'.',
            b'.' => is_lower_alnum(before),
            _ => is_lower_alnum(byte),
        };
        if !is_fine {
            return false;
        }
        before = byte;
    }
    is_lower_alnum(before)
}

fn is_label_text(text: &str) -> bool {
    is_subdomain(text) && !text.contains('.')
}

/// A label of DNS: `web-1`, at most 63 characters.
pub(crate) fn dns_label(text: &str) -> Wrong {
    if !is_label_text(text) {
        return broken(text, "may hold lower-case letters, digits and `-`, and begins and ends with a letter or digit");
    }
    too_long(text, 63)
}

/// A label of DNS that begins with a letter, as the names of Services had to be for long.
pub(crate) fn dns_1035_label(text: &str) -> Wrong {
    if !is_label_text(text) || text.as_bytes()[0].is_ascii_digit() {
        return broken(
            text,
            "may hold lower-case letters, digits and `-`, begins with a letter, and ends with a letter or digit",
        );
    }
    too_long(text, 63)
}

/// Labels of DNS with dots between them, at most 253 characters.
pub(crate) fn dns_subdomain(text: &str) -> Wrong {
    if !is_subdomain(text) {
        return broken(
            text,
            "may hold lower-case letters, digits, `-` and `.`, and each part between dots begins and ends with a letter or digit",
        );
    }
    too_long(text, 253)
}

/// A part of a path: anything but `.`, `..`, `/` and `%`.
pub(crate) fn path_segment(text: &str) -> Wrong {
    if is_placeholder(text) {
        return None;
    }
    if text == "." || text == ".." || text.is_empty() {
        return Some(String::from("may not be empty, `.` or `..`"));
    }
    text.contains(['/', '%']).then(|| String::from("may not hold `/` or `%`"))
}

fn too_long(text: &str, most: usize) -> Wrong {
    (text.len() > most).then(|| format!("has {} characters; {most} are the most", text.len()))
}

/// A key of labels and annotations: a name, perhaps with a domain and `/` before it.
pub(crate) fn qualified_name(text: &str) -> Wrong {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if name.len() <= 63 && is_wide_name(name) && prefix.is_none_or(|prefix| prefix.len() <= 253 && is_subdomain(prefix))
    {
        return None;
    }
    wrong_name(text, prefix, name)
}

#[cold]
fn wrong_name(text: &str, prefix: Option<&str>, name: &str) -> Wrong {
    if name.contains('/') {
        return broken(text, "may hold one `/`, between a domain and a name");
    }
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return broken(text, "has nothing before `/`, where a domain belongs");
        }
        if let Some(wrong) = dns_subdomain(prefix) {
            return broken(text, &format!("begins with a domain that {wrong}"));
        }
    }
    if name.is_empty() {
        return broken(text, "has no name");
    }
    if !is_wide_name(name) {
        return broken(
            text,
            "may hold letters, digits, `-`, `_` and `.` in its name, which begins and ends with a letter or digit",
        );
    }
    broken(text, &format!("has a name of {} characters; 63 are the most", name.len()))
}

fn is_wide_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// A value of a label: empty, or like the name of a key.
pub(crate) fn label_value(text: &str) -> Wrong {
    if !text.is_empty() && !is_wide_name(text) {
        return broken(text, "may hold letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit");
    }
    too_long(text, 63)
}

/// The name of a port: at most 15 lower-case letters, digits and `-`, one letter at least.
pub(crate) fn port_name(text: &str) -> Wrong {
    if text.is_empty() || !text.bytes().all(|byte| is_lower_alnum(byte) || byte == b'-') {
        return broken(text, "may hold lower-case letters, digits and `-`");
    }
    if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return broken(text, "needs a letter");
    }
    if text.contains("--") || text.starts_with('-') || text.ends_with('-') {
        return broken(text, "may neither begin nor end with `-` nor hold two in a row");
    }
    too_long(text, 15)
}

/// A key of a ConfigMap or Secret.
pub(crate) fn config_key(text: &str) -> Wrong {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return broken(text, "may hold letters, digits, `-`, `_` and `.`");
    }
    if text == "." || text.starts_with("..") {
        return broken(text, "may neither be `.` nor begin with `..`");
    }
    too_long(text, 253)
}

/// A number of a port.
pub(crate) fn port_number(number: i64) -> Wrong {
    (!(1..=65535).contains(&number)).then(|| String::from("must be between 1 and 65535"))
}

/// A network in CIDR notation.
pub(crate) fn cidr(text: &str) -> Wrong {
    if is_placeholder(text) {
        return None;
    }
    let read = || {
        let (address, length) = text.split_once('/')?;
        let address: std::net::IpAddr = address.parse().ok()?;
        let length: u8 = length.parse().ok()?;
        (length <= if address.is_ipv4() { 32 } else { 128 }).then_some(())
    };
    let reads_old = || {
        // Go's old reader takes leading zeros in a part of an address.
        let (address, length) = text.split_once('/')?;
        let parts: Vec<&str> = address.split('.').collect();
        let fine = |part: &&str| !part.is_empty() && part.parse::<u8>().is_ok();
        (parts.len() == 4 && parts.iter().all(fine) && length.parse::<u8>().is_ok_and(|length| length <= 32))
            .then_some(())
    };
    match read().or_else(reads_old) {
        Some(()) => None,
        None => Some(String::from("is no network such as `10.0.0.0/8` or `fd00::/8`")),
    }
}

/// Whether a text is base64 as Go's standard decoder reads it: line breaks are skipped.
pub(crate) fn is_base64(text: &str) -> bool {
    let mut count = 0usize;
    let mut padding = 0usize;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        match byte {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {}
            _ => return false,
        }
        count += 1;
    }
    count.is_multiple_of(4) && padding <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dns_are_lower_case_and_bounded() {
        assert!(["a", "web-1", "0web"].iter().all(|text| dns_label(text).is_none()));
        for wrong in ["", "Web", "-a", "a-", "a.b", "a_b", &"x".repeat(64)] {
            assert!(dns_label(wrong).is_some(), "{wrong}");
        }
        assert!(dns_1035_label("0web").is_some());
        assert!(dns_subdomain("a.b-c.d").is_none());
        for wrong in ["", ".", "a..b", ".a", "a.", "a-.b", "a.-b", "a.B", &"x".repeat(254)] {
            assert!(dns_subdomain(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_placeholder_may_become_anything() {
        for rule in
            [dns_label, dns_1035_label, dns_subdomain, path_segment, qualified_name, label_value, port_name, config_key]
        {
            assert_eq!(rule("${NAME}/x_Y.."), None);
            assert!(rule("$NAME/%!").is_some());
        }
    }

    #[test]
    fn keys_may_have_a_domain() {
        for right in ["app", "app.kubernetes.io/name", "a/B_c.d", "example.org/x"] {
            assert_eq!(qualified_name(right), None);
        }
        for wrong in ["", "/a", "a/", "a/b/c", "-a", "EXAMPLE.org/x", &format!("a/{}", "x".repeat(64))] {
            assert!(qualified_name(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn names_of_ports_are_short() {
        assert!(port_name("http-metrics").is_none());
        for wrong in ["", "8080", "a--b", "-a", "HTTP", "sixteen-letters-"] {
            assert!(port_name(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn base64_is_read_as_go_reads_it() {
        assert!(["", "YQ==", "YWI=", "YWJj", "YW\nJj\n"].iter().all(|text| is_base64(text)));
        assert!(["a", "YQ=", "Y=Q=", "YW Jj", "secret!!"].iter().all(|text| !is_base64(text)));
    }

    #[test]
    fn networks_have_a_prefix_length() {
        assert!(["10.0.0.0/8", "fd00::/8", "0.0.0.0/0", "010.0.0.0/8"].iter().all(|text| cidr(text).is_none()));
        assert!(["10.0.0.0", "10.0.0.0/33", "a/8", "fd00::/129"].iter().all(|text| cidr(text).is_some()));
    }
}
