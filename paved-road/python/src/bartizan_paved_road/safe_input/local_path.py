"""Targets of redirects that stay here (CWE-601)."""

import re
from typing import Any

from ..constants import LIMITS
from ..refusal import Refused, refuse

_CHARACTERS = re.compile(r"[\x21-\x7e]*")
_NEVER = re.compile(r'["<>\\^`{|}]')
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: Escapes that are a separator or a control character once decoded, or an escape once more.
_HIDDEN = re.compile(r"%(?:2f|5c|[01][0-9a-f]|7f|25[0-9a-f]{2})", re.IGNORECASE)


class LocalPath(str):
    """A path of this service with query and fragment, safe to redirect to. There is no other way to make one: the type is the proof."""

    __slots__ = ()

    def __new__(cls, text: str) -> "LocalPath":
        _check(text)
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> "LocalPath":
        """Checks a path, or refuses it."""
        return cls(text)

    @classmethod
    def parse_or_root(cls, text: Any) -> "LocalPath":
        """As ``parse``, but anything else leads to ``/``."""
        try:
            return cls(text) if isinstance(text, str) else cls("/")
        except Refused:
            return cls("/")


def _check(text: str) -> None:
    if text == "":
        refuse("path-empty")
    if len(text) > LIMITS["local_path_chars"]:
        refuse("path-too-long")
    if not text.startswith("/") or text[1:2] in ("/", "\\"):
        refuse("path-not-local")
    if not _CHARACTERS.fullmatch(text) or _NEVER.search(text):
        refuse("path-character")
    if _BROKEN_ESCAPE.search(text):
        refuse("path-malformed")
    path = re.split(r"[?#]", text, maxsplit=1)[0]
    if _HIDDEN.search(path):
        refuse("path-encoded-separator")
    # Browsers take %2e for a dot. A path without dot segments is its own normal form, so what was checked is what they follow.
    if any(re.sub("%2e", ".", segment, flags=re.IGNORECASE) in (".", "..") for segment in path.split("/")):
        refuse("path-dot-segment")
