"""Bytes and texts: base64url in its one canonical form, queries read strictly, comparison in constant time."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote_plus, unquote_to_bytes

from .constants import LIMITS
from .refusal import refuse

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_QUERY = re.compile(r"[\x21-\x7e]*")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decode_base64url(text: str) -> bytes | None:
    """Decodes base64url without padding; None unless it is the one text that encodes those bytes (RFC 4648, section 3.5)."""
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if encode_base64url(data) == text else None


def encode_base64url(data: bytes | str) -> str:
    return base64.urlsafe_b64encode(data.encode() if isinstance(data, str) else data).rstrip(b"=").decode()


def sha256(text: str | bytes) -> str:
    """SHA-256 in base64url."""
    return encode_base64url(hashlib.sha256(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).digest())


def random_text(bits: Literal[128, 256]) -> str:
    """Random text of so many bits."""
    return encode_base64url(secrets.token_bytes(bits // 8))


def is_equal(left: str, right: str) -> bool:
    """Compares in constant time, whatever the lengths."""
    return hmac.compare_digest(sha256(left), sha256(right)) and len(left) == len(right)


def decode_utf8(data: bytes) -> str | None:
    """Decodes UTF-8 strictly; None if it is none. A byte order mark is kept, so that JSON refuses it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def parse_form(text: str) -> list[tuple[str, str]]:
    """Reads a query or form into pairs (RFC 6749, appendix B)."""
    if len(text.encode("utf-8", "surrogatepass")) > LIMITS["query_bytes"]:
        refuse("query-too-long")
    query = text[1:] if text.startswith("?") else text
    if not _QUERY.fullmatch(query):
        refuse("query-malformed")
    pairs = (piece.partition("=") for piece in query.split("&") if piece)
    return [(_decode_escapes(name), _decode_escapes(value)) for name, _, value in pairs]


def _decode_escapes(text: str) -> str:
    if _BROKEN_ESCAPE.search(text):
        refuse("query-malformed")
    decoded = decode_utf8(unquote_to_bytes(text.replace("+", " ")))
    return decoded if decoded is not None else refuse("query-malformed")


def encode_form(fields: Mapping[str, str]) -> str:
    """Writes pairs as application/x-www-form-urlencoded."""
    return "&".join(f"{encode_form_value(name)}={encode_form_value(value)}" for name, value in fields.items())


def encode_form_value(value: str) -> str:
    """One value as application/x-www-form-urlencoded."""
    return quote_plus(value, safe="*").replace("~", "%7E")
