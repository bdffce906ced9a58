"""Requests to an API: where the token stands, how it is refused, what is published (RFC 6750, 9449, 9728)."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from .constants import ALGORITHMS, LIMITS, REASONS
from .encoding import parse_form
from .refusal import refuse
from .url import parse_url

#: RFC 6750, section 2.1.
_AUTHORIZATION = re.compile(r"(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE | re.ASCII)


def read_credentials(authorization: Sequence[str], query: str) -> tuple[Literal["bearer", "dpop"], str]:
    """Finds the access token: in one header, and nowhere else (OAuth 2.1, section 5). Gives scheme and token."""
    if any(name == "access_token" for name, _ in parse_form(query)):
        refuse("token-in-query")
    if len(authorization) > 1:
        refuse("credentials-repeated")
    if not authorization:
        refuse("credentials-missing")
    parts = _AUTHORIZATION.fullmatch(authorization[0])
    if parts is None:
        refuse("credentials-malformed")
    if len(parts[2]) > LIMITS["token_bytes"]:
        refuse("token-too-long")
    return "dpop" if parts[1].lower() == "dpop" else "bearer", parts[2]


_BAD_REQUEST = ("credentials-repeated", "credentials-malformed", "token-in-query", "query-malformed", "query-too-long", "token-too-long")
_NOT_THE_CLIENT = ("jwks-unavailable", "timeout", "unreachable", "body-too-large", "http-status", "content-type-unexpected", "redirect-refused", "json-malformed", "token-endpoint-error")


def challenge(reason: str, *, metadata_url: str | None, scopes: Sequence[str], dpop: bool) -> tuple[int, list[str]]:
    """How an API answers a refusal: status, and values of WWW-Authenticate."""
    metadata = [f'resource_metadata="{metadata_url}"'] if metadata_url is not None else []
    algorithms = f'algs="{" ".join(ALGORITHMS["dpop"])}"'

    def bearer(*parts: str) -> str:
        return " ".join(filter(None, ("Bearer", ", ".join([*parts, *metadata]))))

    def proof(*parts: str) -> str:
        return f"DPoP {', '.join([*parts, algorithms, *metadata])}"

    if reason in _NOT_THE_CLIENT or REASONS[reason][0] == "store":
        return 503, []
    if reason == "credentials-missing":
        return 401, [bearer(), proof()] if dpop else [bearer()]
    if reason in _BAD_REQUEST:
        return 400, [bearer('error="invalid_request"')]
    if reason == "scope-insufficient":
        return 403, [bearer('error="insufficient_scope"', f'scope="{" ".join(scopes)}"')]
    if reason == "acr-insufficient":
        return 401, [bearer('error="insufficient_user_authentication"')]
    if reason == "dpop-nonce-required":
        return 401, [proof('error="use_dpop_nonce"')]
    if reason.startswith("dpop-"):
        return 401, [proof('error="invalid_dpop_proof"')]
    return 401, [bearer('error="invalid_token"')]


def resource_metadata(*, resource: str, issuers: Sequence[str], scopes: Sequence[str], dpop: bool, mtls: bool) -> tuple[str, dict[str, Any]]:
    """The metadata of a protected resource: the path where it stands, and the document (RFC 9728, section 3.1)."""
    url = parse_url(resource)
    if url is None or url.scheme != "https" or url.has_user or url.fragment:
        refuse("configuration-invalid", "a resource is an https URL without fragment")
    document: dict[str, Any] = {"resource": resource, "authorization_servers": list(issuers), "scopes_supported": list(scopes), "bearer_methods_supported": ["header"]}
    if dpop:
        document["dpop_signing_alg_values_supported"] = ALGORITHMS["dpop"]
    if mtls:
        document["tls_client_certificate_bound_access_tokens"] = True
    return f"/.well-known/oauth-protected-resource{'' if url.path == '/' else url.path}{url.query}", document
