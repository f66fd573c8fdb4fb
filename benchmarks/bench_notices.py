"""The notify endpoint: new connections a second, beside a bare QTcpServer; behind 400 slow ones."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.report import Figure, cpu_of, end, heading, limit, line, ratio
from benchmarks.slow_callers import Crowd, connections_in, served, served_behind
from tests.notices import Desk, get

SECONDS, RUNS = 1.0, 5
A_SECOND = 3000  # new connections, at least
CROWD = 400


def main() -> None:
    heading("The notify endpoint")
    floor, floor_cpu = _microseconds("bare")
    ours, ours_cpu = _microseconds("endpoint")
    line("bare QTcpServer, a connection after another", floor)
    line("endpoint, a connection after another", ours)
    line("bare QTcpServer, a connection", floor_cpu)
    line("endpoint, a connection", ours_cpu)
    many = (1e6 / floor_cpu.median, 1e6 / ours_cpu.median)
    line("so one processor answers", f"{many[0]:.0f} and {many[1]:.0f} new connections a second")
    line("of it reading and judging, no socket", _judged())
    with Crowd(CROWD) as crowd:
        waits = served_behind(crowd, 10.0)
    lost = sum(wait is None for wait in waits)
    behind = Figure([wait * 1000 for wait in waits if wait is not None], "ms")
    line(f"answer behind {CROWD} half-open connections", behind)
    line("of which so many came, were cut off and came again", str(crowd.came))
    end(
        [
            limit(
                "a new connection", ours_cpu.median, 1e6 / A_SECOND, "us CPU", ours_cpu, floor_cpu
            ),
            ratio("against a bare QTcpServer", ours_cpu, floor_cpu, 4.5),
            limit(f"lost behind {CROWD} half-open ones", lost, 0, "GETs"),
            limit("19 of 20 answers behind them within", _most(behind.values), 50, "ms", behind),
        ]
    )


def _most(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _microseconds(kind: str) -> tuple[Figure, Figure]:
    """Of one caller that waits for each answer, by the clock; and of the server's processor."""
    by_clock, by_cpu = [], []
    with served(kind) as server:
        connections_in(server.port, 0.5)
        for _ in range(RUNS):
            before = server.cpu()
            count = connections_in(server.port, SECONDS)
            by_clock.append(SECONDS * 1e6 / count)
            by_cpu.append((server.cpu() - before) * 1e6 / count)
    return Figure(by_clock, "us"), Figure(by_cpu, "us CPU")


def _judged() -> Figure:
    desk = Desk()
    reception, request = desk.reception(), get()

    def judge() -> None:
        for _ in range(1000):
            desk.steady += 1
            reception.receive(reception.enter("127.0.0.1"), request)
        desk.told.clear()

    return Figure([seconds * 1000 for seconds in cpu_of(judge, 5)], "us CPU")


if __name__ == "__main__":
    main()
