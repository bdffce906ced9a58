//! What holds for every request, before any handler: host, site, size, rate.

use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind};
use bartizan_paved_spec::{Reason, Refused, limits, refuse};

use crate::rate_limit::RateLimit;
use crate::request::{check_request_host, check_request_site};
use crate::web::{WebRequest, WebResponse};

/// A rate limit, and what it counts by.
pub struct RateLimitBy {
    /// The limit.
    pub limit: RateLimit,
    /// The key of a request: a user, or an address that your proxy says.
    pub key_of: Box<dyn Fn(&WebRequest) -> String + Send + Sync>,
}

/// What a service may choose.
pub struct GuardOptions {
    /// Other names under which this service is reached from inside, such as that of a health check: `10.0.0.7:3000`.
    pub other_hosts: Vec<String>,
    /// How large a body may be.
    pub max_body_bytes: usize,
    /// How many requests there may be.
    pub rate_limit: Option<RateLimitBy>,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self { other_hosts: Vec::new(), max_body_bytes: limits::REQUEST_BODY_BYTES, rate_limit: None }
    }
}

/// Checks requests to one origin.
pub struct Guard {
    origin: String,
    options: GuardOptions,
    exempt: Vec<String>,
    audit: AuditSink,
}

impl Guard {
    /// `exempt` are paths that no browser calls, and that prove their caller otherwise.
    #[must_use]
    pub fn new(origin: String, options: GuardOptions, exempt: Vec<String>, audit: AuditSink) -> Self {
        Self { origin, options, exempt, audit }
    }

    /// How large a body may be, in bytes.
    #[must_use]
    pub const fn max_body_bytes(&self) -> usize {
        self.options.max_body_bytes
    }

    /// `None` if the request may go on; else the answer.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn check(&self, request: &WebRequest) -> Result<Option<WebResponse>, Refused> {
        let Err(refused) = self.judge(request) else { return Ok(None) };
        let mut event = AuditEvent::refusal(EventKind::RequestRefused, &refused);
        event.detail = Some(request.path.clone());
        (self.audit)(&event);
        let status = match refused.reason {
            Reason::HostMismatch => 421,
            Reason::RequestTooLarge => 413,
            Reason::RateExceeded => 429,
            _ => 403,
        };
        WebResponse::text(status, "This request is not accepted.\n", self.is_https()).map(Some)
    }

    fn judge(&self, request: &WebRequest) -> Result<(), Refused> {
        let hosts = request.header("host");
        if !matches!(hosts.as_slice(), [host] if self.options.other_hosts.contains(host)) {
            check_request_host(&hosts, &self.origin)?;
        }
        if !self.exempt.contains(&request.path) && !carries_token(request) {
            // What opens a socket is no reading, whatever its method: other origins could talk through it.
            let method = if request.headers.contains_key("upgrade") { "POST" } else { request.method.as_str() };
            check_request_site(method, |name| request.header(name), &self.origin)?;
        }
        self.check_size(request)?;
        match &self.options.rate_limit {
            Some(RateLimitBy { limit, key_of }) => limit.take(&key_of(request)),
            None => Ok(()),
        }
    }

    /// A body of unknown length is refused: what reads it next may have no limit.
    fn check_size(&self, request: &WebRequest) -> Result<(), Refused> {
        let is_good = match request.header("content-length").first() {
            Some(length) => length.parse::<usize>().is_ok_and(|length| length <= self.options.max_body_bytes),
            None => request.header("transfer-encoding").is_empty(),
        };
        if is_good { Ok(()) } else { refuse(Reason::RequestTooLarge) }
    }

    fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

/// A page of another site can't add this header to a request without our consent: it needs a preflight.
fn carries_token(request: &WebRequest) -> bool {
    let header = request.header("authorization").into_iter().next().unwrap_or_default().to_ascii_lowercase();
    header.starts_with("bearer ") || header.starts_with("dpop ")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::*;

    fn request(method: Method, headers: &[(&'static str, &'static str)]) -> WebRequest {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        WebRequest { method, path: "/x".into(), query: String::new(), headers: HeaderMap::from_iter(headers), certificate: None }
    }

    #[test]
    fn host_site_size_and_rate() {
        let reasons = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&reasons);
        let audit: AuditSink = Arc::new(move |event| noted.lock().unwrap().push(event.reason.unwrap().code()));
        let rate_limit = RateLimitBy { limit: RateLimit::per_minute(3).unwrap(), key_of: Box::new(|_| "all".into()) };
        let options = GuardOptions { other_hosts: vec!["10.0.0.7:3000".into()], max_body_bytes: 10, rate_limit: Some(rate_limit) };
        let guard = Guard::new("https://a.example.org".into(), options, vec![], audit);
        let status = |method, headers: &[_]| guard.check(&request(method, headers)).unwrap().map_or(0, |answer| answer.status);
        let (host, origin) = (("host", "a.example.org"), ("origin", "https://a.example.org"));
        assert_eq!(status(Method::GET, &[host]), 0);
        assert_eq!(status(Method::GET, &[("host", "10.0.0.7:3000")]), 0);
        assert_eq!(status(Method::GET, &[("host", "evil.example")]), 421);
        assert_eq!(status(Method::GET, &[]), 421);
        assert_eq!(status(Method::POST, &[host, origin, ("content-length", "11")]), 413);
        assert_eq!(status(Method::POST, &[host, origin, ("transfer-encoding", "chunked")]), 413);
        assert_eq!(status(Method::POST, &[host, ("origin", "https://evil.example")]), 403);
        assert_eq!(status(Method::GET, &[host, ("upgrade", "websocket"), ("origin", "https://evil.example")]), 403);
        assert_eq!(status(Method::POST, &[host, ("authorization", "Bearer x"), ("origin", "https://app.example")]), 0);
        assert_eq!(status(Method::GET, &[host]), 429);
        let seen = reasons.lock().unwrap();
        assert_eq!(
            *seen,
            [
                "host-mismatch",
                "host-mismatch",
                "request-too-large",
                "request-too-large",
                "cross-site-request",
                "cross-site-request",
                "rate-exceeded"
            ]
        );
    }
}
