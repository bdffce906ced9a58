"""API protection: access tokens, scopes, bindings, introspection, and how refusals are said (RFC 6750, 7662, 8705, 9068, 9449, 9728)."""

import hashlib
import hmac
import threading
from collections.abc import Callable, Sequence

from .access_token import ACCESS_TOKEN_TYPES, Access, AccessExpectation, check_access_token, check_introspection
from .api_request import challenge, read_credentials, resource_metadata
from .audit import AuditEvent, AuditSink, json_lines
from .claims import Proof, is_scope
from .client_auth import ClientAuthentication, PublicClient
from .constants import LIFETIMES, LIMITS
from .danger import NOTHING, Dangerous
from .dpop import check_proof
from .encoding import encode_base64url, sha256
from .jose.sign import compact_json
from .protocol.configuration import parse_public_url
from .provider_client import ProviderClient
from .refusal import Refused, refuse
from .secret import Secret
from .store import MemoryStore, Store
from .strict_json import JsonObject
from .web import WebRequest, WebResponse, json_response

_NONCE_SECONDS = 60
_ERRORS = {503: "temporarily_unavailable", 403: "insufficient_scope", 400: "invalid_request"}


class Api:
    """Protects an API."""

    def __init__(
        self,
        *,
        audience: str,
        public_url: str,
        provider: ProviderClient,
        scopes: Sequence[str] = (),
        dpop: bool = False,
        dpop_nonce: Secret | None = None,
        mtls: bool = False,
        introspection: bool = False,
        store: Store | None = None,
        audit: AuditSink | None = None,
        dangerous: Dangerous = NOTHING,
    ) -> None:
        """``audience`` is what access tokens must name; ``public_url`` is where clients reach this API: DPoP proofs name it.

        ``dpop`` offers DPoP; tokens that are bound must be proved in any case. ``dpop_nonce`` demands a nonce of this API in every
        proof; the secret is the same in all replicas. ``introspection`` asks the provider about tokens that are no JWT. ``store``
        is where seen proofs are remembered; replicas share it.
        """
        if not isinstance(provider, ProviderClient) or not all(map(is_scope, scopes)):
            refuse("configuration-invalid", "provider or scopes")
        self._audience, self._provider, self._dpop, self._introspection = audience, provider, dpop, introspection
        self._origin, self._now = parse_public_url(public_url, dangerous.http_on_loopback), dangerous.clock
        self._https = self._origin.startswith("https:")
        self._nonce_key, self._audit = dpop_nonce, audit or json_lines()
        self._store: Store = store or MemoryStore(self._now)
        self._path, self._document = resource_metadata(resource=audience, issuers=[provider.issuer], scopes=scopes, dpop=dpop, mtls=mtls)
        self._known: dict[str, tuple[JsonObject, float]] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls,
        *,
        issuer: str,
        audience: str,
        public_url: str,
        client_id: str = "resource-server",
        client: ClientAuthentication | None = None,
        algorithms: Sequence[str] | None = None,
        scopes: Sequence[str] = (),
        dpop: bool = False,
        dpop_nonce: Secret | None = None,
        mtls: bool = False,
        introspection: bool = False,
        store: Store | None = None,
        audit: AuditSink | None = None,
        dangerous: Dangerous = NOTHING,
    ) -> "Api":
        """Protection for the tokens of an issuer, where nobody signs in."""
        sink = audit or json_lines()
        provider = ProviderClient(issuer=issuer, client_id=client_id, client=client or PublicClient(), allowed=dangerous, audit=sink, algorithms=algorithms)
        return cls(
            audience=audience, public_url=public_url, provider=provider, scopes=scopes, dpop=dpop, dpop_nonce=dpop_nonce, mtls=mtls,
            introspection=introspection, store=store, audit=sink, dangerous=dangerous,
        )  # fmt: skip

    def handle(self, request: WebRequest) -> WebResponse | None:
        """The metadata document, where a request asks for it; None for everything else."""
        return json_response(200, self._document, self._https) if request.method == "GET" and request.path == self._path else None

    def check(self, request: WebRequest, scopes: Sequence[str]) -> Access:
        """Who calls. All ``scopes`` are demanded."""
        scheme, token = read_credentials(request.header("authorization"), request.query)
        proof = Proof("bearer", certificate=request.certificate) if scheme == "bearer" else self._prove(request, token)
        expected = AccessExpectation(self._now(), self._provider.issuer, self._audience, scopes, proof)
        if self._introspection and token.count(".") != 2:
            return self._introspect(token, expected)
        return check_access_token(self._provider.verify_access_token(token, ACCESS_TOKEN_TYPES), expected)

    def refusal(self, error: Refused, scopes: Sequence[str]) -> WebResponse:
        """How a refusal of ``check`` is answered."""
        self._audit(AuditEvent("api-refused", issuer=self._provider.issuer, reason=error.reason, detail=error.detail))
        status, values = challenge(error.reason, metadata_url=self._origin + self._path, scopes=scopes, dpop=self._dpop)
        answer = json_response(status, {"error": _ERRORS.get(status, "invalid_token")}, self._https, values)
        nonce = self.nonce()
        if nonce is not None:
            answer.headers["dpop-nonce"] = nonce
        return answer

    def nonce(self) -> str | None:
        """The nonce that proofs must have now, if any."""
        return None if self._nonce_key is None else self._nonce_at(self._nonce_key, int(self._now() // _NONCE_SECONDS))

    @staticmethod
    def _nonce_at(key: Secret, window: int) -> str:
        return encode_base64url(hmac.digest(key.expose().encode(), str(window).encode(), hashlib.sha256))

    def _prove(self, request: WebRequest, token: str) -> Proof:
        now = self._now()

        def check(nonce: str | None) -> tuple[str, str]:
            return check_proof(request.header("dpop"), now=now, method=request.method, url=self._origin + request.path, access_token=token, nonce=nonce)

        jkt, token_id = check(None) if self._nonce_key is None else self._with_either(check, self._nonce_key, int(now // _NONCE_SECONDS))
        if not self._store.add(f"dpop:{sha256(compact_json([jkt, token_id]))}", "1", now + 2 * LIFETIMES["dpop_skew_seconds"] + 1):
            refuse("dpop-replayed")
        return Proof("dpop", jkt, request.certificate)

    def _with_either(self, check: Callable[[str], tuple[str, str]], key: Secret, window: int) -> tuple[str, str]:
        """The nonce of this minute, or of the one before."""
        try:
            return check(self._nonce_at(key, window))
        except Refused as error:
            if error.reason != "dpop-nonce-required":
                raise
            return check(self._nonce_at(key, window - 1))

    def _introspect(self, token: str, expected: AccessExpectation) -> Access:
        key = sha256(token)
        with self._lock:
            known = self._known.get(key)
        if known and known[1] > self._now():
            return check_introspection(known[0], expected)[0]
        answer = self._provider.introspect(token)
        access, keep = check_introspection(answer, expected)
        with self._lock:
            self._known.pop(key, None)
            if len(self._known) >= LIMITS["replay_entries"]:
                del self._known[next(iter(self._known))]
            self._known[key] = (answer, self._now() + keep)
        return access
