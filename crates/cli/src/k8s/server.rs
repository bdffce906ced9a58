//! The HTTPS server that the API server of a cluster asks.
//!
//! Everything that a client sizes has a limit: connections, the time of a handshake and of headers, the body, the time of a decision.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{Request, Response, StatusCode, header},
    routing::{get, post},
};
use bartizan_iac::admission::{Admission, Decision, Review};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{AuditLog, CertificateFiles, Namespaces};
use crate::{
    failure::{Failure, Failures, Outcome},
    output::print_error,
};

/// So many connections are open at once.
const MAX_CONNECTIONS: usize = 512;
/// So many objects are judged at once; others wait, within their time.
const MAX_JUDGED: usize = 32;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// So long open requests may take when the server ends.
const GRACE: Duration = Duration::from_secs(10);
/// So often the files of the certificate are looked at.
const RELOAD_EVERY: Duration = Duration::from_secs(2);
/// As deep as objects go, threads have room for.
const STACK_BYTES: usize = 16 << 20;

/// What the server is made of.
pub(crate) struct Server {
    pub(crate) admission: Admission,
    pub(crate) certificate: Arc<CertificateFiles>,
    pub(crate) log: AuditLog,
    pub(crate) namespaces: Option<Namespaces>,
    /// Whether objects get safe values, too.
    pub(crate) mutates: bool,
    /// The largest question, in bytes.
    pub(crate) max_body_bytes: usize,
    /// The longest decision.
    pub(crate) deadline: Duration,
}

struct Shared {
    server: Server,
    judged: Semaphore,
    is_ending: AtomicBool,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Ask {
    Validate,
    Mutate,
}

/// Serves until the process is told to end.
pub(crate) fn serve(server: Server, address: SocketAddr) -> Outcome<()> {
    let failed = |what: &str, error: &dyn std::fmt::Display| Failure::bad_input("server", format!("{what}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(MAX_JUDGED * 2)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .map_err(|error| failed("threads can't be started", &error))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|error| failed(&format!("can't listen on {address}"), &error))?;
        let bound = listener.local_addr().unwrap_or(address);
        print_error(&format!("bartizan: listening on https://{bound}\n"));
        let tls = acceptor(&server.certificate).map_err(|error| failed("TLS can't be set up", &error))?;
        let shared = Arc::new(Shared { server, judged: Semaphore::new(MAX_JUDGED), is_ending: AtomicBool::new(false) });
        tokio::spawn(reload(Arc::clone(&shared)));
        accept(&listener, tls, shared).await;
        Ok::<(), Failures>(())
    })
}

fn acceptor(certificate: &Arc<CertificateFiles>) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let resolver: Arc<dyn rustls::server::ResolvesServerCert> = Arc::<CertificateFiles>::clone(certificate);
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn reload(shared: Arc<Shared>) {
    let mut complained = String::new();
    loop {
        tokio::time::sleep(RELOAD_EVERY).await;
        match shared.server.certificate.reload() {
            Ok(true) => print_error("bartizan: the certificate was read again\n"),
            Ok(false) => complained.clear(),
            Err(why) if why != complained => {
                print_error(&format!("bartizan: the certificate is kept as it was: {why}\n"));
                complained = why;
            }
            Err(_) => {}
        }
    }
}

async fn accept(listener: &TcpListener, tls: TlsAcceptor, shared: Arc<Shared>) {
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let service = TowerToHyperService::new(routes(Arc::clone(&shared)));
    let mut end = std::pin::pin!(told_to_end());
    loop {
        let accepted = tokio::select! {
            accepted = next(listener, &places) => accepted,
            () = &mut end => break,
        };
        let Some((socket, place)) = accepted else {
            // Too many open files, most likely: some will be closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        tokio::spawn(connection(socket, tls.clone(), service.clone(), open.watcher(), place));
    }
    shared.is_ending.store(true, Ordering::Relaxed);
    let _ = timeout(GRACE, open.shutdown()).await;
}

/// The next connection, when there is a place for one.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    listener.accept().await.ok().map(|(socket, _)| (socket, place))
}

async fn connection(
    socket: TcpStream,
    tls: TlsAcceptor,
    service: TowerToHyperService<Router>,
    watcher: hyper_util::server::graceful::Watcher,
    _place: OwnedSemaphorePermit,
) {
    let _ = socket.set_nodelay(true);
    let Ok(Ok(stream)) = timeout(HANDSHAKE_TIMEOUT, tls.accept(socket)).await else { return };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    // Whoever breaks off gets no answer, and that is all.
    let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn routes(shared: Arc<Shared>) -> Router {
    let healthy = || async { plain(StatusCode::OK, "ok\n") };
    let mut router = Router::new()
        .route("/healthz", get(healthy))
        .route("/readyz", get(ready))
        .route("/validate", post(|State(shared): State<Arc<Shared>>, request: Request<Body>| answer(shared, request, Ask::Validate)));
    if shared.server.mutates {
        router =
            router.route("/mutate", post(|State(shared): State<Arc<Shared>>, request: Request<Body>| answer(shared, request, Ask::Mutate)));
    }
    router.with_state(shared)
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response<Body> {
    if shared.is_ending.load(Ordering::Relaxed) {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    if shared.server.log.is_broken() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "decisions can't be written down\n");
    }
    plain(StatusCode::OK, "ok\n")
}

/// Decides about an object. What is no question gets an error, so that the webhook's own failure policy holds.
async fn answer(shared: Arc<Shared>, request: Request<Body>, ask: Ask) -> Response<Body> {
    let start = Instant::now();
    let Ok(Ok(body)) = timeout(shared.server.deadline, to_bytes(request.into_body(), shared.server.max_body_bytes)).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "the question is too large, or takes too long\n");
    };
    let review = match Review::parse(&body) {
        Ok(review) => Arc::new(review),
        Err(error) => return plain(StatusCode::BAD_REQUEST, format!("{error}\n")),
    };
    let left = shared.server.deadline.saturating_sub(start.elapsed());
    let decision = match timeout(left, decided(Arc::clone(&shared), Arc::clone(&review), ask)).await {
        Ok(Some(decision)) => decision,
        Ok(None) => shared.server.admission.failed(&review, "the program failed; please report it"),
        Err(_) => shared.server.admission.failed(&review, "it took too long"),
    };
    shared.server.log.write(&decision.event, start.elapsed());
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json").body(Body::from(decision.answer.to_string()));
    response.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "no answer\n"))
}

/// The decision; nothing if the program failed.
async fn decided(shared: Arc<Shared>, review: Arc<Review>, ask: Ask) -> Option<Decision> {
    let _turn = shared.judged.acquire().await.ok()?;
    let shared = Arc::clone(&shared);
    let judged = tokio::task::spawn_blocking(move || {
        let server = &shared.server;
        let namespace = server.namespaces.as_ref().and_then(|namespaces| namespaces.get(review.namespace()));
        match ask {
            Ask::Validate => server.admission.validate(&review, namespace.as_deref()),
            Ask::Mutate => server.admission.mutate(&review, namespace.as_deref()),
        }
    });
    judged.await.ok()
}

fn plain(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response
}
