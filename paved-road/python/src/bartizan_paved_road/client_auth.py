"""How this service shows a provider who it is: by a key, by a secret, or not at all. There is one per provider, and no fallback."""

from typing import ClassVar

from .jose.sign import SigningKey
from .protocol.discovery import ClientAuthKind
from .refusal import refuse
from .secret import Secret


class ClientKey:
    """Authenticates by a signed assertion (private_key_jwt). Prefer this: the provider can't lose it."""

    kind: ClassVar[ClientAuthKind] = "key"

    def __init__(self, key: SigningKey) -> None:
        self.key = key

    @classmethod
    def from_env(cls, name: str) -> "ClientKey":
        """Reads a private JWK from an environment variable."""
        return cls(SigningKey.from_json(Secret.from_env(name).expose()))


class ClientSecret:
    """Authenticates by a secret."""

    kind: ClassVar[ClientAuthKind] = "secret"

    def __init__(self, secret: Secret) -> None:
        if not isinstance(secret, Secret):
            refuse("configuration-invalid", "a client secret is a Secret")
        self.secret = secret

    @classmethod
    def from_env(cls, name: str) -> "ClientSecret":
        return cls(Secret.from_env(name))


class PublicClient:
    """Does not authenticate: for providers that give this client no secret. PKCE, state and nonce hold all the same."""

    kind: ClassVar[ClientAuthKind] = "public"


ClientAuthentication = ClientKey | ClientSecret | PublicClient
