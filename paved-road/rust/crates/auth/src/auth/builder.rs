//! A configuration, which can only be built when nothing that matters is missing: the types say so.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind, standard_error};
use bartizan_paved_safe_input::LocalPath;
use bartizan_paved_spec::{Reason, Refused, refuse_with};

use super::{Auth, Configured, Paths, Shared};
use crate::client_auth::ClientAuthentication;
use crate::danger::Dangerous;
use crate::protocol::parse_public_url;
use crate::provider::{Provider, SignInOptions};
use crate::provider_client::{ProviderClient, ProviderConfiguration};
use crate::session_life::SessionLimits;
use crate::sessions::Sessions;

/// What was not said yet.
#[derive(Debug)]
pub struct Nothing(());

/// That a provider was named.
#[derive(Debug)]
pub struct HasProvider(());

/// A configuration in the making: `P` says whether there is a provider, `S` where sessions are.
pub struct AuthBuilder<P, S> {
    public_url: String,
    providers: Vec<(ProviderConfiguration, SignInOptions)>,
    sessions: S,
    paths: Paths,
    after_sign_out: LocalPath,
    limits: SessionLimits,
    audit: AuditSink,
    allowed: Dangerous,
    has_provider: PhantomData<P>,
}

impl AuthBuilder<Nothing, Nothing> {
    pub(super) fn new(public_url: &str) -> Self {
        Self {
            public_url: public_url.to_owned(),
            providers: Vec::new(),
            sessions: Nothing(()),
            paths: Paths::default(),
            after_sign_out: LocalPath::root(),
            limits: SessionLimits::default(),
            audit: standard_error(),
            allowed: Dangerous::nothing(),
            has_provider: PhantomData,
        }
    }
}

impl<P, S> AuthBuilder<P, S> {
    /// Adds a provider. The first one needs no name in `/login`.
    #[must_use]
    pub fn provider<K: Into<ClientAuthentication>>(mut self, provider: Provider<K>) -> AuthBuilder<HasProvider, S> {
        let Provider { issuer, client_id, client, algorithms, is_signing_requests, options } = provider;
        let client = client.into();
        let signed_requests = match &client {
            ClientAuthentication::Key(key) if is_signing_requests => Some(key.clone()),
            ClientAuthentication::Key(_) | ClientAuthentication::Secret(_) | ClientAuthentication::Public => None,
        };
        self.providers.push((ProviderConfiguration { issuer, client_id, client, algorithms, signed_requests }, options));
        self.with(|sessions| sessions)
    }

    /// Says where sessions are.
    #[must_use]
    pub fn sessions(self, sessions: Sessions) -> AuthBuilder<P, Sessions> {
        self.with(|_| sessions)
    }

    /// Moves sign-in to other paths.
    #[must_use]
    pub fn paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// Where to go after sign-out.
    #[must_use]
    pub fn after_sign_out(mut self, path: LocalPath) -> Self {
        self.after_sign_out = path;
        self
    }

    /// Shortens sessions.
    #[must_use]
    pub fn lifetimes(mut self, limits: SessionLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Where events go. By default to standard error, as lines of JSON.
    #[must_use]
    pub fn audit(mut self, audit: AuditSink) -> Self {
        self.audit = audit;
        self
    }

    /// Lowers security, for tests.
    #[must_use]
    pub fn dangerously(mut self, allowed: Dangerous) -> Self {
        self.allowed = allowed;
        self
    }

    fn with<Q, T>(self, sessions: impl FnOnce(S) -> T) -> AuthBuilder<Q, T> {
        let Self { public_url, providers, sessions: before, paths, after_sign_out, limits, audit, allowed, .. } = self;
        AuthBuilder {
            public_url,
            providers,
            sessions: sessions(before),
            paths,
            after_sign_out,
            limits,
            audit,
            allowed,
            has_provider: PhantomData,
        }
    }
}

impl AuthBuilder<HasProvider, Sessions> {
    /// Checks the configuration.
    ///
    /// # Errors
    /// `configuration-invalid`, `public-url-insecure`, `issuer-malformed`.
    pub fn build(self) -> Result<Auth, Refused> {
        let origin = parse_public_url(&self.public_url, self.allowed.allows_http_on_loopback())?;
        let mut providers: Vec<Configured> = Vec::new();
        for (configuration, options) in self.providers {
            let is_word = (1..=64).contains(&options.name.len())
                && options.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            let is_new = providers.iter().all(|other| other.options.name != options.name && other.client.issuer() != configuration.issuer);
            if !is_word || !is_new {
                return refuse_with(Reason::ConfigurationInvalid, "providers have distinct names and issuers");
            }
            providers.push(Configured { options, client: ProviderClient::new(configuration, &self.allowed, Arc::clone(&self.audit))? });
        }
        for detail in self.allowed.describe() {
            (self.audit)(&AuditEvent { detail: Some(detail), ..AuditEvent::of(EventKind::Dangerous) });
        }
        let shared = Shared {
            origin,
            paths: self.paths,
            providers,
            sessions: self.sessions,
            limits: self.limits,
            audit: self.audit,
            now: self.allowed.clock_in_use(),
            allowed: self.allowed,
            after_sign_out: self.after_sign_out,
            refreshing: Mutex::default(),
        };
        Ok(Auth { shared: Arc::new(shared) })
    }
}
