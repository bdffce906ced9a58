"""ID tokens of the code flow and of refreshes (OpenID Connect Core, sections 3.1.3.7 and 12.2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .claims import check_audience, check_expiry, check_issued_at, check_issuer, check_not_before, check_subject, numeric_date
from .constants import LIFETIMES
from .encoding import encode_base64url, is_equal
from .jose.verify import hash_of
from .refusal import refuse
from .strict_json import JsonObject

#: Types that an ID token may name.
ID_TOKEN_TYPES: Final = ("", "jwt")


@dataclass(frozen=True)
class Identity:
    """Who signed in, and how."""

    issuer: str
    subject: str
    sid: str | None = None
    auth_time: float | None = None
    acr: str | None = None


@dataclass(frozen=True)
class IdTokenExpectation:
    """What an ID token must say. Nothing of issuer, client and nonce can be left out."""

    now: float
    issuer: str
    client_id: str
    nonce: str
    access_token: str | None = None
    max_age: int | None = None
    acr_values: Sequence[str] = ()


def check_id_token(claims: JsonObject, alg: str, expected: IdTokenExpectation) -> Identity:
    """Checks the claims of an ID token whose signature was verified with ``alg``."""
    _check_parties(claims, expected.issuer, expected.client_id, expected.now)
    subject, nonce = check_subject(claims), claims.get("nonce")
    if not isinstance(nonce, str):
        refuse("nonce-missing")
    if not is_equal(nonce, expected.nonce):
        refuse("nonce-mismatch")
    _check_access_token_hash(claims, alg, expected.access_token)
    _check_auth_time(claims, expected)
    if expected.acr_values and claims.get("acr") not in expected.acr_values:
        refuse("acr-insufficient")
    return _identity_of(claims, subject)


@dataclass(frozen=True)
class RefreshExpectation:
    """What a session knows that a refreshed ID token must repeat."""

    now: float
    issuer: str
    client_id: str
    subject: str
    nonce: str
    auth_time: float | None = None


def check_refreshed_id_token(claims: JsonObject, expected: RefreshExpectation) -> Identity:
    """Checks the claims of an ID token that came with a refresh."""
    _check_parties(claims, expected.issuer, expected.client_id, expected.now)
    subject = check_subject(claims)
    nonce = claims.get("nonce")
    if "nonce" in claims and not (isinstance(nonce, str) and is_equal(nonce, expected.nonce)):
        refuse("nonce-mismatch")
    if subject != expected.subject:
        refuse("sub-mismatch")
    if "auth_time" in claims and expected.auth_time is not None and claims["auth_time"] != expected.auth_time:
        refuse("auth-time-changed")
    return _identity_of(claims, subject)


def _check_parties(claims: JsonObject, issuer: str, client_id: str, now: float) -> None:
    """Issuer, audience, authorized party and times."""
    check_issuer(claims, issuer)
    others = any(audience != client_id for audience in check_audience(claims, client_id))
    if "azp" not in claims and others:
        refuse("azp-missing")
    if "azp" in claims and claims["azp"] != client_id:
        refuse("azp-mismatch")
    check_expiry(claims, now)
    if now - check_issued_at(claims, now) > LIFETIMES["id_token_age_seconds"] + LIFETIMES["clock_skew_seconds"]:
        refuse("iat-too-old")
    check_not_before(claims, now)


def _check_access_token_hash(claims: JsonObject, alg: str, access_token: str | None) -> None:
    """OpenID Connect Core, section 3.1.3.6: the left half of the hash."""
    if "at_hash" not in claims or access_token is None:
        return
    digest = hashlib.new(hash_of(alg), access_token.encode()).digest()
    half = encode_base64url(digest[: len(digest) // 2])
    if not isinstance(claims["at_hash"], str) or not is_equal(claims["at_hash"], half):
        refuse("at-hash-mismatch")


def _check_auth_time(claims: JsonObject, expected: IdTokenExpectation) -> None:
    if expected.max_age is None:
        return
    auth_time = numeric_date(claims.get("auth_time"))
    if auth_time is None:
        refuse("auth-time-missing")
    if expected.now - auth_time > expected.max_age + LIFETIMES["clock_skew_seconds"]:
        refuse("auth-time-too-old")


def _identity_of(claims: JsonObject, subject: str) -> Identity:
    sid, acr = claims.get("sid"), claims.get("acr")
    return Identity(claims["iss"], subject, sid if isinstance(sid, str) else None, numeric_date(claims.get("auth_time")), acr if isinstance(acr, str) else None)
