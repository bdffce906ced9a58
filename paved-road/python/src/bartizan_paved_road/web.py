"""Requests and responses as adapters hand them over: nothing of a framework."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .encoding import random_text
from .jose.sign import compact_json
from .web_guard.headers import ResponseClass, security_headers


class WebRequest(Protocol):
    """A request."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str:
        """As it was sent, without query."""
        ...

    @property
    def query(self) -> str:
        """As it was sent, without question mark."""
        ...

    @property
    def certificate(self) -> str | None:
        """SHA-256 thumbprint of the client certificate, if the connection has one."""
        ...

    def header(self, name: str) -> Sequence[str]:
        """All values of a header by its name in lower case."""
        ...

    def body(self, max_bytes: int) -> str:
        """The body as text, up to so many bytes."""
        ...


@dataclass(frozen=True)
class WebResponse:
    status: int
    headers: dict[str, str]
    body: str = ""
    #: Values of Set-Cookie, one header each.
    cookies: list[str] = field(default_factory=list, repr=False)
    #: Values of WWW-Authenticate, one header each.
    challenges: list[str] = field(default_factory=list)

    def header_list(self) -> list[tuple[str, str]]:
        """All headers, as they are sent."""
        return [*self.headers.items(), *(("set-cookie", value) for value in self.cookies), *(("www-authenticate", value) for value in self.challenges)]


def text_response(status: int, body: str, https: bool, cookies: Sequence[str] = ()) -> WebResponse:
    """A text for people; never HTML."""
    return _response("api", status, body, "text/plain; charset=utf-8", https, cookies)


def json_response(status: int, body: Any, https: bool, challenges: Sequence[str] = ()) -> WebResponse:
    answer = _response("api", status, compact_json(body), "application/json", https, ())
    return WebResponse(answer.status, answer.headers, answer.body, [], list(challenges))


def redirect_response(status: int, location: str, https: bool, cookies: Sequence[str] = ()) -> WebResponse:
    answer = _response("redirect", status, "", "text/plain; charset=utf-8", https, cookies)
    return WebResponse(answer.status, {**answer.headers, "location": location}, "", answer.cookies)


def _response(kind: ResponseClass, status: int, body: str, content_type: str, https: bool, cookies: Sequence[str]) -> WebResponse:
    headers = security_headers(kind, https=https, nonce=random_text(128))
    return WebResponse(status, {**headers, "content-type": content_type}, body, list(cookies))
