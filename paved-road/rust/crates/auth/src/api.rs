//! API protection: access tokens, scopes, bindings, introspection, and how refusals are said (RFC 6750, 7662, 8705, 9068, 9449, 9728).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_base64url, lifetimes, limits, refuse, refuse_with};
use bartizan_paved_web_guard::{Guard, GuardOptions, WebRequest, WebResponse};
use ring::hmac;
use serde_json::{Value, json};

use crate::Failure;
use crate::access_token::{Access, AccessExpectation, check_access_token, check_introspection};
use crate::api_request::{Credentials, Offer, Resource, challenge, read_credentials, resource_metadata};
use crate::claims::{Proof, Scheme, is_scope};
use crate::client_auth::{ClientAuthentication, PublicClient};
use crate::danger::{Clock, Dangerous};
use crate::dpop::{ProofExpectation, check_proof};
use crate::hash::sha256;
use crate::jose::Pinned;
use crate::protocol::parse_public_url;
use crate::provider_client::{ProviderClient, ProviderConfiguration};
use crate::store::{MemoryStore, Store};

/// What an API may choose. Whom its tokens are for, and whose they are, is no choice: `Api` can't be made without.
#[derive(Clone, Default)]
pub struct ApiOptions {
    /// Scopes that this API knows, for its metadata.
    pub scopes: Vec<String>,
    /// Offers DPoP. Tokens that are bound must be proved in any case.
    pub dpop: bool,
    /// Wants a nonce of this API in every DPoP proof. The secret is the same in all replicas.
    pub dpop_nonce: Option<Secret>,
    /// Says that tokens are bound to client certificates.
    pub mtls: bool,
    /// Asks the provider about tokens that are no JWT.
    pub introspection: bool,
    /// Where seen proofs are remembered; replicas share it. None: in this process.
    pub store: Option<Arc<dyn Store>>,
}

/// Whose tokens an API accepts, where nobody signs in.
#[derive(Clone)]
pub struct ApiIssuer {
    /// The issuer.
    pub issuer: String,
    /// What this API is called there, to introspect.
    pub client_id: String,
    /// How it shows who it is, to introspect.
    pub client: ClientAuthentication,
    /// Algorithms that are pinned.
    pub algorithms: Pinned,
}

impl ApiIssuer {
    /// An issuer that is asked for nothing but its keys.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), client_id: "resource-server".into(), client: PublicClient.into(), algorithms: Pinned::default() }
    }
}

/// Of this many seconds is a nonce; that of the window before is good, too.
const NONCE_SECONDS: f64 = 60.0;

/// Protects an API.
pub struct Api {
    options: ApiOptions,
    audience: String,
    origin: String,
    provider: ProviderClient,
    store: Arc<dyn Store>,
    audit: AuditSink,
    now: Clock,
    nonce_key: Option<hmac::Key>,
    metadata: (String, JsonObject),
    /// Answers of introspection, and until when they are kept.
    known: Mutex<HashMap<String, (JsonObject, f64)>>,
}

impl Api {
    /// An API where nobody signs in. `audience` is what tokens must name; `public_url` is where clients reach it.
    ///
    /// # Errors
    /// `configuration-invalid`, `public-url-insecure`, `issuer-malformed`.
    pub fn of(issuer: ApiIssuer, audience: &str, public_url: &str, options: ApiOptions, audit: AuditSink) -> Result<Self, Refused> {
        Self::of_dangerously(issuer, audience, public_url, options, audit, &Dangerous::nothing())
    }

    /// As `of`, with what `dangerous()` allows.
    ///
    /// # Errors
    /// As `of`.
    pub fn of_dangerously(
        issuer: ApiIssuer,
        audience: &str,
        public_url: &str,
        options: ApiOptions,
        audit: AuditSink,
        allowed: &Dangerous,
    ) -> Result<Self, Refused> {
        let configuration = ProviderConfiguration {
            issuer: issuer.issuer,
            client_id: issuer.client_id,
            client: issuer.client,
            algorithms: issuer.algorithms,
            signed_requests: None,
        };
        for detail in allowed.describe() {
            audit(&AuditEvent { detail: Some(detail), ..AuditEvent::of(EventKind::Dangerous) });
        }
        let provider = ProviderClient::new(configuration, allowed, Arc::clone(&audit))?;
        let origin = parse_public_url(public_url, allowed.allows_http_on_loopback())?;
        Self::new(provider, audience, origin, options, audit, allowed)
    }

    pub(crate) fn new(
        provider: ProviderClient,
        audience: &str,
        origin: String,
        options: ApiOptions,
        audit: AuditSink,
        allowed: &Dangerous,
    ) -> Result<Self, Refused> {
        if !options.scopes.iter().all(|scope| is_scope(scope)) {
            return refuse_with(Reason::ConfigurationInvalid, "scope");
        }
        let about =
            Resource { resource: audience, issuers: &[provider.issuer()], scopes: &options.scopes, dpop: options.dpop, mtls: options.mtls };
        let metadata = resource_metadata(&about)?;
        let now = allowed.clock_in_use();
        let store = options.store.clone().unwrap_or_else(|| Arc::new(MemoryStore::with_clock(Arc::clone(&now))));
        let nonce_key = options.dpop_nonce.as_ref().map(|secret| hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()));
        Ok(Self {
            options,
            audience: audience.to_owned(),
            origin,
            provider,
            store,
            audit,
            now,
            nonce_key,
            metadata,
            known: Mutex::default(),
        })
    }

    /// The metadata document, where a request asks for it; `None` for everything else.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn handle(&self, request: &WebRequest) -> Result<Option<WebResponse>, Refused> {
        if request.method != http::Method::GET || request.path != self.metadata.0 {
            return Ok(None);
        }
        WebResponse::json(200, &Value::Object(self.metadata.1.clone()), self.is_https()).map(Some)
    }

    /// Who calls. All `scopes` are demanded.
    ///
    /// # Errors
    /// A refusal, which `refusal` answers; or what the store says.
    pub async fn check(&self, request: &WebRequest, scopes: &[&str]) -> Result<Access, Failure> {
        let credentials = read_credentials(&request.header("authorization"), &request.query)?;
        let proof = self.prove(request, &credentials).await?;
        let token = credentials.token.expose();
        let expected = AccessExpectation { now: (self.now)(), issuer: self.provider.issuer(), audience: &self.audience, scopes, proof };
        if self.options.introspection && token.split('.').count() != 3 {
            return Ok(self.introspect(token, &expected).await?);
        }
        Ok(check_access_token(&self.provider.verify_access_token(token).await?, &expected)?)
    }

    /// How a refusal of `check` is answered.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn refusal(&self, refused: &Refused, scopes: &[&str]) -> Result<WebResponse, Refused> {
        let event = AuditEvent::refusal(EventKind::ApiRefused, refused);
        (self.audit)(&AuditEvent { issuer: Some(self.provider.issuer().to_owned()), ..event });
        let metadata_url = format!("{}{}", self.origin, self.metadata.0);
        let said = challenge(refused.reason, &Offer { metadata_url: Some(&metadata_url), scopes, dpop: self.options.dpop });
        let error = match said.status {
            503 => "temporarily_unavailable",
            403 => "insufficient_scope",
            400 => "invalid_request",
            _ => "invalid_token",
        };
        let answer = WebResponse::json(said.status, &json!({ "error": error }), self.is_https())?.with_challenges(said.values);
        Ok(match self.nonce() {
            Some(nonce) => answer.with_header("dpop-nonce", nonce),
            None => answer,
        })
    }

    /// The nonce that proofs must have now, if any.
    #[must_use]
    pub fn nonce(&self) -> Option<String> {
        self.nonce_at(((self.now)() / NONCE_SECONDS).floor())
    }

    fn nonce_at(&self, window: f64) -> Option<String> {
        self.nonce_key.as_ref().map(|key| encode_base64url(hmac::sign(key, window.to_string().as_bytes())))
    }

    async fn prove(&self, request: &WebRequest, credentials: &Credentials) -> Result<Proof, Failure> {
        let proof = Proof { scheme: credentials.scheme, jkt: None, certificate: request.certificate.clone() };
        if credentials.scheme == Scheme::Bearer {
            return Ok(proof);
        }
        let (url, now) = (format!("{}{}", self.origin, request.path), (self.now)());
        let window = (now / NONCE_SECONDS).floor();
        let check = |nonce: Option<&str>| {
            let expected =
                ProofExpectation { now, method: request.method.as_str(), url: &url, access_token: credentials.token.expose(), nonce };
            check_proof(&request.header("dpop"), &expected)
        };
        // The nonce of this minute, or of the one before.
        let proved = match check(self.nonce_at(window).as_deref()) {
            Err(refused) if refused.reason == Reason::DpopNonceRequired => check(self.nonce_at(window - 1.0).as_deref()),
            judged => judged,
        }?;
        let key = format!("dpop:{}", sha256(json!([proved.jkt, proved.token_id]).to_string()));
        if !self.store.add(&key, "1".into(), now + 2.0 * lifetimes::DPOP_SKEW_SECONDS + 1.0).await? {
            return Ok(refuse(Reason::DpopReplayed)?);
        }
        Ok(Proof { jkt: Some(proved.jkt), ..proof })
    }

    async fn introspect(&self, token: &str, expected: &AccessExpectation<'_>) -> Result<Access, Refused> {
        let key = sha256(token);
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .filter(|(_, until)| *until > expected.now)
            .map(|(answer, _)| answer.clone());
        if let Some(answer) = known {
            return check_introspection(&answer, expected).map(|(access, _)| access);
        }
        let answer = self.provider.introspect(token).await?;
        let (access, keep) = check_introspection(&answer, expected)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= limits::REPLAY_ENTRIES {
            known.retain(|_, (_, until)| *until > expected.now);
        }
        // Full of what is kept for a minute: then this one is asked for again.
        if known.len() < limits::REPLAY_ENTRIES {
            known.insert(key, (answer, expected.now + keep));
        }
        Ok(access)
    }

    /// Whether clients reach it by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// What holds for every request and response of a service where nobody signs in.
    #[must_use]
    pub fn guard(&self, options: GuardOptions) -> Guard {
        Guard::new(self.origin.clone(), options, Vec::new(), Arc::clone(&self.audit))
    }
}
