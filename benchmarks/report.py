"""How a figure is printed: median and spread, the floor beside it, the target, the verdict."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time


@dataclass(frozen=True, slots=True)
class Figure:
    """Measured values of one thing, in ``unit``."""

    values: Sequence[float]
    unit: str

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        low, high = min(self.values), max(self.values)
        return f"{self.median:.3g} {self.unit} ({low:.3g} to {high:.3g}, {len(self.values)} runs)"


def heading(title: str) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"\n{title}  [{machine}]", flush=True)


def line(name: str, figure: Figure | str) -> None:
    print(f"  {name:44} {figure}", flush=True)


def ratio(name: str, figure: Figure, floor: Figure, at_most: float) -> bool:
    """Print how many times the floor it takes; whether that is within the target."""
    times = figure.median / floor.median
    held = times <= at_most
    print(f"  {name:44} {times:.2f} x   target at most {at_most} x   {_verdict(held)}", flush=True)
    return held


def limit(name: str, value: float, at_most: float, unit: str) -> bool:
    held = value <= at_most
    text = f"{value:.3g} {unit}   target at most {at_most:g} {unit}"
    print(f"  {name:44} {text}   {_verdict(held)}", flush=True)
    return held


def _verdict(held: bool) -> str:
    return "ok" if held else "MISSED"


def end(held: Sequence[bool]) -> None:
    """End the process: a missed target is told by the status."""
    sys.exit(0 if all(held) else 1)


def seconds_of(
    work: Callable[[], object], runs: int, clock: Callable[[], float] = perf_counter
) -> list[float]:
    """How long each of ``runs`` took, after one that does not count."""
    work()
    taken = []
    for _ in range(runs):
        begun = clock()
        work()
        taken.append(clock() - begun)
    return taken


def cpu_of(work: Callable[[], object], runs: int) -> list[float]:
    """CPU seconds of this process for each run."""
    return seconds_of(work, runs, process_time)
