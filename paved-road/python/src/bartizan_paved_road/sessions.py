"""Sessions on the server: a random id in a cookie, its hash in the store, everything else sealed."""

import dataclasses
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .constants import LIFETIMES
from .encoding import random_text, sha256
from .jose.sign import compact_json
from .refusal import Refused, refuse
from .sealing import KeyRing
from .session_life import SessionLimits, check_life
from .store import MemoryStore, Store
from .strict_json import JsonObject

T = TypeVar("T")

_TRIES = 8


@dataclass(frozen=True, repr=False)
class SessionRecord:
    """What is kept of a session. It does not print."""

    provider: str
    issuer: str
    subject: str
    nonce: str
    scopes: list[str]
    created: float
    seen: float
    access_token: str
    sid: str | None = None
    auth_time: float | None = None
    acr: str | None = None
    claims: JsonObject = field(default_factory=dict)
    #: When the access token is to be renewed, if its life was said.
    renew_at: float | None = None
    refresh_token: str | None = None
    id_token: str | None = None
    dpop_key: JsonObject | None = None


class Sessions:
    """The sessions of a service, in a store."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        """In a store that replicas share. The key ring is the same in all of them."""
        if not isinstance(ring, KeyRing):
            refuse("configuration-invalid", "sessions need a key ring")
        self.store, self._ring = store, ring

    @classmethod
    def in_memory(cls, now: Callable[[], float] = time.time) -> "Sessions":
        """In this process: for one replica. Sessions end with it."""
        return cls(MemoryStore(now), KeyRing.ephemeral())

    @staticmethod
    def key_of(session_id: str) -> str:
        """The key of a session in the store."""
        return f"session:{sha256(session_id)}"

    def seal(self, place: str, value: Any) -> str:
        return self._ring.seal(place, compact_json(value))

    def open(self, place: str, sealed: str) -> Any:
        return json.loads(self._ring.open(place, sealed))

    def begin(self, record: SessionRecord, limits: SessionLimits) -> str:
        """Begins a session and gives its id, which is new."""
        session_id, expires = random_text(256), record.created + limits.absolute
        key = self.key_of(session_id)
        self.store.put(key, self._write(key, record), expires)
        for name in _sets_of(record):
            self.store.link(name, key, expires)
        return session_id

    def load(self, key: str, now: float, limits: SessionLimits) -> SessionRecord:
        """The session of a key, if it lives."""
        sealed = self.store.get(key) or refuse("session-unknown")
        record = self._read(key, sealed)
        try:
            touch = check_life(record.created, record.seen, now, limits)
        except Refused:
            self.store.remove(key)
            raise
        if not touch:
            return record
        touched = dataclasses.replace(record, seen=now)
        # Somebody else's write is as good: then the session was just used.
        self.store.replace(key, sealed, self._write(key, touched), record.created + limits.absolute)
        return touched

    def update(self, key: str, limits: SessionLimits, change: Callable[[SessionRecord], SessionRecord]) -> SessionRecord:
        """Changes a session, whoever else writes at the same time."""
        for _ in range(_TRIES):
            sealed = self.store.get(key) or refuse("session-unknown")
            record = change(self._read(key, sealed))
            if self.store.replace(key, sealed, self._write(key, record), record.created + limits.absolute):
                return record
        refuse("store-conflict")

    def end(self, key: str) -> SessionRecord | None:
        """Ends a session, and gives what it was."""
        sealed = self.store.take(key)
        return None if sealed is None else self._read(key, sealed)

    def end_all(self, issuer: str, subject: str | None = None, sid: str | None = None) -> int:
        """Ends the session with this id of the provider, or all sessions of a subject. Gives how many."""
        name, ended = _set_of_sid(issuer, sid) if sid is not None else _set_of_subject(issuer, subject or ""), 0
        for key in self.store.members(name):
            if sid is not None and subject is not None and not self._is_of(key, subject):
                continue
            ended += 1 if self.store.take(key) is not None else 0
        return ended

    def with_lease(self, name: str, now: float, work: Callable[[], T]) -> T | None:
        """Runs ``work`` in one replica at a time. Gives None if another one is at it."""
        key, owner = f"lease:{name}", random_text(128)
        if not self.store.add(key, owner, now + LIFETIMES["refresh_lease_ms"] / 1000):
            return None
        try:
            return work()
        finally:
            self.store.remove(key, owner)

    def _read(self, key: str, sealed: str) -> SessionRecord:
        return SessionRecord(**self.open(key, sealed))

    def _write(self, key: str, record: SessionRecord) -> str:
        return self.seal(key, {item.name: getattr(record, item.name) for item in dataclasses.fields(record)})

    def _is_of(self, key: str, subject: str) -> bool:
        sealed = self.store.get(key)
        return sealed is not None and self._read(key, sealed).subject == subject


def _set_of_subject(issuer: str, subject: str) -> str:
    # A list in JSON has one reading: no issuer and subject can be put together to look like another pair.
    return f"subject:{sha256(compact_json([issuer, subject]))}"


def _set_of_sid(issuer: str, sid: str) -> str:
    return f"sid:{sha256(compact_json([issuer, sid]))}"


def _sets_of(record: SessionRecord) -> list[str]:
    sets = [_set_of_subject(record.issuer, record.subject)]
    return [*sets, _set_of_sid(record.issuer, record.sid)] if record.sid is not None else sets
