//! What a file says beside what packages are, and what hygiene is judged by: how they got there, and where they may come from.

use bartizan_core::ByteRange;
use serde::{Deserialize, Serialize};

use crate::Ecosystem;

/// Something that a lock file says about one of its packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// Its address is that of the ecosystem's public registry.
    Public,
    /// Its address, which has no TLS.
    PlainHttp(String),
    /// Its address, which is that of another package or version.
    Misnamed(String),
    /// The host of its files, which is not the one of the registry that it is said to come from.
    Elsewhere(String),
    /// It is fetched from an address, and no hash says what must come from there.
    Unhashed,
    /// It runs a program of its own when it is installed.
    InstallScript,
    /// Its authors gave it up: why, or what to use instead; may be empty.
    Deprecated(String),
    /// When it was published, RFC 3339.
    Published(String),
}

/// A registry that a project is set up to take packages from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Of what.
    pub ecosystem: Ecosystem,
    /// Its address, without who logs in.
    pub url: String,
    /// Which packages it is asked for.
    pub serves: Serves,
    /// Where the file names it, in bytes.
    pub range: (u32, u32),
}

/// Which packages a registry is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Serves {
    /// All of them: it stands in for the public one.
    All,
    /// All of them, and the others are asked as well: the best answer wins.
    Also,
    /// Those of one scope, `@corp`.
    Scope(String),
    /// Those that are said to come from it, one by one.
    Named,
}

impl Index {
    /// Where it is named.
    #[must_use]
    pub fn byte_range(&self) -> ByteRange {
        let widen = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        ByteRange::new(widen(self.range.0), widen(self.range.1))
    }
}

/// An address without who logs in, and without what follows a question mark: both may be secret.
pub(crate) fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// The host of an address, without its port; nothing where there is none.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit())).map_or(host, |(host, _)| host);
    (!host.is_empty()).then_some(host)
}

/// Whether an address has no TLS and leads to another machine.
pub(crate) fn is_plain_http(url: &str) -> bool {
    let is_local = |host: &str| host == "localhost" || host.starts_with("127.") || host.ends_with(".localhost");
    url.starts_with("http://") && !host(url).is_some_and(is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_who_logs_in() {
        assert_eq!(without_secrets("https://me:pw@host:8081/a/b?token=x#y"), "https://host:8081/a/b");
        assert_eq!(without_secrets("host/path"), "host/path");
        assert_eq!(host("https://me:pw@host:8081/a"), Some("host"));
        assert_eq!(host("host/path"), Some("host"));
        assert_eq!(host("https:///a"), None);
        assert!(is_plain_http("http://host/a") && !is_plain_http("http://localhost:4873/a") && !is_plain_http("https://host/a"));
    }
}
