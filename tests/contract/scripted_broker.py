"""A broker of a few lines that answers as a test wants, in the test's own event loop."""

from __future__ import annotations

import asyncio
import ssl
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CONNECT, PUBLISH, DISCONNECT = 0x10, 0x30, 0xE0
CONNACK = bytes((0x20, 3, 0, 0, 0))


def refusal(code: int) -> bytes:
    return bytes((0x20, 3, 0, code, 0))


def room_for(count: int) -> bytes:
    """Lets in, and takes so many messages at a time."""
    return bytes((0x20, 6, 0, 0, 3, 0x21)) + struct.pack("!H", count)


def puback(mid: int, code: int = 0) -> bytes:
    return struct.pack("!BBHB", 0x40, 3, mid, code) if code else struct.pack("!BBH", 0x40, 2, mid)


def delivery(topic: str, payload: bytes) -> bytes:
    """A message for whoever connects, of up to 127 bytes."""
    body = struct.pack("!H", len(topic)) + topic.encode() + b"\x00" + payload
    return bytes((PUBLISH, len(body))) + body


@dataclass(frozen=True, slots=True)
class Sent:
    """``mid`` is 0 where nobody waits for an answer."""

    topic: str
    payload: bytes
    mid: int


class ScriptedBroker:
    """``greeting`` answers whoever connects; ``codes`` the messages, one after the other, and
    when there are none left ``usual`` does. None: it says nothing."""

    def __init__(
        self, greeting: bytes = CONNACK, usual: int | None = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.greeting, self.usual, self._tls = greeting, usual, tls
        self.codes: list[int | None] = []
        self.connections = 0
        self.came: list[Sent] = []
        self.left = 0  # goodbyes
        self.unanswered: list[int] = []
        self.most_unanswered = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()
        await asyncio.gather(*self._serving)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def notices(self) -> list[bytes]:
        return [one.payload for one in self.came if one.topic.endswith("/notices")]

    def answer_now(self) -> None:
        for writer in self._writers:
            for mid in self.unanswered:
                writer.write(puback(mid))
        self.unanswered.clear()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                kind, body = await _packet(reader)
                self._answer(kind, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, kind: int, body: bytes, writer: asyncio.StreamWriter) -> None:
        if kind & 0xF0 == CONNECT:
            self.connections += 1
            self.unanswered.clear()
            writer.write(self.greeting)
        elif kind & 0xF0 == PUBLISH:
            sent = _sent(kind, body)
            self.came.append(sent)
            if sent.mid:
                self._acknowledge(sent.mid, writer)
        elif kind == DISCONNECT:
            self.left += 1

    def _acknowledge(self, mid: int, writer: asyncio.StreamWriter) -> None:
        code = self.codes.pop(0) if self.codes else self.usual
        if code is not None:
            writer.write(puback(mid, code))
        else:
            self.unanswered.append(mid)
            self.most_unanswered = max(self.most_unanswered, len(self.unanswered))


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind, length, shift = (await reader.readexactly(1))[0], 0, 0
    while True:
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return kind, await reader.readexactly(length)


def _sent(kind: int, body: bytes) -> Sent:
    (size,) = struct.unpack_from("!H", body)
    topic, rest, mid = body[2 : 2 + size].decode(), body[2 + size :], 0
    if kind & 0x06:
        (mid,) = struct.unpack_from("!H", rest)
        rest = rest[2:]
    return Sent(topic, rest[1:], mid)  # ours has no properties
