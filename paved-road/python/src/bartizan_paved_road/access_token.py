"""JWT access tokens at an API (RFC 9068) and answers of introspection (RFC 7662)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .claims import Proof, check_audience, check_binding, check_expiry, check_issued_at, check_issuer, check_not_before, check_scopes, check_subject, check_token_id, parse_scopes
from .constants import LIFETIMES
from .refusal import refuse
from .strict_json import JsonObject

#: RFC 9068, section 2.1.
ACCESS_TOKEN_TYPES: Final = ("at+jwt",)


@dataclass(frozen=True)
class AccessExpectation:
    now: float
    issuer: str
    audience: str
    scopes: Sequence[str]
    proof: Proof


@dataclass(frozen=True)
class Access:
    """Who calls an API, and what for."""

    subject: str
    client_id: str
    scopes: Sequence[str]
    expiry: float
    claims: JsonObject


def check_access_token(claims: JsonObject, expected: AccessExpectation) -> Access:
    """Checks the claims of an access token whose signature was verified."""
    check_issuer(claims, expected.issuer)
    check_audience(claims, expected.audience)
    expiry = check_expiry(claims, expected.now)
    check_issued_at(claims, expected.now)
    check_not_before(claims, expected.now)
    subject, client_id = check_subject(claims), _check_client_id(claims)
    check_token_id(claims)
    return _check_use(claims, subject, client_id, expiry, expected)


def check_introspection(answer: JsonObject, expected: AccessExpectation) -> tuple[Access, int]:
    """Checks an answer of introspection, and says for how many seconds it may be kept."""
    if answer.get("active") is not True:
        refuse("token-inactive")
    if "iss" in answer:
        check_issuer(answer, expected.issuer)
    check_audience(answer, expected.audience)
    expiry = check_expiry(answer, expected.now)
    check_not_before(answer, expected.now)
    subject, client_id = check_subject(answer), _check_client_id(answer)
    keep = max(0, min(LIFETIMES["introspection_cache_seconds"], math.floor(expiry - expected.now)))
    return _check_use(answer, subject, client_id, expiry, expected), keep


def _check_client_id(claims: JsonObject) -> str:
    client_id = claims.get("client_id")
    return client_id if isinstance(client_id, str) and client_id else refuse("client-id-missing")


def _check_use(claims: JsonObject, subject: str, client_id: str, expiry: float, expected: AccessExpectation) -> Access:
    scopes = parse_scopes(claims.get("scope", ""))
    check_binding(claims, expected.proof)
    check_scopes(scopes, expected.scopes)
    return Access(subject, client_id, scopes, expiry, claims)
