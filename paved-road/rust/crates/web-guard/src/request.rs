//! Requests that other sites cause (CWE-352), by Fetch Metadata and Origin; requests for another host.

use bartizan_paved_spec::{Reason, Refused, refuse};

/// Refuses a request that changes something, unless this origin or the user caused it. `values` gives all values of a header.
///
/// # Errors
/// `cross-site-request`, `origin-missing`.
pub fn check_request_site(method: &str, values: impl Fn(&str) -> Vec<String>, origin: &str) -> Result<(), Refused> {
    if matches!(method, "GET" | "HEAD" | "OPTIONS") {
        return Ok(());
    }
    let (sites, origins) = (values("sec-fetch-site"), values("origin"));
    match (sites.as_slice(), origins.as_slice()) {
        ([], []) => refuse(Reason::OriginMissing),
        ([site], _) if site == "same-origin" || site == "none" => Ok(()),
        ([], [one]) if one == origin => Ok(()),
        _ => refuse(Reason::CrossSiteRequest),
    }
}

/// Refuses a request whose Host header is not that of `origin`: cache poisoning, rebinding, links made from a header.
///
/// # Errors
/// `host-mismatch`.
pub fn check_request_host(hosts: &[String], origin: &str) -> Result<(), Refused> {
    let (scheme, ours) = origin.split_once("://").unwrap_or_default();
    let with_port = format!("{ours}:{}", if scheme == "https" { 443 } else { 80 });
    match hosts {
        [host] if host.to_lowercase() == ours || host.to_lowercase() == with_port => Ok(()),
        _ => refuse(Reason::HostMismatch),
    }
}
