"""What holds for every request, before any handler: host, site, size, rate; and headers for every response."""

import re
from collections.abc import Callable, Sequence

from ..audit import AuditEvent, AuditSink
from ..constants import LIMITS
from ..encoding import random_text
from ..refusal import Refused, refuse
from ..web import WebRequest, WebResponse, text_response
from .headers import ResponseClass, security_headers
from .rate_limit import RateLimit
from .request_host import check_request_host
from .request_site import check_request_site

_STATUS = {"host-mismatch": 421, "request-too-large": 413, "rate-exceeded": 429}
_TOKEN = re.compile(r"(?:bearer|dpop) ", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


class Guard:
    """Judges requests. ``exempt`` are paths that no browser calls, and that prove their caller otherwise."""

    def __init__(
        self,
        origin: str,
        audit: AuditSink,
        *,
        exempt: Sequence[str] = (),
        other_hosts: Sequence[str] = (),
        max_body_bytes: int = LIMITS["request_body_bytes"],
        rate_limit: tuple[RateLimit, Callable[[WebRequest], str]] | None = None,
    ) -> None:
        self._origin, self._audit, self._exempt = origin, audit, exempt
        self._other_hosts, self._max_body_bytes, self._rate_limit = other_hosts, max_body_bytes, rate_limit
        self._https = origin.startswith("https:")

    def headers(self, kind: ResponseClass) -> tuple[dict[str, str], str]:
        """Headers for a response, and the nonce that its scripts and styles carry."""
        nonce = random_text(128)
        return security_headers(kind, https=self._https, nonce=nonce), nonce

    def check(self, request: WebRequest) -> WebResponse | None:
        """None if the request may go on; else the answer."""
        try:
            self._check(request)
            return None
        except Refused as error:
            self._audit(AuditEvent("request-refused", reason=error.reason, detail=request.path))
            return text_response(_STATUS.get(error.reason, 403), "This request is not accepted.\n", self._https)

    def _check(self, request: WebRequest) -> None:
        hosts = request.header("host")
        if not (len(hosts) == 1 and hosts[0] in self._other_hosts):
            check_request_host(hosts, self._origin)
        if request.path not in self._exempt and not _carries_token(request):
            check_request_site(request.method, request.header, self._origin)
        self._check_size(request)
        if self._rate_limit is not None:
            limit, key_of = self._rate_limit
            limit.take(key_of(request))

    def _check_size(self, request: WebRequest) -> None:
        lengths = request.header("content-length")
        # A body of unknown length is refused: what reads it next may have no limit.
        if not lengths and request.header("transfer-encoding"):
            refuse("request-too-large")
        if lengths and lengths != [""] and not (_NUMBER.fullmatch(lengths[0]) and int(lengths[0]) <= self._max_body_bytes):
            refuse("request-too-large")


def _carries_token(request: WebRequest) -> bool:
    """A page of another site can't add this header to a request without our consent: it needs a preflight."""
    values = request.header("authorization")
    return bool(values) and _TOKEN.match(values[0]) is not None
