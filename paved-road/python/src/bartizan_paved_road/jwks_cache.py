"""Keys of a provider, fetched rarely and soon.

A new key is usable within two seconds, and a flood of forged tokens causes few fetches.
"""

import math
import threading
from collections.abc import Callable, Sequence

from .constants import LIFETIMES
from .jose.keys import KeySet, PublicKey
from .refusal import Refused, refuse

_REFILL_MS = LIFETIMES["jwks_refill_seconds"] * 1000
_CAPACITY = LIFETIMES["jwks_burst"] * _REFILL_MS


class JwksCache:
    """A bucket of ``jwks_burst`` fetches gains one in ``jwks_refill_seconds``; all fetches come out of it.

    What a fetch found within ``jwks_interval_seconds`` is the answer to every unknown key. Those who are well are not slowed down
    by those who forge.
    """

    def __init__(self, fetch: Callable[[], KeySet], now_ms: Callable[[], float]) -> None:
        self._fetch, self._now_ms = fetch, now_ms
        self._keys: list[PublicKey] = []
        self._fetched_at = self._tried_at = -math.inf
        self._budget: tuple[float, float] | None = None
        self._lock = threading.Lock()

    def keys(self, is_wanted: Callable[[Sequence[PublicKey]], bool]) -> Sequence[PublicKey]:
        """The keys, among them one that ``is_wanted``, if it is to be had."""
        if not self._is_good(is_wanted):
            # Whoever waited for another's fetch looks at what it brought first.
            with self._lock:
                if not self._is_good(is_wanted) and self._may_fetch():
                    self._fetch_now()
        if not self._is_within(LIFETIMES["jwks_stale_seconds"]):
            refuse("jwks-unavailable")
        return self._keys

    def _is_good(self, is_wanted: Callable[[Sequence[PublicKey]], bool]) -> bool:
        return self._is_within(int(LIFETIMES["jwks_fresh_seconds"])) and is_wanted(self._keys)

    def _is_within(self, seconds: float) -> bool:
        return bool(self._now_ms() - self._fetched_at < seconds * 1000)

    def _may_fetch(self) -> bool:
        now = self._now_ms()
        if now - self._tried_at < LIFETIMES["jwks_interval_seconds"] * 1000:
            return False
        left, at = self._budget or (_CAPACITY, now)
        left = min(_CAPACITY, left + max(0, now - at))
        may = bool(left >= _REFILL_MS)
        self._budget = (left - _REFILL_MS if may else left, now)
        return may

    def _fetch_now(self) -> None:
        try:
            self._keys = self._fetch().keys
            self._fetched_at = self._now_ms()
        except Refused:
            # Old keys are better than none, for a day.
            pass
        finally:
            self._tried_at = self._now_ms()
