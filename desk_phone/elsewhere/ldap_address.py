"""An LDAP address (RFC 4516): ``ldaps://host/base?attributes?scope?filter``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.web.connecting import Address, is_loopback

NAMES = ("displayName", "cn", "givenName", "sn")
COMPANIES = ("company", "o")
NUMBERS = ("telephoneNumber", "mobile", "homePhone", "otherTelephone", "otherMobile", "ipPhone")
SCOPES = ("base", "one", "sub")

_PORTS = {"ldaps": 636, "ldap": 389}
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Directory:
    """``starts_tls`` before anything else is said; an address that is not ``ldaps`` and does not
    start TLS is this very computer's. ``numbers`` are the attributes that hold numbers."""

    address: Address
    starts_tls: bool
    base: str
    numbers: tuple[str, ...]
    scope: str
    filter: str

    @property
    def attributes(self) -> tuple[str, ...]:
        return (*NAMES, *COMPANIES, *self.numbers)


def directory_of(text: str) -> Directory:
    """Raises BadInput. Left out, the scope is the whole tree below, unlike in the RFC, and the
    filter is for whoever has one of the numbers."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad() from None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or parts.fragment:
        raise _bad()
    given = [unquote(part) for part in parts.query.split("?")]
    attributes, scope, filter_, extensions = (given + [""] * 4)[:4]
    if any(part.strip().startswith("!") for part in extensions.split(",")) or len(given) > 4:
        raise _bad()
    numbers = _numbers(attributes)
    secure = parts.scheme == "ldaps"
    return Directory(
        Address(host, port or _PORTS[parts.scheme], "", secure),
        not secure and not is_loopback(host),
        unquote(parts.path.removeprefix("/")),
        numbers,
        _scope(scope),
        filter_.strip() or _with_a_number(numbers),
    )


def _numbers(attributes: str) -> tuple[str, ...]:
    """Those of the attributes asked for that are no names; the usual ones where none is."""
    known = {name.lower() for name in (*NAMES, *COMPANIES)}
    given = [name.strip() for name in attributes.split(",") if name.strip() not in ("", "*")]
    if not all(_ATTRIBUTE.fullmatch(name) for name in given):
        raise _bad()
    return tuple(name for name in given if name.lower() not in known) or NUMBERS


def _with_a_number(numbers: tuple[str, ...]) -> str:
    return "(|" + "".join(f"({name}=*)" for name in numbers) + ")"


def _scope(text: str) -> str:
    scope = text.strip().lower() or "sub"
    if scope not in SCOPES:
        raise _bad()
    return scope


def _bad() -> BadInput:
    return BadInput(
        tr("This is no address of a directory"),
        tr("Write it as %(example)s") % {"example": "ldaps://host/ou=people,dc=example,dc=ee"},
    )
