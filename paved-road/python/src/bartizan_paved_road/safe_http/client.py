"""A client for URLs from outside (CWE-918): it reaches the public Internet, and nothing else.

The guard sits where the connection is made: a name is resolved once, every address is judged, and the connection goes to an address
that was judged. Nothing is resolved a second time, so that a name can't change its mind. Every redirect begins anew.
"""

import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..constants import LIMITS
from ..exchange import RawAnswer, exchange
from ..refusal import refuse
from ..url import DEFAULT_PORTS
from .address import check_public_address
from .target import Target, check_target

_REDIRECTS = (301, 302, 303, 307, 308)
#: Headers that are for one origin only.
_CREDENTIALS = ("authorization", "cookie", "proxy-authorization", "dpop", "x-api-key")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ORIGIN = re.compile(r"[^:]+://[^/?#]*")


@dataclass(frozen=True)
class SafeAnswer:
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def _system_resolver(host: str) -> Sequence[str]:
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        refuse("address-none")


class SafeHttp:
    """A client for URLs from outside."""

    def __init__(
        self,
        *,
        ports: Sequence[int] = (),
        resolve: Callable[[str], Sequence[str]] = _system_resolver,
        timeout_ms: int | None = None,
        max_bytes: int | None = None,
        send: Callable[..., RawAnswer] = exchange,
    ) -> None:
        """``ports`` are those besides 443. ``resolve`` asks another resolver; its answers are judged as any. Tests have another ``send``."""
        self._ports, self._resolve, self._send = (DEFAULT_PORTS["https"], *ports), resolve, send
        self._timeout_ms, self._max_bytes = timeout_ms, max_bytes

    def resolve(self, url: str) -> tuple[Target, str]:
        """Where a URL leads: a target, and the address to connect to."""
        target = check_target(url, schemes=("https",), ports=self._ports)
        addresses = [target.host] if target.is_literal else self._resolve(target.host)
        # One bad address among good ones is an attack, or a mistake that looks like one.
        for address in addresses:
            check_public_address(address)
        return target, addresses[0] if addresses else refuse("address-none")

    def request(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None) -> SafeAnswer:
        """Sends a request. GET and HEAD follow a few redirects, each of which is judged as if it were the first."""
        current, sent = url, dict(headers or {})
        for _ in range(LIMITS["redirects"] + 1):
            target, address = self.resolve(current)
            answer = self._send(current, method, sent, body, address=address, timeout_ms=self._timeout_ms, max_bytes=self._max_bytes)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None or method not in ("GET", "HEAD"):
                return SafeAnswer(current, answer.status, answer.headers, answer.body)
            following = _resolve_reference(location, target)
            if _origin_text(following) != _origin_text(current):
                sent = {name: value for name, value in sent.items() if name.lower() not in _CREDENTIALS}
            current = following
        refuse("redirects-exceeded")


def _resolve_reference(location: str, base: Target) -> str:
    """A Location header: absolute, or a path on the same origin. Nothing else is guessed."""
    if _ABSOLUTE.match(location):
        return location
    host = f"[{base.host}]" if ":" in base.host else base.host
    port = "" if base.port == DEFAULT_PORTS[base.scheme] else f":{base.port}"
    return f"{base.scheme}://{host}{port}{location}" if location.startswith("/") and location[1:2] != "/" else refuse("url-malformed")


def _origin_text(url: str) -> str:
    match = _ORIGIN.match(url)
    return match[0].lower() if match else ""
