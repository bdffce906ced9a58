"""Flask 3.

    app = Flask(__name__)
    paved(app, auth)

    @app.get("/orders")
    @signed_in
    def orders():
        return {"sub": who().subject}
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, request

from ..access_log import redact_access_logs
from ..access_token import Access
from ..api import Api
from ..auth import Auth, SignedIn
from ..refusal import Refused, refuse
from ..web import WebResponse, text_response
from .wsgi import WsgiRequest

View = TypeVar("View", bound=Callable[..., Any])


def _web() -> WsgiRequest:
    return WsgiRequest(request.environ, lambda length: request.get_data(cache=True, parse_form_data=False)[:length])


def _respond(answer: WebResponse) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    for name, value in answer.header_list():
        response.headers.add(name, value)
    g.bartizan_answered = True
    return response


def paved(app: Flask, auth: Auth, **guard_options: Any) -> None:
    """Everything: headers, guard, sign-in, sessions."""
    guard = auth.guard(**guard_options)
    redact_access_logs(auth.paths.callback)

    def before() -> Response | None:
        g.bartizan_headers, g.nonce = guard.headers("page")
        web = _web()
        answer = guard.check(web) or auth.handle(web)
        if answer is not None:
            return _respond(answer)
        g.bartizan_auth, g.bartizan_user = auth, auth.session(web)
        return None

    def after(response: Response) -> Response:
        if not g.get("bartizan_answered"):
            for name, value in g.get("bartizan_headers", {}).items():
                response.headers.setdefault(name, value)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, before)
    app.after_request(after)


def _auth() -> Auth:
    return cast(Auth, g.get("bartizan_auth") or refuse("configuration-invalid", "use paved(app, auth) first"))


def signed_in(view: View) -> View:
    """Lets in who is signed in. Others: a page begins a sign-in, anything else is refused."""

    @functools.wraps(view)
    def guarded(*arguments: Any, **named: Any) -> Any:
        auth = _auth()
        if g.bartizan_user is not None:
            return view(*arguments, **named)
        web = _web()
        if web.method == "GET" and list(web.header("sec-fetch-mode")) == ["navigate"]:
            return _respond(auth.begin(web, next_page=web.path + (f"?{web.query}" if web.query else "")))
        return _respond(text_response(401, "Not signed in.\n", auth.https))

    return cast(View, guarded)


def who() -> SignedIn:
    """Who is signed in, behind ``signed_in``."""
    return who_if_any() or refuse("session-unknown")


def who_if_any() -> SignedIn | None:
    """Who is signed in, if anybody."""
    return cast("SignedIn | None", g.get("bartizan_user"))


def protect(api: Api, *scopes: str) -> Callable[[View], View]:
    """Lets in who has an access token with all these scopes."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            try:
                g.bartizan_caller = api.check(_web(), scopes)
            except Refused as error:
                return _respond(api.refusal(error, scopes))
            return view(*arguments, **named)

        return cast(View, guarded)

    return decorate


def caller() -> Access:
    """Who calls, behind ``protect``."""
    return cast(Access, g.get("bartizan_caller") or refuse("credentials-missing"))


def metadata(app: Flask, api: Api) -> None:
    """Publishes the metadata of an API."""

    def before() -> Response | None:
        answer = api.handle(_web())
        return _respond(answer) if answer is not None else None

    app.before_request(before)


def refresh() -> SignedIn | None:
    """Uses the refresh token now. None if nobody is signed in any more."""
    return _auth().refresh(_web())


def authorize(url: str, method: str = "GET") -> dict[str, str]:
    """Headers for a request to an API on behalf of who is signed in."""
    return _auth().authorize(_web(), url, method)
