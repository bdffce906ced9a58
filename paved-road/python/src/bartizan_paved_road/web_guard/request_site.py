"""Requests that other sites cause (CWE-352), by Fetch Metadata and Origin."""

from collections.abc import Callable, Sequence

from ..refusal import refuse

#: Values of a header by its name in lower case.
HeaderValues = Callable[[str], Sequence[str]]

_SAFE = ("GET", "HEAD", "OPTIONS")


def check_request_site(method: str, headers: HeaderValues, origin: str) -> None:
    """Refuses a request that changes something, unless this origin or the user caused it."""
    if method in _SAFE:
        return
    site, origins = headers("sec-fetch-site"), headers("origin")
    if site:
        if len(site) != 1 or site[0] not in ("same-origin", "none"):
            refuse("cross-site-request")
        return
    if not origins:
        refuse("origin-missing")
    if len(origins) != 1 or origins[0] != origin:
        refuse("cross-site-request")
