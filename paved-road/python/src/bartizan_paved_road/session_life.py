"""How long a session lives (ASVS 5.0, 7.3)."""

from dataclasses import dataclass

from .constants import LIFETIMES
from .refusal import refuse


@dataclass(frozen=True)
class SessionLimits:
    """Lifetimes in seconds. They can be shortened, not extended."""

    #: Without use.
    idle: float = LIFETIMES["session_idle_seconds"]
    #: In any case.
    absolute: float = LIFETIMES["session_absolute_seconds"]

    def __post_init__(self) -> None:
        if not (0 < self.idle <= LIFETIMES["session_idle_seconds"] and 0 < self.absolute <= LIFETIMES["session_absolute_seconds"]):
            refuse("configuration-invalid", "session lifetimes can only be shortened")


def check_life(created: float, seen: float, now: float, limits: SessionLimits) -> bool:
    """Whether a session lives; and if so, whether its last use is to be written."""
    if now - created >= limits.absolute:
        refuse("session-too-old")
    if now - seen >= limits.idle:
        refuse("session-idle")
    return bool(now - seen >= min(LIFETIMES["session_touch_seconds"], limits.idle / 2))
