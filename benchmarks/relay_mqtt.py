"""So much of MQTT 5 as a thousand made-up desks in one process need: paho costs ten times that.

Only what our own side says is written here, and only what a broker answers to it is read. For the
benchmarks and drills alone: nothing is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from struct import Struct

KEEPALIVE = 60  # seconds
KEPT = 31 * 24 * 3600  # seconds that the broker keeps a session
AT_ONCE = 20  # messages that may wait for a desk, as with the real one
PING, GOODBYE = b"\xc0\x00", b"\xe0\x00"

_SHORT, _LONG = Struct(">H"), Struct(">I")


class Kind(IntEnum):
    """The upper half of a packet's first byte."""

    CONNECTED = 2
    PUBLISH = 3
    TAKEN = 4
    SUBSCRIBED = 9


def connect(name: str, user: str = "", password: str = "", kept: bool = True) -> bytes:
    """``kept``: with a session that the broker keeps, else with none."""
    flags = (0 if kept else 2) | (0xC0 if user else 0)
    wishes = b"\x11" + _LONG.pack(KEPT if kept else 0) + b"\x21" + _SHORT.pack(AT_ONCE)
    said = _text(name) + (_text(user) + _text(password) if user else b"")
    head = _text("MQTT") + bytes((5, flags)) + _SHORT.pack(KEEPALIVE)
    return _packet(0x10, head + bytes((len(wishes),)) + wishes + said)


def subscribe(wanted: Sequence[tuple[str, int]], mid: int = 1) -> bytes:
    """Topics, each with its QoS."""
    topics = b"".join(_text(topic) + bytes((qos,)) for topic, qos in wanted)
    return _packet(0x82, _SHORT.pack(mid) + b"\x00" + topics)


def publish(topic: str, payload: bytes, mid: int) -> bytes:
    """With QoS 1."""
    return _packet(0x32, _text(topic) + _SHORT.pack(mid) + b"\x00" + payload)


def taken(mid: int) -> bytes:
    return b"\x40\x02" + _SHORT.pack(mid)


def published(first: int, body: bytes) -> tuple[str, int, bytes]:
    """Topic, message id (0: QoS 0) and payload of a packet."""
    (length,) = _SHORT.unpack_from(body)
    at, mid = 2 + length, 0
    if first & 0x06:
        (mid,) = _SHORT.unpack_from(body, at)
        at += 2
    size, at = _number(body, at)
    return body[2 : 2 + length].decode(), mid, body[at + size :]


def about(body: bytes) -> int:
    """The message id that an answer is about."""
    return int(_SHORT.unpack_from(body)[0])


class Packets:
    """`feed` it what comes, and it gives whole packets: first byte and body."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        held, at = self._held + data, 0
        while (end := _end(held, at)) is not None:
            start, stop = end
            yield held[at], held[start:stop]
            at = stop
        self._held = held[at:]


def _end(held: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the packet at ``at`` begins and ends; None: it is not whole."""
    for last in range(at + 1, min(at + 5, len(held))):
        if held[last] < 0x80:
            size, start = _number(held, at + 1)
            return (start, start + size) if len(held) >= start + size else None
    return None


def _number(held: bytes, at: int) -> tuple[int, int]:
    """A number of one to four bytes, and where it ends."""
    value, shift = 0, 0
    while True:
        byte = held[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _packet(first: int, body: bytes) -> bytes:
    size, left = bytearray(), len(body)
    while True:
        left, low = left >> 7, left & 0x7F
        size.append(low | (0x80 if left else 0))
        if not left:
            return bytes((first,)) + bytes(size) + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _SHORT.pack(len(encoded)) + encoded
