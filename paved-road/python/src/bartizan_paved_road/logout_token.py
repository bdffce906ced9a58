"""Logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""

from dataclasses import dataclass
from typing import Any, Final

from .claims import check_audience, check_expiry, check_issued_at, check_issuer, check_not_before, check_token_id, is_subject
from .refusal import refuse
from .strict_json import JsonObject

#: Types that a logout token may name; those of before the erratum name none.
LOGOUT_TOKEN_TYPES: Final = ("logout+jwt", "jwt", "")

_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True)
class LogoutOrder:
    """Whose sessions end: all of a subject, or one. The caller remembers ``token_id`` until ``expiry``, and refuses it a second time."""

    token_id: str
    expiry: float
    subject: str | None = None
    sid: str | None = None


def check_logout_token(claims: JsonObject, *, now: float, issuer: str, client_id: str) -> LogoutOrder:
    """Checks the claims of a logout token whose signature was verified."""
    check_issuer(claims, issuer)
    check_audience(claims, client_id)
    expiry = check_expiry(claims, now)
    check_issued_at(claims, now)
    check_not_before(claims, now)
    token_id = check_token_id(claims)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        refuse("events-missing")
    if "nonce" in claims:
        refuse("nonce-present")
    subject, sid = _text(claims, "sub"), _text(claims, "sid")
    if subject is None and sid is None:
        refuse("subject-missing")
    return LogoutOrder(token_id, expiry, subject, sid)


def _text(claims: JsonObject, name: str) -> str | None:
    if name not in claims:
        return None
    value: Any = claims[name]
    return value if isinstance(value, str) and is_subject(value) else refuse("sub-malformed")
