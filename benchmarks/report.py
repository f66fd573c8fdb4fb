"""How a figure is printed: median and spread, the floor beside it, the target, the verdict.

``python -m benchmarks.report NOTES`` prints the table of a whole run, of what its benchmarks noted
in the file that the environment names.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

NOTED = "DESK_PHONE_BENCHMARKS"  # a file


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
    print(f"\n{title}  [{_machine()}]", flush=True)
    _note({"heading": title})


def line(name: str, figure: Figure | str) -> None:
    print(f"  {name:44} {figure}", flush=True)


def ratio(name: str, figure: Figure, floor: Figure, at_most: float) -> bool:
    """Print how many times the floor it takes; whether that is within the target."""
    times = figure.median / floor.median
    held = times <= at_most
    print(f"  {name:44} {times:.2f} x   target at most {at_most} x   {_verdict(held)}", flush=True)
    ours = f"{_spread(figure)}, {times:.2f} x"
    _row(name, _spread(floor), ours, f"{at_most:g} x", held)
    return held


def limit(
    name: str,
    value: float,
    at_most: float,
    unit: str,
    of: Figure | None = None,
    beside: Figure | None = None,
) -> bool:
    """Print a value beside its target; whether that is kept. ``of`` is what the value was taken
    from, ``beside`` a floor or a peer: both only for the table."""
    held = value <= at_most
    text = f"{value:.3g} {unit}   target at most {at_most:g} {unit}"
    print(f"  {name:44} {text}   {_verdict(held)}", flush=True)
    spread = "" if of is None else f" ({min(of.values):.3g} to {max(of.values):.3g})"
    floor = "" if beside is None else _spread(beside)
    _row(name, floor, f"{value:.3g} {unit}{spread}", f"{at_most:g} {unit}", held)
    return held


def grows(name: str, size: int, figure: Figure) -> None:
    """How much the same costs among more: one of a row of the second table."""
    line(f"{name}, {size:,}", figure)
    _note({"grows": name, "size": size, "said": f"{figure.median:.3g} {figure.unit}"})


def _spread(figure: Figure) -> str:
    low, high = min(figure.values), max(figure.values)
    return f"{figure.median:.3g} {figure.unit} ({low:.3g} to {high:.3g})"


def _verdict(held: bool) -> str:
    return "ok" if held else "MISSED"


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def end(held: Sequence[bool]) -> None:
    """End the process: a missed target is told by the status."""
    sys.exit(0 if all(held) else 1)


# the table of a whole run: each benchmark is a process of its own and notes its rows in one file


def _row(name: str, floor: str, ours: str, target: str, held: bool) -> None:
    verdict = "ok" if held else "missed"
    _note({"row": [name, floor, ours, target, verdict]})


def _note(what: dict[str, Any]) -> None:
    if file := os.environ.get(NOTED):
        with Path(file).open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(what) + "\n")


def table(notes: Path) -> str:
    """What was noted there, as docs/performance.md has it: medians, and the least to the most."""
    noted = [json.loads(text) for text in notes.read_text(encoding="utf-8").splitlines()]
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    rows = [f"Measured on {today}: {_machine()}. Medians (least to most).", ""]
    rows += ["| what | floor or peer | Desk Phone | target | |", "|---|---|---|---|---|"]
    for one in noted:
        if "heading" in one:
            rows.append(f"| **{one['heading']}** | | | | |")
        elif "row" in one:
            rows.append("| " + " | ".join(one["row"]) + " |")
    return "\n".join((*_without_empty(rows), "", *_growth(noted)))


def _without_empty(rows: Sequence[str]) -> list[str]:
    """Without headings under which nothing stands."""
    following = (*rows[1:], "| **")
    pairs = zip(rows, following, strict=True)
    return [row for row, after in pairs if not (row.startswith("| **") and after[:4] == "| **")]


def _growth(noted: Sequence[dict[str, Any]]) -> list[str]:
    found: dict[str, dict[int, str]] = {}
    for one in noted:
        if "grows" in one:
            found.setdefault(one["grows"], {})[one["size"]] = one["said"]
    sizes = sorted({size for cells in found.values() for size in cells})
    head = ["How cost grows:", "", "| | " + " | ".join(f"{size:,}" for size in sizes) + " |"]
    head.append("|---" * (len(sizes) + 1) + "|")
    cells = (
        f"| {name} | " + " | ".join(by_size.get(size, "") for size in sizes) + " |"
        for name, by_size in found.items()
    )
    return [*head, *cells] if found else []


# measuring


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


if __name__ == "__main__":
    print(table(Path(sys.argv[1])))
