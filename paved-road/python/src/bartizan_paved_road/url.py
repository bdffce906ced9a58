"""One reading of URLs for everything here: plain ASCII, an authority, nothing repaired. What a browser would repair is refused."""

import re
from dataclasses import dataclass

_WHOLE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?")
_CHARACTERS = re.compile(r"[\x21-\x7e]+")
_NEVER = re.compile(r'["<>\\^`{|}]')
_AUTHORITY = re.compile(r"(?:\[([0-9A-Za-z:.]+)\]|([^:\[\]%]+))(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}")

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class ParsedUrl:
    scheme: str
    #: Whether the authority names a user.
    has_user: bool
    #: In lower case; of a literal IPv6 address without brackets.
    host: str
    is_bracketed: bool
    port: int | None
    path: str
    #: With its question mark, or empty.
    query: str
    #: With its number sign, or empty.
    fragment: str


def parse_url(text: str) -> ParsedUrl | None:
    """Splits an absolute URL (RFC 3986, section 3); None if it is none of plain characters."""
    if not _CHARACTERS.fullmatch(text) or _NEVER.search(text):
        return None
    parts = _WHOLE.fullmatch(text)
    if not parts:
        return None
    scheme, authority, path, query, fragment = parts.groups()
    user, at, rest = authority.rpartition("@")
    host = _AUTHORITY.fullmatch(rest)
    if not host:
        return None
    port = None if host[3] is None else int(host[3])
    if port is not None and not 1 <= port <= 65535:
        return None
    return ParsedUrl(scheme.lower(), bool(at or user), (host[1] or host[2]).lower(), host[1] is not None, port, path, query or "", fragment or "")


def origin_of(url: ParsedUrl) -> str:
    """Scheme, host and port, in the form of an Origin header (RFC 6454, section 6.1)."""
    host = f"[{url.host}]" if url.is_bracketed else url.host
    return f"{url.scheme}://{host}" if url.port in (None, DEFAULT_PORTS.get(url.scheme)) else f"{url.scheme}://{host}:{url.port}"


def is_host_name(host: str) -> bool:
    """Whether a host has the form of a name."""
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))


def is_loopback(url: ParsedUrl) -> bool:
    """Whether a host is this machine, by its literal address or as localhost."""
    return url.host in ("127.0.0.1", "localhost") or (url.is_bracketed and url.host == "::1")
