"""The shared vectors: one function a kind."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bartizan_paved_road.access_token import ACCESS_TOKEN_TYPES, AccessExpectation, check_access_token, check_introspection
from bartizan_paved_road.api_request import challenge, read_credentials, resource_metadata
from bartizan_paved_road.audit import AuditEvent, to_ocsf
from bartizan_paved_road.claims import Proof
from bartizan_paved_road.cookie import read_cookie, remove_cookie, write_cookie
from bartizan_paved_road.dpop import check_proof, proof_parts
from bartizan_paved_road.id_token import ID_TOKEN_TYPES, Identity, IdTokenExpectation, RefreshExpectation, check_id_token, check_refreshed_id_token
from bartizan_paved_road.jose.keys import KeySet, parse_key_set, pin_algorithms
from bartizan_paved_road.jose.verify import verify
from bartizan_paved_road.jwks_cache import JwksCache
from bartizan_paved_road.logout_token import LOGOUT_TOKEN_TYPES, check_logout_token
from bartizan_paved_road.passwords import check_password, needs_rehash, peppered
from bartizan_paved_road.protocol.answer import Answer, json_answer
from bartizan_paved_road.protocol.authorization import AuthorizationRequest, authorization_parameters, authorization_url, check_callback, end_session_url, parse_callback, parse_push_response, request_object_parts
from bartizan_paved_road.protocol.configuration import parse_public_url
from bartizan_paved_road.protocol.discovery import parse_metadata
from bartizan_paved_road.protocol.token import ClientCredentials, authenticate, client_assertion_parts, code_grant, parse_token_response, parse_userinfo, refresh_grant
from bartizan_paved_road.refusal import Refused, refuse
from bartizan_paved_road.safe_http.address import check_public_address
from bartizan_paved_road.safe_http.target import check_target
from bartizan_paved_road.safe_input.file_name import check_file_name, check_relative_path
from bartizan_paved_road.safe_input.local_path import LocalPath
from bartizan_paved_road.safe_input.upload import UploadPolicy
from bartizan_paved_road.sealing import KeyRing
from bartizan_paved_road.secret import Secret
from bartizan_paved_road.session_life import SessionLimits, check_life
from bartizan_paved_road.web_guard.headers import security_headers
from bartizan_paved_road.web_guard.request_host import check_request_host
from bartizan_paved_road.web_guard.request_site import check_request_site

Input = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "vectors"

RUN: dict[str, Callable[[Input], Any]] = {}
#: Kinds whose answer may say more than a case expects.
PARTIAL = ("jws", "id-token", "access-token", "introspection", "refreshed-id-token")


def kind(name: str) -> Callable[[Callable[[Input], Any]], Callable[[Input], Any]]:
    def register(run: Callable[[Input], Any]) -> Callable[[Input], Any]:
        RUN[name] = run
        return run

    return register


def verified(i: Input, types: Any) -> tuple[dict[str, Any], str]:
    return verify(i["token"], parse_key_set(json.dumps(i["jwks"])).keys, pin_algorithms(i["algorithms"]), types)


def answer_of(i: Input) -> Answer:
    return Answer(i["status"], i["content_type"], i["body"])


def expectation(i: Input) -> AccessExpectation:
    return AccessExpectation(i["now"], i["issuer"], i["audience"], i["scopes"], Proof(i["scheme"], i.get("proof_jkt"), i.get("certificate")))


def identity(who: Identity) -> Input:
    return {"sub": who.subject, "sid": who.sid, "acr": who.acr, "auth_time": who.auth_time}


def parts(pair: tuple[Input, Input]) -> Input:
    return {"header": pair[0], "claims": pair[1]}


def picked(i: Input, *names: str) -> Input:
    return {name: i[name] for name in names if name in i}


kind("jws")(lambda i: {"claims": verified(i, i["typ"])[0]})
kind("jwks")(lambda i: (lambda s: {"kept": [k.kid for k in s.keys], "ignored": [{"kid": kid, "reason": reason} for kid, reason in s.ignored]})(parse_key_set(i["text"])))
kind("client-metadata")(lambda i: {"algorithms": list(pin_algorithms(i.get("algorithms")))})
kind("authorization-url")(lambda i: {"url": authorization_url(i["endpoint"], i["parameters"])})
kind("push-response")(lambda i: {"request_uri": parse_push_response(answer_of(i))})
kind("userinfo")(lambda i: {"claims": parse_userinfo(answer_of(i), i["sub"])})
kind("client-assertion")(lambda i: parts(client_assertion_parts(client_id=i["client_id"], issuer=i["issuer"], alg=i["alg"], kid=i.get("kid"), now=i["now"], jti=i["jti"])))
kind("request-object")(lambda i: parts(request_object_parts(client_id=i["client_id"], issuer=i["issuer"], alg=i["alg"], kid=i["kid"], now=i["now"], jti=i["jti"], parameters=i["parameters"])))
kind("dpop-request")(lambda i: parts(proof_parts(**picked(i, "alg", "method", "url", "now", "jti", "nonce", "access_token"))))
kind("end-session")(lambda i: {"url": end_session_url(i["endpoint"], **picked(i, "client_id", "id_token_hint", "post_logout_redirect_uri"))})
kind("authorization-response")(lambda i: {"code": check_callback(parse_callback(i["query"]), **picked(i, "state", "issuer", "iss_required"))})
kind("cookie-written")(lambda i: {"header": write_cookie(i["name"], i["value"], i["max_age"]) if "max_age" in i else remove_cookie(i["name"])})
kind("cookie-read")(lambda i: {"value": read_cookie(i["header"], i["name"])})
kind("session-life")(lambda i: {"touch": check_life(i["created"], i["seen"], i["now"], SessionLimits(**picked(i, "idle")))})
kind("sealed")(lambda i: {"text": KeyRing([(entry["id"], entry["key"]) for entry in i["ring"]]).open(i["place"], i["sealed"])})
kind("request-site")(lambda i: check_request_site(i["method"], lambda name: i["headers"].get(name, []), i["origin"]) or {})
kind("request-host")(lambda i: check_request_host(i["hosts"], i["origin"]) or {})
kind("headers")(lambda i: {"headers": security_headers(i["class"], https=i["https"], nonce=i["nonce"])})
kind("credentials")(lambda i: dict(zip(("scheme", "token"), read_credentials(i["authorization"], i["query"]))))
kind("challenge")(lambda i: dict(zip(("status", "values"), challenge(i["refusal"], metadata_url=i["metadata_url"], scopes=i["scopes"], dpop=i["dpop"]))))
kind("resource-metadata")(lambda i: dict(zip(("path", "document"), resource_metadata(**i))))
kind("audit-event")(lambda i: to_ocsf(AuditEvent(**i["event"]), time_ms=i["time"], event_id=i["id"]))
kind("local-path")(lambda i: {"path": str(LocalPath.parse(i["path"]))})
kind("address")(lambda i: check_public_address(i["address"]) or {})
kind("url")(lambda i: picked(dataclasses.asdict(check_target(i["url"], schemes=i["schemes"], ports=i["ports"])), "scheme", "host", "port", "target"))
kind("file-name")(lambda i: {"name": check_file_name(i["name"])})
kind("path-join")(lambda i: {"parts": check_relative_path(i["path"])})
kind("upload")(lambda i: dict(zip(("type", "extension"), UploadPolicy(i["allowed"], i["size_max"]).check(bytes.fromhex(i["content"])))))
kind("password")(lambda i: {"hashed": peppered(i["peppered"], Secret(i["pepper"]))} if "peppered" in i else {"rehash": needs_rehash(i["stored"])} if "stored" in i else check_password(i["password"]) or {})


@kind("id-token")
def _id_token(i: Input) -> Input:
    claims, alg = verified(i, ID_TOKEN_TYPES)
    return identity(check_id_token(claims, alg, IdTokenExpectation(**picked(i, "now", "issuer", "client_id", "nonce", "access_token", "max_age", "acr_values"))))


@kind("refreshed-id-token")
def _refreshed(i: Input) -> Input:
    before = i["before"]
    expected = RefreshExpectation(i["now"], i["issuer"], i["client_id"], before["sub"], before["nonce"], before.get("auth_time"))
    return identity(check_refreshed_id_token(verified(i, ID_TOKEN_TYPES)[0], expected))


@kind("access-token")
def _access_token(i: Input) -> Input:
    access = check_access_token(verified(i, ACCESS_TOKEN_TYPES)[0], expectation(i))
    return {"sub": access.subject, "client_id": access.client_id, "scopes": access.scopes}


@kind("introspection")
def _introspection(i: Input) -> Input:
    access, keep = check_introspection(json_answer(answer_of(i)), expectation(i))
    return {"sub": access.subject, "keep": keep}


@kind("logout-token")
def _logout_token(i: Input) -> Input:
    order = check_logout_token(verified(i, LOGOUT_TOKEN_TYPES)[0], **picked(i, "now", "issuer", "client_id"))
    if order.token_id in i["seen"]:
        refuse("jti-replayed")
    return {name: value for name, value in (("sub", order.subject), ("sid", order.sid)) if value is not None}


@kind("dpop-proof")
def _dpop_proof(i: Input) -> Input:
    jkt, token_id = check_proof(i["proofs"], **picked(i, "now", "method", "url", "access_token", "nonce"))
    if token_id in i["seen"]:
        refuse("dpop-replayed")
    return {"jkt": jkt}


@kind("public-url")
def _public_url(i: Input) -> Input:
    origin = parse_public_url(i["url"], i["http_on_loopback"])
    return {"origin": origin, "redirect_uri": origin + i["path"]}


@kind("discovery")
def _discovery(i: Input) -> Input:
    provider = parse_metadata(i["text"], issuer=i["issuer"], algorithms=pin_algorithms(i["algorithms"]), client_auth=i["client_auth"], http_on_loopback=i["http_on_loopback"])
    return {"algorithms": list(provider.algorithms), "iss_required": provider.iss_required, "client_auth": provider.client_auth}


@kind("authorization-request")
def _authorization_request(i: Input) -> Input:
    return {"parameters": authorization_parameters(AuthorizationRequest(**i))}


@kind("token-request")
def _token_request(i: Input) -> Input:
    client = i["client"]
    fields = refresh_grant(i["refresh_token"]) if i["grant"] == "refresh_token" else code_grant(**picked(i, "code", "redirect_uri", "code_verifier", "resource"))
    request = authenticate(ClientCredentials(client["method"], client["id"], client.get("secret", client.get("assertion", ""))), fields)
    return {"form": request.form, **({"authorization": request.authorization} if request.authorization else {})}


@kind("token-response")
def _token_response(i: Input) -> Input:
    tokens = parse_token_response(answer_of(i), **picked(i, "grant", "token_type", "needs_id_token", "granted"))
    return {name: value for name, value in dataclasses.asdict(tokens).items() if value is not None}


@kind("mix-up")
def _mix_up(i: Input) -> Input:
    parameters = parse_callback(i["query"])
    issuer = i["attempts"].get(parameters.state) or refuse("attempt-unknown")
    return {"issuer": issuer, "code": check_callback(parameters, state=parameters.state, issuer=issuer, iss_required=i["iss_required"].get(issuer, False))}


@kind("jwks-cache")
def _jwks_cache(i: Input) -> Input:
    now, fetches = 0.0, 0

    def fetch() -> KeySet:
        nonlocal fetches
        fetches += 1
        kids = [one["kids"] for one in i["published"] if one["from"] * 1000 <= now][-1]
        return KeySet([_Key(kid) for kid in kids]) if kids is not None else refuse("unreachable")  # type: ignore[misc]

    cache, steps = JwksCache(fetch, lambda: now), []
    for step in i["steps"]:
        now, before = round(step["at"] * 1000), fetches
        try:
            keys = cache.keys(lambda known: any(key.kid == step["kid"] for key in known))
        except Refused:
            keys = []
        steps.append({"fetch": fetches > before, "found": any(key.kid == step["kid"] for key in keys)})
    return {"steps": steps}


@dataclasses.dataclass
class _Key:
    kid: str


def cases() -> list[Any]:
    files = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json")) if path.name != "schema.json"]
    return [pytest.param(file["kind"], {**file["given"], **case["input"]}, case["expect"], id=f"{file['kind']}/{case['id']}") for file in files for case in file["cases"]]


def outcome(name: str, given: Input) -> Input:
    """What the library says to an input."""
    try:
        return {"ok": RUN[name](given)}
    except Refused as error:
        return {"reason": error.reason}


@pytest.mark.parametrize(("name", "given", "expect"), cases())
def test_vector(name: str, given: Input, expect: Input) -> None:
    got = outcome(name, given)
    if name in PARTIAL and "ok" in got and "ok" in expect:
        got = {"ok": {key: value for key, value in got["ok"].items() if key in expect["ok"]}}
    assert got == expect
