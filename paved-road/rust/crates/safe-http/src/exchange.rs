//! One request, one answer: bounded in size and time, no redirect followed. All calls to providers go through here.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bartizan_paved_spec::{ParsedUrl, Reason, Refused, default_port, limits, parse_url, refuse, refuse_with};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

/// A request.
#[derive(Clone)]
pub struct ExchangeRequest {
    /// An absolute URL, http or https.
    pub url: String,
    /// The method.
    pub method: Method,
    /// Headers besides Host and Content-Length.
    pub headers: HeaderMap,
    /// The body; may be empty.
    pub body: Vec<u8>,
    /// How long everything together may take.
    pub timeout: Duration,
    /// How large the answer's body may be.
    pub max_bytes: usize,
}

impl ExchangeRequest {
    /// A request without headers and body, within the limits of the specification.
    #[must_use]
    pub fn new(method: Method, url: &str) -> Self {
        let timeout = Duration::from_millis(u64::try_from(limits::RESPONSE_MS).unwrap_or(u64::MAX));
        Self { url: url.into(), method, headers: HeaderMap::new(), body: Vec::new(), timeout, max_bytes: limits::RESPONSE_BYTES }
    }

    /// Adds a header, in the place of one that was there.
    ///
    /// # Errors
    /// `configuration-invalid` for a value that can't stand in a header.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Result<Self, Refused> {
        let Ok(mut value) = HeaderValue::from_str(value) else {
            return refuse_with(Reason::ConfigurationInvalid, format!("header {name}"));
        };
        // Nothing that prints headers prints this one: tokens and proofs stand here.
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// The status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl RawAnswer {
    /// The first value of a header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Sends a request and reads the whole answer. With `address`, connects there, whatever the host is called.
///
/// # Errors
/// `timeout`, `unreachable`, `body-too-large`, `url-malformed`.
pub async fn exchange(request: &ExchangeRequest, address: Option<IpAddr>) -> Result<RawAnswer, Refused> {
    // One clock for everything: connecting, waiting, reading. A trickle of bytes does not extend it.
    tokio::time::timeout(request.timeout, run(request, address)).await.unwrap_or_else(|_| refuse(Reason::Timeout))
}

async fn run(request: &ExchangeRequest, address: Option<IpAddr>) -> Result<RawAnswer, Refused> {
    let url = parse_url(&request.url).ok_or(Reason::UrlMalformed)?;
    let port = url.port.or_else(|| default_port(&url.scheme)).ok_or(Reason::UrlMalformed)?;
    let socket = match address {
        Some(address) => TcpStream::connect((address, port)).await,
        None => TcpStream::connect((url.host.as_str(), port)).await,
    };
    let socket = socket.or_else(|error| refuse_with(Reason::Unreachable, error.kind().to_string()))?;
    let outgoing = outgoing(request, &url)?;
    if url.scheme == "https" {
        let name = ServerName::try_from(url.host.clone()).or_else(|_| refuse(Reason::UrlMalformed))?;
        let connector = TlsConnector::from(TLS.clone().ok_or(Reason::Unreachable)?);
        let stream = connector.connect(name, socket).await.or_else(|error| refuse_with(Reason::Unreachable, error.kind().to_string()))?;
        return talk(stream, outgoing, request.max_bytes).await;
    }
    talk(socket, outgoing, request.max_bytes).await
}

fn outgoing(request: &ExchangeRequest, url: &ParsedUrl) -> Result<Request<Full<Bytes>>, Refused> {
    let path = if url.path.is_empty() { "/" } else { url.path.as_str() };
    let host = url.origin();
    let (_, host) = host.split_once("://").unwrap_or_default();
    let mut outgoing = Request::builder().method(&request.method).uri(format!("{path}{}", url.query)).header(header::HOST, host);
    if let Some(headers) = outgoing.headers_mut() {
        headers.insert(header::USER_AGENT, HeaderValue::from_static("bartizan-paved-road"));
        // Compressed answers are not asked for: their size can't be told beforehand.
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        for (name, value) in &request.headers {
            headers.insert(name, value.clone());
        }
    }
    outgoing.body(Full::new(request.body.clone().into())).or_else(|_| refuse(Reason::UrlMalformed))
}

async fn talk<S>(stream: S, outgoing: Request<Full<Bytes>>, max_bytes: usize) -> Result<RawAnswer, Refused>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(limits::RESPONSE_HEADER_BYTES);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.or_else(|_| refuse(Reason::Unreachable))?;
    let _driver = Driver(tokio::spawn(async move { drop(connection.await) }));
    let answer = sender.send_request(outgoing).await.or_else(|_| refuse(Reason::Unreachable))?;
    let (parts, body) = answer.into_parts();
    Ok(RawAnswer { status: parts.status.as_u16(), headers: parts.headers, body: read(body, max_bytes).await? })
}

async fn read(mut body: Incoming, max_bytes: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.or_else(|_| refuse(Reason::Unreachable))?.into_data() else { continue };
        if bytes.len() + data.len() > max_bytes {
            return refuse(Reason::BodyTooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Ends a connection with the exchange that it is for.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// TLS 1.2 and 1.3 with the certificates that the system trusts. Without any, no connection is made.
static TLS: LazyLock<Option<Arc<rustls::ClientConfig>>> = LazyLock::new(|| {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
});
