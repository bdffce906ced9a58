"""Django 4.2 and later.

    # settings.py: first in the list
    MIDDLEWARE = ["bartizan_paved_road.adapters.django.PavedRoad", ...]
    BARTIZAN_AUTH = "orders.security.auth"   # an Auth, or where it is

    @signed_in
    def orders(request):
        return JsonResponse({"sub": who(request).subject})
"""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from ..access_log import redact_access_logs
from ..access_token import Access
from ..api import Api
from ..auth import Auth, SignedIn
from ..refusal import Refused, refuse
from ..web import WebResponse, text_response
from .wsgi import WsgiRequest

View = Callable[..., Any]


def _web(request: HttpRequest) -> WsgiRequest:
    return WsgiRequest(request.META, lambda length: bytes(request.body)[:length])


def _respond(answer: WebResponse) -> HttpResponse:
    # bartizan:ignore[python-cross-site-scripting] a text of this library, as text/plain or JSON with nosniff
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    if answer.challenges:
        response["www-authenticate"] = ", ".join(answer.challenges)
    for cookie in answer.cookies:
        response.cookies.load(cookie)
    return response


class PavedRoad:
    """Everything: headers, guard, sign-in, sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        configured = settings.BARTIZAN_AUTH
        self._auth: Auth = import_string(configured) if isinstance(configured, str) else configured
        self._guard = self._auth.guard(**getattr(settings, "BARTIZAN_GUARD", {}))
        self._get_response = get_response
        redact_access_logs(self._auth.paths.callback)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        web = _web(request)
        headers, request.nonce = self._guard.headers("page")
        answer = self._guard.check(web) or self._auth.handle(web)
        if answer is not None:
            return _respond(answer)
        request.bartizan = (self._auth, self._auth.session(web))
        response = self._get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def _state(request: HttpRequest) -> tuple[Auth, SignedIn | None]:
    return cast("tuple[Auth, SignedIn | None]", getattr(request, "bartizan", None) or refuse("configuration-invalid", "put PavedRoad into MIDDLEWARE"))


def signed_in(view: View) -> View:
    """Lets in who is signed in. Others: a page begins a sign-in, anything else is refused."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
        auth, user = _state(request)
        if user is not None:
            return view(request, *arguments, **named)
        web = _web(request)
        if web.method == "GET" and list(web.header("sec-fetch-mode")) == ["navigate"]:
            return _respond(auth.begin(web, next_page=request.get_full_path()))
        return _respond(text_response(401, "Not signed in.\n", auth.https))

    return guarded


def who(request: HttpRequest) -> SignedIn:
    """Who is signed in, behind ``signed_in``."""
    return _state(request)[1] or refuse("session-unknown")


def protect(api: Api, *scopes: str) -> Callable[[View], View]:
    """Lets in who has an access token with all these scopes."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            try:
                request.bartizan_caller = api.check(_web(request), scopes)
            except Refused as error:
                return _respond(api.refusal(error, scopes))
            return view(request, *arguments, **named)

        # Who proves itself by a token needs no CSRF token of Django; the guard has judged the request already.
        setattr(guarded, "csrf_exempt", True)
        return guarded

    return decorate


def caller(request: HttpRequest) -> Access:
    """Who calls, behind ``protect``."""
    return cast(Access, getattr(request, "bartizan_caller", None) or refuse("credentials-missing"))
