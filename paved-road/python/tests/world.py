"""A service without a server: requests of a browser go straight to ``Auth``. The provider is ``testing/provider.mjs``."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bartizan_paved_road import AuditEvent, Auth, ClientSecret, Secret, Sessions, SignInProvider, WebResponse, dangerous

PROVIDER = Path(__file__).parents[2] / "testing/provider.mjs"


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Request:
    certificate: str | None = None

    def __init__(self, target: str, method: str = "GET", headers: dict[str, str] | None = None, body: str = "") -> None:
        self.method, (self.path, _, self.query) = method, target.partition("?")
        self._headers, self._body = headers or {}, body

    def header(self, name: str) -> list[str]:
        return [self._headers[name]] if name in self._headers else []

    def body(self, max_bytes: int) -> str:
        return self._body


class Visitor:
    """A browser that keeps cookies, and the requests that it makes."""

    def __init__(self, cookies: dict[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})

    def request(self, target: str, **more: Any) -> Request:
        headers = more.pop("headers", {})
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return Request(target, headers={**({"cookie": cookie} if cookie else {}), **headers}, **more)

    def keep(self, response: WebResponse | None) -> WebResponse:
        assert response is not None
        for line in response.cookies:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        return response


class Provider:
    def __init__(self, about: dict[str, str]) -> None:
        self.issuer, self.client_id, self.client_secret = about["issuer"], about["clientId"], about["clientSecret"]

    def options(self, **options: Any) -> None:
        httpx.post(f"{self.issuer}/__options", content=json.dumps(options))

    def count(self, path: str) -> int:
        return sum(entry["path"] == path for entry in httpx.get(f"{self.issuer}/__log").json())

    def token(self, kind: str, **about: Any) -> str:
        return str(httpx.post(f"{self.issuer}/__token", content=json.dumps({"kind": kind, **about})).json()["token"])


@contextmanager
def provider() -> Iterator[Provider]:
    child = subprocess.Popen(["node", str(PROVIDER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield Provider(json.loads(child.stdout.readline()))
    finally:
        child.kill()
        child.wait()


class World:
    def __init__(self, at: Provider, sessions: Sessions | None = None, clock: Clock | None = None, **auth: Any) -> None:
        self.provider, self.clock, self.events = at, clock or Clock(), list[AuditEvent]()
        self.sessions = sessions or Sessions.in_memory(self.clock)
        self.auth = self.make(**auth)

    def make(self, **auth: Any) -> Auth:
        options: dict[str, Any] = {
            "public_url": "https://orders.example.org",
            "providers": [SignInProvider(self.provider.issuer, self.provider.client_id, ClientSecret(Secret(self.provider.client_secret)), scopes=["read"])],
            "sessions": self.sessions,
            "audit": self.events.append,
            "dangerous": dangerous(http_on_loopback=True, clock=self.clock, because="tests"),
        }
        return Auth(**{**options, **auth})

    def finish(self, visitor: Visitor, response: WebResponse) -> str:
        """Goes to the provider and comes back: the path and query of the callback."""
        back = urlsplit(httpx.get(response.headers["location"]).headers["location"])
        return f"{back.path}?{back.query}"

    def begin(self, visitor: Visitor, target: str = "/login") -> str:
        return self.finish(visitor, visitor.keep(self.auth.handle(visitor.request(target))))

    def sign_in(self, visitor: Visitor) -> WebResponse:
        return visitor.keep(self.auth.handle(visitor.request(self.begin(visitor))))

    def who(self, visitor: Visitor) -> str | None:
        session = self.auth.session(visitor.request("/"))
        return session.subject if session else None
