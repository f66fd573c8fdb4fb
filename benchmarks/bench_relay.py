"""A company's relay: from the service's GET to the desk, beside a bare broker; how many calls, how
much memory: bench_relay.py [DESKS] [SECONDS].

The broker is set up as a company's: desks come through TLS, each with an account of its own.
Everything is a process of its own, and all of them share this computer.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.processes import pss_mb
from benchmarks.relay_measured import Office, Run, fsyncs, most
from benchmarks.relay_place import Served
from benchmarks.report import Figure, end, heading, limit, line

DESKS, SECONDS = 1_000, 60.0
A_SECOND = 80.0
ARRIVES = 250.0  # ms, 99 of 100 calls
_STEP, _STEP_SECONDS = 1.25, 3.0  # of the search for the most a second


def main(argv: list[str]) -> None:
    desks = int(argv[0]) if argv else DESKS
    seconds = float(argv[1]) if argv[1:] else SECONDS
    heading(f"A company's relay, {desks:,} desks, {A_SECOND:.0f} calls a second")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        line("a page written and on the disk, p50 and p99", _two(fsyncs(folder)))
        with Office(folder, desks) as office:
            held = _connecting(office)
            bare = office.bare(int(seconds * A_SECOND), A_SECOND)
            _tell("bare publisher", bare)
            most_bare = _most_a_second(lambda a_second: _bare(office, a_second), 1000.0)
            relay = Served(folder / "relay", office.broker.port, office.numbers)
            started = relay.start()
            try:
                held += _relayed(office, relay, seconds, bare, most_bare)
                lost = office.catching_up(relay)
                held.append(limit("all ask the gateway after the broker lost all", lost, 15, "s"))
            finally:
                relay.stop()
            held.append(limit("the relay's start, to its first answer", started, 1.5, "s"))
            held += _coming_back(office)
    end(held)


def _connecting(office: Office) -> list[bool]:
    empty = pss_mb(office.broker.pid)
    first = office.desks.ask("connect")["seconds"]
    full = pss_mb(office.broker.pid)
    count = len(office.numbers)
    line("all desks connect for the first time", f"{first:.2f} s")
    line("the broker's memory without desks", f"{empty:.1f} MB PSS")
    a_thousand = (full - empty) / count * 1000
    return [limit("the broker's memory for 1,000 desks", a_thousand, 100, "MB PSS")]


def _relayed(
    office: Office, relay: Served, seconds: float, bare: Run, most_bare: float
) -> list[bool]:
    idle = pss_mb(relay.pid)
    run = office.relayed(relay, int(seconds * A_SECOND), A_SECOND)
    _tell("relay", run)
    memory = pss_mb(relay.pid)
    line("the relay's memory before", f"{idle:.1f} MB PSS")
    many = _most_a_second(lambda a_second: _through(office, relay, a_second), 80.0)
    line("the most a second: bare publisher, relay", f"{most_bare:.0f}, {many:.0f} /s")
    ours, floor = Figure(run.to_desk, "ms"), Figure(bare.to_desk, "ms")
    a_call = run.cpu["relay"] / run.sent * 1000
    broker = [one.cpu["broker"] / one.sent * 1000 for one in (bare, run)]
    line("CPU of the broker a call: bare publisher, relay", f"{broker[0]:.2f}, {broker[1]:.2f} ms")
    return [
        limit("GET to desk, p99", most(run.to_desk, 0.99), ARRIVES, "ms", ours, floor),
        limit("GET to desk, p50", most(run.to_desk, 0.5), 25, "ms", ours, floor),
        limit("GET to its 200, p99", most(run.to_answer, 0.99), 100, "ms"),
        limit("not answered 200, or not at its desk", _lacking(run), 0, "calls"),
        limit("1,000 calls, as fast as it takes them", _thousand(many), 1000 / A_SECOND, "s"),
        limit("CPU of the relay, a call", a_call, 4, "ms"),
        limit("the relay's memory", memory, 120, "MB PSS"),
    ]


def _coming_back(office: Office) -> list[bool]:
    """After the broker's restart in good order, in one moment."""
    office.broker.stop()
    office.broker.start()
    seconds = office.desks.ask("connect")["seconds"]
    return [limit("all desks come back in one moment", seconds, 10, "s")]


def _most_a_second(holds: Callable[[float], Run], a_second: float) -> float:
    """The last pace at which every call arrived, 99 of 100 in time."""
    best = 0.0
    while True:
        run = holds(a_second)
        in_time = run.seconds < run.sent / a_second + ARRIVES / 1000
        kept = in_time and not _lacking(run) and most(run.to_desk, 0.99) < ARRIVES
        if not kept:
            return best
        best, a_second = a_second, a_second * _STEP


def _thousand(a_second: float) -> float:
    return 1000 / a_second if a_second else float("inf")


def _bare(office: Office, a_second: float) -> Run:
    return office.bare(int(a_second * _STEP_SECONDS), a_second)


def _through(office: Office, relay: Served, a_second: float) -> Run:
    return office.relayed(relay, int(a_second * _STEP_SECONDS), a_second)


def _lacking(run: Run) -> int:
    return run.sent - min(run.answered, run.came)


def _tell(who: str, run: Run) -> None:
    line(f"{who}: to the desk, p50 and p99", _two(run.to_desk))
    line(f"{who}: to the answer, p50 and p99", _two(run.to_answer))
    used = ", ".join(f"{name} {seconds:.2f}" for name, seconds in run.cpu.items())
    line(f"{who}: CPU seconds", f"{used}; at most {run.late * 1000:.0f} ms late")


def _two(values: Sequence[float]) -> str:
    low, high = most(values, 0.5), most(values, 0.99)
    return f"{low:.2f}, {high:.2f} ms, the longest {values[-1]:.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
