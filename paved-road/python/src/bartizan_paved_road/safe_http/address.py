"""Addresses: whether one is public (IANA's special-purpose registries)."""

import ipaddress
import re

from ..constants import ADDRESSES
from ..refusal import refuse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+", re.ASCII)
_IPV4 = re.compile(r"[0-9.]+", re.ASCII)

_REFUSED = [ipaddress.ip_network(text) for text in (*ADDRESSES["ipv4_refused"], *ADDRESSES["ipv6_refused"])]
_ALLOWED = [ipaddress.ip_network(text) for text in ADDRESSES["ipv6_allowed"]]


def parse_address(text: str) -> Address | None:
    """Reads an address in the one form of IPv4, or any of IPv6 without zone; None if it is none."""
    try:
        if ":" in text:
            return ipaddress.IPv6Address(text) if _IPV6.fullmatch(text) else None
        return ipaddress.IPv4Address(text) if _IPV4.fullmatch(text) else None
    except ValueError:
        return None


def check_public_address(text: str) -> None:
    """Refuses an address that is not on the public Internet."""
    address = parse_address(text)
    if address is None:
        refuse("address-malformed")
    if any(address in network for network in _REFUSED) or (address.version == 6 and not any(address in network for network in _ALLOWED)):
        refuse("address-not-public")
