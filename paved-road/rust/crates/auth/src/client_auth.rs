//! How this service shows a provider who it is: by a key, by a secret, or not at all. There is one per provider, and no fallback.

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::Refused;

use crate::jose::SigningKey;
use crate::protocol::ClientAuthKind;

/// Authenticates by a signed assertion (private_key_jwt). Prefer this: the provider can't lose it.
#[derive(Clone, Debug)]
pub struct ClientKey(pub(crate) SigningKey);

impl ClientKey {
    /// Reads the text of a private JWK.
    ///
    /// # Errors
    /// As `SigningKey::from_jwk`.
    pub fn from_jwk(text: &Secret) -> Result<Self, Refused> {
        SigningKey::from_jwk(text).map(Self)
    }

    /// Reads a private JWK from an environment variable.
    ///
    /// # Errors
    /// As `from_jwk`; `configuration-invalid` if it is not set.
    pub fn from_env(name: &str) -> Result<Self, Refused> {
        Self::from_jwk(&Secret::from_env(name)?)
    }
}

/// Authenticates by a secret. A text is none:
///
/// ```compile_fail
/// let client = bartizan_paved_auth::ClientSecret::new("hunter2");
/// ```
#[derive(Clone, Debug)]
pub struct ClientSecret(Secret);

impl ClientSecret {
    /// Takes a secret.
    #[must_use]
    pub const fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// Reads a secret from an environment variable.
    ///
    /// # Errors
    /// `configuration-invalid` if it is not set.
    pub fn from_env(name: &str) -> Result<Self, Refused> {
        Secret::from_env(name).map(Self)
    }
}

/// Does not authenticate: for providers that give this client no secret. PKCE, state and nonce hold all the same.
#[derive(Clone, Copy, Debug)]
pub struct PublicClient;

/// One of the three.
#[derive(Clone, Debug)]
pub enum ClientAuthentication {
    /// By a key.
    Key(SigningKey),
    /// By a secret.
    Secret(Secret),
    /// Not at all.
    Public,
}

impl ClientAuthentication {
    pub(crate) const fn kind(&self) -> ClientAuthKind {
        match self {
            Self::Key(_) => ClientAuthKind::Key,
            Self::Secret(_) => ClientAuthKind::Secret,
            Self::Public => ClientAuthKind::Public,
        }
    }
}

impl From<ClientKey> for ClientAuthentication {
    fn from(client: ClientKey) -> Self {
        Self::Key(client.0)
    }
}

impl From<ClientSecret> for ClientAuthentication {
    fn from(client: ClientSecret) -> Self {
        Self::Secret(client.0)
    }
}

impl From<PublicClient> for ClientAuthentication {
    fn from(_: PublicClient) -> Self {
        Self::Public
    }
}
