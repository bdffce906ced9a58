"""Security headers by class of response. The sets stand in constants.json."""

import re
from typing import Literal

from ..constants import HEADERS
from ..refusal import refuse

ResponseClass = Literal["page", "api", "redirect", "asset", "download"]

_CLASSES = ("page", "api", "redirect", "asset", "download")
_NONCE = re.compile(r"[A-Za-z0-9_-]{22,}", re.ASCII)


def security_headers(kind: ResponseClass, *, https: bool, nonce: str) -> dict[str, str]:
    """The headers of a response. ``nonce`` is new for every page: scripts and styles carry it."""
    if kind not in _CLASSES:
        refuse("configuration-invalid", "response class")
    if not _NONCE.fullmatch(nonce):
        refuse("configuration-invalid", "a nonce has 128 bits in base64url")
    headers = {**HEADERS["every"], **HEADERS[kind], **(HEADERS["https"] if https else {})}
    return {name: value.replace("{nonce}", nonce) for name, value in headers.items()}
