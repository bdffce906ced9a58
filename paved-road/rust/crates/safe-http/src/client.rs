use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bartizan_paved_spec::{Reason, Refused, default_port, limits, refuse};
use http::{HeaderMap, Method};

use crate::Later;
use crate::address::{check_public_address, parse_address};
use crate::exchange::{ExchangeRequest, RawAnswer, exchange};
use crate::target::{Target, check_target};

/// Asks for the addresses of a name, in text form. Its answers are judged as any.
pub type Resolve = Arc<dyn Fn(String) -> Later<'static, Result<Vec<String>, Refused>> + Send + Sync>;

/// Sends a request to an address that was judged.
type Send_ = Arc<dyn Fn(ExchangeRequest, IpAddr) -> Later<'static, Result<RawAnswer, Refused>> + Send + Sync>;

/// What may be chosen.
#[derive(Clone, Default)]
pub struct SafeHttpOptions {
    /// Ports besides 443.
    pub ports: Vec<u16>,
    /// Another resolver than the system's.
    pub resolve: Option<Resolve>,
    /// How long one exchange may take, if not as long as the specification says.
    pub timeout: Option<Duration>,
    /// How large an answer may be, likewise.
    pub max_bytes: Option<usize>,
}

/// A request.
#[derive(Clone, Default)]
pub struct SafeRequest {
    /// The method; GET by default.
    pub method: Method,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer, and where it came from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SafeAnswer {
    /// The URL of the last redirect, or the one that was asked for.
    pub url: String,
    /// The answer.
    pub answer: RawAnswer,
}

/// Headers that are for one origin only.
const CREDENTIALS: &[&str] = &["authorization", "cookie", "proxy-authorization", "dpop", "x-api-key"];

/// Sends requests to URLs from outside.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use bartizan_paved_safe_http::{SafeHttp, SafeRequest};
///
/// let http = SafeHttp::default();
/// let refused = http.request("https://169.254.169.254/latest/meta-data", SafeRequest::default()).await.unwrap_err();
/// assert_eq!(refused.reason.code(), "address-not-public");
/// # })
/// ```
#[derive(Clone)]
pub struct SafeHttp {
    options: SafeHttpOptions,
    ports: Vec<u16>,
    send: Send_,
}

impl Default for SafeHttp {
    fn default() -> Self {
        Self::new(SafeHttpOptions::default())
    }
}

impl SafeHttp {
    /// A client with these options.
    #[must_use]
    pub fn new(options: SafeHttpOptions) -> Self {
        let ports = std::iter::once(443).chain(options.ports.iter().copied()).collect();
        Self { options, ports, send: Arc::new(|request, address| Box::pin(async move { exchange(&request, Some(address)).await })) }
    }

    /// Where a URL leads: a target, and the address to connect to.
    ///
    /// # Errors
    /// As `check_target` and `check_public_address`; `address-none`.
    pub async fn resolve(&self, url: &str) -> Result<(Target, IpAddr), Refused> {
        let target = check_target(url, &["https"], &self.ports)?;
        let addresses = if target.is_literal { vec![target.host.clone()] } else { self.lookup(&target).await? };
        // One bad address among good ones is an attack, or a mistake that looks like one.
        let mut judged = Vec::with_capacity(addresses.len());
        for address in &addresses {
            judged.push(check_public_address(address)?);
        }
        let address = judged.into_iter().next().ok_or(Reason::AddressNone)?;
        Ok((target, address))
    }

    async fn lookup(&self, target: &Target) -> Result<Vec<String>, Refused> {
        if let Some(resolve) = &self.options.resolve {
            return resolve(target.host.clone()).await;
        }
        let limit = self.options.timeout.unwrap_or(ExchangeRequest::new(Method::GET, "").timeout);
        let found = tokio::time::timeout(limit, tokio::net::lookup_host((target.host.as_str(), target.port))).await;
        match found {
            Ok(Ok(found)) => Ok(found.map(|socket| socket.ip().to_string()).collect()),
            Ok(Err(_)) => refuse(Reason::AddressNone),
            Err(_) => refuse(Reason::Timeout),
        }
    }

    /// Sends a request. GET and HEAD follow a few redirects, each of which is judged as if it were the first.
    ///
    /// # Errors
    /// As `resolve` and `exchange`; `redirects-exceeded`.
    pub async fn request(&self, url: &str, request: SafeRequest) -> Result<SafeAnswer, Refused> {
        let SafeRequest { method, mut headers, body } = request;
        let mut current = url.to_owned();
        for followed in 0.. {
            let (target, address) = self.resolve(&current).await?;
            let mut outgoing =
                ExchangeRequest { headers: headers.clone(), body: body.clone(), ..ExchangeRequest::new(method.clone(), &current) };
            outgoing.timeout = self.options.timeout.unwrap_or(outgoing.timeout);
            outgoing.max_bytes = self.options.max_bytes.unwrap_or(outgoing.max_bytes);
            let answer = (self.send)(outgoing, address).await?;
            let location = answer
                .header("location")
                .filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308) && (method == Method::GET || method == Method::HEAD));
            let Some(location) = location else { return Ok(SafeAnswer { url: current, answer }) };
            if followed >= limits::REDIRECTS {
                return refuse(Reason::RedirectsExceeded);
            }
            let next = resolve_reference(location, &target)?;
            if origin_text(&next) != origin_text(&current) {
                for name in CREDENTIALS {
                    headers.remove(*name);
                }
            }
            current = next;
        }
        refuse(Reason::RedirectsExceeded)
    }
}

/// A Location header: absolute, or a path on the same origin. Nothing else is guessed.
fn resolve_reference(location: &str, from: &Target) -> Result<String, Refused> {
    let scheme = location.split_once("://").map_or("", |(scheme, _)| scheme);
    if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    {
        return Ok(location.to_owned());
    }
    if !location.starts_with('/') || location.starts_with("//") {
        return refuse(Reason::UrlMalformed);
    }
    let port = if default_port(&from.scheme) == Some(from.port) { String::new() } else { format!(":{}", from.port) };
    let host =
        if parse_address(&from.host).is_some_and(|address| address.is_ipv6()) { format!("[{}]", from.host) } else { from.host.clone() };
    Ok(format!("{}://{host}{port}{location}", from.scheme))
}

/// Scheme and authority, in lower case.
fn origin_text(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{authority}").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use http::HeaderValue;

    use super::*;

    const GOOD: &str = "93.184.215.14";
    const NAMES: &[(&str, &[&str])] = &[
        ("good.example.com", &[GOOD]),
        ("other.example.com", &[GOOD]),
        ("rebinds.example.com", &[GOOD, "127.0.0.1"]),
        ("inside.example.com", &["10.0.0.7"]),
        ("mapped.example.com", &["::ffff:169.254.169.254"]),
        ("metadata.example.com", &["169.254.169.254"]),
        ("nowhere.example.com", &[]),
    ];

    type Calls = Arc<Mutex<Vec<(ExchangeRequest, IpAddr)>>>;

    /// A client whose names and answers are ours; `locations` are where the first answers lead.
    fn client(locations: &'static [&str]) -> (SafeHttp, Calls) {
        let resolve: Resolve = Arc::new(|host| {
            let found = NAMES.iter().find(|(name, _)| *name == host).map_or(&[][..], |(_, found)| found);
            Box::pin(async move { Ok(found.iter().map(|address| (*address).to_owned()).collect()) })
        });
        let calls = Calls::default();
        let noted = Arc::clone(&calls);
        let mut http = SafeHttp::new(SafeHttpOptions { resolve: Some(resolve), ..SafeHttpOptions::default() });
        http.send = Arc::new(move |request, address| {
            let mut noted = noted.lock().unwrap();
            let mut answer = RawAnswer { status: 200, headers: HeaderMap::new(), body: b"ok".to_vec() };
            if let Some(location) = locations.get(noted.len()) {
                answer.status = 307;
                answer.headers.insert("location", HeaderValue::from_static(location));
            }
            noted.push((request, address));
            Box::pin(async { Ok(answer) })
        });
        (http, calls)
    }

    async fn reason(http: &SafeHttp, url: &str) -> &'static str {
        http.request(url, SafeRequest::default()).await.map_or_else(|refused| refused.reason.code(), |_| "answered")
    }

    #[tokio::test]
    async fn connects_to_the_address_that_was_judged() {
        let (http, calls) = client(&[]);
        assert_eq!(reason(&http, "https://good.example.com/a").await, "answered");
        assert_eq!(calls.lock().unwrap()[0].1.to_string(), GOOD);
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_refused_before_a_connection() {
        for (host, expected) in [
            ("rebinds", "address-not-public"),
            ("inside", "address-not-public"),
            ("mapped", "address-not-public"),
            ("metadata", "address-not-public"),
            ("nowhere", "address-none"),
        ] {
            let (http, calls) = client(&[]);
            assert_eq!(reason(&http, &format!("https://{host}.example.com/")).await, expected, "{host}");
            assert!(calls.lock().unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn every_redirect_is_judged_anew() {
        const CASES: &[(&[&str], &str)] = &[
            (&["https://127.0.0.1/"], "address-not-public"),
            (&["https://inside.example.com/"], "address-not-public"),
            (&["http://good.example.com/"], "url-scheme"),
            (&["https://user@good.example.com/"], "url-userinfo"),
            (&["https://2130706433/"], "host-malformed"),
            (&["//inside.example.com/"], "url-malformed"),
            (&["file:///etc/passwd"], "url-malformed"),
            (&["https://good.example.com:22/"], "url-port"),
            (&["relative"], "url-malformed"),
            (&["/a", "/b", "/c", "/d", "/e"], "redirects-exceeded"),
            (&["/a", "/b", "/c"], "answered"),
        ];
        for (locations, expected) in CASES {
            assert_eq!(reason(&client(locations).0, "https://good.example.com/").await, *expected, "{locations:?}");
        }
    }

    #[tokio::test]
    async fn credentials_stay_with_their_origin() {
        let (http, calls) = client(&["https://other.example.com/"]);
        let headers = HeaderMap::from_iter(
            [("authorization", "x"), ("accept", "y")]
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value))),
        );
        http.request("https://good.example.com/", SafeRequest { headers, ..SafeRequest::default() }).await.unwrap();
        let calls = calls.lock().unwrap();
        assert!(calls[0].0.headers.contains_key("authorization"));
        assert!(!calls[1].0.headers.contains_key("authorization") && calls[1].0.headers.contains_key("accept"));
    }

    #[tokio::test]
    async fn a_request_that_changes_something_follows_nothing() {
        let (http, _) = client(&["https://127.0.0.1/"]);
        let answer =
            http.request("https://good.example.com/", SafeRequest { method: Method::POST, ..SafeRequest::default() }).await.unwrap();
        assert_eq!(answer.answer.status, 307);
    }

    #[tokio::test]
    async fn a_thousand_public_names_are_not_refused() {
        let names = std::fs::read_to_string(std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/../../../vectors/public-names.txt").unwrap();
        let resolve: Resolve =
            Arc::new(|_| Box::pin(async { Ok(vec![GOOD.to_owned(), "2606:2800:21f:cb07:6820:80da:af6b:8b2c".to_owned()]) }));
        let http = SafeHttp::new(SafeHttpOptions { resolve: Some(resolve), ..SafeHttpOptions::default() });
        assert_eq!(names.lines().count(), 1000);
        for name in names.lines() {
            assert!(http.resolve(&format!("https://{name}/")).await.is_ok(), "{name}");
        }
    }

    #[tokio::test]
    async fn the_real_connection_is_guarded() {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = server.local_addr().unwrap().port();
        let http = SafeHttp::new(SafeHttpOptions { ports: vec![port], ..SafeHttpOptions::default() });
        assert_eq!(reason(&http, &format!("https://127.0.0.1:{port}/")).await, "address-not-public");
        assert_eq!(reason(&http, &format!("https://localhost:{port}/")).await, "host-not-public");
    }

    #[tokio::test]
    async fn an_answer_has_limits() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", server.local_addr().unwrap());
        tokio::spawn(async move {
            for head in ["content-length: 9\r\n\r\n123456789", "content-length: 5\r\n\r\n12345", "content-length: 9\r\n\r\n1", ""] {
                let (mut socket, _) = server.accept().await.unwrap();
                let mut heard = [0; 1000];
                let _ = socket.read(&mut heard).await;
                if head.is_empty() {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
                let _ = socket.write_all(format!("HTTP/1.1 200 OK\r\n{head}").as_bytes()).await;
            }
        });
        let request = ExchangeRequest { max_bytes: 5, timeout: Duration::from_millis(500), ..ExchangeRequest::new(Method::GET, &url) };
        let mut said = Vec::new();
        for _ in 0..4 {
            said.push(exchange(&request, None).await.map_or_else(|refused| refused.reason.code(), |_| "answered"));
        }
        assert_eq!(said, ["body-too-large", "answered", "unreachable", "timeout"]);
    }
}
