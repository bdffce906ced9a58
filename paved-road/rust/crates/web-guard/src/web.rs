//! Requests and responses as adapters hand them over: nothing of a framework.

use bartizan_paved_spec::Refused;
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::headers::{ResponseClass, SecurityHeaders, new_nonce, security_headers};

/// A request, without its body.
#[derive(Clone, Debug)]
pub struct WebRequest {
    /// The method.
    pub method: Method,
    /// As it was sent, without query.
    pub path: String,
    /// As it was sent, without question mark.
    pub query: String,
    /// All headers.
    pub headers: HeaderMap,
    /// SHA-256 thumbprint of the client certificate, in base64url, if the connection has one.
    pub certificate: Option<String>,
}

impl WebRequest {
    /// All values of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<String> {
        header_values(&self.headers, name)
    }

    /// All Cookie headers as one.
    #[must_use]
    pub fn cookies(&self) -> String {
        self.header("cookie").join("; ")
    }
}

/// All values of a header. Bytes that are no UTF-8 become what no check accepts.
#[must_use]
pub fn header_values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebResponse {
    /// The status.
    pub status: u16,
    /// Headers that stand once.
    pub headers: SecurityHeaders,
    /// Values of Set-Cookie, one header each.
    pub cookies: Vec<String>,
    /// Values of WWW-Authenticate, one header each.
    pub challenges: Vec<String>,
    /// The body.
    pub body: String,
}

impl WebResponse {
    /// A text for people; never HTML.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn text(status: u16, body: &str, https: bool) -> Result<Self, Refused> {
        Self::new(ResponseClass::Api, status, body.into(), "text/plain; charset=utf-8", https)
    }

    /// An answer for programs.
    ///
    /// # Errors
    /// As `text`.
    pub fn json(status: u16, body: &Value, https: bool) -> Result<Self, Refused> {
        Self::new(ResponseClass::Api, status, body.to_string(), "application/json", https)
    }

    /// A redirect to a place that was checked: a `LocalPath`, or an endpoint of a provider.
    ///
    /// # Errors
    /// As `text`.
    pub fn redirect(status: u16, location: String, https: bool, cookies: Vec<String>) -> Result<Self, Refused> {
        let mut answer = Self::new(ResponseClass::Redirect, status, String::new(), "text/plain; charset=utf-8", https)?;
        answer.headers.push(("location", location));
        answer.cookies = cookies;
        Ok(answer)
    }

    /// Adds cookies.
    #[must_use]
    pub fn with_cookies(mut self, cookies: Vec<String>) -> Self {
        self.cookies.extend(cookies);
        self
    }

    /// Adds the challenges of an API.
    #[must_use]
    pub fn with_challenges(mut self, challenges: Vec<String>) -> Self {
        self.challenges = challenges;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    fn new(class: ResponseClass, status: u16, body: String, content_type: &str, https: bool) -> Result<Self, Refused> {
        let mut headers = security_headers(class, https, &new_nonce()?)?;
        headers.push(("content-type", content_type.into()));
        Ok(Self { status, headers, cookies: Vec::new(), challenges: Vec::new(), body })
    }
}

/// Seconds since 1970.
pub(crate) fn seconds() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
