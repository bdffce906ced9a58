"""Safe HTTP, secrets, passwords, guard, API options."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from world import Clock, Request, Visitor

from bartizan_paved_road import Api, Auth, ClientKey, ClientSecret, Guard, KeyRing, Passwords, RateLimit, Refused, SafeHttp, Secret, Sessions, SignInProvider, UploadPolicy, dangerous, open_below
from bartizan_paved_road.exchange import RawAnswer, exchange
from bartizan_paved_road.jose.sign import SigningKey

NAMES = {
    "good.example.com": ["93.184.215.14"],
    "rebinds.example.com": ["93.184.215.14", "127.0.0.1"],
    "inside.example.com": ["10.0.0.7"],
    "mapped.example.com": ["::ffff:169.254.169.254"],
    "metadata.example.com": ["169.254.169.254"],
    "nowhere.example.com": [],
}
OK = RawAnswer(200, {}, b"ok")


def redirect(location: str, status: int = 302) -> RawAnswer:
    return RawAnswer(status, {"location": location}, b"")


class Internet:
    def __init__(self, *answers: RawAnswer) -> None:
        self._answers, self.calls = list(answers), list[dict[str, Any]]()
        self.client = SafeHttp(resolve=lambda host: NAMES.get(host, ["93.184.215.14"]), send=self.send)

    def send(self, url: str, method: str, headers: Any, body: Any, *, address: str, **_: Any) -> RawAnswer:
        self.calls.append({"url": url, "method": method, "headers": dict(headers), "address": address})
        return self._answers.pop(0) if self._answers else OK


def reason_of(run: Any) -> str:
    with pytest.raises(Refused) as caught:
        run()
    return str(caught.value.reason)


def test_safe_http_connects_to_the_address_that_was_judged() -> None:
    internet = Internet()
    assert internet.client.request("https://good.example.com/a").status == 200
    assert internet.calls[0]["address"] == "93.184.215.14"


@pytest.mark.parametrize(("host", "reason"), [("rebinds", "address-not-public"), ("inside", "address-not-public"), ("mapped", "address-not-public"), ("metadata", "address-not-public"), ("nowhere", "address-none")])
def test_safe_http_refuses_a_name(host: str, reason: str) -> None:
    internet = Internet()
    assert reason_of(lambda: internet.client.request(f"https://{host}.example.com/")) == reason
    assert internet.calls == []


def test_safe_http_asks_a_name_once() -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    SafeHttp(resolve=lambda _: answers.pop(0), send=lambda *_, **__: OK).request("https://good.example.com/")
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://127.0.0.1/", "address-not-public"),
        ("https://inside.example.com/", "address-not-public"),
        ("http://good.example.com/", "url-scheme"),
        ("https://user@good.example.com/", "url-userinfo"),
        ("https://2130706433/", "host-malformed"),
        ("//inside.example.com/", "url-malformed"),
        ("file:///etc/passwd", "url-malformed"),
        ("https://good.example.com:22/", "url-port"),
        ("relative", "url-malformed"),
    ],
)
def test_safe_http_judges_redirects(location: str, reason: str) -> None:
    assert reason_of(lambda: Internet(redirect(location)).client.request("https://good.example.com/")) == reason


def test_safe_http_follows_few_redirects_and_keeps_credentials() -> None:
    assert reason_of(lambda: Internet(*[redirect("/again")] * 5).client.request("https://good.example.com/")) == "redirects-exceeded"
    internet = Internet(redirect("https://other.example.com/", 307))
    internet.client.request("https://good.example.com/", headers={"Authorization": "x", "accept": "y"})
    assert internet.calls[1]["headers"] == {"accept": "y"}
    assert Internet(redirect("https://127.0.0.1/", 307)).client.request("https://good.example.com/", "POST", body=b"x").status == 307


def test_safe_http_takes_a_thousand_public_names() -> None:
    names = (Path(__file__).parents[2] / "vectors/public-names.txt").read_text().split()
    client = SafeHttp(resolve=lambda _: ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    assert len(names) == 1000
    for name in names:
        client.resolve(f"https://{name}/")


def test_safe_http_guards_the_real_connection(running: Any) -> None:
    port = int(running.issuer.rsplit(":", 1)[1])
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(Refused):
            SafeHttp(ports=[port]).request(f"https://{host}:{port}/")
    assert exchange(f"http://name.example.com:{port}/jwks", address="127.0.0.1").status == 200, "the address is what is connected to"


def test_secrets_print_nowhere() -> None:
    text, secret = "the-secret-text", Secret("the-secret-text")
    ring, key = KeyRing([("k", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc")]), SigningKey.generate()
    providers = [SignInProvider("https://id.example.org", "a", ClientSecret(secret)), SignInProvider("https://id2.example.org", "a", ClientKey(key), name="b")]
    auth = Auth(public_url="https://a.example.org", providers=providers, sessions=Sessions.in_memory(), audit=lambda _: None)
    for thing in (secret, ring, key, *providers, auth):
        printed = f"{thing!r} {thing} {vars(thing) if hasattr(thing, '__dict__') and thing not in (ring, key) else ''}"
        for hidden in (text, key.expose()["d"], "BwcHBwc"):
            assert hidden not in printed
    for thing in (secret, ring, key):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
    assert secret.expose() == text and secret == Secret(text) and secret != Secret("other")


def test_a_configuration_can_not_leave_out_what_matters() -> None:
    provider = {"issuer": "https://id.example.org", "client_id": "a", "client": ClientSecret(Secret("x"))}
    good: dict[str, Any] = {"public_url": "https://a.example.org", "providers": [SignInProvider(**provider)], "sessions": Sessions.in_memory(), "audit": lambda _: None}  # type: ignore[arg-type]
    Auth(**good)
    bad: list[dict[str, Any]] = [{"public_url": "http://a.example.org"}, {"sessions": None}, {"providers": []}, {"dangerous": {"http_on_loopback": True}}, {"after_sign_out": "//evil.example"}]
    wrong = [{"issuer": "http://id.example.org"}, {"client_id": ""}, {"client": None}, {"algorithms": ["none"]}, {"algorithms": []}, {"signed_requests": True}, {"name": "a b"}]
    bad += [{"providers": [SignInProvider(**{**provider, **change})]} for change in wrong]  # type: ignore[arg-type]
    for change in bad:
        with pytest.raises(Refused):
            Auth(**{**good, **change})
    for make in (lambda: dangerous(because=" "), lambda: ClientSecret("text"), lambda: KeyRing.parse(Secret("k:short")), lambda: UploadPolicy([], 1)):  # type: ignore[arg-type]
        with pytest.raises(Refused):
            make()


def test_passwords_are_argon2id_and_get_stronger() -> None:
    from argon2 import PasswordHasher

    passwords = Passwords()
    stored = passwords.hash("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify("correct horse", stored) == (True, None)
    assert passwords.verify("wrong horse", stored) == (False, None)
    assert passwords.verify("correct horse", None) == (False, None)
    assert passwords.verify("correct horse", "x") == (False, None)
    assert Passwords(Secret("pepper")).verify("correct horse", stored) == (False, None)
    is_right, rehash = passwords.verify("correct horse", PasswordHasher(1, 8192, 1).hash("correct horse"))
    assert is_right and rehash and rehash.startswith("$argon2id$v=19$m=19456")


def test_a_rate_limit_refills() -> None:
    now = [0.0]
    limit = RateLimit(60, lambda: now[0])

    def flood(key: str) -> int:
        taken = 0
        for _ in range(100):
            try:
                limit.take(key)
                taken += 1
            except Refused:
                pass
        return taken

    assert (flood("a"), flood("b")) == (60, 60)
    now[0] = 10
    assert flood("a") == 10


def test_the_guard_has_limits() -> None:
    events: list[Any] = []
    guard = Guard("https://a.example.org", events.append, other_hosts=["10.0.0.7:3000"], max_body_bytes=10, rate_limit=(RateLimit(2), lambda _: "all"))

    def check(headers: dict[str, str], method: str = "GET") -> int | None:
        answer = guard.check(Request("/x", method, headers))
        return answer.status if answer else None

    assert [check({"host": host}) for host in ("a.example.org", "10.0.0.7:3000", "a.example.org")] == [None, None, 429]
    assert check({"host": "evil.example"}) == 421
    ours = {"host": "a.example.org", "origin": "https://a.example.org"}
    assert check({**ours, "content-length": "11"}, "POST") == 413
    assert check({**ours, "transfer-encoding": "chunked"}, "POST") == 413
    assert [event.reason for event in events] == ["rate-exceeded", "host-mismatch", "request-too-large", "request-too-large"]


def test_open_below_follows_no_link(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "a.txt").write_text("a")
    os.symlink("../secret.txt", inside / "link.txt")
    os.symlink("..", inside / "up")
    with open_below(str(inside), "a.txt") as file:
        assert file.read() == b"a"
    for path in ("link.txt", "up/secret.txt"):
        with pytest.raises(OSError):
            open_below(str(inside), path)
    assert reason_of(lambda: open_below(str(inside), "../secret.txt")) == "path-escapes"


def make_api(running: Any, **options: Any) -> tuple[Api, Clock]:
    clock = Clock()
    client = ClientSecret(Secret(running.client_secret))
    allowed = dangerous(http_on_loopback=True, clock=clock, because="tests")
    return Api.of(issuer=running.issuer, client_id=running.client_id, client=client, audience="https://api.example", public_url="https://api.example", audit=lambda _: None, dangerous=allowed, **options), clock


def call(api: Api, headers: dict[str, str], certificate: str | None = None) -> str:
    request = Visitor().request("/orders", headers=headers)
    request.certificate = certificate
    try:
        return api.check(request, ["read"]).subject
    except Refused as error:
        return error.reason


def test_introspection_is_asked_once_a_minute_and_is_no_detour(running: Any) -> None:
    running.options()
    api, clock = make_api(running, introspection=True)
    before = running.count("/introspect")
    assert [call(api, {"authorization": "Bearer opaque"}) for _ in range(5)] == ["alice"] * 5
    assert running.count("/introspect") - before == 1
    clock.ahead += 61
    running.options(introspection={"active": False})
    assert call(api, {"authorization": "Bearer opaque"}) == "token-inactive"
    forged = running.token("access", change={"key": "stranger"})
    assert call(api, {"authorization": f"Bearer {forged}"}) == "signature-invalid"
    assert running.count("/introspect") - before == 2


def test_a_token_that_is_bound_to_a_certificate(running: Any) -> None:
    running.options()
    api, _ = make_api(running)
    headers = {"authorization": f"Bearer {running.token('access', change={'claims': {'cnf': {'x5t#S256': 'thumb'}}})}"}
    assert [call(api, headers, certificate) for certificate in (None, "other", "thumb")] == ["binding-missing", "binding-mismatch", "alice"]
