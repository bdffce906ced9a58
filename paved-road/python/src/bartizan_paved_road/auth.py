"""Sign-in (OAuth 2.1 and OpenID Connect), sessions and sign-out of a service. Tokens never reach the browser."""

import dataclasses
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from .api import Api
from .audit import AuditEvent, AuditSink, EventKind, json_lines
from .client_auth import ClientAuthentication
from .constants import COOKIES, LIFETIMES, LIMITS
from .cookie import read_cookie, read_cookies, remove_cookie, write_cookie
from .danger import NOTHING, Dangerous
from .encoding import decode_base64url, decode_utf8, is_equal, parse_form, random_text, sha256
from .id_token import ID_TOKEN_TYPES, IdTokenExpectation, RefreshExpectation, check_id_token, check_refreshed_id_token
from .jose.sign import SigningKey, compact_json
from .logout_token import LOGOUT_TOKEN_TYPES, check_logout_token
from .protocol.authorization import AuthorizationRequest, check_callback, end_session_url, parse_callback
from .protocol.configuration import parse_public_url
from .protocol.token import Tokens, code_grant, refresh_grant
from .provider_client import ProviderClient
from .refusal import Refused, refuse
from .safe_input.local_path import LocalPath
from .session_life import SessionLimits
from .sessions import SessionRecord, Sessions
from .strict_json import JsonObject, parse_object
from .web import WebRequest, WebResponse, json_response, redirect_response, text_response
from .web_guard.guard import Guard
from .web_guard.request_site import check_request_site


@dataclass(frozen=True)
class SignInProvider:
    """A provider that users may sign in with."""

    issuer: str
    client_id: str
    client: ClientAuthentication
    #: What ``?idp=`` says. The first provider needs none.
    name: str = "default"
    #: Scopes to ask for, besides ``openid``.
    scopes: Sequence[str] = ()
    #: The API that access tokens are for (RFC 8707).
    resource: str | None = None
    #: Narrows the algorithms that are pinned.
    algorithms: Sequence[str] | None = None
    #: Signs authorization requests (RFC 9101). Needs a ClientKey.
    signed_requests: bool = False
    #: Binds tokens to a key of the session (RFC 9449).
    dpop: bool = False
    #: Reads claims from the userinfo endpoint.
    userinfo: bool = False
    max_age: int | None = None
    acr_values: Sequence[str] = ()
    prompt: str | None = None
    #: Sends the ID token to the provider at sign-out, through the browser. Off: the user may be asked to confirm.
    id_token_hint: bool = False


@dataclass(frozen=True)
class Paths:
    sign_in: str = "/login"
    callback: str = "/callback"
    sign_out: str = "/logout"
    back_channel_logout: str = "/backchannel-logout"


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in. Identity is issuer and subject together; never an e-mail address."""

    issuer: str
    subject: str
    scopes: Sequence[str]
    claims: JsonObject = field(repr=False)
    auth_time: float | None = None
    acr: str | None = None


@dataclass(frozen=True, repr=False)
class _Attempt:
    """A sign-in that was begun: bound to one browser, used once."""

    provider: str
    issuer: str
    state: str
    nonce: str
    code_verifier: str
    #: Hash of the cookie.
    binding: str
    callback: str
    next: str
    created: float
    max_age: int | None = None
    acr_values: Sequence[str] = ()
    dpop_key: JsonObject | None = None


#: 128 bits of identity, and 128 more that only the provider hears.
_STATE = re.compile(r"([A-Za-z0-9_-]{22})[A-Za-z0-9_-]{22}", re.ASCII)
_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_COOKIE_NAME = re.compile(r"__Host-[A-Za-z0-9_-]+", re.ASCII)
_NOT_FOUND = ("session-unknown", "session-idle", "session-too-old", "cookie-repeated", "sealed-malformed", "sealed-key-unknown", "sealed-mismatch")
#: Refusals of a refresh that leave the session as it is: somebody may try again.
_TRANSIENT = (
    "timeout",
    "unreachable",
    "http-status",
    "body-too-large",
    "content-type-unexpected",
    "redirect-refused",
    "json-malformed",
    "token-endpoint-error",
    "jwks-unavailable",
    "store-conflict",
    "endpoint-missing",
    "issuer-mismatch",
)


class Auth:
    """Sign-in, sessions and sign-out. What it needs has no default: public URL, providers, sessions."""

    def __init__(
        self,
        *,
        public_url: str,
        providers: Sequence[SignInProvider],
        sessions: Sessions,
        paths: Paths = Paths(),
        after_sign_out: str = "/",
        lifetimes: SessionLimits = SessionLimits(),
        audit: AuditSink | None = None,
        dangerous: Dangerous = NOTHING,
    ) -> None:
        """Redirect URI, cookies and origin checks come from ``public_url``, never from a header.

        Events go to ``audit``; by default to standard error, as lines of JSON.
        """
        if not isinstance(dangerous, Dangerous) or not isinstance(sessions, Sessions):
            refuse("configuration-invalid", "dangerous or sessions")
        self.origin = parse_public_url(public_url, dangerous.http_on_loopback)
        self.https = self.origin.startswith("https:")
        self.paths = paths
        for path in dataclasses.astuple(paths):
            LocalPath.parse(path)
        self._audit, self._allowed, self._now = audit or json_lines(), dangerous, dangerous.clock
        self._sessions, self._limits = sessions, lifetimes
        self._after_sign_out = str(LocalPath.parse(after_sign_out))
        self._providers: dict[str, tuple[SignInProvider, ProviderClient]] = {}
        for provider in providers:
            self._add_provider(provider)
        self._first = next(iter(self._providers), None) or refuse("configuration-invalid", "no provider")
        self._refreshing: dict[str, Future[SessionRecord]] = {}
        self._lock = threading.Lock()
        for what in dangerous.describe():
            self._audit(AuditEvent("dangerous", detail=what))

    def _add_provider(self, options: SignInProvider) -> None:
        if not _NAME.fullmatch(options.name) or options.name in self._providers:
            refuse("configuration-invalid", "providers have distinct names")
        if any(client.issuer == options.issuer for _, client in self._providers.values()):
            refuse("configuration-invalid", "providers have distinct issuers")
        client = ProviderClient(
            issuer=options.issuer,
            client_id=options.client_id,
            client=options.client,
            allowed=self._allowed,
            audit=self._audit,
            algorithms=options.algorithms,
            signed_requests=options.signed_requests,
        )
        self._providers[options.name] = (options, client)

    def guard(self, **options: Any) -> Guard:
        """What holds for every request and response of this service."""
        return Guard(self.origin, self._audit, exempt=(self.paths.back_channel_logout,), **options)

    def api(self, *, audience: str, provider: str | None = None, **options: Any) -> Api:
        """API protection that shares keys and metadata with sign-in."""
        return Api(audience=audience, public_url=self.origin, provider=self._provider(provider or self._first)[1], audit=self._audit, dangerous=self._allowed, **options)

    def handle(self, request: WebRequest) -> WebResponse | None:
        """Answers what belongs to sign-in; None for everything else."""
        paths, path = self.paths, request.path
        if request.method == "GET" and path == paths.sign_in:
            return self._answering("sign-in-refused", [], lambda: self._handle_sign_in(request))
        if request.method == "GET" and (path == paths.callback or path.startswith(f"{paths.callback}/")):
            used: list[str] = []
            return self._answering("sign-in-refused", used, lambda: self._handle_callback(request, used))
        if request.method == "POST" and path == paths.sign_out:
            return self._answering("logout-refused", [], lambda: self._handle_sign_out(request))
        if request.method == "POST" and path == paths.back_channel_logout:
            return self._handle_back_channel_logout(request)
        return text_response(405, "Method not allowed.", self.https) if path in dataclasses.astuple(paths) else None

    def session(self, request: WebRequest) -> SignedIn | None:
        """Who is signed in; None if nobody."""
        key = self._session_key(request)
        record = self._load(key) if key is not None else None
        return _signed_in(record) if record else None

    def authorize(self, request: WebRequest, url: str, method: str = "GET") -> dict[str, str]:
        """Headers for a request to an API on behalf of the user; refreshes the access token if it must."""
        key = self._session_key(request) or refuse("session-unknown")
        record = self._fresh_record(key, lambda one: _is_expiring(one, self._now()))
        return self._client_of(record).proof_for(url, method, _dpop_key(record.dpop_key), record.access_token)

    def refresh(self, request: WebRequest) -> SignedIn | None:
        """Uses the refresh token now. None if nobody is signed in, or not any more."""
        key = self._session_key(request)
        record = self._load(key) if key is not None else None
        if key is None or record is None:
            return None
        used = record.access_token
        try:
            return _signed_in(self._fresh_record(key, lambda one: one.access_token == used))
        except Refused as error:
            if error.reason in _TRANSIENT:
                raise
            return None

    def rotate(self, request: WebRequest) -> str:
        """Gives the session a new id: after a change of privileges. The cookie is to be set."""
        key = self._session_key(request) or refuse("session-unknown")
        record = self._sessions.end(key) or refuse("session-unknown")
        return self._session_cookie(self._sessions.begin(record, self._limits), record)

    def end_sessions_of(self, issuer: str, subject: str) -> int:
        """Ends all sessions of a subject: after a change of password, or when an account is closed."""
        return self._sessions.end_all(issuer, subject=subject)

    # --- Sign-in

    def _handle_sign_in(self, request: WebRequest) -> WebResponse:
        fields = dict(parse_form(request.query))
        return self.begin(request, next_page=fields.get("next"), provider=fields.get("idp"))

    def begin(
        self,
        request: WebRequest,
        *,
        next_page: str | None = None,
        provider: str | None = None,
        max_age: int | None = None,
        acr_values: Sequence[str] = (),
        prompt: str | None = None,
    ) -> WebResponse:
        """Begins a sign-in, or a stronger one."""
        name = provider or self._first
        options, client = self._provider(name)
        metadata = client.metadata()
        attempt_id, binding, now = random_text(128), random_text(256), self._now()
        dpop_key = SigningKey.generate() if options.dpop else None
        # RFC 9700, section 4.4.2: of several providers, one that does not name itself in its responses has a redirect URI of its own.
        own_callback = len(self._providers) > 1 and not metadata.iss_required
        attempt = _Attempt(
            provider=name,
            issuer=client.issuer,
            state=attempt_id + random_text(128),
            nonce=random_text(256),
            code_verifier=random_text(256),
            binding=sha256(binding),
            callback=f"{self.paths.callback}/{name}" if own_callback else self.paths.callback,
            next=str(LocalPath.parse_or_root(next_page)),
            created=now,
            max_age=options.max_age if max_age is None else max_age,
            acr_values=list(acr_values or options.acr_values),
            dpop_key=dpop_key.expose() if dpop_key else None,
        )
        asked = AuthorizationRequest(
            client_id=client.client_id,
            redirect_uri=self.origin + attempt.callback,
            scopes=options.scopes,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.code_verifier,
            max_age=attempt.max_age,
            acr_values=attempt.acr_values,
            prompt=prompt or options.prompt,
            resource=options.resource,
        )
        url = client.authorization_url(asked, dpop_key)
        dropped, key = self._drop_old_attempts(request), _attempt_key(attempt_id)
        self._sessions.store.put(key, self._sessions.seal(key, {item.name: getattr(attempt, item.name) for item in dataclasses.fields(attempt)}), now + LIFETIMES["attempt_seconds"])
        return redirect_response(302, url, self.https, [*dropped, write_cookie(COOKIES["attempt_prefix"] + attempt_id, binding, LIFETIMES["attempt_seconds"])])

    def _drop_old_attempts(self, request: WebRequest) -> list[str]:
        """Keeps a browser to a few begun sign-ins: the oldest ones go."""
        names = {name for name, _ in read_cookies(_cookies(request)) if name.startswith(COOKIES["attempt_prefix"]) and _COOKIE_NAME.fullmatch(name)}
        if len(names) < LIMITS["attempts_per_browser"]:
            return []
        newest_first = sorted(sorted(names)[:50], key=self._attempt_time, reverse=True)
        return [remove_cookie(name) for name in newest_first[LIMITS["attempts_per_browser"] - 1 :]]

    def _attempt_time(self, cookie: str) -> float:
        key = _attempt_key(cookie.removeprefix(COOKIES["attempt_prefix"]))
        sealed = self._sessions.store.get(key)
        return 0 if sealed is None else float(self._sessions.open(key, sealed)["created"])

    def _handle_callback(self, request: WebRequest, used: list[str]) -> WebResponse:
        parameters = parse_callback(request.query)
        state = _STATE.fullmatch(parameters.state) or refuse("state-malformed")
        attempt = self._take_attempt(request, state[1], parameters.state, used)
        options, client = self._provider(attempt.provider)
        if attempt.callback != request.path or attempt.issuer != client.issuer:
            refuse("attempt-unknown")
        code = check_callback(parameters, state=attempt.state, issuer=attempt.issuer, iss_required=client.metadata().iss_required)
        record = self._redeem(client, options, attempt, code)
        return self._start_session(request, record, attempt.next, used)

    def _take_attempt(self, request: WebRequest, attempt_id: str, state: str, used: list[str]) -> _Attempt:
        """Takes the attempt that this browser began, so that nobody uses it again."""
        name, key = COOKIES["attempt_prefix"] + attempt_id, _attempt_key(attempt_id)
        binding = read_cookie(_cookies(request), name) or refuse("attempt-unknown")
        used.append(remove_cookie(name))
        attempt = _Attempt(**self._sessions.open(key, self._sessions.store.get(key) or refuse("attempt-unknown")))
        if not is_equal(attempt.binding, sha256(binding)) or not is_equal(attempt.state, state):
            refuse("state-mismatch")
        if self._sessions.store.take(key) is None:
            refuse("attempt-unknown")
        if self._now() - attempt.created >= LIFETIMES["attempt_seconds"]:
            refuse("attempt-expired")
        return attempt

    def _redeem(self, client: ProviderClient, options: SignInProvider, attempt: _Attempt, code: str) -> SessionRecord:
        """Redeems the code, and checks who it is for."""
        dpop_key, granted = _dpop_key(attempt.dpop_key), list(dict.fromkeys(["openid", *options.scopes]))
        fields = code_grant(code=code, redirect_uri=self.origin + attempt.callback, code_verifier=attempt.code_verifier, resource=options.resource)
        tokens = client.tokens(fields, "authorization_code", granted, dpop_key)
        claims, alg = client.verify(tokens.id_token or refuse("id-token-missing"), ID_TOKEN_TYPES)
        now = self._now()
        expected = IdTokenExpectation(now, client.issuer, client.client_id, attempt.nonce, tokens.access_token, attempt.max_age, attempt.acr_values)
        identity = check_id_token(claims, alg, expected)
        userinfo = client.userinfo(tokens.access_token, identity.subject, dpop_key) if options.userinfo else None
        return SessionRecord(
            provider=attempt.provider,
            nonce=attempt.nonce,
            created=now,
            seen=now,
            claims=userinfo or {},
            id_token=tokens.id_token if options.id_token_hint else None,
            dpop_key=attempt.dpop_key,
            **dataclasses.asdict(identity),
            **_token_fields(tokens, now),
        )

    def _start_session(self, request: WebRequest, record: SessionRecord, next_page: str, used: list[str]) -> WebResponse:
        """Begins a session under a new id. One that this browser had before ends."""
        before = self._session_key(request)
        if before is not None:
            self._sessions.store.remove(before)
        session_id = self._sessions.begin(record, self._limits)
        self._audit(AuditEvent("sign-in", issuer=record.issuer, subject=record.subject))
        return redirect_response(302, next_page, self.https, [*used, self._session_cookie(session_id, record)])

    def _session_cookie(self, session_id: str, record: SessionRecord) -> str:
        return write_cookie(COOKIES["session"], session_id, max(1, int(record.created + self._limits.absolute - self._now())))

    # --- Sign-out

    def _handle_sign_out(self, request: WebRequest) -> WebResponse:
        check_request_site(request.method, request.header, self.origin)
        key, cookies = self._session_key(request), [remove_cookie(COOKIES["session"])]
        record = self._end(key) if key is not None else None
        if record is None:
            return redirect_response(303, self._after_sign_out, self.https, cookies)
        self._audit(AuditEvent("sign-out", issuer=record.issuer, subject=record.subject))
        return redirect_response(303, self._leave_provider(record), self.https, cookies)

    def _end(self, key: str) -> SessionRecord | None:
        try:
            return self._sessions.end(key)
        except Refused:
            return None

    def _leave_provider(self, record: SessionRecord) -> str:
        """Revokes the tokens, and says where the browser goes. The session is over whatever the provider says."""
        try:
            client = self._client_of(record)
            self._revoke(client, record)
            endpoint = client.metadata().end_session_endpoint
            if endpoint is not None:
                return end_session_url(endpoint, client_id=client.client_id, id_token_hint=record.id_token, post_logout_redirect_uri=self.origin + self._after_sign_out)
        except Refused:
            pass
        return self._after_sign_out

    def _revoke(self, client: ProviderClient, record: SessionRecord) -> None:
        try:
            client.revoke(record.refresh_token or record.access_token, "refresh_token" if record.refresh_token else "access_token")
        except Refused:
            pass

    def _handle_back_channel_logout(self, request: WebRequest) -> WebResponse:
        """OpenID Connect Back-Channel Logout, sections 2.5 to 2.8."""
        try:
            tokens = [value for name, value in parse_form(request.body(LIMITS["query_bytes"])) if name == "logout_token"]
            if len(tokens) != 1:
                refuse("parameter-repeated" if tokens else "jwt-malformed")
            self._log_out(tokens[0])
            return text_response(200, "", self.https)
        except Refused as error:
            self._audit(AuditEvent("logout-refused", reason=error.reason, detail=error.detail))
            return json_response(400, {"error": "invalid_request"}, self.https)

    def _log_out(self, token: str) -> None:
        # The issuer is read from the unverified token only to choose whose keys it must be signed by.
        issuer = _unverified_issuer(token)
        client = next((client for _, client in self._providers.values() if client.issuer == issuer), None) or refuse("iss-mismatch")
        claims, _ = client.verify(token, LOGOUT_TOKEN_TYPES)
        order = check_logout_token(claims, now=self._now(), issuer=client.issuer, client_id=client.client_id)
        if not self._sessions.store.add(f"jti:{sha256(compact_json([issuer, order.token_id]))}", "1", order.expiry + LIFETIMES["clock_skew_seconds"]):
            refuse("jti-replayed")
        ended = self._sessions.end_all(client.issuer, order.subject, order.sid)
        self._audit(AuditEvent("sign-out", issuer=client.issuer, subject=order.subject, detail=f"back-channel, sessions ended: {ended}"))

    # --- Refresh

    def _fresh_record(self, key: str, is_stale: Callable[[SessionRecord], bool]) -> SessionRecord:
        """The session with an access token that is not stale. One call to the provider, however many replicas and requests ask."""
        record = self._sessions.load(key, self._now(), self._limits)
        if not is_stale(record):
            return record
        with self._lock:
            pending = self._refreshing.get(key)
            mine: Future[SessionRecord] = Future()
            if pending is None:
                self._refreshing[key] = mine
        if pending is not None:
            return pending.result()
        try:
            mine.set_result(self._refresh_somewhere(key, is_stale))
        except BaseException as error:
            mine.set_exception(error)
        finally:
            with self._lock:
                del self._refreshing[key]
        return mine.result()

    def _refresh_somewhere(self, key: str, is_stale: Callable[[SessionRecord], bool]) -> SessionRecord:
        """Refreshes here, or waits for the replica that is at it."""

        def at_work() -> SessionRecord:
            # Another replica may have finished between our look and our lease.
            record = self._sessions.load(key, self._now(), self._limits)
            return self._refresh_here(key, record) if is_stale(record) else record

        for _ in range(2 * LIFETIMES["refresh_lease_ms"] // LIFETIMES["refresh_poll_ms"]):
            done = self._sessions.with_lease(key, self._now(), at_work)
            if done is not None:
                return done
            time.sleep(LIFETIMES["refresh_poll_ms"] / 1000 * (0.5 + random.random()))
            record = self._sessions.load(key, self._now(), self._limits)
            if not is_stale(record):
                return record
        refuse("timeout")

    def _refresh_here(self, key: str, record: SessionRecord) -> SessionRecord:
        try:
            options, client = self._provider(record.provider)
            tokens = client.tokens(refresh_grant(record.refresh_token or refuse("refresh-unavailable")), "refresh_token", record.scopes, _dpop_key(record.dpop_key))
            self._check_refreshed(client, record, tokens)
            changed: dict[str, Any] = {"renew_at": None, **_token_fields(tokens, self._now())}
            if options.id_token_hint and tokens.id_token is not None:
                changed["id_token"] = tokens.id_token
            updated = self._sessions.update(key, self._limits, lambda current: dataclasses.replace(current, **changed))
            self._audit(AuditEvent("refresh", issuer=record.issuer, subject=record.subject))
            return updated
        except Refused as error:
            self._audit(AuditEvent("refresh-refused", issuer=record.issuer, subject=record.subject, reason=error.reason, detail=error.detail))
            # A refresh token that is used up, or an answer about somebody else: nothing good comes of this session.
            if error.reason not in _TRANSIENT:
                self._sessions.store.remove(key)
            raise

    def _check_refreshed(self, client: ProviderClient, record: SessionRecord, tokens: Tokens) -> None:
        if tokens.id_token is None:
            return
        claims, _ = client.verify(tokens.id_token, ID_TOKEN_TYPES)
        check_refreshed_id_token(claims, RefreshExpectation(self._now(), record.issuer, client.client_id, record.subject, record.nonce, record.auth_time))

    # --- What they share

    def _provider(self, name: str) -> tuple[SignInProvider, ProviderClient]:
        return self._providers.get(name) or refuse("configuration-invalid", "no such provider")

    def _client_of(self, record: SessionRecord) -> ProviderClient:
        client = self._provider(record.provider)[1]
        return client if client.issuer == record.issuer else refuse("iss-mismatch")

    def _session_key(self, request: WebRequest) -> str | None:
        try:
            session_id = read_cookie(_cookies(request), COOKIES["session"])
        except Refused:
            return None
        return Sessions.key_of(session_id) if session_id is not None and _SESSION_ID.fullmatch(session_id) else None

    def _load(self, key: str) -> SessionRecord | None:
        try:
            record = self._sessions.load(key, self._now(), self._limits)
        except Refused as error:
            if error.reason in _NOT_FOUND:
                return None
            raise
        known = self._providers.get(record.provider)
        return record if known and known[1].issuer == record.issuer else None

    def _answering(self, kind: EventKind, cookies: list[str], step: Callable[[], WebResponse]) -> WebResponse:
        """Runs a step of the browser. Of a refusal it learns a reference, and nothing else."""
        try:
            return step()
        except Refused as error:
            reference = str(uuid.uuid4())
            self._audit(AuditEvent(kind, reason=error.reason, detail=error.detail, reference=reference))
            status = 403 if kind == "logout-refused" else 400
            return text_response(status, f"This did not work. Please start again.\nReference: {reference}\n", self.https, cookies)


def _attempt_key(attempt_id: str) -> str:
    return f"login:{sha256(attempt_id)}"


def _cookies(request: WebRequest) -> str:
    return "; ".join(request.header("cookie"))


def _dpop_key(jwk: JsonObject | None) -> SigningKey | None:
    return SigningKey(jwk) if jwk else None


def _is_expiring(record: SessionRecord, now: float) -> bool:
    return record.renew_at is not None and record.renew_at <= now


def _token_fields(tokens: Tokens, now: float) -> dict[str, Any]:
    fields: dict[str, Any] = {"access_token": tokens.access_token, "scopes": tokens.scopes}
    if tokens.refresh_token is not None:
        fields["refresh_token"] = tokens.refresh_token
    if tokens.expires_in is not None:
        # A little before the end, but never sooner than half of the time: a token of ten seconds is used for five.
        fields["renew_at"] = now + max(tokens.expires_in - LIFETIMES["refresh_early_seconds"], tokens.expires_in / 2)
    return fields


def _signed_in(record: SessionRecord) -> SignedIn:
    return SignedIn(record.issuer, record.subject, record.scopes, record.claims, record.auth_time, record.acr)


def _unverified_issuer(token: str) -> str:
    if len(token) > LIMITS["token_bytes"]:
        refuse("token-too-long")
    payload = decode_base64url((token.split(".") + [""])[1])
    text = decode_utf8(payload) if payload else None
    issuer = (parse_object(text) or {}).get("iss") if text else None
    return issuer if isinstance(issuer, str) else refuse("jwt-malformed")
