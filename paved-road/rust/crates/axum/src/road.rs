//! What holds for every request and response: headers, guard, sign-in, the metadata of an API.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use bartizan_paved_auth::{Api, Auth};
use bartizan_paved_spec::{headers, limits};
use bartizan_paved_web_guard::{Guard, GuardOptions, ResponseClass, WebRequest, WebResponse, new_nonce, security_headers};
use http::{HeaderName, HeaderValue, header};
use http_body_util::{BodyExt as _, Limited};

use crate::answer::send;
use crate::extract::{ClientCertificate, Nonce, Problem};
use crate::state::{NoApi, NoAuth, Paved, WithApi, WithAuth};

/// Begins a service where people sign in. It takes `auth`: who is signed in is asked behind the guard alone.
#[must_use]
pub fn paved(auth: Auth) -> Road<NoApi, WithAuth> {
    let auth = Arc::new(auth);
    let (https, guarded) = (auth.is_https(), Arc::clone(&auth));
    let state = Paved { auth: WithAuth(Arc::clone(&auth)), api: NoApi(()) };
    Road {
        state,
        auth: Some(auth),
        api: None,
        https,
        options: GuardOptions::default(),
        guard: Box::new(move |options| guarded.guard(options)),
    }
}

/// Begins a service that is an API, where nobody signs in.
#[must_use]
pub fn protected(api: Api) -> Road<WithApi, NoAuth> {
    let api = Arc::new(api);
    let (https, guarded) = (api.is_https(), Arc::clone(&api));
    let state = Paved { auth: NoAuth(()), api: WithApi(Arc::clone(&api)) };
    Road {
        state,
        auth: None,
        api: Some(api),
        https,
        options: GuardOptions::default(),
        guard: Box::new(move |options| guarded.guard(options)),
    }
}

/// A service in the making: `A` says whether there is an API, `U` whether people sign in.
pub struct Road<A, U> {
    state: Paved<A, U>,
    auth: Option<Arc<Auth>>,
    api: Option<Arc<Api>>,
    https: bool,
    options: GuardOptions,
    guard: Box<dyn FnOnce(GuardOptions) -> Guard>,
}

impl Road<NoApi, WithAuth> {
    /// Adds an API: handlers can ask for a `Caller`, and its metadata is published.
    #[must_use]
    pub fn api(self, api: Api) -> Road<WithApi, WithAuth> {
        let Self { state, auth, https, options, guard, .. } = self;
        let api = Arc::new(api);
        Road { state: Paved { auth: state.auth, api: WithApi(Arc::clone(&api)) }, auth, api: Some(api), https, options, guard }
    }
}

impl<A: Clone + Send + Sync + 'static, U: Clone + Send + Sync + 'static> Road<A, U> {
    /// Chooses what a guard may be told: other hosts, sizes, rates.
    #[must_use]
    pub fn guard(mut self, options: GuardOptions) -> Self {
        self.options = options;
        self
    }

    /// Puts routes behind the guard.
    pub fn routes(self, routes: Router<Paved<A, U>>) -> Router {
        self.routes_with(|paved| routes.with_state(paved))
    }

    /// As `routes`, where the state of the routes is your own: it has what `make` is given inside.
    pub fn routes_with(self, make: impl FnOnce(Paved<A, U>) -> Router) -> Router {
        let Self { state, auth, api, https, options, guard } = self;
        let guard = guard(options);
        let max = guard.max_body_bytes();
        make(state).layer(DefaultBodyLimit::max(max)).layer(from_fn_with_state(Arc::new(Shared { auth, api, guard, https }), step))
    }
}

struct Shared {
    auth: Option<Arc<Auth>>,
    api: Option<Arc<Api>>,
    guard: Guard,
    https: bool,
}

async fn step(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (web, guard) = (web_request(&request), &shared.guard);
    match guard.check(&web) {
        Ok(None) => {}
        Ok(Some(answer)) => {
            drain(request.into_body(), guard.max_body_bytes()).await;
            return send(Ok(answer));
        }
        Err(refused) => return send(Err(refused)),
    }
    if let Some(answer) = shared.api.as_ref().and_then(|api| api.handle(&web).transpose()) {
        return send(answer);
    }
    let (request, answer) = shared.sign_in(&web, request).await;
    let answer = match answer {
        Some(answer) => return answer,
        None => shared.serve(web, request, next).await,
    };
    answer.unwrap_or_else(|| send(WebResponse::text(503, "Not available.\n", shared.https)))
}

impl Shared {
    /// Answers what belongs to sign-in.
    async fn sign_in(&self, web: &WebRequest, request: Request) -> (Request, Option<Response>) {
        let Some(auth) = &self.auth else { return (request, None) };
        let (parts, body) = request.into_parts();
        let (body, bytes) =
            if auth.wants_body(web) { (Body::empty(), read_some(body, limits::QUERY_BYTES).await) } else { (body, Vec::new()) };
        let answer = match auth.handle(web.clone(), bytes).await {
            Ok(answer) => answer.map(|answer| send(Ok(answer))),
            Err(failure) => Some(Problem::new(failure, self.https).into()),
        };
        (Request::from_parts(parts, body), answer)
    }

    /// Runs a handler, and gives its response the headers of its class.
    async fn serve(&self, web: WebRequest, request: Request, next: Next) -> Option<Response> {
        let nonce = new_nonce().ok()?;
        let dpop_nonce = self.api.as_ref().filter(|_| web.headers.contains_key("dpop")).and_then(|api| api.nonce());
        // A body whose length was not said is limited, too.
        let mut request = request.map(|body| Body::new(Limited::new(body, self.guard.max_body_bytes())));
        request.extensions_mut().insert(Nonce(nonce.clone().into()));
        request.extensions_mut().insert(Arc::new(web));
        let mut response = next.run(request).await;
        let class = response.extensions().get::<ResponseClass>().copied().unwrap_or(ResponseClass::Page);
        let set = security_headers(class, self.https, &nonce).ok()?;
        for name in headers::REMOVED {
            response.headers_mut().remove(*name);
        }
        let set = set.into_iter().chain(dpop_nonce.map(|nonce| ("dpop-nonce", nonce)));
        for (name, value) in set.filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))) {
            // What a handler has said of itself stays, as in the libraries for other languages.
            response.headers_mut().entry(name).or_insert(value);
        }
        Some(response)
    }
}

/// A request without its body.
fn web_request(request: &Request) -> WebRequest {
    let uri = request.uri();
    let mut headers = request.headers().clone();
    // In HTTP/2 the host is no header.
    if let (None, Some(Ok(host))) = (headers.get(header::HOST), uri.authority().map(|authority| HeaderValue::from_str(authority.as_str())))
    {
        headers.insert(header::HOST, host);
    }
    WebRequest {
        method: request.method().clone(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        certificate: request.extensions().get::<ClientCertificate>().map(|certificate| certificate.thumbprint().to_owned()),
    }
}

/// Reads a body until it has more than `limit` bytes.
async fn read_some(mut body: Body, limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > limit {
            drain(body, limits::REQUEST_BODY_BYTES).await;
            break;
        }
    }
    bytes
}

/// Throws away what is left of a body, up to a few times of what is allowed: who is cut off while it still writes does not hear why.
async fn drain(mut body: Body, max_bytes: usize) {
    let mut left = max_bytes.saturating_mul(2);
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, axum::body::Bytes::len));
        if left == 0 {
            break;
        }
    }
}
