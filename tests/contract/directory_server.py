"""A small LDAP server (RFC 4511) of our own: binds, paged searches, StartTLS. Its BER is written
by hand, so that ldap3 is not asked whether ldap3 is right."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_BIND, _BOUND, _UNBIND, _SEARCH, _ENTRY, _DONE, _EXTENDED, _ANSWERED = (
    *(0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x77, 0x78),
)
_PAGED = b"1.2.840.113556.1.4.319"

Entry = tuple[str, Mapping[str, Sequence[str]]]


def ber(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes(4, "big")
    return bytes((tag, 0x84)) + length + content


def number(value: int, tag: int = 0x02) -> bytes:
    return ber(tag, value.to_bytes(max(1, (value.bit_length() + 8) // 8), "big"))


def text(value: str | bytes, tag: int = 0x04) -> bytes:
    return ber(tag, value.encode() if isinstance(value, str) else value)


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """What stands in a value, as (tag, content)."""
    found = []
    while data:
        tag, length, at = data[0], data[1], 2
        if length & 0x80:
            at += length & 0x7F
            length = int.from_bytes(data[2:at], "big")
        found.append((tag, data[at : at + length]))
        data = data[at + length :]
    return found


@dataclass
class DirectoryServer:
    """``code`` ends each search, ``bind_code`` each bind with another password. ``raw`` is sent in
    the place of everything. ``tls``: from the first byte, or with ``starts_tls`` when asked."""

    entries: Sequence[Entry]
    user: str = ""
    password: str = ""
    page: int = 500
    code: int = 0
    raw: bytes | None = None
    tls: ssl.SSLContext | None = None
    starts_tls: bool = False
    cut_after: int = 1_000_000  # entries, then the connection ends
    silent: bool = False
    binds: list[tuple[str, str, bool]] = field(default_factory=list)  # user, password, secured
    searches: list[bytes] = field(default_factory=list)
    visits: int = 0

    def __enter__(self) -> Self:
        self._stopping = threading.Event()
        self._bugs: list[BaseException] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="directory server")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()
        if self._bugs:
            raise self._bugs[0]

    def url(
        self, rest: str = "dc=example,dc=ee", scheme: str = "ldap", host: str = "127.0.0.1"
    ) -> str:
        return f"{scheme}://{host}:{self.port}/{rest}"

    def _run(self) -> None:
        while True:
            connection = self._listener.accept()[0]
            if self._stopping.is_set():
                connection.close()
                return
            self.visits += 1
            connection.settimeout(5.0)
            try:
                self._serve(connection)
            except OSError:
                pass
            except BaseException as bug:
                self._bugs.append(bug)
            finally:
                connection.close()

    def _serve(self, connection: socket.socket) -> None:
        if self.raw is not None:
            connection.recv(65536)
            connection.sendall(self.raw)
            return
        secured = self.tls is not None and not self.starts_tls
        if secured and self.tls is not None:
            with self.tls.wrap_socket(connection, server_side=True) as wrapped:
                self._converse(wrapped, secured=True)
            return
        self._converse(connection, secured=False)

    def _converse(self, connection: socket.socket, secured: bool) -> None:
        while message := _message(connection):
            (_, id_), (tag, request), *controls = parts(message)
            if self.silent:
                with suppress(OSError):
                    connection.recv(1)
                return
            if tag == _UNBIND:
                return
            if tag == _EXTENDED:
                answer = 0 if self.tls is not None else 2
                _send(connection, id_, ber(_ANSWERED, number(answer, 0x0A), text(""), text("")))
                if self.tls is not None:
                    with self.tls.wrap_socket(connection, server_side=True) as wrapped:
                        self._converse(wrapped, secured=True)
                    return
            elif tag == _BIND:
                self._bind(connection, id_, request, secured)
            elif tag == _SEARCH and not self._search(connection, id_, request, controls):
                return

    def _bind(self, connection: socket.socket, id_: bytes, request: bytes, secured: bool) -> None:
        _, (_, user), (_, password) = parts(request)
        self.binds.append((user.decode(), password.decode(), secured))
        code = 0 if (self.user, self.password) == self.binds[-1][:2] else 49
        _send(connection, id_, ber(_BOUND, number(code, 0x0A), text(""), text("")))

    def _search(
        self,
        connection: socket.socket,
        id_: bytes,
        request: bytes,
        controls: list[tuple[int, bytes]],
    ) -> bool:
        self.searches.append(request)
        cookie = b""
        for _, control in parts(controls[0][1]) if controls else ():
            (_, name), *_, (_, value) = parts(control)
            if name == _PAGED:
                cookie = parts(parts(value)[0][1])[1][1]
        first = int(cookie or b"0")
        for at, (dn, attributes) in enumerate(self.entries[first : first + self.page], first):
            if at == self.cut_after:
                return False
            listed = (
                ber(0x30, text(name), ber(0x31, *map(text, values)))
                for name, values in attributes.items()
            )
            _send(connection, id_, ber(_ENTRY, text(dn), ber(0x30, *listed)))
        last = first + self.page >= len(self.entries)
        following = b"" if last else str(first + self.page).encode()
        value = ber(0x30, number(0), text(following))
        control = ber(0xA0, ber(0x30, text(_PAGED), text(value)))
        done = ber(_DONE, number(self.code if last else 0, 0x0A), text(""), text(""))
        _send(connection, id_, done, control)
        return True


def _send(connection: socket.socket, id_: bytes, *what: bytes) -> None:
    connection.sendall(ber(0x30, ber(0x02, id_), *what))


def _message(connection: socket.socket) -> bytes:
    """The content of one LDAPMessage; empty when the other side is gone."""
    head = connection.recv(2)
    if len(head) < 2:
        return b""
    length = head[1]
    if length & 0x80:
        length = int.from_bytes(_exactly(connection, length & 0x7F), "big")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionAbortedError
        data += more
    return data


Make = Callable[..., DirectoryServer]
