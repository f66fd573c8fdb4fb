"""At rest: memory before the first poll and after polling, wake-ups, threads (Linux)."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.processes import (
    SHOWN,
    pss_mb,
    rss_mb,
    running,
    settle,
    switches,
    threads,
    wait_for,
)
from benchmarks.report import Figure, end, heading, limit, line, ratio
from benchmarks.screens import screen
from desk_phone.simulator import Simulator

RUNS, WATCHES = 3, 1  # a watch takes a minute
WATCHED = 20.0  # seconds
POOL_MS = 33_000  # so long at most Qt keeps threads of its own that helped to paint
THREADS = 4


def main() -> None:
    heading("At rest")
    bare, before, after, awake, thread_counts = [], [], [], [], []
    with screen() as env:
        for _ in range(RUNS):
            bare.append(_bare(env))
            before.append(_before_the_first_poll(env))
        for _ in range(WATCHES):
            size, wakes, count = _after_polling(env)
            after.append(size)
            awake.append(wakes)
            thread_counts.append(count)
    floor = Figure(bare, "MB PSS")
    line("bare PySide6 tray", floor)
    line("before the first poll", Figure(before, "MB PSS"))
    line("after polling", Figure(after, "MB PSS"))
    end(
        [
            ratio("before the first poll", Figure(before, "MB"), floor, 1.45),
            ratio("after polling", Figure(after, "MB"), floor, 1.85),
            limit("wake-ups between polls", min(awake), 0.1, "/s", Figure(awake, "/s")),
            limit("threads", max(thread_counts), THREADS, "threads"),
        ]
    )


def _bare(env: Mapping[str, str]) -> float:
    with running(["benchmarks/bare_tray.py"], env=env) as process:
        wait_for(process, SHOWN)
        settle(process.pid)
        return pss_mb(process.pid)


def _before_the_first_poll(env: Mapping[str, str]) -> float:
    """Nothing is set up, so nothing is asked."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["-m", "desk_phone", "-v", "--hidden", "--data-dir", folder]
        with running(words, env=env) as process:
            wait_for(process, SHOWN)
            settle(process.pid)
            return pss_mb(process.pid)


def _after_polling(env: Mapping[str, str]) -> tuple[float, float, int]:
    """PSS in MB, wake-ups a second, threads, with a month of calls and nothing new."""
    with tempfile.TemporaryDirectory() as folder, Simulator(quiet=True) as sim:
        settings = {"own_number": "+3726401234", "poll_seconds": 3}
        Path(folder, "settings.json").write_text(json.dumps(settings))
        words = ["-m", "desk_phone", "-v", "--hidden", "--data-dir", folder]
        words += ["--service", sim.base_url, "--user", "P0000000@elion.ee", "--password-stdin"]
        with running(words, "secret\n", env) as process:
            wait_for(process, SHOWN)
            while sim.requests("getCallHistory") < 3:
                time.sleep(0.2)
            until = time.monotonic() + POOL_MS / 1000
            while threads(process.pid) > THREADS and time.monotonic() < until:
                time.sleep(0.2)
            asked = sim.requests("getCallHistory")
            sim.fault("latency", 60)  # the next answer comes after the watch
            while sim.requests("getCallHistory") == asked:
                time.sleep(0.2)
            settle(process.pid)
            begun, before = time.monotonic(), switches(process.pid)
            time.sleep(WATCHED)
            after = switches(process.pid)
            count = sum(after[thread] - before.get(thread, 0) for thread in after)
            wakes = count / (time.monotonic() - begun)
            line("  resident", f"{rss_mb(process.pid):.0f} MB")
            sim.clear()
            return pss_mb(process.pid), wakes, threads(process.pid)


if __name__ == "__main__":
    main()
