"""The head of one request, read by h11 and by rules that leave no second reading of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import h11

from desk_phone.model.notices import Refusal

HEAD_AT_MOST = 8192  # bytes

_BARE_LF = re.compile(rb"(?<!\r)\n")
# A bare CR, a line that goes on in the next one (obs-fold), NUL: some readers take each of them for
# something else.
_AMBIGUOUS = re.compile(rb"\r(?!\n)|\n[ \t]|\x00")
_SCHEME = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)
_TLS_HELLO = 0x16
_VERSIONS = (b"1.1", b"1.0")


@dataclass(frozen=True, slots=True)
class Asked:
    """``plain``: a GET without a body. ``path`` and ``query`` are raw; ``forwarded`` are the values
    of X-Forwarded-For in their order."""

    plain: bool
    path: bytes
    query: bytes
    forwarded: tuple[str, ...]


class Head:
    """Takes bytes until the head of one request is whole; what follows it is not looked at."""

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Asked | Refusal | None:
        """The request, what is wrong with it, or None while it may still become one."""
        held = self._bytes
        before = len(held)
        held += data
        if held and not 0x41 <= held[0] <= 0x5A:  # no method begins so
            return Refusal.TLS if held[0] == _TLS_HELLO else Refusal.NOT_HTTP
        end = held.find(b"\r\n\r\n", max(0, before - 3))
        if end < 0:
            return self._unfinished(before)
        if end + 4 > HEAD_AT_MOST:
            return Refusal.TOO_LONG
        return _read(bytes(held[: end + 4]))

    def _unfinished(self, before: int) -> Refusal | None:
        held = self._bytes
        if len(held) >= HEAD_AT_MOST:
            return Refusal.TOO_LONG
        return Refusal.NOT_HTTP if _BARE_LF.search(held, before) else None


def _read(head: bytes) -> Asked | Refusal:
    if _BARE_LF.search(head) or _AMBIGUOUS.search(head):
        return Refusal.NOT_HTTP
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_AT_MOST)
    try:
        connection.receive_data(head)
        request = connection.next_event()
    except h11.RemoteProtocolError:
        return Refusal.NOT_HTTP
    if not isinstance(request, h11.Request) or request.http_version not in _VERSIONS:
        return Refusal.NOT_HTTP
    return _asked(request)


def _asked(request: h11.Request) -> Asked:
    bodiless, forwarded = True, []
    for name, value in request.headers:
        if name == b"x-forwarded-for":
            forwarded.append(value.decode("latin-1"))
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            bodiless = False
    target = request.target
    if proxied := _SCHEME.match(target):  # the absolute form, which a server must understand
        target = target[proxied.end() :]
    path, _, query = target.partition(b"?")
    return Asked(request.method == b"GET" and bodiless, path, query, tuple(forwarded))
