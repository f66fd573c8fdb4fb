"""From the key to the painted question, in the real pieces: the X server's event, the selection,
the reader of numbers, the dial policy, the box. A child process presses the key itself, many times.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from benchmarks.report import Figure, end, heading, limit, line
from benchmarks.screens import screen

COLD_RUNS, PRESSES = 7, 120
COLD_TARGET, WARM_TARGET = 80.0, 20.0  # ms
TEXT = "Kristiina Õunapuu, tel 5123 4567, tuba 12"


def main() -> None:
    heading("From the hotkey to the painted question")
    with screen() as env:
        if "DISPLAY" not in env:
            line("left out", "there is no X desktop here")
            end([])
        cold = Figure([_child(env, 1)[0] for _ in range(COLD_RUNS)], "ms")
        warm = sorted(_child(env, PRESSES)[1:])
    line("the first", cold)
    p50, p99 = warm[len(warm) // 2], warm[len(warm) * 99 // 100]
    line("later ones", f"p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    end(
        [
            limit("the first, slowest", max(cold.values), COLD_TARGET, "ms"),
            limit("later ones, p99", p99, WARM_TARGET, "ms"),
        ]
    )


def _child(env: Mapping[str, str], presses: int) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_hotkey", str(presses)],
        env={**env},
        stdout=subprocess.PIPE,
        timeout=120,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found


def measure(presses: int) -> None:
    """Print what each press took, in ms."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        from benchmarks.hotkey_program import HotkeyProgram

        QGuiApplication.clipboard().setText(TEXT)
        program = HotkeyProgram(app, Path(folder))
        taken = []
        for _ in range(presses):
            begun = perf_counter()
            program.press()
            program.wait_painted()
            taken.append((perf_counter() - begun) * 1000)
            program.dismiss()
        program.close()
    print(json.dumps(taken))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
