//! Credentials in URLs (RFC 3986, section 3.2.1): `scheme://user:password@host`.

use bartizan_core::ByteRange;

use super::{FileScan, Layer};
use crate::context::placeholder;

/// The longest authority that is read, in bytes.
const MAX_AUTHORITY_BYTES: usize = 300;

impl FileScan<'_> {
    /// Looks for a password between `://` and the end of the authority.
    pub(super) fn url(&mut self, layer: &Layer<'_>, hit: ByteRange, rule: usize) {
        let Some((password, host)) = credentials(layer.text.as_bytes(), hit) else { return };
        let value = layer.text.get(password.start()..password.end()).unwrap_or_default();
        let host = layer.text.get(host.start()..host.end()).unwrap_or_default();
        if placeholder::kind(value).is_some() || is_described(value) || host.is_empty() || is_reserved(host) {
            return;
        }
        self.structural(layer, password, rule, "stands where a URL holds its password", "");
    }
}

/// The password and the host of the URL whose `://` is the hit.
fn credentials(bytes: &[u8], hit: ByteRange) -> Option<(ByteRange, ByteRange)> {
    let has_scheme = hit.start().checked_sub(1).and_then(|place| bytes.get(place)).is_some_and(u8::is_ascii_alphanumeric);
    let rest = bytes.get(hit.end()..)?;
    let authority = rest.get(..rest.len().min(MAX_AUTHORITY_BYTES))?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace() || b"\"'`<>,;\\|(){}".contains(byte) && *byte != b'{' && *byte != b'}' || byte.is_ascii_control()
    };
    let length = authority.iter().position(ends).unwrap_or(authority.len());
    let authority = authority.get(..length)?;
    // A password may hold `/` or `@` that nobody escaped: the last `@` before the path counts.
    let slash = authority.iter().position(|&byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(authority.len());
    let at = authority.get(..slash)?.iter().rposition(|&byte| byte == b'@').or_else(|| {
        let first = authority.iter().position(|&byte| byte == b'@')?;
        let colon = authority.get(..slash)?.contains(&b':');
        (colon && first < slash + 64).then_some(first)
    })?;
    let user_info = authority.get(..at)?;
    let colon = user_info.iter().position(|&byte| byte == b':')?;
    let password = ByteRange::new(hit.end() + colon + 1, hit.end() + at);
    let host_length = authority
        .get(at + 1..)?
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || b".-_[]$%*".contains(byte)))
        .unwrap_or(authority.len() - at - 1);
    let host = ByteRange::new(hit.end() + at + 1, hit.end() + at + 1 + host_length);
    // `http://a:80/x@y` holds a port.
    let is_port = user_info.get(colon + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count() == slash.saturating_sub(colon + 1);
    (has_scheme && !password.is_empty() && !(is_port && slash < at)).then_some((password, host))
}

/// Whether the text only says that a password stands here.
fn is_described(value: &str) -> bool {
    const MIN_PASSWORD_BYTES: usize = 4;
    const WORDS: [&str; 22] = [
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "token",
        "key",
        "user",
        "username",
        "auth",
        "credentials",
        "yourpassword",
        "mypassword",
        "mypass",
        "userpass",
        "foo",
        "bar",
        "baz",
        "foobar",
        "test",
        "guest",
        "pw",
    ];
    let letters: String = value.chars().filter(char::is_ascii_alphabetic).map(|character| character.to_ascii_lowercase()).collect();
    value.len() < MIN_PASSWORD_BYTES
        || WORDS.contains(&letters.as_str()) && value.len() <= letters.len() + 2
        || value.starts_with(['$', ':'])
        || value.contains("...")
}

/// Whether the host is one of those that are reserved for documentation (RFC 2606).
fn is_reserved(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last_two: Vec<&str> = host.rsplit('.').take(2).collect();
    matches!(&*last_two, ["com" | "org" | "net", "example"] | ["example" | "invalid", ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_told_from_ports_and_paths() {
        for (text, expected) in [
            ("postgres://app:hunter2@db/x", Some("hunter2")),
            ("https://user:pa:ss@host", Some("pa:ss")),
            ("https://user:p@ss@host", Some("p@ss")),
            ("http://host:80/x@y", None),
            ("http://host/a:b@c", None),
            ("http://user@host", None),
            ("redis://:s3cr3t@cache:6379", Some("s3cr3t")),
            ("://a:b@c", None),
        ] {
            let start = text.find("://").unwrap();
            let found =
                credentials(text.as_bytes(), ByteRange::new(start, start + 3)).map(|(password, _)| &text[password.start()..password.end()]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
