"""What needs a clock, several replicas, or a look into the store."""

import threading
from typing import Any

import pytest
from world import Clock, Visitor, World

from bartizan_paved_road import KeyRing, MemoryStore, Refused, SessionLimits, Sessions


def test_a_sign_in_that_was_begun_ends_after_ten_minutes(world: World) -> None:
    visitor = Visitor()
    back = world.begin(visitor)
    world.clock.ahead += 600
    assert visitor.keep(world.auth.handle(visitor.request(back))).status == 400
    assert world.who(visitor) is None


def test_a_session_ends_without_use(world: World) -> None:
    visitor = Visitor()
    world.sign_in(visitor)
    for _ in range(3):
        world.clock.ahead += 1700
        assert world.who(visitor) == "alice"
    world.clock.ahead += 1800
    assert world.who(visitor) is None
    world.clock.ahead -= 1800
    assert world.who(visitor) is None, "it does not come back"


def test_a_session_ends_after_twelve_hours_of_use(world: World) -> None:
    visitor = Visitor()
    world.sign_in(visitor)
    for _ in range(28):
        world.clock.ahead += 1500
        assert world.who(visitor) == "alice"
    world.clock.ahead += 1500
    assert world.who(visitor) is None


def test_lifetimes_can_be_shortened_and_not_extended() -> None:
    assert SessionLimits(idle=60).idle == 60
    with pytest.raises(Refused):
        SessionLimits(idle=1801)


def test_a_session_gets_a_new_id_when_privileges_change(world: World) -> None:
    visitor = Visitor()
    world.sign_in(visitor)
    thief = Visitor(visitor.cookies)
    name, _, value = world.auth.rotate(visitor.request("/")).split(";")[0].partition("=")
    visitor.cookies[name] = value
    assert (world.who(visitor), world.who(thief)) == ("alice", None)


def test_a_second_sign_in_ends_the_first_session(world: World) -> None:
    visitor = Visitor()
    world.sign_in(visitor)
    old = Visitor(visitor.cookies)
    world.sign_in(visitor)
    assert (world.who(visitor), world.who(old)) == ("alice", None)


def test_all_sessions_of_a_subject_can_be_ended(world: World) -> None:
    one, two = Visitor(), Visitor()
    world.sign_in(one)
    world.sign_in(two)
    assert world.auth.end_sessions_of(world.provider.issuer, "alice") == 2
    assert (world.who(one), world.who(two)) == (None, None)


def test_a_stronger_sign_in_asks_for_it_and_checks_it(world: World) -> None:
    def step_up(visitor: Visitor) -> int:
        response = visitor.keep(world.auth.begin(visitor.request("/step-up"), acr_values=["urn:strong"], max_age=60))
        return visitor.keep(world.auth.handle(visitor.request(world.finish(visitor, response)))).status

    visitor = Visitor()
    assert step_up(visitor) == 400
    world.provider.options(idToken={"claims": {"acr": "urn:strong", "auth_time": int(world.clock()) - 5}})
    assert step_up(visitor) == 302
    session = world.auth.session(visitor.request("/"))
    assert session and session.acr == "urn:strong"


class _Spy(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def put(self, key: str, value: str, expires: float) -> None:
        self.written.append(key + value)
        super().put(key, value, expires)

    def link(self, name: str, member: str, expires: float) -> None:
        self.written.append(name + member)
        super().link(name, member, expires)


def test_the_store_learns_neither_ids_nor_tokens_nor_names(running: Any) -> None:
    running.options()
    store, visitor = _Spy(), Visitor()
    world = World(running, Sessions(store, KeyRing.ephemeral()))
    world.sign_in(visitor)
    text = "\n".join(store.written)
    assert len(store.written) >= 3
    for secret in ["alice", "rt-", "eyJ", *visitor.cookies.values()]:
        assert secret not in text


def test_a_record_can_not_be_moved_and_a_dropped_key_ends_sessions(running: Any) -> None:
    running.options()
    store, one, two = MemoryStore(), Visitor(), Visitor()
    world = World(running, Sessions(store, KeyRing.ephemeral()))
    world.sign_in(one)
    world.sign_in(two)
    keys = [Sessions.key_of(visitor.cookies["__Host-bz-session"]) for visitor in (one, two)]
    store.put(keys[1], store.get(keys[0]) or "", world.clock() + 1000)
    assert (world.who(one), world.who(two)) == ("alice", None)
    assert world.make(sessions=Sessions(store, KeyRing.ephemeral())).session(one.request("/")) is None


def test_a_thousand_requests_over_three_replicas_and_one_expired_token_one_call(running: Any) -> None:
    running.options(expiresIn=20, tokenDelayMs=300)
    clock, ring, visitor = Clock(), KeyRing.ephemeral(), Visitor()
    store = MemoryStore(clock)
    world = World(running, Sessions(store, ring), clock)
    world.sign_in(visitor)
    clock.ahead += 15
    replicas = [world.auth, *(world.make(sessions=Sessions(store, ring)) for _ in range(2))]
    before, results = running.count("/token"), list[dict[str, str] | Exception]()

    def call(number: int) -> None:
        try:
            results.append(replicas[number % 3].authorize(visitor.request("/"), "https://api.example/orders"))
        except Exception as error:  # noqa: BLE001
            results.append(error)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert running.count("/token") - before == 1
    assert len(results) == 1000 and len({str(result) for result in results}) == 1 and isinstance(results[0], dict)
    assert world.who(visitor) == "alice"


def test_a_token_of_a_few_seconds_is_not_renewed_by_every_request(world: World) -> None:
    world.provider.options(expiresIn=10)
    visitor = Visitor()
    world.sign_in(visitor)
    before = world.provider.count("/token")
    for _ in range(5):
        world.auth.authorize(visitor.request("/"), "https://api.example/")
    assert world.provider.count("/token") == before


def test_refusals_are_audited_and_the_user_gets_a_reference(world: World) -> None:
    world.provider.options(idToken={"claims": {"nonce": "x"}})
    answer = world.sign_in(Visitor())
    event = next(event for event in world.events if event.kind == "sign-in-refused")
    assert event.reason == "nonce-mismatch" and event.reference and event.reference in answer.body and "nonce" not in answer.body


def test_what_is_dangerous_is_audited_at_start(world: World) -> None:
    assert [event.detail for event in world.events if event.kind == "dangerous"] == ["http on loopback: tests", "another clock: tests"]


def test_an_error_of_the_provider_stands_in_the_audit_only(world: World) -> None:
    world.provider.options(response={"code": None, "error": "access_denied", "error_description": "<script>alert(1)</script>"})
    answer = world.sign_in(Visitor())
    assert answer.status == 400 and "script" not in answer.body and "access_denied" not in answer.body
    assert world.events[-1].detail == "access_denied"
