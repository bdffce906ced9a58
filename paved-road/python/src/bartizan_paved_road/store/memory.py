"""A store in this process."""

import threading
import time
from collections.abc import Callable

from ..constants import LIMITS


class MemoryStore:
    """Keeps everything in this process: for one replica, and for tests. Each kind of record is bounded; the oldest goes first."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._spaces: dict[str, dict[str, tuple[str, float]]] = {}
        self._sets: dict[str, dict[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        with self._lock:
            return self._live(key)

    def put(self, key: str, value: str, expires: float) -> None:
        with self._lock:
            self._write(key, value, expires)

    def add(self, key: str, value: str, expires: float) -> bool:
        with self._lock:
            if self._live(key) is not None:
                return False
            self._write(key, value, expires)
            return True

    def take(self, key: str) -> str | None:
        with self._lock:
            value = self._live(key)
            self._space(key).pop(key, None)
            return value

    def replace(self, key: str, before: str, after: str, expires: float) -> bool:
        with self._lock:
            if self._live(key) != before:
                return False
            self._write(key, after, expires)
            return True

    def remove(self, key: str, value: str | None = None) -> None:
        with self._lock:
            if value is None or self._live(key) == value:
                self._space(key).pop(key, None)

    def link(self, name: str, member: str, expires: float) -> None:
        with self._lock:
            members = {old: end for old, end in self._sets.pop(name, {}).items() if end > self._now()}
            members[member] = expires
            if len(self._sets) >= LIMITS["replay_entries"]:
                del self._sets[next(iter(self._sets))]
            self._sets[name] = members

    def members(self, name: str) -> list[str]:
        with self._lock:
            return [member for member, end in self._sets.get(name, {}).items() if end > self._now()]

    def _space(self, key: str) -> dict[str, tuple[str, float]]:
        return self._spaces.setdefault(key.partition(":")[0], {})

    def _live(self, key: str) -> str | None:
        value, expires = self._space(key).get(key, (None, 0.0))
        return value if expires > self._now() else None

    def _write(self, key: str, value: str, expires: float) -> None:
        space = self._space(key)
        # A dict keeps the order of insertion: the oldest are in front, expired or not.
        space.pop(key, None)
        while space:
            oldest = next(iter(space))
            if space[oldest][1] > self._now() and len(space) < LIMITS["replay_entries"]:
                break
            del space[oldest]
        space[key] = (value, expires)
