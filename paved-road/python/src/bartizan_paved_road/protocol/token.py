"""The token endpoint: requests, client authentication, answers (RFC 6749; RFC 7523; RFC 9449)."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..claims import parse_scopes
from ..constants import LIFETIMES
from ..encoding import encode_form_value
from ..refusal import refuse
from ..strict_json import JsonObject
from .answer import Answer, json_answer

GrantType = Literal["authorization_code", "refresh_token"]

_SYMMETRIC = re.compile(r"none|HS", re.IGNORECASE)
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, repr=False)
class ClientCredentials:
    """A client as a request needs it. ``credential`` is a secret or an assertion."""

    method: str
    id: str
    credential: str = ""


@dataclass(frozen=True, repr=False)
class FormRequest:
    form: dict[str, str]
    authorization: str | None = None


def code_grant(*, code: str, redirect_uri: str, code_verifier: str, resource: str | None = None) -> dict[str, str]:
    """The fields that redeem a code."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": code_verifier}
    return {**fields, "resource": resource} if resource is not None else fields


def refresh_grant(refresh_token: str) -> dict[str, str]:
    """The fields that use a refresh token."""
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def authenticate(client: ClientCredentials, form: Mapping[str, str]) -> FormRequest:
    """Adds client authentication to a form: in the header or in the body, never in both (RFC 6749, section 2.3)."""
    match client.method:
        case "none":
            return FormRequest({**form, "client_id": client.id})
        case "client_secret_basic":
            pair = f"{encode_form_value(client.id)}:{encode_form_value(client.credential)}"
            return FormRequest(dict(form), "Basic " + base64.b64encode(pair.encode()).decode())
        case "client_secret_post":
            return FormRequest({**form, "client_id": client.id, "client_secret": client.credential})
        case "private_key_jwt":
            return FormRequest({**form, "client_id": client.id, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": client.credential})
        case _:
            refuse("configuration-invalid", "client authentication")


def client_assertion_parts(*, client_id: str, issuer: str, alg: str, kid: str | None, now: int, jti: str) -> tuple[JsonObject, JsonObject]:
    """What is signed in a client assertion. The audience is the issuer alone (draft-ietf-oauth-rfc7523bis, section 4)."""
    if _SYMMETRIC.match(alg):
        refuse("configuration-invalid", "client assertions are signed with a private key")
    header: JsonObject = {"alg": alg, "typ": "client-authentication+jwt", **({"kid": kid} if kid is not None else {})}
    return header, {"iss": client_id, "sub": client_id, "aud": issuer, "jti": jti, "iat": now, "exp": now + LIFETIMES["client_assertion_seconds"]}


@dataclass(frozen=True, repr=False)
class Tokens:
    """What the token endpoint gave. It does not print."""

    access_token: str
    scopes: list[str]
    id_token: str | None = None
    refresh_token: str | None = None
    expires_in: float | None = None


def parse_token_response(answer: Answer, *, grant: GrantType, token_type: Literal["Bearer", "DPoP"], needs_id_token: bool, granted: Sequence[str]) -> Tokens:
    """Reads an answer of the token endpoint."""
    body = json_answer(answer)
    kind = body.get("token_type")
    if not isinstance(kind, str) or kind.lower() != token_type.lower():
        refuse("token-type-mismatch")
    access_token = body.get("access_token")
    if not isinstance(access_token, str) or not access_token:
        refuse("access-token-missing")
    if not _VISIBLE.fullmatch(access_token):
        refuse("access-token-malformed")
    id_token = body.get("id_token")
    if not isinstance(id_token, str) and (needs_id_token or "id_token" in body):
        refuse("id-token-missing")
    refresh_token = body.get("refresh_token")
    if "refresh_token" in body and not (isinstance(refresh_token, str) and refresh_token):
        refuse("refresh-token-malformed")
    expires_in = body.get("expires_in")
    if "expires_in" in body and not (isinstance(expires_in, (int, float)) and not isinstance(expires_in, bool) and expires_in >= 0):
        refuse("expires-in-malformed")
    scopes = parse_scopes(body["scope"]) if "scope" in body else list(granted)
    if grant == "refresh_token" and not all(scope in granted for scope in scopes):
        refuse("scope-widened")
    return Tokens(access_token, scopes, id_token, refresh_token, expires_in)


def parse_userinfo(answer: Answer, subject: str) -> JsonObject:
    """Reads an answer of the userinfo endpoint (OpenID Connect Core, section 5.3.2)."""
    claims = json_answer(answer)
    return claims if claims.get("sub") == subject else refuse("sub-mismatch")
