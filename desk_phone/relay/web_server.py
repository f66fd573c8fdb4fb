"""Serves one ASGI application beside all else in the loop: uvicorn, which takes no signals."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay.configuration import Listen

if TYPE_CHECKING:
    from starlette.applications import Starlette

_BACKLOG = 1024  # connections that the system holds for us
_IDLE = 75  # seconds that a silent connection stays: longer than a proxy keeps its own
_LAST = 35  # seconds for what is under way: longer than one answer of the service may take
_HEAD = 16 * 1024  # bytes
_HEAD_WITHIN = 10.0  # seconds for all of it


class WebServer:
    """``async with WebServer(app, listen) as server:`` serves meanwhile, on ``server.port``.

    Raises BadInput where it cannot listen. Leaving it waits for what is under way.
    """

    def __init__(self, app: Starlette, listen: Listen) -> None:
        self._listen = listen
        self._server = _Server(
            Config(
                app,
                http=_Connection,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,  # paths hold numbers
                proxy_headers=False,  # the application judges them
                server_header=False,
                timeout_keep_alive=_IDLE,
                timeout_graceful_shutdown=_LAST,
                h11_max_incomplete_event_size=_HEAD,
            )
        )
        self._work: asyncio.Task[None] | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        sock = listening(self._listen)
        self.port = int(sock.getsockname()[1])
        self._work = asyncio.create_task(self._server.serve(sockets=[sock]))
        while not self._server.started and not self._work.done():
            await asyncio.sleep(0.005)  # it has no event for it
        if self._work.done():
            sock.close()
            self._work.result()
            raise RuntimeError("the server ended as it began")
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        if self._work is not None:
            await self._work


class _Connection(H11Protocol):
    """Who begins a head and does not end it is let go of; uvicorn would wait for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._rest()

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._rest()
        elif self._late is None:
            self._late = self.loop.call_later(_HEAD_WITHIN, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None


class _Server(Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the whole program's, not one server's."""
        yield


def listening(listen: Listen) -> socket.socket:
    """Raises BadInput."""
    family = socket.AF_INET6 if ":" in listen.address else socket.AF_INET
    try:
        address = (listen.address, listen.port)
        sock = socket.create_server(address, family=family, backlog=_BACKLOG)
        # Said to be TCP's: else asyncio leaves Nagle's waiting on, 40 ms an answer.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, sock.detach())
    except OSError as error:
        raise BadInput(
            tr("The relay cannot listen on %(address)s, port %(port)d")
            % {"address": listen.address, "port": listen.port},
            tr("Choose another port in relay.toml: %(why)s.")
            % {"why": error.strerror or type(error).__name__},
        ) from error
