"""Structured events of what matters: sign-ins, refusals with their reason, and use of what is dangerous."""

import json
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from .constants import LIMITS

EventKind = Literal["sign-in", "sign-in-refused", "sign-out", "refresh", "refresh-refused", "logout-refused", "api-refused", "request-refused", "provider-alarm", "dangerous"]


@dataclass(frozen=True)
class AuditEvent:
    """Something that happened. It holds no secret."""

    kind: EventKind
    issuer: str | None = None
    subject: str | None = None
    reason: str | None = None
    detail: str | None = None
    #: What the user is shown, to find this event by.
    reference: str | None = None


#: Takes events. It must not raise.
AuditSink = Callable[[AuditEvent], None]

_ACTIVITY = {"sign-in": 1, "sign-in-refused": 1, "sign-out": 2}


def to_ocsf(event: AuditEvent, *, time_ms: int, event_id: str) -> dict[str, Any]:
    """An event as OCSF 1.3 (class 3002, Authentication)."""
    activity, is_failure = _ACTIVITY.get(event.kind, 99), event.reason is not None
    user = {name: _printable(value) for name, value in (("uid", event.subject), ("domain", event.issuer)) if value is not None}
    return {
        "class_uid": 3002,
        "class_name": "Authentication",
        "category_uid": 3,
        "category_name": "Identity & Access Management",
        "activity_id": activity,
        "type_uid": 300200 + activity,
        "time": time_ms,
        "severity_id": 4 if event.kind == "dangerous" else 3 if is_failure else 1,
        "status_id": 2 if is_failure else 1,
        **({"status_code": event.reason} if event.reason is not None else {}),
        **({"status_detail": _printable(event.detail)} if event.detail is not None else {}),
        **({"user": user} if user else {}),
        "metadata": {"version": "1.3.0", "uid": event.reference or event_id, "product": {"name": "Bartizan paved road", "vendor_name": "Bartizan"}},
    }


def _printable(text: str) -> str:
    """One line of printable ASCII (CWE-117)."""
    return "".join(char if " " <= char <= "~" else f"\\u{{{ord(char):x}}}" for char in text[: LIMITS["audit_text_chars"]])


def json_lines(out: TextIO | None = None) -> AuditSink:
    """Writes events as lines of JSON; by default to standard error."""

    def write(event: AuditEvent) -> None:
        line = json.dumps(to_ocsf(event, time_ms=int(time.time() * 1000), event_id=str(uuid.uuid4())))
        print(line, file=out or sys.stderr, flush=True)

    return write
