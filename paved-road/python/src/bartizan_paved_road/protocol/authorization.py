"""The authorization request and what comes back through the browser (OAuth 2.1, section 4.1; RFC 7636, 9101, 9126, 9207)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..claims import is_scope
from ..constants import LIFETIMES, LIMITS
from ..encoding import encode_form, is_equal, parse_form, sha256
from ..refusal import refuse
from ..strict_json import JsonObject
from .answer import Answer, json_answer

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SYMMETRIC = re.compile(r"none|HS", re.IGNORECASE)
_REQUEST_URI = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]*:[\x21-\x7e]+|https://[\x21-\x7e]+")
_CODE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True)
class AuthorizationRequest:
    client_id: str
    redirect_uri: str
    scopes: Sequence[str]
    state: str
    nonce: str
    code_verifier: str
    max_age: int | None = None
    acr_values: Sequence[str] = ()
    prompt: str | None = None
    login_hint: str | None = None
    resource: str | None = None
    dpop_jkt: str | None = None


def authorization_parameters(request: AuthorizationRequest) -> dict[str, str]:
    """The parameters of a request."""
    if not all(map(is_scope, request.scopes)):
        refuse("configuration-invalid", "scope")
    if not _VERIFIER.fullmatch(request.code_verifier):
        refuse("configuration-invalid", "code verifier")
    # 22 characters of base64url are 128 bits.
    if len(request.state) < 22 or len(request.nonce) < 22:
        refuse("configuration-invalid", "state and nonce need 128 bits")
    prompts = request.prompt.split(" ") if request.prompt else []
    if "none" in prompts and len(prompts) > 1:
        refuse("configuration-invalid", "prompt")
    if request.max_age is not None and request.max_age < 0:
        refuse("configuration-invalid", "max age")
    parameters = {
        "response_type": "code",
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "scope": " ".join(dict.fromkeys(["openid", *request.scopes])),
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": sha256(request.code_verifier),
        "code_challenge_method": "S256",
        "max_age": None if request.max_age is None else str(request.max_age),
        "acr_values": " ".join(request.acr_values) or None,
        "prompt": request.prompt,
        "login_hint": request.login_hint,
        "resource": request.resource,
        "dpop_jkt": request.dpop_jkt,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def authorization_url(endpoint: str, parameters: Mapping[str, str]) -> str:
    """The URL that the browser is sent to; the endpoint's own query is kept."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{encode_form(parameters)}"


def request_object_parts(*, client_id: str, issuer: str, alg: str, kid: str | None, now: int, jti: str, parameters: Mapping[str, str]) -> tuple[JsonObject, JsonObject]:
    """What is signed in a request object (RFC 9101, section 4)."""
    if _SYMMETRIC.match(alg):
        refuse("configuration-invalid", "request objects are signed with a private key")
    header: JsonObject = {"alg": alg, "typ": "oauth-authz-req+jwt", **({"kid": kid} if kid is not None else {})}
    return header, {**parameters, "iss": client_id, "aud": issuer, "jti": jti, "iat": now, "nbf": now, "exp": now + LIFETIMES["request_object_seconds"]}


def parse_push_response(answer: Answer) -> str:
    """Reads the answer to a pushed request (RFC 9126, section 2.2)."""
    body = json_answer(answer, (200, 201))
    uri, expires_in = body.get("request_uri"), body.get("expires_in")
    if not isinstance(uri, str) or not _REQUEST_URI.fullmatch(uri):
        refuse("endpoint-malformed", "request_uri")
    if not isinstance(expires_in, (int, float)) or isinstance(expires_in, bool) or not expires_in > 0:
        refuse("expires-in-malformed")
    return uri


#: Parameters that may stand once.
_SINGLE = frozenset(("code", "state", "iss", "error", "error_description", "error_uri", "response", "access_token", "id_token", "token_type", "expires_in"))
_TOKENS = ("access_token", "id_token", "token_type", "expires_in")


@dataclass(frozen=True)
class CallbackParameters:
    """A query of a callback, read but not judged."""

    state: str
    iss: str | None
    code: str | None
    error: str | None
    has_token: bool


def parse_callback(query: str) -> CallbackParameters:
    """Reads the query of a callback as far as it needs no knowledge of the sign-in."""
    found: dict[str, str] = {}
    for name, value in parse_form(query):
        if name not in _SINGLE:
            continue
        if name in found:
            refuse("parameter-repeated", name)
        found[name] = value
    if "response" in found:
        refuse("response-mode-unsupported")
    state = found.get("state") or refuse("state-missing")
    return CallbackParameters(state, found.get("iss"), found.get("code"), found.get("error"), any(name in found for name in _TOKENS))


def check_callback(parameters: CallbackParameters, *, state: str, issuer: str, iss_required: bool) -> str:
    """Judges a callback by the sign-in that it belongs to, and gives the code."""
    if not is_equal(parameters.state, state):
        refuse("state-mismatch")
    # RFC 9207, section 2.4: errors too.
    if parameters.iss is None and iss_required:
        refuse("iss-missing")
    if parameters.iss is not None and parameters.iss != issuer:
        refuse("iss-mismatch")
    if parameters.error is not None:
        refuse("provider-error", parameters.error)
    if parameters.has_token:
        refuse("token-in-front-channel")
    code = parameters.code or refuse("code-missing")
    return code if len(code) <= LIMITS["code_chars"] and _CODE.fullmatch(code) else refuse("code-malformed")


def end_session_url(endpoint: str, *, client_id: str, post_logout_redirect_uri: str, id_token_hint: str | None = None) -> str:
    """The URL of an RP-initiated logout (OpenID Connect RP-Initiated Logout, section 2)."""
    hint = {"id_token_hint": id_token_hint} if id_token_hint is not None else {}
    return authorization_url(endpoint, {"client_id": client_id, **hint, "post_logout_redirect_uri": post_logout_redirect_uri})
