"""Who speaks to the endpoint, behind which proxies, and how often."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_Address = IPv4Address | IPv6Address

RATE = 20.0  # requests a second from one address
BURST = 40.0
_REMEMBERED = 1024  # addresses


class Networks:
    """Addresses and networks; ``caller in networks``."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        """Raises ValueError for what is neither an address nor a network."""
        self._networks = tuple(ip_network(text) for text in given)

    @classmethod
    def read(cls, text: str) -> Networks:
        """Of a setting: addresses with commas or blanks between them. Raises ValueError."""
        return cls(text.replace(",", " ").split())

    @property
    def empty(self) -> bool:
        return not self._networks

    def __contains__(self, caller: str) -> bool:
        address = _address(caller)
        return address is not None and any(address in network for network in self._networks)


def caller_of(peer: str, forwarded: Sequence[str], proxies: Networks) -> str:
    """The address of who really asks; empty where it cannot be read.

    Only what one of our own proxies says is believed: from the nearest hop outwards, the first
    address that is none of theirs. Whatever stands further out may be made up.
    """
    hops = [hop for value in forwarded for hop in value.split(",")]
    address = _address(peer)
    while address is not None and str(address) in proxies and hops:
        address = _address(hops.pop())
    return "" if address is None else str(address)


@lru_cache(maxsize=1024)
def _address(text: str) -> _Address | None:
    """Of ``1.2.3.4``, ``1.2.3.4:567``, ``2001:db8::1``, ``[2001:db8::1]:567``."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


class Rates:
    """How many requests an address may still make. A neighbourhood of IPv6 (/64) counts as one."""

    def __init__(self, a_second: float = RATE, at_once: float = BURST) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, caller: str, now: float) -> bool:
        """Count a request at ``now`` seconds; False when it is one too many."""
        key = neighbourhood(caller)
        left, at = self._left.pop(key, (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        self._left[key] = (max(0.0, left - 1.0), now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1.0


@lru_cache(maxsize=1024)
def neighbourhood(caller: str) -> str:
    if ":" not in caller:
        return caller
    return str(ip_network(f"{caller}/64", strict=False))
