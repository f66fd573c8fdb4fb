"""Whole processes, watched from outside: until a line, how large, how often awake."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOWN = "tray icon shown"  # what both the program (with -v) and the bare one say
_PATIENCE = 30.0


@contextmanager
def running(
    words: Sequence[str], stdin: str = "", env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python process of this environment, ended in the end."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdin is not None
    process.stdin.write(stdin)
    process.stdin.close()
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        process.stderr.close()


def seconds_to(
    words: Sequence[str], stdin: str = "", env: Mapping[str, str] | None = None
) -> float:
    """From before the process is made until it says `SHOWN`."""
    begun = time.perf_counter()
    with running(words, stdin, env) as process:
        wait_for(process, SHOWN)
        return time.perf_counter() - begun


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    heard = []
    for heard_line in process.stderr:
        heard.append(heard_line)
        if words in heard_line:
            return
    raise RuntimeError(f"it ended without saying {words!r}:\n{''.join(heard)}")


def pss_mb(pid: int) -> float:
    """Proportional set size of a process, in MB (Linux)."""
    for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if row.startswith("Pss:"):
            return int(row.split()[1]) / 1024
    raise RuntimeError("no Pss line")


def own_mb(pid: int) -> float:
    """What is a process's alone and no file's, in MB (Linux): who else runs plays no part."""
    for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if row.startswith("Anonymous:"):
            return int(row.split()[1]) / 1024
    raise RuntimeError("no Anonymous line")


def rss_mb(pid: int) -> float:
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    raise RuntimeError("no VmRSS line")


def switches(pid: int) -> dict[str, int]:
    """How often each thread of a process gave up the processor by itself, so was awake."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for row in (task / "status").read_text().splitlines():
            if row.startswith("voluntary_ctxt_switches:"):
                found[task.name] = int(row.split()[1])
    return found


def cpu_ms(pid: int) -> float:
    """What the main thread of a process has used (Linux)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def threads(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


def settle(pid: int, patience: float = _PATIENCE) -> None:
    """Wait until the process has used no CPU for a second."""
    end = time.monotonic() + patience
    before = -1
    while time.monotonic() < end:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used = int(fields[11]) + int(fields[12])
        if used == before:
            return
        before = used
        time.sleep(1.0)
