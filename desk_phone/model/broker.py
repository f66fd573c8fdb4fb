"""Where the relay tells of calls, as the settings keep it in one text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

_SCHEMES = {"mqtts": True, "mqtt": False}
_USUAL = {True: 8883, False: 1883}


@dataclass(frozen=True, slots=True)
class Broker:
    """``user`` is this computer's name there; its password lies in the keyring."""

    host: str
    port: int
    tls: bool
    user: str

    def __str__(self) -> str:
        """``mqtts://user@host:port``, or ``mqtt://`` without TLS; as `broker_of` reads it."""
        scheme = "mqtts" if self.tls else "mqtt"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{quote(self.user, safe='')}@{host}:{self.port}"


class NoBroker(ValueError):
    """The text names none."""


def broker_of(text: str) -> Broker:
    """Raises NoBroker."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NoBroker(text) from error
    if parts.scheme not in _SCHEMES or not host or not parts.username or parts.password:
        raise NoBroker(text)
    tls = _SCHEMES[parts.scheme]
    return Broker(host, port or _USUAL[tls], tls, unquote(parts.username))
