//! Where a request may go, before a name is resolved.

use bartizan_paved_spec::{Reason, Refused, addresses, default_port, is_host_name, is_longer, limits, parse_url, refuse};

use crate::address::{check_public_address, parse_address};

/// Where a URL leads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The scheme, in lower case.
    pub scheme: String,
    /// A name, or a literal address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Path and query, as the request line has them.
    pub target: String,
    /// Whether the host is an address.
    pub is_literal: bool,
}

/// Checks a URL. A literal address is judged here: no resolver is asked for it.
///
/// # Errors
/// A reason that begins with `url-`, `host-` or `address-`.
pub fn check_target(text: &str, schemes: &[&str], ports: &[u16]) -> Result<Target, Refused> {
    if is_longer(text, limits::URL_CHARS) {
        return refuse(Reason::UrlTooLong);
    }
    let url = parse_url(text).ok_or(Reason::UrlMalformed)?;
    let default = default_port(&url.scheme).filter(|_| schemes.contains(&url.scheme.as_str())).ok_or(Reason::UrlScheme)?;
    if url.has_user {
        return refuse(Reason::UrlUserinfo);
    }
    let is_literal = parse_address(&url.host).is_some();
    if url.is_bracketed && !(is_literal && url.host.contains(':')) {
        return refuse(Reason::HostMalformed);
    }
    if !is_literal && (!is_host_name(&url.host) || is_number_at_end(&url.host)) {
        return refuse(Reason::HostMalformed);
    }
    if !is_literal && is_private_name(&url.host) {
        return refuse(Reason::HostNotPublic);
    }
    if is_literal {
        check_public_address(&url.host)?;
    }
    let port = url.port.unwrap_or(default);
    if !ports.contains(&port) {
        return refuse(Reason::UrlPort);
    }
    let path = if url.path.is_empty() { "/" } else { url.path.as_str() };
    Ok(Target { target: format!("{path}{}", url.query), scheme: url.scheme, host: url.host, port, is_literal })
}

/// What looks like a number to some resolver: the last label is decimal or hexadecimal.
fn is_number_at_end(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|digit| digit.is_ascii_digit());
    is_decimal || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// A name without a dot, or below a domain for private use.
fn is_private_name(host: &str) -> bool {
    !host.contains('.')
        || addresses::NAMES_REFUSED.iter().any(|name| host.strip_suffix(name).is_some_and(|front| front.is_empty() || front.ends_with('.')))
}
