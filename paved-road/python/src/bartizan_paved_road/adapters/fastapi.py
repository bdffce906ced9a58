"""FastAPI, and every application of ASGI.

    app.add_middleware(PavedRoad, auth=auth)      # last: it is then the outermost

    @app.get("/orders")
    def orders(user: Annotated[SignedIn, Depends(signed_in)]):
        return {"sub": user.subject}
"""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from ..access_log import redact_access_logs
from ..access_token import Access
from ..api import Api
from ..auth import Auth, SignedIn
from ..constants import LIMITS
from ..encoding import encode_form
from ..refusal import Refused, refuse
from ..web import WebResponse

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AsgiRequest:
    """A request by its scope. The core has no event loop: what waits runs in a thread."""

    certificate: str | None = None

    def __init__(self, scope: Scope, content: bytes | None = None) -> None:
        self._scope, self._content = scope, content

    @property
    def method(self) -> str:
        return str(self._scope["method"])

    @property
    def path(self) -> str:
        raw = self._scope.get("raw_path") or str(self._scope["path"]).encode()
        return bytes(raw).split(b"?", 1)[0].decode("latin-1")

    @property
    def query(self) -> str:
        return bytes(self._scope.get("query_string", b"")).decode("latin-1")

    def header(self, name: str) -> Sequence[str]:
        wanted = name.encode()
        return [value.decode("latin-1") for key, value in self._scope["headers"] if key.lower() == wanted]

    def body(self, max_bytes: int) -> str:
        if self._content is None or len(self._content) > max_bytes:
            refuse("request-too-large")
        return self._content.decode("latin-1")


class PavedRoad:
    """Everything: headers, guard, sign-in, sessions."""

    def __init__(self, app: Any, auth: Auth, **guard_options: Any) -> None:
        self._app, self._auth, self._guard = app, auth, auth.guard(**guard_options)
        redact_access_logs(auth.paths.callback)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # A page of another site can open one, with our cookies: its handshake has an Origin, and nothing else to go by.
            if AsgiRequest({**scope, "method": "GET"}).header("origin") != [self._auth.origin]:
                await send({"type": "websocket.close", "code": 1008})
                return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_logout = scope["method"] == "POST" and scope["path"] == self._auth.paths.back_channel_logout
        web = AsgiRequest(scope, await _read(receive) if is_logout else None)
        headers, nonce = self._guard.headers("page")
        answer = self._guard.check(web) or await run_in_threadpool(self._auth.handle, web)
        if answer is not None:
            await _respond(answer, send)
            return
        scope["bartizan"] = {"auth": self._auth, "user": await run_in_threadpool(self._auth.session, web), "nonce": nonce}
        await self._app(scope, receive, _with_headers(send, headers))


async def _read(receive: Receive) -> bytes | None:
    content = b""
    while True:
        message = await receive()
        content += bytes(message.get("body", b""))
        if len(content) > LIMITS["query_bytes"] or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body", False):
            return content


def _encode(headers: Sequence[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _respond(answer: WebResponse, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": _encode(answer.header_list())})
    await send({"type": "http.response.body", "body": answer.body.encode()})


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    """Adds what the application has not set itself."""

    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            added = [(name, value) for name, value in _encode(list(headers.items())) if name not in there]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return send_with


def _state(request: Request) -> dict[str, Any]:
    state: dict[str, Any] = request.scope.get("bartizan") or refuse("configuration-invalid", "add the middleware PavedRoad")
    return state


def signed_in(request: Request) -> SignedIn:
    """A dependency: who is signed in. Others: a page is sent to sign in, anything else is refused."""
    user: SignedIn | None = _state(request)["user"]
    if user is not None:
        return user
    auth: Auth = _state(request)["auth"]
    if request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate":
        web = AsgiRequest(request.scope)
        raise HTTPException(303, headers={"location": f"{auth.paths.sign_in}?{encode_form({'next': web.path + (f'?{web.query}' if web.query else '')})}"})
    raise HTTPException(401, "not signed in")


def protect(api: Api, *scopes: str) -> Callable[[Request], Access]:
    """A dependency: who calls, with an access token that has all these scopes."""

    def check(request: Request) -> Access:
        try:
            return api.check(AsgiRequest(request.scope), scopes)
        except Refused as error:
            answer = api.refusal(error, scopes)
            headers = {name: value for name, value in answer.headers.items() if name != "content-type"}
            if answer.challenges:
                headers["www-authenticate"] = ", ".join(answer.challenges)
            raise HTTPException(answer.status, headers=headers) from None

    return check


def refresh(request: Request) -> SignedIn | None:
    """Uses the refresh token now. None if nobody is signed in any more."""
    auth: Auth = _state(request)["auth"]
    return auth.refresh(AsgiRequest(request.scope))


def authorize(request: Request, url: str, method: str = "GET") -> dict[str, str]:
    """Headers for a request to an API on behalf of who is signed in."""
    auth: Auth = _state(request)["auth"]
    return auth.authorize(AsgiRequest(request.scope), url, method)
