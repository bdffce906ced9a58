"""Everything that lowers security, in one place. Searching for ``dangerous(`` finds each use; each is audited at start."""

import time
from collections.abc import Callable

from .refusal import refuse

_MADE_HERE = object()


class Dangerous:
    """What was allowed by ``dangerous()``. It can be made in no other way."""

    def __init__(self, made: object, http_on_loopback: bool, clock: Callable[[], float] | None, because: str) -> None:
        if made is not _MADE_HERE:
            refuse("configuration-invalid", "use dangerous()")
        self.http_on_loopback, self.clock, self.because = http_on_loopback, clock or time.time, because
        self._has_clock = clock is not None

    def describe(self) -> list[str]:
        """What was allowed, in words; nothing if nothing."""
        allowed = [("http on loopback", self.http_on_loopback), ("another clock", self._has_clock)]
        return [f"{what}: {self.because}" for what, is_allowed in allowed if is_allowed]


NOTHING = Dangerous(_MADE_HERE, False, None, "")


def dangerous(*, because: str, http_on_loopback: bool = False, clock: Callable[[], float] | None = None) -> Dangerous:
    """Lowers security, for tests. It needs a reason.

    ``http_on_loopback`` allows http to 127.0.0.1, [::1] and localhost, for the public URL and for providers: whoever controls the
    network between two processes of this machine can then sign in as anybody. ``clock`` is another clock, in seconds since 1970:
    whoever controls it can use what has expired.
    """
    if not because.strip():
        refuse("configuration-invalid", "dangerous() needs a reason")
    return Dangerous(_MADE_HERE, http_on_loopback, clock, because)
