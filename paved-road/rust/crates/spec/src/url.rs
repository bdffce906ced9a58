//! One reading of URLs for everything here: plain ASCII, an authority, nothing repaired. What a browser would repair is refused.

/// An absolute URL, split (RFC 3986, section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedUrl {
    /// In lower case.
    pub scheme: String,
    /// Whether the authority names a user.
    pub has_user: bool,
    /// In lower case; of a literal IPv6 address without brackets.
    pub host: String,
    /// Whether the host stands in brackets.
    pub is_bracketed: bool,
    /// The port, if one is named.
    pub port: Option<u16>,
    /// As it stands; may be empty.
    pub path: String,
    /// With its question mark, or empty.
    pub query: String,
    /// With its number sign, or empty.
    pub fragment: String,
}

/// The port of a scheme, where there is one.
#[must_use]
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// Whether a text is one of the characters that a URL may have.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte)
}

/// Splits an absolute URL; `None` if it is none of plain characters.
///
/// ```
/// let url = bartizan_paved_spec::parse_url("https://User@Example.org:8443/a?b").unwrap();
/// assert_eq!((url.host.as_str(), url.port, url.has_user), ("example.org", Some(8443), true));
/// ```
#[must_use]
pub fn parse_url(text: &str) -> Option<ParsedUrl> {
    if !text.bytes().all(is_plain) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    {
        return None;
    }
    let (authority, rest) = rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len()))?;
    let (rest, fragment) = rest.split_at_checked(rest.find('#').unwrap_or(rest.len()))?;
    let (path, query) = rest.split_at_checked(rest.find('?').unwrap_or(rest.len()))?;
    let (has_user, host) = authority.rsplit_once('@').map_or((false, authority), |(_, host)| (true, host));
    let (is_bracketed, host, port) = split_host(host)?;
    Some(ParsedUrl {
        scheme: scheme.to_ascii_lowercase(),
        has_user,
        host: host.to_ascii_lowercase(),
        is_bracketed,
        port,
        path: path.into(),
        query: query.into(),
        fragment: fragment.into(),
    })
}

fn split_host(text: &str) -> Option<(bool, &str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        let is_good = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':' || byte == b'.');
        return is_good.then_some((true, host, port_of(rest)?));
    }
    let (host, rest) = text.split_at_checked(text.find(':').unwrap_or(text.len()))?;
    let is_good = !host.is_empty() && !host.contains(['[', ']', '%']);
    is_good.then_some((false, host, port_of(rest)?))
}

/// The port after a host: nothing, or a colon and 1 to 65535 in at most five digits. The outer `None` says that it is neither.
fn port_of(text: &str) -> Option<Option<u16>> {
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.strip_prefix(':')?;
    let is_good = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let port = digits.parse().ok().filter(|port| is_good && *port > 0)?;
    Some(Some(port))
}

impl ParsedUrl {
    /// Scheme, host and port, in the form of an Origin header (RFC 6454, section 6.1).
    #[must_use]
    pub fn origin(&self) -> String {
        let host = if self.is_bracketed { format!("[{}]", self.host) } else { self.host.clone() };
        match self.port {
            Some(port) if default_port(&self.scheme) != Some(port) => format!("{}://{host}:{port}", self.scheme),
            _ => format!("{}://{host}", self.scheme),
        }
    }

    /// Whether the host is this machine, by its literal address or as localhost.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        matches!((self.is_bracketed, self.host.as_str()), (true, "::1") | (_, "127.0.0.1" | "localhost"))
    }
}

/// Whether a host has the form of a name: labels of 1 to 63 lower-case letters, digits, hyphens and underscores.
#[must_use]
pub fn is_host_name(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
        })
}
