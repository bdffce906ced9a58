"""Where a request may go, before a name is resolved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..constants import ADDRESSES, LIMITS
from ..refusal import refuse
from ..url import DEFAULT_PORTS, is_host_name, parse_url
from .address import check_public_address, parse_address

#: What looks like a number to some resolver: the last label is decimal or hexadecimal.
_NUMBER_AT_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")


@dataclass(frozen=True)
class Target:
    scheme: str
    #: A name, or a literal address without brackets.
    host: str
    port: int
    #: Path and query, as the request line has them.
    target: str
    is_literal: bool


def check_target(text: str, *, schemes: Sequence[str], ports: Sequence[int]) -> Target:
    """Checks a URL. A literal address is judged here: no resolver is asked for it."""
    if len(text) > LIMITS["url_chars"]:
        refuse("url-too-long")
    url = parse_url(text)
    if url is None:
        refuse("url-malformed")
    if url.scheme not in schemes or url.scheme not in DEFAULT_PORTS:
        refuse("url-scheme")
    if url.has_user:
        refuse("url-userinfo")
    is_literal = parse_address(url.host) is not None
    if url.is_bracketed and not (is_literal and ":" in url.host):
        refuse("host-malformed")
    if not is_literal and (not is_host_name(url.host) or _NUMBER_AT_END.search(url.host)):
        refuse("host-malformed")
    if not is_literal and _is_private_name(url.host):
        refuse("host-not-public")
    if is_literal:
        check_public_address(url.host)
    port = url.port if url.port is not None else DEFAULT_PORTS[url.scheme]
    if port not in ports:
        refuse("url-port")
    return Target(url.scheme, url.host, port, f"{url.path or '/'}{url.query}", is_literal)


def _is_private_name(host: str) -> bool:
    """A name without a dot, or below a domain for private use."""
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in ADDRESSES["names_refused"])
