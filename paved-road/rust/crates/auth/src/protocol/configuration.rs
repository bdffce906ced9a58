//! What a configuration says of places: public URL, issuer, endpoints.

use bartizan_paved_safe_http::parse_address;
use bartizan_paved_spec::{ParsedUrl, Reason, Refused, is_host_name, parse_url, refuse, refuse_with};

/// Whether a host is a name or a literal address.
fn is_host(url: &ParsedUrl) -> bool {
    parse_address(&url.host).is_some() || (!url.is_bracketed && is_host_name(&url.host))
}

fn is_web(url: &ParsedUrl) -> bool {
    matches!(url.scheme.as_str(), "http" | "https") && !url.has_user && is_host(url) && url.fragment.is_empty()
}

/// https, or http on loopback where tests may.
fn is_secure(url: &ParsedUrl, http_on_loopback: bool) -> bool {
    url.scheme == "https" || (http_on_loopback && url.scheme == "http" && url.is_loopback())
}

/// Checks the URL under which browsers reach the service, and gives its origin.
///
/// # Errors
/// `configuration-invalid`, `public-url-insecure`.
pub fn parse_public_url(text: &str, http_on_loopback: bool) -> Result<String, Refused> {
    let url = parse_url(text).filter(|url| is_web(url) && (url.path.is_empty() || url.path == "/") && url.query.is_empty());
    let Some(url) = url else { return refuse_with(Reason::ConfigurationInvalid, "the public URL must be https://host, without path") };
    if is_secure(&url, http_on_loopback) { Ok(url.origin()) } else { refuse(Reason::PublicUrlInsecure) }
}

/// Checks an issuer identifier (RFC 8414, section 2).
///
/// # Errors
/// `issuer-malformed`.
pub fn parse_issuer(text: &str, http_on_loopback: bool) -> Result<&str, Refused> {
    let is_good = parse_url(text).is_some_and(|url| is_web(&url) && is_secure(&url, http_on_loopback) && url.query.is_empty());
    if is_good { Ok(text) } else { refuse(Reason::IssuerMalformed) }
}

/// Checks an endpoint of a provider. `name` is its name in the metadata.
///
/// # Errors
/// `endpoint-malformed`, `endpoint-insecure`.
pub fn parse_endpoint(text: Option<&str>, name: &str, http_on_loopback: bool) -> Result<String, Refused> {
    let (Some(text), Some(url)) = (text, text.and_then(parse_url).filter(is_web)) else {
        return refuse_with(Reason::EndpointMalformed, name);
    };
    if is_secure(&url, http_on_loopback) { Ok(text.to_owned()) } else { refuse_with(Reason::EndpointInsecure, name) }
}
