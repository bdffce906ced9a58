"""What a configuration says of places: public URL, issuer, endpoints."""

from typing import Any

from ..refusal import refuse
from ..safe_http.address import parse_address
from ..url import ParsedUrl, is_host_name, is_loopback, origin_of, parse_url


def _is_host(url: ParsedUrl) -> bool:
    """Whether a host is a name or a literal address."""
    return parse_address(url.host) is not None or (not url.is_bracketed and is_host_name(url.host))


def _is_secure(url: ParsedUrl, http_on_loopback: bool) -> bool:
    """https, or http on loopback where tests may."""
    return url.scheme == "https" or (http_on_loopback and url.scheme == "http" and is_loopback(url))


def parse_public_url(text: str, http_on_loopback: bool) -> str:
    """Checks the URL under which browsers reach the service, and gives its origin."""
    url = parse_url(text)
    if url is None or url.scheme not in ("http", "https") or url.has_user or not _is_host(url) or url.path not in ("", "/") or url.query or url.fragment:
        refuse("configuration-invalid", "the public URL must be https://host, without path")
    if not _is_secure(url, http_on_loopback):
        refuse("public-url-insecure")
    return origin_of(url)


def parse_issuer(text: str, http_on_loopback: bool) -> str:
    """Checks an issuer identifier (RFC 8414, section 2)."""
    url = parse_url(text)
    if url is None or not _is_secure(url, http_on_loopback) or url.has_user or not _is_host(url) or url.query or url.fragment:
        refuse("issuer-malformed")
    return text


def parse_endpoint(value: Any, name: str, http_on_loopback: bool) -> str:
    """Checks an endpoint of a provider."""
    url = parse_url(value) if isinstance(value, str) else None
    if url is None or url.scheme not in ("http", "https") or url.has_user or not _is_host(url) or url.fragment:
        refuse("endpoint-malformed", name)
    if not _is_secure(url, http_on_loopback):
        refuse("endpoint-insecure", name)
    return str(value)
