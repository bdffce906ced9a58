"""What the claims of every kind of token have in common. Each check refuses with its own reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .constants import LIFETIMES, LIMITS
from .encoding import is_equal
from .refusal import refuse
from .strict_json import JsonObject

_SKEW = LIFETIMES["clock_skew_seconds"]
_MAX_EXACT = 2**53 - 1
_SUBJECT = re.compile(r"[\x20-\x7e]+")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def numeric_date(value: Any) -> float | None:
    """A NumericDate (RFC 7519, section 2) in the range of exact numbers; None if it is none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _MAX_EXACT else None


def check_issuer(claims: JsonObject, issuer: str) -> None:
    """RFC 7519, section 4.1.1: compared as texts."""
    if not isinstance(claims.get("iss"), str):
        refuse("iss-missing")
    if claims["iss"] != issuer:
        refuse("iss-mismatch")


def check_audience(claims: JsonObject, ours: str) -> list[str]:
    """The audiences, among which must be ``ours``."""
    aud = claims.get("aud")
    audiences = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []
    if not audiences or not all(isinstance(one, str) for one in audiences):
        refuse("aud-missing")
    if ours not in audiences:
        refuse("aud-mismatch")
    return audiences


def check_expiry(claims: JsonObject, now: float) -> float:
    exp = numeric_date(claims.get("exp"))
    if exp is None:
        refuse("exp-missing")
    if now >= exp + _SKEW:
        refuse("expired")
    return exp


def check_issued_at(claims: JsonObject, now: float) -> float:
    iat = numeric_date(claims.get("iat"))
    if iat is None:
        refuse("iat-missing")
    if iat > now + _SKEW:
        refuse("iat-future")
    return iat


def check_not_before(claims: JsonObject, now: float) -> None:
    if "nbf" not in claims:
        return
    nbf = numeric_date(claims["nbf"])
    if nbf is None:
        refuse("claims-malformed")
    if nbf > now + _SKEW:
        refuse("not-yet-valid")


def is_subject(text: str) -> bool:
    """OpenID Connect Core, section 2: at most 255 ASCII characters."""
    return len(text) <= LIMITS["subject_chars"] and _SUBJECT.fullmatch(text) is not None


def check_subject(claims: JsonObject) -> str:
    sub = claims.get("sub")
    if not isinstance(sub, str):
        refuse("sub-missing")
    if not is_subject(sub):
        refuse("sub-malformed")
    return sub


def check_token_id(claims: JsonObject) -> str:
    if "jti" not in claims:
        refuse("jti-missing")
    jti = claims["jti"]
    if not isinstance(jti, str) or not 0 < len(jti) <= LIMITS["jti_chars"]:
        refuse("jti-malformed")
    return jti


def is_scope(text: str) -> bool:
    """Whether a text is one scope (RFC 6749, section 3.3)."""
    return _SCOPE.fullmatch(text) is not None


def parse_scopes(value: Any) -> list[str]:
    """The scopes of a space-separated list; none if it is empty."""
    if value == "":
        return []
    if not isinstance(value, str):
        refuse("scope-malformed")
    scopes = value.split(" ")
    return scopes if all(map(is_scope, scopes)) else refuse("scope-malformed")


@dataclass(frozen=True)
class Proof:
    """By which key an access token may be used."""

    scheme: Literal["bearer", "dpop"]
    #: Thumbprint of the key that a DPoP proof has proved.
    jkt: str | None = None
    #: SHA-256 thumbprint of the client certificate.
    certificate: str | None = None


def check_binding(claims: JsonObject, proof: Proof) -> None:
    """RFC 7800, section 3: a token that is bound is used by its holder only; every member of ``cnf`` counts."""
    if "cnf" not in claims:
        return refuse("binding-mismatch") if proof.scheme == "dpop" else None
    cnf = claims["cnf"]
    if not isinstance(cnf, dict) or not cnf:
        refuse("binding-unsupported")
    for method, bound in cnf.items():
        if not isinstance(bound, str) or method not in ("jkt", "x5t#S256"):
            refuse("binding-unsupported")
        proved = proof.certificate if method != "jkt" else proof.jkt if proof.scheme == "dpop" else None
        if proved is None:
            refuse("binding-missing")
        if not is_equal(proved, bound):
            refuse("binding-mismatch")
    if proof.scheme == "dpop" and "jkt" not in cnf:
        refuse("binding-mismatch")
    return None


def check_scopes(granted: Sequence[str], demanded: Sequence[str]) -> None:
    if not all(scope in granted for scope in demanded):
        refuse("scope-insufficient")
