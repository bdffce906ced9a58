"""DPoP proofs (RFC 9449): those of others at an API, and ours."""

import re
from collections.abc import Sequence
from typing import Any, Final

from .claims import check_token_id, numeric_date
from .constants import ALGORITHMS, LIFETIMES
from .encoding import is_equal, sha256
from .jose.keys import FITS, PublicKey, import_key
from .jose.sign import SigningKey, public_part, thumbprint
from .jose.verify import check_header, parse_token, verify_token
from .refusal import Refused, refuse
from .strict_json import JsonObject
from .url import origin_of, parse_url

_TYPES: Final = ("dpop+jwt",)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def check_proof(proofs: Sequence[str], *, now: float, method: str, url: str, access_token: str, nonce: str | None = None) -> tuple[str, str]:
    """Checks the DPoP headers of a request (RFC 9449, section 4.3). Gives the key's thumbprint and the proof's id.

    The caller remembers the id for twice ``dpop_skew_seconds``, and refuses it a second time.
    """
    if len(proofs) > 1:
        refuse("dpop-repeated")
    if not proofs:
        refuse("dpop-missing")
    token = parse_token(proofs[0])
    alg = check_header(token, ALGORITHMS["dpop"], _TYPES)
    jwk = token.header.get("jwk")
    claims = verify_token(token, alg, _import_proof_key(jwk, alg))
    token_id = check_token_id(claims)
    if claims.get("htm") != method:
        refuse("dpop-method-mismatch")
    target = _normalize_target(claims.get("htu"))
    if target is None or target != _normalize_target(url):
        refuse("dpop-url-mismatch")
    iat = numeric_date(claims.get("iat"))
    if iat is None:
        refuse("iat-missing")
    if abs(now - iat) > LIFETIMES["dpop_skew_seconds"]:
        refuse("dpop-expired")
    ath = claims.get("ath")
    if not isinstance(ath, str) or not is_equal(ath, sha256(access_token)):
        refuse("dpop-token-mismatch")
    if nonce is not None and claims.get("nonce") != nonce:
        refuse("dpop-nonce-required")
    return thumbprint(jwk if isinstance(jwk, dict) else {}), token_id


def _import_proof_key(jwk: Any, alg: str) -> PublicKey:
    unused = ("alg", "use", "key_ops", "kid")
    try:
        key = import_key({name: value for name, value in jwk.items() if name not in unused} if isinstance(jwk, dict) else jwk)
    except Refused:
        refuse("dpop-key-malformed")
    return key if key.type == FITS[alg] else refuse("dpop-key-malformed")


def _normalize_target(value: Any) -> str | None:
    """The URL without query and fragment, in normal form (RFC 3986, section 6.2.2 and 6.2.3); None if it is none."""
    url = parse_url(value) if isinstance(value, str) else None
    if url is None or url.has_user:
        return None

    def normal(escape: re.Match[str]) -> str:
        char = chr(int(escape[1], 16))
        return char if _UNRESERVED.fullmatch(char) else escape[0].upper()

    return origin_of(url) + (_ESCAPE.sub(normal, url.path) or "/")


def proof_parts(*, alg: str, method: str, url: str, now: int, jti: str, nonce: str | None = None, access_token: str | None = None) -> tuple[JsonObject, JsonObject]:
    """What is signed in a proof of ours: header without the key, and claims."""
    claims: JsonObject = {"jti": jti, "htm": method, "htu": re.split(r"[?#]", url, maxsplit=1)[0], "iat": now}
    if nonce is not None:
        claims["nonce"] = nonce
    if access_token is not None:
        claims["ath"] = sha256(access_token)
    return {"typ": "dpop+jwt", "alg": alg}, claims


def make_proof(key: SigningKey, *, method: str, url: str, now: int, jti: str, nonce: str | None = None, access_token: str | None = None) -> str:
    """Makes a proof."""
    header, claims = proof_parts(alg=key.alg, method=method, url=url, now=now, jti=jti, nonce=nonce, access_token=access_token)
    return key.sign({**header, "jwk": public_part(key.public_jwk)}, claims)
