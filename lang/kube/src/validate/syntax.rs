//! The syntax of names, keys and values that API servers accept.
//!
//! Each check returns the problem as a phrase, or `None`. Strings with `${` are not checked, since another tool
//! substitutes them later.

/// The problem with a string, as a predicate such as "must be …"; `None` if it is valid.
pub(crate) type Problem = Option<String>;

/// Whether a later tool, such as Flux, substitutes parts of this string.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.contains("${")
}

/// The problem with a string that breaks `rule`; none if it has a placeholder.
#[cold]
fn broken(text: &str, rule: &str) -> Problem {
    (!is_placeholder(text)).then(|| rule.to_owned())
}

fn is_lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether a string is a sequence of DNS labels separated by dots.
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

/// Checks a DNS label, such as `web-1`, of at most 63 characters.
pub(crate) fn dns_label(text: &str) -> Problem {
    if !is_label_text(text) {
        return broken(
            text,
            "must consist of lower-case letters, digits and `-`, and start and end with a letter or digit",
        );
    }
    too_long(text, 63)
}

/// Checks an RFC 1035 label, which starts with a letter. Service names had to be such labels before Kubernetes 1.34.
pub(crate) fn dns_1035_label(text: &str) -> Problem {
    if !is_label_text(text) || text.as_bytes()[0].is_ascii_digit() {
        return broken(
            text,
            "must consist of lower-case letters, digits and `-`, start with a letter, and end with a letter or digit",
        );
    }
    too_long(text, 63)
}

/// Checks a DNS subdomain of at most 253 characters.
pub(crate) fn dns_subdomain(text: &str) -> Problem {
    if !is_subdomain(text) {
        return broken(
            text,
            "must consist of lower-case letters, digits, `-` and `.`, and each part between dots must start and end with a letter or digit",
        );
    }
    too_long(text, 253)
}

/// Checks a path segment: anything but `.`, `..`, `/` and `%`.
pub(crate) fn path_segment(text: &str) -> Problem {
    if is_placeholder(text) {
        return None;
    }
    if text == "." || text == ".." || text.is_empty() {
        return Some(String::from("must not be empty, `.` or `..`"));
    }
    text.contains(['/', '%']).then(|| String::from("must not contain `/` or `%`"))
}

fn too_long(text: &str, most: usize) -> Problem {
    (text.len() > most).then(|| format!("has {} characters; the maximum is {most}", text.len()))
}

/// Checks a key of labels or annotations: a name with an optional domain prefix.
pub(crate) fn qualified_name(text: &str) -> Problem {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if name.len() <= 63 && is_wide_name(name) && prefix.is_none_or(|prefix| prefix.len() <= 253 && is_subdomain(prefix))
    {
        return None;
    }
    name_problem(text, prefix, name)
}

#[cold]
fn name_problem(text: &str, prefix: Option<&str>, name: &str) -> Problem {
    if name.contains('/') {
        return broken(text, "must have at most one `/`, between a domain and a name");
    }
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return broken(text, "has no domain before `/`");
        }
        if let Some(problem) = dns_subdomain(prefix) {
            return broken(text, &format!("has a domain that {problem}"));
        }
    }
    if name.is_empty() {
        return broken(text, "has no name");
    }
    if !is_wide_name(name) {
        return broken(
            text,
            "must have a name of letters, digits, `-`, `_` and `.` that starts and ends with a letter or digit",
        );
    }
    broken(text, &format!("has a name of {} characters; the maximum is 63", name.len()))
}

fn is_wide_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Checks a label value.
pub(crate) fn label_value(text: &str) -> Problem {
    if !text.is_empty() && !is_wide_name(text) {
        return broken(
            text,
            "must consist of letters, digits, `-`, `_` and `.`, and start and end with a letter or digit",
        );
    }
    too_long(text, 63)
}

/// Checks a port name: at most 15 lower-case letters, digits and `-`, with at least one letter.
pub(crate) fn port_name(text: &str) -> Problem {
    if text.is_empty() || !text.bytes().all(|byte| is_lower_alnum(byte) || byte == b'-') {
        return broken(text, "must consist of lower-case letters, digits and `-`");
    }
    if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return broken(text, "needs a letter");
    }
    if text.contains("--") || text.starts_with('-') || text.ends_with('-') {
        return broken(text, "must not start or end with `-` or contain `--`");
    }
    too_long(text, 15)
}

/// Checks a key of a ConfigMap or Secret.
pub(crate) fn config_key(text: &str) -> Problem {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return broken(text, "must consist of letters, digits, `-`, `_` and `.`");
    }
    if text == "." || text.starts_with("..") {
        return broken(text, "must not be `.` or start with `..`");
    }
    too_long(text, 253)
}

/// Checks a port number.
pub(crate) fn port_number(number: i64) -> Problem {
    (!(1..=65535).contains(&number)).then(|| String::from("must be between 1 and 65535"))
}

/// Checks a network in CIDR notation.
pub(crate) fn cidr(text: &str) -> Problem {
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
        // Go's legacy parser accepts leading zeros in an octet.
        let (address, length) = text.split_once('/')?;
        let parts: Vec<&str> = address.split('.').collect();
        let fine = |part: &&str| !part.is_empty() && part.parse::<u8>().is_ok();
        (parts.len() == 4 && parts.iter().all(fine) && length.parse::<u8>().is_ok_and(|length| length <= 32))
            .then_some(())
    };
    match read().or_else(reads_old) {
        Some(()) => None,
        None => Some(String::from("must be a network such as `10.0.0.0/8` or `fd00::/8`")),
    }
}

/// Whether a string is base64 as decoded by Go, which skips line breaks.
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
        for invalid in ["", "Web", "-a", "a-", "a.b", "a_b", &"x".repeat(64)] {
            assert!(dns_label(invalid).is_some(), "{invalid}");
        }
        assert!(dns_1035_label("0web").is_some());
        assert!(dns_subdomain("a.b-c.d").is_none());
        for invalid in ["", ".", "a..b", ".a", "a.", "a-.b", "a.-b", "a.B", &"x".repeat(254)] {
            assert!(dns_subdomain(invalid).is_some(), "{invalid}");
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
        for invalid in ["", "/a", "a/", "a/b/c", "-a", "EXAMPLE.org/x", &format!("a/{}", "x".repeat(64))] {
            assert!(qualified_name(invalid).is_some(), "{invalid}");
        }
    }

    #[test]
    fn names_of_ports_are_short() {
        assert!(port_name("http-metrics").is_none());
        for invalid in ["", "8080", "a--b", "-a", "HTTP", "sixteen-letters-"] {
            assert!(port_name(invalid).is_some(), "{invalid}");
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
