//! What a service says of a provider.

use crate::client_auth::{ClientAuthentication, ClientKey};
use crate::jose::Pinned;

/// A provider that users may sign in with. Who it is, who we are there and how we show that can't be left out.
///
/// ```
/// use bartizan_paved_auth::{Provider, PublicClient};
/// let provider = Provider::new("https://id.example.org", "orders", PublicClient).scopes(["read"]).userinfo();
/// ```
///
/// Requests are signed by a key; whoever has none can't ask for it:
///
/// ```compile_fail
/// use bartizan_paved_auth::{Provider, PublicClient};
/// let provider = Provider::new("https://id.example.org", "orders", PublicClient).signed_requests();
/// ```
#[derive(Clone)]
pub struct Provider<K> {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client: K,
    pub(crate) algorithms: Pinned,
    pub(crate) is_signing_requests: bool,
    pub(crate) options: SignInOptions,
}

/// How users sign in at a provider.
#[derive(Clone)]
pub(crate) struct SignInOptions {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) resource: Option<String>,
    pub(crate) dpop: bool,
    pub(crate) userinfo: bool,
    pub(crate) max_age: Option<u64>,
    pub(crate) acr_values: Vec<String>,
    pub(crate) prompt: Option<String>,
    pub(crate) id_token_hint: bool,
}

impl<K: Into<ClientAuthentication>> Provider<K> {
    /// A provider by its issuer identifier, and this service as it is known there.
    pub fn new(issuer: &str, client_id: &str, client: K) -> Self {
        let options = SignInOptions {
            name: "default".into(),
            scopes: Vec::new(),
            resource: None,
            dpop: false,
            userinfo: false,
            max_age: None,
            acr_values: Vec::new(),
            prompt: None,
            id_token_hint: false,
        };
        Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client,
            algorithms: Pinned::default(),
            is_signing_requests: false,
            options,
        }
    }

    /// What `/login?idp=` says, where there are several.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.options.name = name.to_owned();
        self
    }

    /// Scopes to ask for, besides `openid`.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.options.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The API that access tokens are for (RFC 8707).
    #[must_use]
    pub fn resource(mut self, resource: &str) -> Self {
        self.options.resource = Some(resource.to_owned());
        self
    }

    /// Binds tokens to a key of the session (RFC 9449).
    #[must_use]
    pub fn dpop(mut self) -> Self {
        self.options.dpop = true;
        self
    }

    /// Reads claims from the userinfo endpoint.
    #[must_use]
    pub fn userinfo(mut self) -> Self {
        self.options.userinfo = true;
        self
    }

    /// How long ago the user may have authenticated, in seconds.
    #[must_use]
    pub fn max_age(mut self, seconds: u64) -> Self {
        self.options.max_age = Some(seconds);
        self
    }

    /// How strongly: any of these will do, and is checked.
    #[must_use]
    pub fn acr_values<S: Into<String>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        self.options.acr_values = values.into_iter().map(Into::into).collect();
        self
    }

    /// `login`, `consent`, …
    #[must_use]
    pub fn prompt(mut self, prompt: &str) -> Self {
        self.options.prompt = Some(prompt.to_owned());
        self
    }

    /// Sends the ID token to the provider at sign-out, through the browser. Without, the user may be asked to confirm.
    #[must_use]
    pub fn id_token_hint(mut self) -> Self {
        self.options.id_token_hint = true;
        self
    }

    /// Pins other algorithms than the default ones.
    #[must_use]
    pub fn algorithms(mut self, algorithms: Pinned) -> Self {
        self.algorithms = algorithms;
        self
    }
}

impl Provider<ClientKey> {
    /// Signs authorization requests (RFC 9101).
    #[must_use]
    pub fn signed_requests(mut self) -> Self {
        self.is_signing_requests = true;
        self
    }
}
