"""Requests for another host: cache poisoning, rebinding, links made from a header."""

from collections.abc import Sequence

from ..refusal import refuse


def check_request_host(hosts: Sequence[str], origin: str) -> None:
    """Refuses a request whose Host header is not that of ``origin``."""
    ours = origin.partition("://")[2]
    default_port = ":443" if origin.startswith("https:") else ":80"
    if len(hosts) != 1 or hosts[0].lower() not in (ours, ours + default_port):
        refuse("host-mismatch")
