"""The callers' side: the service's own GETs, fast, and a crowd that never finishes a request."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.notices import get

_PATIENCE = 5.0  # seconds
_PAUSE = 0.1  # seconds between two GETs: under 20 a second from one address


@dataclass(frozen=True)
class Server:
    """In a process of its own."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds that it has used (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(kind: str) -> Iterator[Server]:
    words = [sys.executable, "-m", "benchmarks.notice_endpoint", kind]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Server(int(process.stdout.readline()), process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def ask(port: int, request: bytes) -> bytes:
    """One GET over a connection of its own; empty where no answer came."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), _PATIENCE) as plug:
        plug.sendall(request)
        return plug.recv(200)
    return b""


def requests() -> Iterator[bytes]:
    """Of ever other callers."""
    head, tail = get(caller="10.0.0.0").split(b"10.0.0.0")
    number = 0
    while True:
        number = (number + 1) % 60_000
        yield head + f"10.1.{number // 250}.{number % 250}".encode() + tail


def connections_in(port: int, seconds: float) -> int:
    """How many connections were made and answered one after another."""
    until, done = time.perf_counter() + seconds, 0
    for request in requests():
        if not ask(port, request).startswith(b"HTTP/1.1 200 "):
            raise AssertionError("a request was not believed")
        done += 1
        if time.perf_counter() > until:
            return done
    return done


class Crowd:
    """``with Crowd(400) as crowd:`` so many connections are open at ``crowd.port``, and drip bytes
    of a head that never ends; who is cut off comes again at once."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self._size, self._chance = size, random.Random(seed)
        self._slow: list[socket.socket] = []
        self._over = threading.Event()
        self._served = served("endpoint")
        self.port, self.came = 0, 0

    def __enter__(self) -> Self:
        self.port = self._served.__enter__().port
        self._thread = threading.Thread(target=self._drip, name="crowd")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        for plug in self._slow:
            plug.close()
        self._served.__exit__(kind, error, trace)

    def _drip(self) -> None:
        while not self._over.is_set():
            while len(self._slow) < self._size and not self._over.is_set():
                self._come()
            for plug in self._chance.sample(self._slow, len(self._slow) // 4):
                try:
                    plug.send(b"G")
                except OSError:
                    plug.close()
                    self._slow.remove(plug)
            self._over.wait(0.05)

    def _come(self) -> None:
        plug = socket.socket()
        plug.setblocking(False)
        plug.connect_ex(("127.0.0.1", self.port))
        self._slow.append(plug)
        self.came += 1


def served_behind(crowd: Crowd, seconds: float) -> list[float | None]:
    """How long each of the service's GETs took meanwhile; None for one without its answer."""
    waits: list[float | None] = []
    pause, until = threading.Event(), time.perf_counter() + seconds
    for request in requests():
        begun = time.perf_counter()
        answer = ask(crowd.port, request)
        took = time.perf_counter() - begun
        waits.append(took if answer.startswith(b"HTTP/1.1 200 ") else None)
        pause.wait(_PAUSE)
        if time.perf_counter() > until:
            return waits
    return waits
