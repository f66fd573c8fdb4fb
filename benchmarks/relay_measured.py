"""What a benchmark of the relay measures: one broker, its desks, whoever tells of calls."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.relay_broker import CompanyBroker, password_of
from benchmarks.relay_caller import Told
from benchmarks.relay_desks import device_of
from benchmarks.relay_place import Relay, numbers_of
from benchmarks.relay_talk import Answer, Child

_QUIETLY = 150.0  # calls a second that are no load
_PATIENCE = 120.0  # seconds; only what is broken takes so long
_ARRIVES = 5.0  # seconds that the last notices may take


@dataclass(frozen=True, slots=True)
class Run:
    """``to_desk`` and ``to_answer`` in milliseconds, sorted; ``cpu``: seconds of each process."""

    sent: int
    answered: int
    came: int
    to_desk: Sequence[float]
    to_answer: Sequence[float]
    seconds: float
    late: float
    cpu: dict[str, float]


def most(values: Sequence[float], share: float) -> float:
    """What so many of the sorted values don't pass."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


class Office:
    """``with Office(folder, 1000) as office:`` a company's broker runs, and so many desks wait."""

    def __init__(self, folder: Path, desks: int) -> None:
        self.numbers = numbers_of(desks)
        (folder / "broker").mkdir()
        devices = [(device_of(own), own) for own in self.numbers]
        self.broker = CompanyBroker(folder / "broker", devices)
        self._folder, self._stack = folder, ExitStack()
        self._first, self._bare = 0, False

    def __enter__(self) -> Self:
        self._stack.callback(self.broker.stop)
        self.broker.start()
        self.desks = self._stack.enter_context(Child("benchmarks.relay_desks"))
        self.caller = self._stack.enter_context(Child("benchmarks.relay_caller"))
        self.desks.ask(
            "join",
            numbers=self.numbers,
            port=self.broker.desk_port,
            passwords=[password_of(device_of(own)) for own in self.numbers],
            authority=str(self.broker.authority),
        )
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._stack.close()

    def bare(self, count: int, a_second: float) -> Run:
        """A plain publisher, without a relay."""
        where = {"port": self.broker.port, "numbers": self.numbers}

        def tell() -> Answer:
            pace = {"first": self._first, "count": count, "a_second": a_second}
            return self.caller.ask("publish", **pace, **where)

        return self._measured(count, tell, {}, bare=True)

    def relayed(self, relay: Relay, count: int, a_second: float) -> Run:

        def tell() -> Answer:
            return self._call(relay, count, a_second)

        return self._measured(count, tell, {"relay": relay.pid})

    def catching_up(self, relay: Relay) -> float:
        """The broker loses all it had, and what it is told before the desks are back is lost, too:
        a notice for each of them. Seconds from their coming back until each has its own."""
        self.broker.kill()
        self.broker.forget()
        self.broker.start()
        self.desks.ask("forget", positions=False)
        self.desks.ask("reach", gateway=relay.gateway, tokens=relay.tokens)
        count = len(self.numbers)
        self._call(relay, count, _QUIETLY)
        while relay.waiting():
            time.sleep(0.05)
        begun = time.monotonic()
        self.desks.ask("connect")
        while (took := time.monotonic() - begun) < _PATIENCE:
            said = self.desks.ask("progress")
            if not said["behind"] and said["taken"] >= count:
                break
            time.sleep(0.05)
        return took

    def _call(self, relay: Relay, count: int, a_second: float) -> Answer:
        where = {"port": relay.port, "path": relay.path, "numbers": self.numbers}
        pace = {"first": self._first, "count": count, "a_second": a_second}
        self._first += count
        return self.caller.ask("call", **pace, **where)

    def _measured(
        self, count: int, tell: Callable[[], Answer], pids: dict[str, int], bare: bool = False
    ) -> Run:
        self.caller.ask("forget")
        self.desks.ask("forget", positions=bare or self._bare)  # the publisher's count is another
        self._bare = bare
        pids = {
            **pids,
            "broker": self.broker.pid,
            "desks": self.desks.pid,
            "caller": self.caller.pid,
        }
        before = {name: cpu(pid) for name, pid in pids.items()}
        said = tell()
        until = time.monotonic() + _ARRIVES
        while self.desks.ask("progress")["taken"] < count and time.monotonic() < until:
            time.sleep(0.05)
        used = {name: cpu(pid) - before[name] for name, pid in pids.items()}
        came_file, told_file = self._folder / "came.json", self._folder / "told.json"
        self.desks.ask("report", file=str(came_file))
        self.caller.ask("report", file=str(told_file))
        came = json.loads(came_file.read_text())
        told = {event: Told(*one) for event, one in json.loads(told_file.read_text()).items()}
        return Run(
            count,
            said["answered"],
            len(came),
            sorted((came[event][2] - told[event].began) / 1e6 for event in came),
            sorted((one.ended - one.began) / 1e6 for one in told.values()),
            said["seconds"],
            said["late"],
            used,
        )


def cpu(pid: int) -> float:
    """Seconds that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fsyncs(folder: Path, count: int = 200) -> list[float]:
    """Milliseconds for a page that is written and on the disk, sorted."""
    taken = []
    with (folder / "page").open("wb", buffering=0) as file:
        for _ in range(count):
            begun = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)
