"""The service's GETs, everybody else's, and both carriers to send them to."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal

from desk_phone.model.notices import Arrival, Heard, Refusal, TurnedAway
from desk_phone.model.secret import Secret
from desk_phone.system.notice_server import NoticeServer
from desk_phone.telco.notices import PATIENCE, Reception, Rules
from desk_phone.telco.notices_asyncio import NoticeListener
from desk_phone.telco.notices_callers import Networks

T = TypeVar("T")

OWN = "+3726401234"
SECRET = "Zq4mJ0yB1cV7kR2nT9sX5wH8dL3fG6pAaEeIiOoUuQQ"
SERVICE = "84.50.42.87"
NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
PATIENCE_OF_TESTS = 10.0  # seconds; only a broken test waits so long

OK, NOT_FOUND = b"HTTP/1.1 200 OK", b"HTTP/1.1 404 Not Found"


def rules(callers: str = f"{SERVICE} 84.50.42.108", proxies: str = "127.0.0.1 ::1") -> Rules:
    return Rules(Secret(SECRET), frozenset({OWN}), Networks.read(callers), Networks.read(proxies))


def target(at: datetime = NOON, path: str = f"/desk-phone/{SECRET}", **fields: str) -> str:
    """The target of the service's GET; ``fields`` replace its own, raw."""
    given = {
        "ts": str(int(at.timestamp())),
        "anr": "37262000001",
        "bnr": "3726401234",
        "fn": "Turvateenistus+Alfastar+AS",
        "type": "Start",
        "answer": "No",
        **fields,
    }
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in given.items())


def get(
    target_: str | None = None,
    caller: str = SERVICE,
    *lines: str,
    method: str = "GET",
    version: str = "HTTP/1.1",
) -> bytes:
    """A whole request as the reverse proxy hands it on; ``caller`` empty: it names nobody."""
    forwarded = (f"X-Forwarded-For: {caller}",) if caller else ()
    head = (f"{method} {target_ or target()} {version}", "Host: notify.example", *forwarded, *lines)
    return "".join(f"{line}\r\n" for line in (*head, "")).encode("latin-1")


@dataclass
class Desk:
    """A reception whose clock stands, and what it told."""

    told: list[Arrival] = field(default_factory=list)
    steady: float = 1000.0
    now: datetime = NOON

    def reception(self, patience: float = PATIENCE, rules_: Rules | None = None) -> Reception:
        """By this desk's own clocks."""
        return Reception(
            rules_ or rules(), self.told.append, lambda: self.steady, lambda: self.now, patience
        )

    def real_reception(self, patience: float = PATIENCE) -> Reception:
        """By a clock that goes on by itself, for real sockets; the date stands."""
        return Reception(rules(), self.told.append, now=lambda: self.now, patience=patience)

    @property
    def heard(self) -> list[Heard]:
        return [arrival for arrival in self.told if isinstance(arrival, Heard)]

    @property
    def refused(self) -> list[Refusal]:
        return [arrival.why for arrival in self.told if isinstance(arrival, TurnedAway)]


@contextmanager
def only_here() -> Iterator[None]:
    """Meanwhile no other thread collects garbage: it would take Qt's objects down there."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# carriers: the attack runs in a thread, the carrier's loop in this one


def by_qt(reception: Reception, attack: Callable[[int], T]) -> tuple[T, int]:
    """What the attack on a port gave, and how many connections were left open."""
    # Owned: else whichever thread collects garbage would take it down.
    server = NoticeServer(reception, QCoreApplication.instance())
    server.listen("127.0.0.1", 0)
    done, loop = _Done(), QEventLoop()
    done.done.connect(loop.quit)
    with only_here():
        running = _Attack(attack, server.port, done.done.emit)
        loop.exec()
        outcome = running.outcome()
    left = _settled_in_qt(server)
    server.close()
    server.deleteLater()
    return outcome, left


def _settled_in_qt(server: NoticeServer) -> int:
    loop, end = QEventLoop(), time.monotonic() + PATIENCE_OF_TESTS
    while server.open and time.monotonic() < end:
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    return server.open


class _Done(QObject):
    done = Signal()


def by_asyncio(reception: Reception, attack: Callable[[int], T]) -> tuple[T, int]:
    return _by_asyncio(reception, attack, lambda: None)


def by_a_relay(reception: Reception, attack: Callable[[int], T]) -> tuple[T, int]:
    """It answers later, when what it heard is kept."""
    return _by_asyncio(reception, attack, lambda: asyncio.sleep(0.001, True))


def _by_asyncio(
    reception: Reception,
    attack: Callable[[int], T],
    kept: Callable[[], Awaitable[bool] | None],
) -> tuple[T, int]:
    async def carry() -> tuple[T, int]:
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        async with NoticeListener(reception, "127.0.0.1", 0, kept) as listener:
            running = _Attack(attack, listener.port, lambda: loop.call_soon_threadsafe(over.set))
            await over.wait()
            end = loop.time() + PATIENCE_OF_TESTS
            while listener.open and loop.time() < end:
                await asyncio.sleep(0.001)
            return running.outcome(), listener.open

    with only_here():
        return asyncio.run(carry())


CARRIERS = (by_qt, by_asyncio, by_a_relay)


class _Attack:
    def __init__(self, attack: Callable[[int], T], port: int, then: Callable[[], object]) -> None:
        self._result: list[T] = []
        self._error: list[BaseException] = []

        def run() -> None:
            try:
                self._result.append(attack(port))
            except BaseException as error:
                self._error.append(error)
            finally:
                then()

        self._thread = threading.Thread(target=run, name="attack")
        self._thread.start()

    def outcome(self) -> T:
        self._thread.join()
        if self._error:
            raise self._error[0]
        return self._result[0]


# the attacker's side


def dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_OF_TESTS)


def all_of(connection: socket.socket) -> bytes:
    """Everything that comes until the other end closes, or resets."""
    heard = b""
    try:
        while got := connection.recv(65536):
            heard += got
    except ConnectionError:
        pass
    return heard


def sent(port: int, *pieces: bytes) -> bytes:
    """What answers these bytes, one packet each."""
    with dial(port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for piece in pieces:
                connection.sendall(piece)
        except ConnectionError:
            pass
        return all_of(connection)
