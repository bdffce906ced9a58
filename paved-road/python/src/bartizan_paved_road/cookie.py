"""Cookies of one kind only: ``__Host-``, Secure, HttpOnly, SameSite=Lax (RFC 6265bis, section 4.1.3.2)."""

import re

from .constants import COOKIES
from .refusal import refuse

_NAME = re.compile(r"__Host-[A-Za-z0-9_-]+", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def write_cookie(name: str, value: str, max_age: int) -> str:
    """A Set-Cookie header."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        refuse("configuration-invalid", "cookie")
    return f"{name}={value}; {COOKIES['attributes']}; Max-Age={max_age}"


def remove_cookie(name: str) -> str:
    """A Set-Cookie header that removes a cookie."""
    if not _NAME.fullmatch(name):
        refuse("configuration-invalid", "cookie")
    return f"{name}=; {COOKIES['attributes']}; Max-Age=0"


def read_cookies(header: str) -> list[tuple[str, str]]:
    """Name and value of every cookie, in order."""
    pieces = (piece.strip().partition("=") for piece in header.split(";"))
    return [(name, value) for name, separator, value in pieces if name and separator]


def read_cookie(header: str, name: str) -> str | None:
    """The value of a cookie. One that stands twice was tossed in by somebody (RFC 6265bis, section 8.6)."""
    values = [value for other, value in read_cookies(header) if other == name]
    if len(values) > 1:
        refuse("cookie-repeated")
    return values[0] if values else None
