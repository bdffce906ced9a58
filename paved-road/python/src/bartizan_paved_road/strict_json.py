"""JSON as security code needs it: members once, numbers finite, characters whole, depth bounded (RFC 8259, section 4; RFC 7515, section 4)."""

import json
import math
import re
from typing import Any, NoReturn

from .constants import LIMITS

JsonObject = dict[str, Any]

#: RFC 8259, section 8.2: what one language takes for such a text is an error in the next.
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def parse_object(text: str) -> JsonObject | None:
    """Parses a JSON object; None if it is none, or ambiguous."""
    try:
        value = json.loads(text, object_pairs_hook=_members_once, parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or _depth_of(value) > LIMITS["json_depth"]:
        return None
    has_half = "\\u" in text and _HALF_A_PAIR.search(json.dumps(value, ensure_ascii=False))
    return None if has_half else value


def _members_once(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("beyond every number")
    return number


def _whole(text: str) -> int:
    # What no double holds is no number elsewhere either.
    _finite(text)
    return int(text)


def _depth_of(value: Any) -> int:
    """How deep a value is, level by level: recursion has a limit of its own."""
    depth, level = 0, [value]
    while level:
        nested = [item for item in level if isinstance(item, (dict, list))]
        depth += 1 if nested else 0
        level = [child for item in nested for child in (item.values() if isinstance(item, dict) else item)]
    return depth
