"""Whether an address somebody typed can be one of the service, or of a proxy. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from desk_phone.i18n import tr


def service_problem(address: str) -> str:
    """Why the base address of the service cannot be used; empty when it can.

    Plain ``http://`` would send the password in the clear, so only this computer may have it.
    """
    parts = _split(address)
    if parts is None:
        return tr("This is no web address. It looks like https://company.example/external/.")
    if parts.scheme not in ("https", "http"):
        return tr("The address must begin with https://.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        return tr("The address must begin with https://: the password travels to it.")
    if parts.username or parts.password:
        return tr("Leave user name and password out of the address.")
    if parts.query or parts.fragment:
        return tr("Leave out what follows ? or # in the address.")
    return ""


def proxy_problem(address: str) -> str:
    """Why the address of a proxy cannot be used; empty when it can, and for no proxy."""
    if not address:
        return ""
    parts = _split(address)
    if parts is None or parts.scheme != "http" or parts.path not in ("", "/"):
        return tr("A proxy looks like http://proxy.example:3128.")
    if parts.username or parts.password:
        return tr("Leave user name and password out of the address.")
    return ""


def _split(address: str) -> SplitResult | None:
    if not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return None
    return parts if parts.scheme and parts.hostname else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
