//! Sign-in (OAuth 2.1 and OpenID Connect), sessions and sign-out of a service. Tokens never reach the browser.

mod attempt;
mod builder;
mod refresh;
mod sign_in;
mod sign_out;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind};
use bartizan_paved_safe_input::LocalPath;
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, cookies, random_text, refuse_with};
use bartizan_paved_web_guard::{Guard, GuardOptions, WebRequest, WebResponse, read_cookie, write_cookie};
use http::Method;

pub use builder::{AuthBuilder, HasProvider, Nothing};

use crate::Failure;
use crate::api::{Api, ApiOptions};
use crate::danger::{Clock, Dangerous};
use crate::provider::SignInOptions;
use crate::provider_client::ProviderClient;
use crate::session_life::SessionLimits;
use crate::sessions::{SessionRecord, Sessions};

/// Where sign-in lives.
#[derive(Clone, Debug)]
pub struct Paths {
    /// Begins a sign-in.
    pub sign_in: LocalPath,
    /// Where browsers come back to.
    pub callback: LocalPath,
    /// Ends a session.
    pub sign_out: LocalPath,
    /// Where providers end sessions.
    pub back_channel_logout: LocalPath,
}

impl Default for Paths {
    fn default() -> Self {
        let path = |text| LocalPath::parse_or_root(Some(text));
        Self {
            sign_in: path("/login"),
            callback: path("/callback"),
            sign_out: path("/logout"),
            back_channel_logout: path("/backchannel-logout"),
        }
    }
}

/// Who is signed in. Identity is issuer and subject together; never an e-mail address.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct User {
    /// The provider.
    pub issuer: String,
    /// The user, at that provider.
    pub subject: String,
    /// What was granted.
    pub scopes: Vec<String>,
    /// What the userinfo endpoint said.
    pub claims: JsonObject,
    /// When the user authenticated, in seconds since 1970.
    pub auth_time: Option<f64>,
    /// How strongly.
    pub acr: Option<String>,
}

/// What a sign-in may ask for.
#[derive(Clone, Debug, Default)]
pub struct SignInRequest {
    /// Where to go afterwards.
    pub next: Option<LocalPath>,
    /// Which provider, where there are several.
    pub provider: Option<String>,
    /// How long ago the user may have authenticated, in seconds.
    pub max_age: Option<u64>,
    /// How strongly.
    pub acr_values: Option<Vec<String>>,
    /// `login`, `consent`, …
    pub prompt: Option<String>,
}

/// Sign-in, sessions and sign-out. What it needs has no default: public URL, a provider, sessions.
///
/// ```
/// use bartizan_paved_auth::{Auth, Provider, PublicClient, Sessions};
///
/// let auth = Auth::at("https://orders.example.org")
///     .provider(Provider::new("https://id.example.org", "orders", PublicClient))
///     .sessions(Sessions::in_memory()?)
///     .build()?;
/// # Ok::<(), bartizan_paved_spec::Refused>(())
/// ```
///
/// Without a provider there is nothing to build:
///
/// ```compile_fail
/// use bartizan_paved_auth::{Auth, Sessions};
/// let auth = Auth::at("https://orders.example.org").sessions(Sessions::in_memory().unwrap()).build();
/// ```
///
/// Nor without sessions:
///
/// ```compile_fail
/// use bartizan_paved_auth::{Auth, Provider, PublicClient};
/// let auth = Auth::at("https://orders.example.org").provider(Provider::new("https://id.example.org", "orders", PublicClient)).build();
/// ```
///
/// There is no way to leave out a check, because it has no name:
///
/// ```compile_fail
/// use bartizan_paved_auth::{Provider, PublicClient};
/// let provider = Provider::new("https://id.example.org", "orders", PublicClient).without_pkce();
/// ```
pub struct Auth {
    shared: Arc<Shared>,
}

struct Shared {
    origin: String,
    paths: Paths,
    providers: Vec<Configured>,
    sessions: Sessions,
    limits: SessionLimits,
    audit: AuditSink,
    allowed: Dangerous,
    now: Clock,
    after_sign_out: LocalPath,
    /// Refreshes under way, by the key of the session.
    refreshing: Mutex<HashMap<String, Arc<refresh::Pending>>>,
}

struct Configured {
    options: SignInOptions,
    client: ProviderClient,
}

/// What a request wants of us.
#[derive(Clone, Copy)]
enum Route {
    SignIn,
    Callback,
    SignOut,
    BackChannelLogout,
    WrongMethod,
}

impl Auth {
    /// Begins a configuration. Browsers reach this service at `public_url`: redirect URI, cookies and origin checks come from here, never
    /// from a header.
    #[must_use]
    pub fn at(public_url: &str) -> AuthBuilder<Nothing, Nothing> {
        AuthBuilder::new(public_url)
    }

    /// Where browsers reach this service.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// Whether that is by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.shared.is_https()
    }

    /// API protection that shares keys and metadata with sign-in. Tokens are those of the first provider, and must name `audience`.
    ///
    /// # Errors
    /// `configuration-invalid`.
    pub fn api(&self, audience: &str, options: ApiOptions) -> Result<Api, Refused> {
        let shared = &self.shared;
        Api::new(
            shared.provider(None)?.client.clone(),
            audience,
            shared.origin.clone(),
            options,
            Arc::clone(&shared.audit),
            &shared.allowed,
        )
    }

    /// What holds for every request and response of this service.
    #[must_use]
    pub fn guard(&self, options: GuardOptions) -> Guard {
        let exempt = vec![self.shared.paths.back_channel_logout.as_str().to_owned()];
        Guard::new(self.shared.origin.clone(), options, exempt, Arc::clone(&self.shared.audit))
    }

    /// Whether `handle` needs the body of a request.
    #[must_use]
    pub fn wants_body(&self, request: &WebRequest) -> bool {
        matches!(self.shared.route(request), Some(Route::BackChannelLogout))
    }

    /// Answers what belongs to sign-in; `None` for everything else. Once begun it goes on, also if the browser has gone.
    ///
    /// # Errors
    /// What the store says; refusals are answered.
    pub async fn handle(&self, request: WebRequest, body: Vec<u8>) -> Result<Option<WebResponse>, Failure> {
        let Some(route) = self.shared.route(&request) else { return Ok(None) };
        self.uninterrupted(move |shared| async move {
            match route {
                Route::SignIn => shared.handle_sign_in(&request).await,
                Route::Callback => shared.handle_callback(&request).await,
                Route::SignOut => shared.handle_sign_out(&request).await,
                Route::BackChannelLogout => shared.handle_back_channel_logout(&body).await,
                Route::WrongMethod => Ok(WebResponse::text(405, "Method not allowed.\n", shared.is_https())?),
            }
        })
        .await
        .map(Some)
    }

    /// Who is signed in; `None` if nobody.
    ///
    /// # Errors
    /// What the store says.
    pub async fn session(&self, request: &WebRequest) -> Result<Option<User>, Failure> {
        let Some(key) = session_key(request) else { return Ok(None) };
        Ok(self.shared.load(&key).await?.map(|record| user_of(&record)))
    }

    /// Begins a sign-in, or a stronger one.
    ///
    /// # Errors
    /// Why the provider can't be asked.
    pub async fn begin(&self, request: WebRequest, asked: SignInRequest) -> Result<WebResponse, Failure> {
        self.uninterrupted(move |shared| async move { shared.begin(&request, asked).await }).await
    }

    /// Headers for a request to an API on behalf of the user; refreshes the access token if it must.
    ///
    /// # Errors
    /// `session-…`, and why the token could not be renewed.
    pub async fn authorize(&self, request: &WebRequest, method: &Method, url: &str) -> Result<Vec<(&'static str, Secret)>, Failure> {
        let key = session_key(request).ok_or(Reason::SessionUnknown)?;
        let record = self.uninterrupted(move |shared| async move { shared.fresh_record(&key, refresh::Stale::Expiring).await }).await?;
        Ok(self.shared.provider_of(&record)?.client.proof_for(url, method.as_str(), record.dpop_key.as_ref(), &record.access_token)?)
    }

    /// Uses the refresh token now. `None` if nobody is signed in, or not any more.
    ///
    /// # Errors
    /// Why it could not be done just now.
    pub async fn refresh(&self, request: &WebRequest) -> Result<Option<User>, Failure> {
        let Some(key) = session_key(request) else { return Ok(None) };
        self.uninterrupted(move |shared| async move { shared.refresh(&key).await }).await
    }

    /// Gives the session a new id: after a change of privileges. What it gives is a Set-Cookie header.
    ///
    /// # Errors
    /// `session-unknown`.
    pub async fn rotate(&self, request: &WebRequest) -> Result<String, Failure> {
        let key = session_key(request).ok_or(Reason::SessionUnknown)?;
        self.uninterrupted(move |shared| async move {
            let record = shared.sessions.end(&key).await?.ok_or(Reason::SessionUnknown)?;
            let id = shared.sessions.begin(&record, &shared.limits).await?;
            Ok(shared.session_cookie(&id, &record)?)
        })
        .await
    }

    /// Ends all sessions of a subject: after a change of password, or when an account is closed. Gives how many.
    ///
    /// # Errors
    /// What the store says.
    pub async fn end_sessions_of(&self, issuer: &str, subject: &str) -> Result<usize, Failure> {
        self.shared.sessions.end_all(issuer, Some(subject), None).await
    }

    /// Runs `work` to its end, also if whoever waits for it has gone: a refresh token that was used up must be replaced.
    async fn uninterrupted<T, F>(&self, work: impl FnOnce(Arc<Shared>) -> F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        match tokio::spawn(work(Arc::clone(&self.shared))).await {
            Ok(done) => done,
            Err(error) => Err(Failure::Store(error.into())),
        }
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Auth({})", self.shared.origin)
    }
}

impl Shared {
    fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    fn route(&self, request: &WebRequest) -> Option<Route> {
        let Paths { sign_in, callback, sign_out, back_channel_logout } = &self.paths;
        let path = request.path.as_str();
        let is_callback = path == callback.as_str() || path.strip_prefix(callback.as_str()).is_some_and(|rest| rest.starts_with('/'));
        let is_known = [sign_in, callback, sign_out, back_channel_logout].iter().any(|known| known.as_str() == path);
        match request.method {
            Method::GET if path == sign_in.as_str() => Some(Route::SignIn),
            Method::GET if is_callback => Some(Route::Callback),
            Method::POST if path == sign_out.as_str() => Some(Route::SignOut),
            Method::POST if path == back_channel_logout.as_str() => Some(Route::BackChannelLogout),
            _ => is_known.then_some(Route::WrongMethod),
        }
    }

    /// A provider by name; the first without.
    fn provider(&self, name: Option<&str>) -> Result<&Configured, Refused> {
        let found = match name {
            None => self.providers.first(),
            Some(name) => self.providers.iter().find(|provider| provider.options.name == name),
        };
        found.map_or_else(|| refuse_with(Reason::ConfigurationInvalid, "no such provider"), Ok)
    }

    fn provider_of(&self, record: &SessionRecord) -> Result<&Configured, Refused> {
        let provider = self.provider(Some(&record.provider))?;
        if provider.client.issuer() == record.identity.issuer { Ok(provider) } else { Err(Reason::IssMismatch.into()) }
    }

    /// The session of a key; `None` if it is none any more.
    async fn load(&self, key: &str) -> Result<Option<SessionRecord>, Failure> {
        match self.sessions.load(key, (self.now)(), &self.limits).await {
            Ok(record) => Ok(Some(record).filter(|record| self.provider_of(record).is_ok())),
            Err(failure) if failure.reason().is_some_and(is_no_session) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn session_cookie(&self, id: &Secret, record: &SessionRecord) -> Result<String, Refused> {
        let left = (record.created + self.limits.absolute() - (self.now)()).max(1.0);
        let seconds = Duration::try_from_secs_f64(left).map_or(1, |left| left.as_secs());
        write_cookie(cookies::SESSION, id.expose(), seconds)
    }

    /// Answers a refusal to a browser. It learns a reference, and nothing else.
    fn refusal(&self, kind: EventKind, refused: &Refused, used: Vec<String>) -> Result<WebResponse, Failure> {
        let reference = random_text::<16>()?;
        (self.audit)(&AuditEvent { reference: Some(reference.clone()), ..AuditEvent::refusal(kind, refused) });
        let status = if kind == EventKind::LogoutRefused { 403 } else { 400 };
        let body = format!("This did not work. Please start again.\nReference: {reference}\n");
        Ok(WebResponse::text(status, &body, self.is_https())?.with_cookies(used))
    }

    fn note(&self, kind: EventKind, issuer: &str, subject: Option<&str>, detail: Option<String>) {
        (self.audit)(&AuditEvent { issuer: Some(issuer.to_owned()), subject: subject.map(str::to_owned), detail, ..AuditEvent::of(kind) });
    }
}

const fn is_no_session(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::SessionUnknown
            | Reason::SessionIdle
            | Reason::SessionTooOld
            | Reason::CookieRepeated
            | Reason::SealedMalformed
            | Reason::SealedKeyUnknown
            | Reason::SealedMismatch
    )
}

/// The key of the session that a request names, if it names one.
fn session_key(request: &WebRequest) -> Option<String> {
    let cookies = request.cookies();
    let id = read_cookie(&cookies, cookies::SESSION).ok().flatten()?;
    let is_id = id.len() == 43 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    is_id.then(|| Sessions::key_of(id))
}

fn user_of(record: &SessionRecord) -> User {
    let identity = &record.identity;
    User {
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        scopes: record.scopes.clone(),
        claims: record.claims.clone(),
        auth_time: identity.auth_time,
        acr: identity.acr.clone(),
    }
}
