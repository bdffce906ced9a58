"""A provider's metadata (OpenID Connect Discovery; RFC 8414)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..refusal import refuse
from ..strict_json import JsonObject, parse_object
from .configuration import parse_endpoint, parse_issuer

#: How a client can authenticate, as its configuration says.
ClientAuthKind = Literal["secret", "key", "public"]


@dataclass(frozen=True)
class Provider:
    """What is used of the metadata."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    #: Pinned, and announced.
    algorithms: tuple[str, ...]
    #: Whether every authorization response names its issuer (RFC 9207).
    iss_required: bool
    client_auth: str
    pushed_authorization_request_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    revocation_endpoint: str | None = None
    introspection_endpoint: str | None = None


_OPTIONAL = ("pushed_authorization_request_endpoint", "userinfo_endpoint", "end_session_endpoint", "revocation_endpoint", "introspection_endpoint")
_METHODS = {"secret": ("client_secret_basic", "client_secret_post"), "key": ("private_key_jwt",)}


def metadata_url(issuer: str) -> str:
    """Where the metadata stands."""
    return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"


def parse_metadata(text: str, *, issuer: str, algorithms: Sequence[str], client_auth: ClientAuthKind, http_on_loopback: bool) -> Provider:
    """Reads the metadata of ``issuer``."""
    parse_issuer(issuer, http_on_loopback)
    metadata = parse_object(text)
    if metadata is None:
        refuse("json-malformed")
    if metadata.get("issuer") != issuer:
        refuse("issuer-mismatch")

    def needed(name: str) -> str:
        return parse_endpoint(metadata[name], name, http_on_loopback) if name in metadata else refuse("endpoint-missing", name)

    endpoints = {name: needed(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    optional = {name: parse_endpoint(metadata[name], name, http_on_loopback) for name in _OPTIONAL if name in metadata}
    if not _announces(metadata, "response_types_supported", "code"):
        refuse("response-type-unsupported")
    if not _announces(metadata, "code_challenge_methods_supported", "S256"):
        refuse("pkce-unsupported")
    common = tuple(alg for alg in algorithms if _announces(metadata, "id_token_signing_alg_values_supported", alg))
    if not common:
        refuse("algorithm-none-in-common")
    iss_required = metadata.get("authorization_response_iss_parameter_supported") is True
    method = _choose_client_auth(metadata, client_auth)
    return Provider(issuer=issuer, algorithms=common, iss_required=iss_required, client_auth=method, **endpoints, **optional)


def _announces(metadata: JsonObject, name: str, value: str) -> bool:
    """Whether a list that may be absent has a value; an absent list says nothing against it."""
    return name not in metadata or (isinstance(metadata[name], list) and value in metadata[name])


def _choose_client_auth(metadata: JsonObject, kind: ClientAuthKind) -> str:
    if kind == "public":
        return "none"
    found = (method for method in _METHODS[kind] if _announces(metadata, "token_endpoint_auth_methods_supported", method))
    return next(found, None) or refuse("client-auth-unsupported")
