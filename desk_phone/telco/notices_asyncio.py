"""Carries bytes between TCP connections and a reception by asyncio, where there is no Qt."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.telco.notices import Reception

_BACKLOG = 256  # connections that the system holds for us
# So few are let in before those inside are read: a burst drives nobody out whose GET is here.
_A_TURN = 16
_NOT_KEPT = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class NoticeListener:
    """``async with NoticeListener(reception, address, port) as listener:`` listens meanwhile.

    Raises BadInput where it cannot. Leaving it ends every connection at once, save those whose
    answer waits for ``kept``. Nothing wakes up while nobody is connected.

    ``kept``, asked right after the reception told of an arrival: None, and the answer goes at once;
    or what the answer waits for, whether it is kept. Where it is not, nobody is told that it was.
    """

    def __init__(
        self,
        reception: Reception,
        address: str,
        port: int,
        kept: Callable[[], Awaitable[bool] | None] = lambda: None,
    ) -> None:
        self._reception, self._address, self._port = reception, address, port
        self._kept = kept
        self._answering: dict[int, asyncio.Task[None]] = {}  # by visit
        self._transports: dict[int, asyncio.Transport] = {}
        self._server: asyncio.Server | None = None
        self._late: asyncio.TimerHandle | None = None

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        listening = self._server.sockets if self._server is not None else ()
        return int(listening[0].getsockname()[1]) if listening else 0

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._transports)

    async def __aenter__(self) -> Self:
        try:
            self._server = await self._listen()
        except OSError as error:
            raise BadInput(
                tr("Notices cannot be listened for on %(address)s, port %(port)d")
                % {"address": self._address, "port": self._port},
                tr("Choose another port: %(why)s.")
                % {"why": error.strerror or type(error).__name__},
            ) from error
        return self

    async def _listen(self) -> asyncio.Server:
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        bound = socket.create_server((self._address, self._port), family=family, backlog=_BACKLOG)
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), sock=bound, backlog=_A_TURN
        )
        bound.listen(_BACKLOG)  # what asyncio accepts in a turn is its idea of a backlog
        return server

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._late is not None:
            self._late.cancel()
        if self._server is not None:
            self._server.close()
        for visit in self._transports.keys() - self._answering.keys():
            self._cut(visit)
        if self._answering:
            await asyncio.wait(self._answering.values())
        for visit in tuple(self._transports):
            self._cut(visit)
        if self._server is not None:
            await self._server.wait_closed()
        await asyncio.sleep(0)  # transports close in the next round
        self._server = None

    # what the connections tell

    def welcome(self, transport: asyncio.Transport) -> int:
        peer = transport.get_extra_info("peername")
        visit = self._reception.enter(str(peer[0]) if peer else "")
        self._transports[visit] = transport
        self._dismiss()
        return visit

    def read(self, visit: int, data: bytes) -> None:
        transport = self._transports.get(visit)
        if transport is None:
            return
        reply = self._reception.receive(visit, data)
        if reply.close and (kept := self._kept()) is not None:
            later = asyncio.ensure_future(self._answer_later(transport, reply.send, kept))
            self._answering[visit] = later
            later.add_done_callback(lambda _: self._answering.pop(visit))
            self._watch()
            return
        if reply.send:
            transport.write(reply.send)
        if reply.close:
            self._watch()
            transport.close()  # once all is sent

    async def _answer_later(
        self, transport: asyncio.Transport, answer: bytes, kept: Awaitable[bool]
    ) -> None:
        is_kept = await kept
        if not transport.is_closing():
            transport.write(answer if is_kept else _NOT_KEPT)
            transport.close()

    def is_to_be_answered(self, visit: int) -> bool:
        """Who says no more may still hear the answer."""
        return visit in self._answering

    def gone(self, visit: int) -> None:
        self._reception.leave(visit)
        self._transports.pop(visit, None)
        self._watch()

    # who has to go

    def _dismiss(self) -> None:
        self._late = None
        for visit in self._reception.dismiss():
            self._cut(visit)
        self._watch()

    def _cut(self, visit: int) -> None:
        self._reception.leave(visit)
        transport = self._transports.pop(visit, None)
        if transport is not None:
            transport.abort()

    def _watch(self) -> None:
        patience = self._reception.patience()
        if patience is None:
            if self._late is not None:
                self._late.cancel()
            self._late = None
        elif self._late is None:
            self._late = asyncio.get_running_loop().call_later(patience, self._dismiss)


class _Connection(asyncio.Protocol):
    def __init__(self, listener: NoticeListener) -> None:
        self._listener = listener
        self._visit = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._visit = self._listener.welcome(transport)

    def data_received(self, data: bytes) -> None:
        self._listener.read(self._visit, data)

    def eof_received(self) -> bool:
        return self._listener.is_to_be_answered(self._visit)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._listener.gone(self._visit)
