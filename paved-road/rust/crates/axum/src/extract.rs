//! What handlers ask for. Each fails closed.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use bartizan_paved_auth::{Access, Auth, Failure, SignInRequest, User};
use bartizan_paved_safe_input::LocalPath;
use bartizan_paved_spec::{Fault, Reason};
use bartizan_paved_web_guard::{WebRequest, WebResponse};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::answer::send;
use crate::state::{HasApi, HasAuth};

/// Why something could not be done, as an answer: 401 if nobody is signed in, else 503. The browser learns no more.
#[derive(Debug)]
pub struct Problem {
    failure: Failure,
    https: bool,
}

impl Problem {
    pub(crate) const fn new(failure: Failure, https: bool) -> Self {
        Self { failure, https }
    }

    /// What it was, for the service itself.
    #[must_use]
    pub const fn failure(&self) -> &Failure {
        &self.failure
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let is_browsers = problem.failure.reason().is_some_and(|reason| reason.fault() == Fault::Browser);
        let (status, text) = if is_browsers { (401, "Not signed in.\n") } else { (503, "Not available.\n") };
        send(WebResponse::text(status, text, problem.https))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into()
    }
}

/// The request as `paved` has seen it.
#[expect(clippy::result_large_err, reason = "extractors refuse with a response, and this is a part of theirs")]
fn seen(parts: &Parts) -> Result<Arc<WebRequest>, Response> {
    parts.extensions.get::<Arc<WebRequest>>().cloned().ok_or_else(|| send(WebResponse::text(503, "Not available.\n", true)))
}

/// Who is signed in. Others: a page begins a sign-in, anything else is refused. `Option<SignedIn>` lets in everybody.
#[derive(Clone, Debug)]
pub struct SignedIn(User);

impl Deref for SignedIn {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl<S: HasAuth> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let (web, auth) = (seen(parts)?, state.auth());
        match auth.session(&web).await {
            Ok(Some(user)) => Ok(Self(user)),
            Ok(None) => Err(ask_to_sign_in(auth, &web).await),
            Err(failure) => Err(Problem::new(failure, auth.is_https()).into()),
        }
    }
}

impl<S: HasAuth> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Response> {
        let web = seen(parts)?;
        let found = state.auth().session(&web).await;
        found.map(|user| user.map(Self)).map_err(|failure| Problem::new(failure, state.auth().is_https()).into())
    }
}

async fn ask_to_sign_in(auth: &Auth, web: &WebRequest) -> Response {
    let is_page = web.method == Method::GET && web.header("sec-fetch-mode").first().is_some_and(|mode| mode == "navigate");
    if !is_page {
        return send(WebResponse::text(401, "Not signed in.\n", auth.is_https()));
    }
    let here = if web.query.is_empty() { web.path.clone() } else { format!("{}?{}", web.path, web.query) };
    let asked = SignInRequest { next: Some(LocalPath::parse_or_root(Some(&here))), ..SignInRequest::default() };
    match auth.begin(web.clone(), asked).await {
        Ok(answer) => send(Ok(answer)),
        Err(failure) => Problem::new(failure, auth.is_https()).into(),
    }
}

/// What can be done with the session of a request.
#[derive(Clone)]
pub struct Session {
    auth: Arc<Auth>,
    request: Arc<WebRequest>,
}

impl<S: HasAuth> FromRequestParts<S> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Ok(Self { auth: Arc::clone(state.auth()), request: seen(parts)? })
    }
}

impl Session {
    fn problem(&self, failure: impl Into<Failure>) -> Problem {
        Problem::new(failure.into(), self.auth.is_https())
    }

    /// Uses the refresh token now. `None` if nobody is signed in, or not any more.
    ///
    /// # Errors
    /// The provider or the store could not be asked.
    pub async fn refresh(&self) -> Result<Option<User>, Problem> {
        self.auth.refresh(&self.request).await.map_err(|failure| self.problem(failure))
    }

    /// Headers for a request to an API on behalf of who is signed in; refreshes the access token if it must.
    ///
    /// # Errors
    /// Nobody is signed in, or the token could not be renewed.
    pub async fn authorize(&self, method: &Method, url: &str) -> Result<HeaderMap, Problem> {
        let found = self.auth.authorize(&self.request, method, url).await.map_err(|failure| self.problem(failure))?;
        let mut headers = HeaderMap::new();
        for (name, secret) in found {
            let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| self.problem(Reason::AccessTokenMalformed))?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }

    /// Gives the session a new id: after a change of privileges. The answer is to carry the headers.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub async fn rotate(&self) -> Result<HeaderMap, Problem> {
        let cookie = self.auth.rotate(&self.request).await.map_err(|failure| self.problem(failure))?;
        let value = HeaderValue::from_str(&cookie).map_err(|_| self.problem(Reason::ConfigurationInvalid))?;
        Ok(HeaderMap::from_iter([(http::header::SET_COOKIE, value)]))
    }

    /// Begins a stronger sign-in: the answer leads to the provider.
    ///
    /// # Errors
    /// The provider or the store could not be asked.
    pub async fn step_up(&self, asked: SignInRequest) -> Result<Response, Problem> {
        let begun = self.auth.begin((*self.request).clone(), asked).await;
        begun.map(|answer| send(Ok(answer))).map_err(|failure| self.problem(failure))
    }
}

/// Scopes as a type: what a handler demands stands in its signature. `scopes!` makes them.
pub trait Scopes {
    /// All of them are demanded.
    const ALL: &'static [&'static str];
}

/// Makes types that name scopes.
///
/// ```
/// use bartizan_paved_axum::{Caller, scopes};
///
/// scopes! {
///     /// Reads orders.
///     pub Read = ["read"];
///     pub Administer = ["read", "write"];
/// }
///
/// async fn orders(caller: Caller<Read>) -> String {
///     caller.subject.clone()
/// }
/// ```
#[macro_export]
macro_rules! scopes {
    ($($(#[$meta:meta])* $visibility:vis $name:ident = [$($scope:literal),+ $(,)?];)+) => {
        $(
            $(#[$meta])*
            $visibility enum $name {}

            impl $crate::Scopes for $name {
                const ALL: &'static [&'static str] = &[$($scope),+];
            }
        )+
    };
}

/// Who calls an API, with a token that grants `S`.
#[derive(Clone, Debug)]
pub struct Caller<S: Scopes> {
    access: Access,
    scopes: PhantomData<fn() -> S>,
}

impl<S: Scopes> Deref for Caller<S> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<S: Scopes, St: HasApi> FromRequestParts<St> for Caller<S> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &St) -> Result<Self, Response> {
        let (web, api) = (seen(parts)?, state.api());
        match api.check(&web, S::ALL).await {
            Ok(access) => Ok(Self { access, scopes: PhantomData }),
            Err(Failure::Refused(refused)) => Err(send(api.refusal(&refused, S::ALL))),
            Err(failure) => Err(Problem::new(failure, api.is_https()).into()),
        }
    }
}

/// What scripts and styles of this page carry, so that the browser runs them.
#[derive(Clone, Debug)]
pub struct Nonce(pub(crate) Arc<str>);

impl Nonce {
    /// The nonce: base64url.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Nonce {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| send(WebResponse::text(503, "Not available.\n", true)))
    }
}

/// The certificate of the client, as the server that speaks TLS has checked it: put it into the extensions of the request. A header of a
/// proxy is no certificate.
#[derive(Clone, Debug)]
pub struct ClientCertificate(Arc<str>);

impl ClientCertificate {
    /// A certificate in DER.
    #[must_use]
    pub fn of_der(der: &[u8]) -> Self {
        Self(bartizan_paved_auth::certificate_thumbprint(der).into())
    }

    pub(crate) fn thumbprint(&self) -> &str {
        &self.0
    }
}
