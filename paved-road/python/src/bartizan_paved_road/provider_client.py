"""What is said to one provider: metadata, keys, pushed requests, tokens, userinfo, revocation, introspection."""

import dataclasses
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from .audit import AuditEvent, AuditSink
from .client_auth import ClientAuthentication, ClientKey, ClientSecret, PublicClient
from .constants import LIFETIMES, LIMITS
from .danger import Dangerous
from .dpop import make_proof
from .encoding import encode_form, random_text
from .exchange import RawAnswer, exchange, to_answer
from .jose.keys import KeySet, fits, parse_key_set, pin_algorithms
from .jose.sign import SigningKey
from .jose.verify import check_header, parse_token, select_key, verify_token
from .jwks_cache import JwksCache
from .protocol.answer import Answer, json_answer
from .protocol.authorization import AuthorizationRequest, authorization_parameters, authorization_url, parse_push_response, request_object_parts
from .protocol.configuration import parse_issuer
from .protocol.discovery import Provider, metadata_url, parse_metadata
from .protocol.token import ClientCredentials, GrantType, Tokens, authenticate, client_assertion_parts, parse_token_response, parse_userinfo
from .refusal import Refused, refuse
from .strict_json import JsonObject, parse_object
from .url import origin_of, parse_url

#: Metadata that could not be had is not asked for again within this time.
_RETRY_SECONDS = 1
#: RFC 9449, section 8.1.
_NONCE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,256}")


class ProviderClient:
    """Talks to one provider."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client: ClientAuthentication,
        allowed: Dangerous,
        audit: AuditSink,
        algorithms: Sequence[str] | None = None,
        signed_requests: bool = False,
    ) -> None:
        self.issuer = parse_issuer(issuer, allowed.http_on_loopback)
        self.client_id = client_id or refuse("configuration-invalid", "client id")
        if not isinstance(client, (ClientKey, ClientSecret, PublicClient)):
            refuse("configuration-invalid", "a client has a key or a secret, or is public")
        if signed_requests and not isinstance(client, ClientKey):
            refuse("configuration-invalid", "signed requests need a ClientKey")
        self._client, self._signed_requests = client, signed_requests
        self._algorithms = pin_algorithms(algorithms)
        self._allowed, self._audit, self._now = allowed, audit, allowed.clock
        self._jwks = JwksCache(self._fetch_keys, lambda: self._now() * 1000)
        self._nonces: dict[str, str] = {}
        self._provider: tuple[Provider, float] | None = None
        self._failure: tuple[Refused, float] | None = None
        self._lock = threading.Lock()

    def metadata(self) -> Provider:
        """The provider's metadata, kept for a while; old metadata is better than none, for a day."""
        known = self._fresh()
        if known is not None:
            return known
        with self._lock:
            # Whoever waited for another's fetch looks at what it brought first.
            known = self._fresh()
            if known is not None:
                return known
            if self._failure is None or self._now() - self._failure[1] >= _RETRY_SECONDS:
                self._fetch_metadata()
            known = self._fresh() or self._stale()
            if known is not None:
                return known
            raise self._failure[0] if self._failure else Refused("unreachable")

    def _fresh(self) -> Provider | None:
        known = self._provider
        return known[0] if known and self._now() - known[1] < LIFETIMES["metadata_fresh_seconds"] else None

    def _stale(self) -> Provider | None:
        known = self._provider
        return known[0] if known and self._now() - known[1] < LIFETIMES["jwks_stale_seconds"] else None

    def _fetch_metadata(self) -> None:
        try:
            answer = to_answer(exchange(metadata_url(self.issuer), headers={"accept": "application/json"}))
            json_answer(answer)
            value = parse_metadata(answer.body, issuer=self.issuer, algorithms=self._algorithms, client_auth=self._client.kind, http_on_loopback=self._allowed.http_on_loopback)
            self._provider, self._failure = (value, self._now()), None
        except Refused as error:
            self._failure = (error, self._now())

    def _fetch_keys(self) -> KeySet:
        answer = to_answer(exchange(self.metadata().jwks_uri, headers={"accept": "application/json, application/jwk-set+json"}))
        if answer.status != 200:
            refuse("redirect-refused" if 300 <= answer.status <= 399 else "http-status", str(answer.status))
        keys = parse_key_set(answer.body)
        for kid, reason in keys.ignored:
            if reason in ("key-private", "key-symmetric"):
                self._audit(AuditEvent("provider-alarm", issuer=self.issuer, reason=reason, detail=kid))
        return keys

    def verify(self, text: str, types: Sequence[str], algorithms: Sequence[str] | None = None) -> tuple[JsonObject, str]:
        """Verifies a token of this provider: form, pinned and announced algorithm, type, key, signature. Gives claims and algorithm."""
        token = parse_token(text)
        alg = check_header(token, self.metadata().algorithms if algorithms is None else algorithms, types)
        keys = self._jwks.keys(lambda known: any(fits(key, alg) and (token.kid is None or key.kid == token.kid) for key in known))
        return verify_token(token, alg, select_key(token, alg, keys)), alg

    def verify_access_token(self, text: str, types: Sequence[str]) -> JsonObject:
        """Verifies an access token of this provider. Its algorithms are pinned; metadata says nothing of them."""
        return self.verify(text, types, self._algorithms)[0]

    def authorization_url(self, request: AuthorizationRequest, dpop_key: SigningKey | None) -> str:
        """The URL that begins a sign-in. It is pushed whenever the provider takes that, so that the browser can't change it."""
        provider = self.metadata()
        parameters = authorization_parameters(dataclasses.replace(request, dpop_jkt=dpop_key.thumbprint if dpop_key else None))
        if self._signed_requests:
            parameters = {"client_id": self.client_id, "request": self._sign_request(parameters)}
        push = provider.pushed_authorization_request_endpoint
        if push is not None:
            parameters = {"client_id": self.client_id, "request_uri": parse_push_response(self._post(push, parameters, dpop_key))}
        return authorization_url(provider.authorization_endpoint, parameters)

    def _sign_request(self, parameters: Mapping[str, str]) -> str:
        if not isinstance(self._client, ClientKey):
            refuse("configuration-invalid", "signed requests need a ClientKey")
        key = self._client.key
        return key.sign(*request_object_parts(client_id=self.client_id, issuer=self.issuer, alg=key.alg, kid=key.kid, now=int(self._now()), jti=random_text(128), parameters=parameters))

    def tokens(self, fields: Mapping[str, str], grant: GrantType, granted: Sequence[str], dpop_key: SigningKey | None) -> Tokens:
        """Gets tokens for a code or a refresh token. There is no second try: a code is used once."""
        answer = self._post(self.metadata().token_endpoint, fields, dpop_key)
        return parse_token_response(answer, grant=grant, token_type="DPoP" if dpop_key else "Bearer", needs_id_token=grant == "authorization_code", granted=granted)

    def userinfo(self, access_token: str, subject: str, dpop_key: SigningKey | None) -> JsonObject | None:
        """Claims of the user from the userinfo endpoint; None if there is none."""
        url = self.metadata().userinfo_endpoint
        if url is None:
            return None
        headers = {"accept": "application/json", "authorization": f"{'DPoP' if dpop_key else 'Bearer'} {access_token}"}
        raw = self._with_proof(url, "GET", dpop_key, access_token, lambda proof: exchange(url, headers={**headers, **proof}, max_bytes=LIMITS["userinfo_bytes"]))
        return parse_userinfo(to_answer(raw), subject)

    def revoke(self, token: str, hint: Literal["refresh_token", "access_token"]) -> None:
        """Revokes a token (RFC 7009), if the provider has that."""
        url = self.metadata().revocation_endpoint
        if url is not None:
            self._post(url, {"token": token, "token_type_hint": hint}, None)

    def introspect(self, token: str) -> JsonObject:
        """Asks what a token is (RFC 7662)."""
        url = self.metadata().introspection_endpoint or refuse("endpoint-missing", "introspection_endpoint")
        return json_answer(self._post(url, {"token": token, "token_type_hint": "access_token"}, None))

    def proof_for(self, url: str, method: str, dpop_key: SigningKey | None, access_token: str) -> dict[str, str]:
        """Headers for a request to an API with an access token of this provider."""
        if dpop_key is None:
            return {"authorization": f"Bearer {access_token}"}
        return {"authorization": f"DPoP {access_token}", "dpop": self._proof(url, method, dpop_key, access_token)}

    def _post(self, url: str, fields: Mapping[str, str], dpop_key: SigningKey | None) -> Answer:
        """Sends a form with client authentication."""

        def send(proof: Mapping[str, str]) -> RawAnswer:
            request = authenticate(self._credentials(), fields)
            headers = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded", **proof}
            if request.authorization is not None:
                headers["authorization"] = request.authorization
            return exchange(url, "POST", headers, encode_form(request.form).encode())

        return to_answer(self._with_proof(url, "POST", dpop_key, None, send))

    def _credentials(self) -> ClientCredentials:
        client = self._client
        if isinstance(client, ClientKey):
            key = client.key
            header, claims = client_assertion_parts(client_id=self.client_id, issuer=self.issuer, alg=key.alg, kid=key.kid, now=int(self._now()), jti=random_text(128))
            return ClientCredentials("private_key_jwt", self.client_id, key.sign(header, claims))
        if isinstance(client, ClientSecret):
            return ClientCredentials(self.metadata().client_auth, self.client_id, client.secret.expose())
        return ClientCredentials("none", self.client_id)

    def _with_proof(self, url: str, method: str, key: SigningKey | None, access_token: str | None, send: Callable[[Mapping[str, str]], RawAnswer]) -> RawAnswer:
        """Adds a proof where there is a key; once more if the server wants its nonce in it (RFC 9449, section 8)."""
        if key is None:
            return send({})
        first = send({"dpop": self._proof(url, method, key, access_token)})
        if not self._remember_nonce(url, first) or not _wants_nonce(first):
            return first
        second = send({"dpop": self._proof(url, method, key, access_token)})
        self._remember_nonce(url, second)
        return second

    def _proof(self, url: str, method: str, key: SigningKey, access_token: str | None) -> str:
        return make_proof(key, method=method, url=url, now=int(self._now()), jti=random_text(128), nonce=self._nonces.get(_origin(url)), access_token=access_token)

    def _remember_nonce(self, url: str, answer: RawAnswer) -> bool:
        nonce = answer.headers.get("dpop-nonce")
        if nonce is None or not _NONCE.fullmatch(nonce):
            return False
        self._nonces[_origin(url)] = nonce
        return True


def _origin(url: str) -> str:
    parsed = parse_url(url)
    return origin_of(parsed) if parsed else refuse("url-malformed")


def _wants_nonce(answer: RawAnswer) -> bool:
    if answer.status == 401 and 'error="use_dpop_nonce"' in answer.headers.get("www-authenticate", ""):
        return True
    return answer.status in (400, 401) and (parse_object(to_answer(answer).body) or {}).get("error") == "use_dpop_nonce"
