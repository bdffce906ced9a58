//! HTTP, for `advisories update` alone. Sockets are opened here and in `k8s/`, nowhere else.

use std::{
    io::{self, Read, Write},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use ureq::{
    Agent, Body,
    http::{Response, Uri, header},
    tls::{RootCerts, TlsConfig},
};

use crate::{
    http,
    text::{bytes, harmless},
};

/// How long a server may be silent.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(60);

/// How long one document may take as a whole.
const CALL_TIMEOUT: Duration = Duration::from_secs(3600);

/// So many redirects are followed.
const MAX_REDIRECTS: usize = 5;

/// An address that may be asked: `https`, or `http` where that was allowed or leads to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    text: String,
    is_secure: bool,
}

/// Asks servers.
pub(crate) struct Client {
    agent: Agent,
    allows_http: bool,
}

/// What a server answers.
pub(crate) enum Answer {
    /// The document is the one that the mark belongs to.
    Unchanged,
    /// There is no such document.
    Missing,
    /// The document.
    Document(Document),
}

/// A document that can be read.
pub(crate) struct Document {
    /// The mark by which the server knows it again.
    pub(crate) etag: Option<String>,
    /// How long it is, in bytes, as far as the server says it.
    pub(crate) length: Option<u64>,
    body: Box<dyn Read>,
}

impl Url {
    /// Reads an address.
    pub(crate) fn parse(text: &str, allows_http: bool) -> Result<Self, String> {
        let shown = harmless(text);
        let uri: Uri = text.parse().map_err(|_| format!("`{shown}` is no address"))?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| format!("`{shown}` names no host"))?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("an address with a password in it is not used: it would stand in reports".to_owned());
        }
        let is_secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if allows_http || is_loopback(host) => false,
            Some("http") => return Err(format!("`{shown}` is not encrypted: anybody on the way could change what it gives")),
            _ => return Err(format!("`{shown}` is no address of https")),
        };
        Ok(Self { text: text.trim_end_matches('/').to_owned(), is_secure })
    }

    /// The same, with names below it, each encoded.
    pub(crate) fn join(&self, names: &[&str]) -> Self {
        let below: String = names.iter().map(|name| format!("/{}", encoded(name))).collect();
        Self { text: format!("{}{below}", self.text), is_secure: self.is_secure }
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The last name of its path.
    pub(crate) fn file_name(&self) -> &str {
        let path = self.text.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        path.rsplit_once('/').map_or("", |(_, name)| name)
    }

    /// Where a redirect leads. It never leads from an encrypted connection to one that is not.
    fn redirected(&self, location: &str, allows_http: bool) -> Result<Self, String> {
        let (scheme, rest) = self.text.split_once("://").unwrap_or(("https", &self.text));
        let host = rest.split('/').next().unwrap_or_default();
        let absolute = if location.contains("://") {
            location.to_owned()
        } else if let Some(rest) = location.strip_prefix("//") {
            format!("{scheme}://{rest}")
        } else if location.starts_with('/') {
            format!("{scheme}://{host}{location}")
        } else {
            let folder = self.text.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{location}")
        };
        let target = Self::parse(&absolute, allows_http)?;
        if self.is_secure && !target.is_secure {
            return Err(format!("`{}` leads to `{}`, which is not encrypted", harmless(&self.text), harmless(&absolute)));
        }
        Ok(target)
    }
}

impl Client {
    /// A client. Proxies are those that the environment names.
    pub(crate) fn new(allows_http: bool) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&http::system_authorities()))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = http::settings(tls)
            .timeout_recv_response(Some(SILENCE_TIMEOUT))
            .timeout_per_read(Some(SILENCE_TIMEOUT))
            .timeout_global(Some(CALL_TIMEOUT))
            .build();
        Self { agent: config.into(), allows_http }
    }

    /// Asks for a document, unless it is still the one with this mark.
    pub(crate) fn get(&self, url: &Url, etag: Option<&str>) -> Result<Answer, String> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let mut request = self.agent.get(url.as_str());
            if let Some(etag) = etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            let response = request.call().map_err(|error| format!("`{}`: {}", harmless(url.as_str()), harmless(&error.to_string())))?;
            match response.status().as_u16() {
                200 => return Ok(Answer::Document(Document::of(response))),
                304 if etag.is_some() => return Ok(Answer::Unchanged),
                404 | 410 => return Ok(Answer::Missing),
                301 | 302 | 303 | 307 | 308 => {
                    let location = text_of(&response, &header::LOCATION).ok_or("a redirect leads nowhere")?;
                    url = url.redirected(&location, self.allows_http)?;
                }
                status => return Err(format!("`{}`: the server answers {status}", harmless(url.as_str()))),
            }
        }
        Err(format!("`{}`: more than {MAX_REDIRECTS} redirects", harmless(url.as_str())))
    }
}

impl Document {
    fn of(response: Response<Body>) -> Self {
        let etag = text_of(&response, &header::ETAG);
        let length = text_of(&response, &header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
        Self { etag, length, body: Box::new(response.into_body().into_reader()) }
    }

    /// Copies the document; `told` hears how much of it is there. A document that is cut off, or too large, is an error.
    pub(crate) fn copy(mut self, out: &mut dyn Write, max_bytes: u64, told: &dyn Fn(u64, Option<u64>)) -> Result<(), String> {
        let too_large = || format!("it is larger than {} (--max-download)", bytes(max_bytes));
        if self.length.is_some_and(|length| max_bytes < length) {
            return Err(too_large());
        }
        let mut buffer = vec![0; 64 << 10];
        let mut n_bytes = 0_u64;
        loop {
            let n = match self.body.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(format!("it broke off after {}: {}", bytes(n_bytes), harmless(&error.to_string()))),
            };
            n_bytes = n_bytes.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
            if max_bytes < n_bytes {
                return Err(too_large());
            }
            out.write_all(buffer.get(..n).unwrap_or_default()).map_err(|error| format!("it can't be stored: {error}"))?;
            told(n_bytes, self.length);
        }
        match self.length {
            Some(length) if length != n_bytes => Err(format!("it broke off after {} of {}", bytes(n_bytes), bytes(length))),
            _ => Ok(()),
        }
    }

    /// The document as it comes, up to a number of bytes.
    pub(crate) fn into_reader(self, max_bytes: u64) -> impl Read {
        self.body.take(max_bytes)
    }
}

fn text_of(response: &Response<Body>, name: &header::HeaderName) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Percent-encodes all but what RFC 3986, section 2.3, calls unreserved.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_encrypted_or_on_this_machine_is_asked() {
        for (text, allows_http, is_good) in [
            ("https://osv.example/base", false, true),
            ("http://127.0.0.1:8080/osv", false, true),
            ("http://[::1]:8080", false, true),
            ("http://localhost/osv", false, true),
            ("http://osv.example", false, false),
            ("http://osv.example", true, true),
            ("http://127.0.0.1.evil.example", false, false),
            ("ftp://osv.example", true, false),
            ("https://user:password@osv.example", true, false),
            ("osv.example", true, false),
        ] {
            assert_eq!(Url::parse(text, allows_http).is_ok(), is_good, "{text}");
        }
    }

    #[test]
    fn addresses_are_joined_and_redirects_resolved() {
        let base = Url::parse("https://a.example/osv/", false).unwrap();
        let zip = base.join(&["Debian:12", "all.zip"]);
        assert_eq!(zip.as_str(), "https://a.example/osv/Debian%3A12/all.zip");
        assert_eq!(zip.file_name(), "all.zip");
        assert_eq!(Url::parse("https://a.example", false).unwrap().file_name(), "");
        let to = |location: &str| zip.redirected(location, true).map(|url| url.text);
        assert_eq!(to("/x/all.zip").unwrap(), "https://a.example/x/all.zip");
        assert_eq!(to("b.zip").unwrap(), "https://a.example/osv/Debian%3A12/b.zip");
        assert_eq!(to("//b.example/c").unwrap(), "https://b.example/c");
        assert_eq!(to("https://b.example/c").unwrap(), "https://b.example/c");
        assert!(to("http://b.example/c").is_err());
        assert!(to("http://127.0.0.1/c").is_err());
    }
}
