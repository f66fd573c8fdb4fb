"""Who answers at an address, as far as their certificate tells: nothing is asked of them."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

from desk_phone.web.connecting import address_of, connect, proxy_of
from desk_phone.web.limits import LIMITS, Limits
from desk_phone.web.trust import system_trust


@dataclass(frozen=True, slots=True)
class Secured:
    """``version`` is of TLS, empty: there was none to look at (this very computer). ``issuer`` and
    ``until`` are empty where this system does not show them."""

    version: str = ""
    cipher: str = ""
    issuer: str = ""
    until: str = ""


def look(url: str, proxy: str = "", limits: Limits = LIMITS) -> Secured:
    """Connect as a request would, and leave; no request is sent, no password.

    Raises BadInput (an address that cannot be used) or Offline: which says why.
    """
    address = address_of(url)
    if not address.secure:
        connect(address, None, None, limits).close()
        return Secured()
    with connect(address, proxy_of(proxy), system_trust(), limits) as sock:
        if not isinstance(sock, ssl.SSLSocket):
            return Secured()
        certificate: Any = sock.getpeercert() or {}
        cipher = sock.cipher()
        return Secured(
            sock.version() or "",
            cipher[0] if cipher else "",
            _name(certificate.get("issuer", ())),
            str(certificate.get("notAfter", "")),
        )


def _name(parts: Any) -> str:
    """The words of an X.509 name that say who it is."""
    said = {key: value for part in parts for key, value in part}
    names = (said.get("organizationName", ""), said.get("commonName", ""))
    return ", ".join(name for name in names if name)
