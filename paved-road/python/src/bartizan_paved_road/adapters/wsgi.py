"""Requests of WSGI, which Flask and Django have inside."""

import hashlib
import ssl
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from ..encoding import encode_base64url
from ..refusal import refuse

Environ = dict[str, Any]


class WsgiRequest:
    """A request by its environment. A header that stands twice is joined by the server, and refused where one is expected."""

    def __init__(self, environ: Environ, read: Callable[[int], bytes]) -> None:
        self._environ, self._read = environ, read

    @property
    def method(self) -> str:
        return str(self._environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        raw = self._environ.get("RAW_URI") or self._environ.get("REQUEST_URI") or ""
        if raw.startswith("/"):
            return str(raw).split("?", 1)[0]
        return quote(str(self._environ.get("SCRIPT_NAME", "")) + str(self._environ.get("PATH_INFO", "/")), safe="/:@!$&'()*+,;=~-._", encoding="latin-1")

    @property
    def query(self) -> str:
        return str(self._environ.get("QUERY_STRING", ""))

    @property
    def certificate(self) -> str | None:
        """The server says that it is good; a header of the client can't say so."""
        pem = self._environ.get("SSL_CLIENT_CERT")
        if self._environ.get("SSL_CLIENT_VERIFY") != "SUCCESS" or not isinstance(pem, str) or not pem:
            return None
        return encode_base64url(hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest())

    def header(self, name: str) -> Sequence[str]:
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            value = self._environ.get(key)
            return [str(value)] if value not in (None, "") else []
        value = self._environ.get(f"HTTP_{key}")
        return [] if value is None else [str(value)]

    def body(self, max_bytes: int) -> str:
        length = int(self._environ.get("CONTENT_LENGTH") or 0)
        if length > max_bytes:
            refuse("request-too-large")
        return self._read(length).decode("latin-1")
