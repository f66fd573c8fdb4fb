"""A relay's gateway as it is, carried by uvicorn, in a thread of its own."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from desk_phone.model.broker import Broker
from desk_phone.model.secret import Secret
from desk_phone.relay.company.company import Company
from desk_phone.relay.configuration import Listen
from desk_phone.relay.gateway.app import gateway
from desk_phone.relay.gateway.place import Place
from desk_phone.relay.state import devices
from desk_phone.relay.state.database import Deed, Keeper, open_keeper
from desk_phone.relay.state.devices import Rights
from desk_phone.relay.web_server import WebServer
from desk_phone.telco.account import Account
from desk_phone.telco.enrolled import Enrolled
from desk_phone.telco.enrolling import enrol
from desk_phone.telco.gateway import GatewayTelco
from desk_phone.telco.notices_callers import Networks
from desk_phone.telco.service import Telco
from tests.contract.companies import InMemory
from tests.relayed import NOON

R = TypeVar("R")

USER, SERVICE = "P0000000@elion.ee", "https://teenused.telia.ee/external/"
BROKER = Broker("broker.company.example", 8883, True, "")
_PATIENCE = 20.0  # seconds; only a broken test waits so long


class Accounts:
    """The broker's accounts in memory. The next of ``trouble`` is raised once."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.revoked: list[str] = []
        self.trouble: list[Exception] = []

    async def create(self, device: str, password: Secret, numbers: Sequence[str]) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.held[device] = (password.reveal(), tuple(numbers))

    async def allow(self, device: str, numbers: Sequence[str]) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.held[device] = (self.held[device][0], tuple(numbers))

    async def revoke(self, device: str) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.revoked.append(device)
        self.held.pop(device, None)

    async def known(self) -> frozenset[str]:
        return frozenset(self.held)


class Relay:
    """``telco`` is asked by many threads. ``time`` is what the relay takes for its seconds."""

    def __init__(
        self, folder: Path, telco: Callable[[], Telco], proxies: Sequence[str] = ()
    ) -> None:
        self.accounts, self.time = Accounts(), 1000.0
        self.now = NOON
        self._folder, self._telco, self._proxies = folder, telco, Networks(proxies)
        self._thread = threading.Thread(target=self._run, name="relay")
        self._started = threading.Event()
        self._bugs: list[BaseException] = []
        self.place: Place
        self._loop: asyncio.AbstractEventLoop
        self._ending: asyncio.Event
        self.url = ""

    @property
    def company(self) -> Company:
        return self.place.company

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(_PATIENCE)
        if self._bugs:
            self._thread.join()
            raise self._bugs[0]
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        if not self._bugs:
            self.stop()
        self._thread.join()
        if self._bugs:
            raise self._bugs[0]

    def begin_anew(self, telco: Callable[[], Telco]) -> None:
        """Another company stands behind it, and what was shared or counted is long ago."""
        self.time += 10_000.0
        self.accounts.held.clear()
        self.accounts.revoked.clear()
        self.soon(lambda: self.company.unlock(telco))

    def stop(self) -> None:
        """Take no more requests, and end."""
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._ending.set)

    def do(self, deed: Deed[R]) -> R:
        return self.wait(self.place.keeper.do(deed))

    def wait(self, story: Coroutine[Any, Any, R]) -> R:
        """What it gives on the relay's own loop."""
        return asyncio.run_coroutine_threadsafe(story, self._loop).result(_PATIENCE)

    def soon(self, act: Callable[[], object]) -> None:
        async def acted() -> None:
            act()

        self.wait(acted())

    def code(self, rights: Rights, name: str = "Mari's desk") -> Secret:
        return self.do(lambda db: devices.new_code(db, name, rights, self.now))

    def enrol(self, rights: Rights, name: str = "Mari's desk") -> Enrolled:
        """As a desk does it."""
        return enrol(self.url, self.code(rights, name))

    def telco(self, enrolled: Enrolled) -> GatewayTelco:
        account = Account(enrolled.user, enrolled.token, relay_url=self.url, device=enrolled.device)
        return GatewayTelco(account)

    def desk(self, rights: Rights) -> GatewayTelco:
        return self.telco(self.enrol(rights))

    def plain_desk(self, rights: Rights) -> Desk:
        return Desk(self.url, self.enrol(rights).token.reveal())

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as bug:
            self._bugs.append(bug)
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        file = self._folder / "relay.sqlite3"
        keeper = await open_keeper(file, self._folder / "backups", self.now)
        company = Company(self._telco, lambda: self.time)
        try:
            await self._carry(keeper, company)
        finally:
            await company.close()
            await keeper.close()

    async def _carry(self, keeper: Keeper, company: Company) -> None:
        self.place = Place(
            *(keeper, company, self.accounts, USER, SERVICE, BROKER, self._proxies),
            now=lambda: self.now,
            steady=lambda: self.time,
        )
        async with WebServer(gateway(self.place), Listen("127.0.0.1", 0)) as server:
            self.url = f"http://127.0.0.1:{server.port}"
            self._started.set()
            await self._ending.wait()


@dataclass(frozen=True)
class Said:
    status: int
    headers: Message  # by names in any letters
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Desk:
    """Says exactly what it is told to, with its token unless told otherwise."""

    url: str
    token: str = ""

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Mapping[str, object] = b"",
        key: str = "",
        **headers: str,
    ) -> Said:
        """Without a ``key`` a new one goes with it; ``headers`` with _ for -."""
        sent = {"Idempotency-Key": key or uuid.uuid4().hex}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=_PATIENCE)
        with closing(connection):
            connection.request(method, path, data or None, sent)
            reply = connection.getresponse()
            return Said(reply.status, reply.headers, reply.read())

    def raw(self, head: str, body: bytes = b"") -> bytes:
        """All that comes back for these bytes until the other side closes."""
        with self.sending(head, body) as connection:
            whole = b""
            while part := connection.recv(65536):
                whole += part
        return whole

    def sending(self, head: str, body: bytes = b"") -> socket.socket:
        """The connection, when they have left; close it."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        connection = socket.create_connection((host, int(port)), timeout=_PATIENCE)
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
        return connection


class ThroughRelay(InMemory):
    """The company in memory, behind a relay that was joined with all rights."""

    def __init__(self, folder: Path, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._relay, self._lines = Relay(folder, lambda: self.fake), lines

    def __enter__(self) -> Self:
        self._relay.__enter__()
        self.telco = self._relay.desk(Rights(self._lines, may_edit=True, may_target=True))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._relay.__exit__(kind, error, trace)

    def misses(self, own: str, other: str, name: str) -> None:
        """The service tells the relay, too."""
        super().misses(own, other, name)
        self._relay.soon(lambda: self._relay.company.heard(own))
