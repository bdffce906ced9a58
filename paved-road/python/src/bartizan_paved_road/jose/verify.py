"""JSON Web Signatures of others (RFC 7515, RFC 8725): compact form, pinned algorithms, our keys.

Nothing in a token chooses how it is checked: ``jwk``, ``jku``, ``x5u`` and ``x5c`` are not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jws import JWSRegistry

from ..constants import LIMITS
from ..encoding import decode_base64url, decode_utf8
from ..refusal import refuse
from ..strict_json import JsonObject, parse_object
from .keys import PublicKey, fits


@dataclass
class ParsedToken:
    """A token whose form is right. Nothing of it is to be trusted yet."""

    alg: str
    kid: str | None
    #: In lower case, without ``application/``; empty if absent.
    typ: str
    header: JsonObject
    payload: bytes
    message: bytes
    signature: bytes


def parse_token(token: str) -> ParsedToken:
    """Splits a token into its parts."""
    if len(token) > LIMITS["token_bytes"]:
        refuse("token-too-long")
    parts = [decode_base64url(part) for part in token.split(".")]
    if len(parts) != 3:
        refuse("jwt-malformed")
    head, payload, signature = parts
    text = decode_utf8(head) if head else None
    header = parse_object(text) if text is not None else None
    if header is None or payload is None or signature is None:
        refuse("jwt-malformed")
    alg = header.get("alg")
    if not isinstance(alg, str) or not _is_short_text(header, "kid") or not _is_short_text(header, "typ"):
        refuse("jwt-malformed")
    typ = header.get("typ", "").lower().removeprefix("application/")
    return ParsedToken(alg, header.get("kid"), typ, header, payload, token[: token.rindex(".")].encode(), signature)


def _is_short_text(header: JsonObject, name: str) -> bool:
    return name not in header or (isinstance(header[name], str) and len(header[name]) <= LIMITS["header_value_chars"])


def check_header(token: ParsedToken, algorithms: Sequence[str], types: Sequence[str]) -> str:
    """Checks what the header says: a pinned algorithm, no extension, an allowed type."""
    if token.alg not in algorithms:
        refuse("alg-not-allowed")
    # RFC 7515, section 4.1.11: we understand no extension; RFC 7797's b64 is one.
    if "crit" in token.header or "b64" in token.header:
        refuse("crit-unsupported")
    if token.typ not in types:
        refuse("typ-not-allowed")
    return token.alg


def select_key(token: ParsedToken, alg: str, keys: Sequence[PublicKey]) -> PublicKey:
    """The one key that fits."""
    found = [key for key in keys if fits(key, alg) and (token.kid is None or key.kid == token.kid)]
    if len(found) > 1:
        refuse("key-ambiguous")
    return found[0] if found else refuse("key-unknown")


def verify_token(token: ParsedToken, alg: str, key: PublicKey) -> JsonObject:
    """Checks the signature and reads the claims."""
    if not is_signature_of(token, alg, key):
        refuse("signature-invalid")
    text = decode_utf8(token.payload)
    claims = parse_object(text) if text is not None else None
    return claims if claims is not None else refuse("claims-malformed")


def is_signature_of(token: ParsedToken, alg: str, key: PublicKey) -> bool:
    """Whether the signature is of this key and this content."""
    if len(token.signature) != key.signature_bytes:
        return False
    model: Any = JWSRegistry.algorithms["EdDSA" if alg == "Ed25519" else alg]
    try:
        return bool(model.verify(token.message, token.signature, key.key))
    except Exception:
        return False


#: The hash of an algorithm; of Ed25519 it is SHA-512 (RFC 8032, section 5.1).
def hash_of(alg: str) -> str:
    return "sha512" if alg.startswith("Ed") else f"sha{alg[2:]}"


def verify(text: str, keys: Sequence[PublicKey], algorithms: Sequence[str], types: Sequence[str]) -> tuple[JsonObject, str]:
    """Form, header, key, signature, claims: in one step, for keys that are at hand. Gives claims and algorithm."""
    token = parse_token(text)
    alg = check_header(token, algorithms, types)
    return verify_token(token, alg, select_key(token, alg, keys)), alg
