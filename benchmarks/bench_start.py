"""Start to visible tray, beside a bare PySide6 tray in the same run; and a second start that hands
its words over to the program that runs, beside a Python that does nothing.

Of the processors' time is told, too: that of the main thread, which neighbours on the machine wait
for but do not lengthen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

from benchmarks.processes import ROOT, SHOWN, cpu_ms, running, seconds_to, wait_for
from benchmarks.report import Figure, end, heading, limit, line, ratio
from benchmarks.screens import screen

RUNS = 9
BARE = ["benchmarks/bare_tray.py"]


def main() -> None:
    heading("Start to visible tray")
    bare, ours, bare_cpu, our_cpu = [], [], [], []
    with tempfile.TemporaryDirectory() as folder, screen() as env:
        program = ["-m", "desk_phone", "-v", "--hidden", "--data-dir", folder]
        seconds_to(program, env=env)  # bytecode and disk cache
        for _ in range(RUNS):
            bare.append(seconds_to(BARE, env=env) * 1000)
            ours.append(seconds_to(program, env=env) * 1000)
            bare_cpu.append(_cpu_to(BARE, env))
            our_cpu.append(_cpu_to(program, env))
        floor, figure = Figure(bare, "ms"), Figure(ours, "ms")
        line("bare PySide6 tray", floor)
        line("Desk Phone", figure)
        line("bare PySide6 tray, main thread's own", Figure(bare_cpu, "ms CPU"))
        line("Desk Phone, main thread's own", Figure(our_cpu, "ms CPU"))
        held = [ratio("start to visible tray", figure, floor, 1.10), *_hand_over(folder, env)]
    end(held)


def _cpu_to(words: Sequence[str], env: Mapping[str, str]) -> float:
    with running(words, env=env) as process:
        wait_for(process, SHOWN)
        return cpu_ms(process.pid)


def _hand_over(folder: str, env: Mapping[str, str]) -> list[bool]:
    """Links from a browser, while the program runs."""
    words = ["-m", "desk_phone", "--data-dir", folder]
    with running([*words, "-v", "--hidden"], env=env) as process:
        wait_for(process, SHOWN)
        time.sleep(2.0)  # it is whole
        taken = [_took([*words, "open", "--", "tel:5123456"], env) for _ in range(RUNS + 1)][1:]
    ours, floor = Figure(taken, "ms"), Figure([_took(["-c", ""], env) for _ in range(RUNS)], "ms")
    line("Python alone, and its end", floor)
    return [limit("a second start hands a link over", ours.median, 60.0, "ms", ours, floor)]


def _took(words: Sequence[str], env: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    # Without a time limit: with one, and no pipes, Python looks only every 50 ms whether it ended.
    subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    main()
