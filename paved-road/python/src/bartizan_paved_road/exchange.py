"""One request, one answer: bounded in size and time, no redirect followed. All calls to providers go through here."""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore

from .constants import LIMITS
from .encoding import decode_utf8
from .protocol.answer import Answer
from .refusal import Refused, refuse


@dataclass(frozen=True)
class RawAnswer:
    status: int
    #: Names in lower case; of a header that stands twice the last value.
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class _Deadline:
    """One clock for everything: connecting, waiting, reading. A trickle of bytes does not extend it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        return left if left > 0 else refuse("timeout")


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects, within the deadline; to ``address`` where one is given, whatever the name is."""

    def __init__(self, deadline: _Deadline, address: str | None) -> None:
        self._inner, self._deadline, self._address = httpcore.SyncBackend(), deadline, address

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(self._address or host, port, self._deadline.left(), local_address, socket_options), self._deadline)


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


_TLS = _tls()


def exchange(
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    address: str | None = None,
    timeout_ms: int | None = None,
    max_bytes: int | None = None,
) -> RawAnswer:
    """Sends a request and reads the whole answer. The guard of safe_http gives the ``address`` that it has checked."""
    deadline = _Deadline((timeout_ms or LIMITS["response_ms"]) / 1000)
    limit = max_bytes or LIMITS["response_bytes"]
    # Compressed answers are not asked for: their size can't be told beforehand.
    sent = {"accept-encoding": "identity", "user-agent": "bartizan-paved-road", "content-length": str(len(body or b"")), "connection": "close", **(headers or {})}
    if method in ("GET", "HEAD"):
        del sent["content-length"]
    try:
        with httpcore.ConnectionPool(ssl_context=_TLS, network_backend=_Backend(deadline, address), max_keepalive_connections=0) as pool:
            with pool.stream(method, url, headers=[("host", _authority(url)), *sent.items()], content=body) as response:
                return RawAnswer(response.status, _headers(response), _read(response, limit))
    except Refused:
        raise
    except (httpcore.TimeoutException, TimeoutError):
        refuse("timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        refuse("unreachable", type(error).__name__)


def _authority(url: str) -> str:
    return url.split("://", 1)[1].split("/", 1)[0].split("?", 1)[0]


def _headers(response: httpcore.Response) -> dict[str, str]:
    if sum(len(name) + len(value) for name, value in response.headers) > LIMITS["response_header_bytes"]:
        refuse("body-too-large")
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _read(response: httpcore.Response, limit: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > limit:
            refuse("body-too-large")
    return bytes(body)


def to_answer(raw: RawAnswer) -> Answer:
    """As a provider's answer is read. What is not UTF-8 is no JSON either."""
    return Answer(raw.status, raw.headers.get("content-type", ""), decode_utf8(raw.body) or "")
