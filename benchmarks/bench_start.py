"""Start to visible tray, beside a bare PySide6 tray in the same run."""

from __future__ import annotations

import tempfile

from benchmarks.processes import seconds_to
from benchmarks.report import Figure, end, heading, line, ratio
from benchmarks.screens import screen

RUNS = 9


def main() -> None:
    heading("Start to visible tray")
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder, screen() as env:
        program = ["-m", "desk_phone", "-v", "--hidden", "--data-dir", folder]
        seconds_to(program, env=env)  # bytecode and disk cache
        for _ in range(RUNS):
            bare.append(seconds_to(["benchmarks/bare_tray.py"], env=env) * 1000)
            ours.append(seconds_to(program, env=env) * 1000)
    floor, figure = Figure(bare, "ms"), Figure(ours, "ms")
    line("bare PySide6 tray", floor)
    line("Desk Phone", figure)
    end([ratio("Desk Phone against the bare tray", figure, floor, 1.10)])


if __name__ == "__main__":
    main()
