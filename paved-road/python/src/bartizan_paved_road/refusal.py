"""Refusals: a stable reason, whose fault it is, and a detail for the audit log."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from .constants import REASONS, Reason

T = TypeVar("T")


class Refused(Exception):
    """Something was refused. ``detail`` is for the audit log, never for a browser, and holds no secret."""

    def __init__(self, reason: Reason, detail: str | None = None) -> None:
        super().__init__(f"{reason}: {REASONS[reason][1]}")
        self.reason: Reason = reason
        self.detail = detail

    @property
    def fault(self) -> str:
        """Whose fault it is."""
        return REASONS[self.reason][0]


def refuse(reason: Reason, detail: str | None = None) -> NoReturn:
    """Refuses."""
    raise Refused(reason, detail)


def or_refuse(reason: Reason, attempt: Callable[[], T]) -> T:
    """Runs ``attempt``, and refuses with ``reason`` if it raises anything that is no refusal itself."""
    try:
        return attempt()
    except Refused:
        raise
    except Exception as error:
        raise Refused(reason) from error
