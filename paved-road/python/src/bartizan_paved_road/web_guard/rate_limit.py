"""Rate limits: a bucket per key, in memory, of bounded number. Across replicas a limit holds per replica."""

import threading
import time
from collections.abc import Callable

from ..constants import RATE_LIMITS
from ..refusal import refuse


class RateLimit:
    """So many requests in a minute for each key, as a bucket that refills steadily."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.time) -> None:
        if not per_minute > 0:
            refuse("configuration-invalid", "a rate limit is positive")
        self._per_minute, self._now = per_minute, now
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Takes one, or refuses."""
        now = self._now()
        with self._lock:
            before, at = self._buckets.pop(key, (self._per_minute, now))
            left = min(self._per_minute, before + max(0, now - at) * self._per_minute / 60)
            # The oldest entry goes first: a dict keeps the order of insertion.
            if len(self._buckets) >= RATE_LIMITS["keys"]:
                del self._buckets[next(iter(self._buckets))]
            self._buckets[key] = (left if left < 1 else left - 1, now)
        if left < 1:
            refuse("rate-exceeded")
