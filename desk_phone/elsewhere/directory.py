"""A directory over LDAP, read page by page; never through an open line, never to another host."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, cast

from desk_phone.elsewhere import refusals
from desk_phone.elsewhere.gathering import gather
from desk_phone.elsewhere.ldap_address import COMPANIES, Directory, directory_of
from desk_phone.errors import BadInput, Offline, Refused
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import Listing
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean
from desk_phone.transfer.rows import Row
from desk_phone.web.connecting import connect, secure
from desk_phone.web.limits import LIMITS, Deadline, Limits
from desk_phone.web.trust import system_trust

if TYPE_CHECKING:
    from ldap3 import Connection

_PAGE = 500  # people
_PAGED = "1.2.840.113556.1.4.319"  # RFC 2696
_START_TLS = "1.3.6.1.4.1.1466.20037"  # RFC 4511 4.14
_SUCCESS, _NO_SUCH_OBJECT, _NO_CREDENTIALS = 0, 32, 49  # RFC 4511 appendix A
_TOO_MUCH = (3, 4, 11)  # time limit, size limit, administrative limit
_NOT_ALLOWED = (8, 13, 48, 50)
_BUSY = (51, 52)


class Line:
    """What ldap3 takes for its socket: one deadline and one measure for all that comes."""

    def __init__(self, sock: socket.socket, deadline: Deadline, limits: Limits) -> None:
        self.sock = sock
        self._deadline, self._limits = deadline, limits
        self._left = limits.answer_bytes

    def recv(self, size: int) -> bytes:
        self.sock.settimeout(self._deadline.timeout(self._limits.read))
        data = self.sock.recv(size)
        self._left -= len(data)
        if self._left < 0:
            raise ConnectionError("more than is read at once")
        return data

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(self._deadline.timeout(self._limits.read))
        self.sock.sendall(data)

    def close(self) -> None:
        self.sock.close()


def read_directory(address: str, user: str, secret: Secret, limits: Limits = LIMITS) -> Listing:
    """Raises PhoneError. A directory has no mark: it is read whole each time."""
    directory = directory_of(address)
    host = directory.address.host
    if user and not secret:  # such a bind succeeds and proves nothing (RFC 4513 5.1.2)
        raise refusals.by_status(401, host)
    deadline = Deadline(limits.whole)
    tls = system_trust() if directory.address.secure or directory.starts_tls else None
    at_once = tls if directory.address.secure else None
    with closing(Line(connect(directory.address, None, at_once, limits), deadline, limits)) as line:
        connection = _connection(directory, user, secret, line)
        if directory.starts_tls and tls is not None:
            with _asking(host, deadline):
                connection.extended(_START_TLS)
            _check(connection, host)
            line.sock = secure(line.sock, directory.address, tls, limits)
        with _asking(host, deadline):
            connection.bind()
        _check(connection, host)
        return gather(rows(connection, directory, deadline))


def rows(connection: Connection, directory: Directory, deadline: Deadline) -> Iterator[Row]:
    """Everybody who has a number there; ``connection`` is bound. Raises Refused for a list that is
    not whole."""
    from ldap3 import BASE, DEREF_NEVER, LEVEL, SUBTREE

    scope = {"base": BASE, "one": LEVEL, "sub": SUBTREE}[directory.scope]
    cookie: bytes | None = None
    while True:
        with _asking(directory.address.host, deadline):
            connection.search(
                *(directory.base, directory.filter, scope, DEREF_NEVER, directory.attributes),
                time_limit=int(LIMITS.whole),
                paged_size=_PAGE,
                paged_cookie=cookie,
            )
            found = [_texts(entry) for entry in connection.response or () if _is_person(entry)]
            cookie = _cookie(connection.result)
        _check(connection, directory.address.host)
        yield from (_row(texts, directory) for texts in found)
        if not cookie:
            return


def _row(texts: Mapping[str, list[str]], directory: Directory) -> Row:
    def first(*names: str) -> str:
        return next((text for name in names for text in texts.get(name.lower(), ()) if text), "")

    parts = " ".join(filter(None, (first("givenName"), first("sn"))))
    name = first("displayName") or first("cn") or parts
    numbers = tuple(text for one in directory.numbers for text in texts.get(one.lower(), ()))
    return Row(0, name, numbers, company=first(*COMPANIES))


def _is_person(entry: Mapping[str, object]) -> bool:
    return entry.get("type") == "searchResEntry"  # not where else one might ask


def _texts(entry: Mapping[str, object]) -> dict[str, list[str]]:
    raw = cast("Mapping[str, list[bytes]]", entry.get("raw_attributes") or {})
    return {
        name.lower(): [value.decode("utf-8", "replace") for value in values]
        for name, values in raw.items()
    }


def _cookie(result: Mapping[str, object]) -> bytes | None:
    controls = cast("Mapping[str, Mapping[str, Mapping[str, bytes]]]", result.get("controls") or {})
    return controls[_PAGED]["value"]["cookie"] if _PAGED in controls else None


def _connection(directory: Directory, user: str, secret: Secret, line: Line) -> Connection:
    """Over a line of our own making: ldap3's knows no deadline and not the system's store."""
    quieten()
    from ldap3 import ANONYMOUS, NONE, SIMPLE, SYNC, Connection, Server

    connection = Connection(
        Server(directory.address.host, directory.address.port, get_info=NONE),
        user or None,
        secret.reveal() or None,
        authentication=SIMPLE if user else ANONYMOUS,
        client_strategy=SYNC,
        auto_referrals=False,  # they would take the password to another host
        read_only=True,
        check_names=False,
        raise_exceptions=False,
    )
    connection.strategy.no_real_dsa = True  # it neither opens nor closes anything then
    connection.open(read_server_info=False)
    connection.socket = line
    connection.closed, connection.listening = False, True
    return connection


def quieten() -> None:
    """ldap3 asks pyasn1 for names that are deprecated since 0.5 (ldap3's report 1159, unreleased):
    they are there under their old names, without a warning."""
    from pyasn1.codec.ber import encoder

    for old, new in (("tagMap", encoder.TAG_MAP), ("typeMap", encoder.TYPE_MAP)):
        vars(encoder).setdefault(old, new)


def _check(connection: Connection, host: str) -> None:
    """Raises PhoneError unless the last answer was a success: half a list is none."""
    code = cast("int", connection.result.get("result", -1))
    if code == _SUCCESS:
        return
    names = {"host": host, "word": clean(str(connection.result.get("description", code)))}
    if code == _NO_CREDENTIALS:
        raise refusals.by_status(401, host)
    if code in _BUSY:
        raise Offline(tr("%(host)s is busy") % names, tr("It is asked again later."))
    if code in _TOO_MUCH:
        raise Refused(
            tr("%(host)s gives only a part of its people (%(word)s)") % names,
            tr("Ask for fewer: with a base further down, or a filter."),
        )
    if code == _NO_SUCH_OBJECT:
        raise Refused(
            tr("%(host)s does not know that part of its tree") % names,
            tr("Check the base in the address, such as ou=people,dc=example,dc=ee"),
        )
    if code in _NOT_ALLOWED:
        raise Refused(
            tr("%(host)s does not let you read this (%(word)s)") % names,
            tr("Perhaps it wants a user name and a password."),
        )
    raise Refused(tr("%(host)s refused (%(word)s)") % names, tr("Check the address."))


@contextmanager
def _asking(host: str, deadline: Deadline) -> Iterator[None]:
    """Around ldap3 alone, whose reader falls over odd bytes in every way there is."""
    quieten()
    from ldap3.core.exceptions import LDAPException, LDAPInvalidDnError, LDAPInvalidFilterError
    from pyasn1.error import PyAsn1Error

    garbled = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
    try:
        yield
    except (LDAPInvalidFilterError, LDAPInvalidDnError) as error:
        raise BadInput(
            tr("The filter or the base in the address is none"), tr("Mend it and add it anew.")
        ) from error
    except (LDAPException, PyAsn1Error, OSError, *garbled) as error:
        if deadline.passed or isinstance(error, TimeoutError):
            raise Offline(
                tr("%(host)s took too long") % {"host": host}, tr("It is asked again later.")
            ) from error
        raise Offline(
            tr("The answer was cut short or is no directory's"), tr("It is asked again later.")
        ) from error
