"""`dev.py test`: the checks of the text, then the rings of tests one after another, each timed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import debian
from tools.environment import PYTHON, script
from tools.talk import ROOT, say

_LONGEST = 1500.0  # seconds for one step that hangs; the whole takes 17 minutes on two quiet cores
_NO_TESTS = 5  # pytest's exit status
_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
_MEMORY = Path("/dev/shm")  # where Linux has files that no disk waits for
_ROOM = 4_000_000_000  # bytes free there, or the rings use the disk
_DESKTOP_PROGRAMS = ("Xvfb", "dbus-daemon", "openbox", "tint2", "dunst", "xdotool")


@dataclass(frozen=True)
class Step:
    """One thing that can be right or wrong. ``folders`` hold its tests, if it is a ring."""

    name: str
    command: tuple[str | Path, ...]
    folders: tuple[str, ...] = ()

    @property
    def has_tests(self) -> bool:
        return any(found for folder in self.folders for found in (ROOT / folder).rglob("test_*.py"))


def _ring(name: str, *folders: str, options: Sequence[str] = ()) -> Step:
    return Step(name, (PYTHON, "-m", "pytest", *options), folders)


_BY_FILE = ("--dist", "loadfile")
_AS_COLLECTED = (*_BY_FILE, "--no-loadscope-reorder")


STEPS = (
    Step("lint", (script("ruff"), "check")),
    Step("format", (script("ruff"), "format", "--check")),
    Step("types", (PYTHON, "-m", "mypy")),
    Step("layers", (script("lint-imports"),)),
    Step("words", (PYTHON, "-m", "tools.translate", "--check")),
    _ring("unit", "tests/unit", "tests/contract", options=("-n", "3", *_BY_FILE)),
    _ring("property", "tests/property", options=("-n", "2", "--dist", "worksteal")),
    _ring("ui", "tests/ui", options=("-n", "2", *_AS_COLLECTED)),
    _ring("e2e", "tests/e2e", options=("-n", "3", *_BY_FILE)),  # they mostly wait for each other
)
NAMES = tuple(step.name for step in STEPS)


@dataclass(frozen=True)
class Outcome:
    name: str
    word: str  # "ok", "FAILED", "no tests yet", "left out", "CANNOT RUN"
    seconds: float = 0.0

    @property
    def is_bad(self) -> bool:
        return self.word.isupper()


def run_steps(names: Iterable[str], pytest_args: Sequence[str], fail_fast: bool) -> int:
    """Run the named steps in order, all of them unless ``fail_fast``; 0 only when none is bad."""
    wanted = set(names) or set(NAMES)
    without_screen = why_no_desktop() if "e2e" in wanted else ""
    outcomes = []
    _compile()
    with _place() as place:
        for step in STEPS:
            if step.name not in wanted:
                continue
            if step.name == "e2e" and without_screen:
                outcomes.append(_without_desktop(without_screen))
            else:
                outcomes.append(_run_step(step, pytest_args, place))
            if fail_fast and outcomes[-1].is_bad:
                break
    _sum_up(outcomes)
    return int(any(outcome.is_bad for outcome in outcomes))


def _compile() -> None:
    """Once, and not in each of the thousand programs that the tests start."""
    subprocess.run([PYTHON, "-m", "compileall", "-q", "desk_phone", "tests"], cwd=ROOT, check=False)


@contextmanager
def _place() -> Iterator[dict[str, str]]:
    """What tells the tests where to put their files: in memory, where there is room. They make
    thousands of databases, and nobody needs those to outlive a power cut."""
    try:
        roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    except OSError:
        roomy = False
    if not roomy:
        yield {}
        return
    with tempfile.TemporaryDirectory(
        prefix="dp-", dir=_MEMORY, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)  # programs of other users are among what is tested
        yield {"TMPDIR": folder}


def why_no_desktop() -> str:
    """Why the end-to-end ring cannot have its private X desktop here; empty when it can."""
    if not sys.platform.startswith("linux"):
        return f"the end-to-end tests need an X desktop, which {sys.platform} has not"
    lacking = [name for name in _DESKTOP_PROGRAMS if shutil.which(name) is None]
    if debian.here():
        lacking += debian.missing((*debian.QT, *debian.DESKTOP))
    return "the end-to-end tests need " + ", ".join(lacking) if lacking else ""


def _without_desktop(why: str) -> Outcome:
    """Not our trouble on Windows and macOS; on Linux a test that did not run is a failure."""
    say(why)
    return Outcome("e2e", "CANNOT RUN" if sys.platform.startswith("linux") else "left out")


def _run_step(step: Step, pytest_args: Sequence[str], env: dict[str, str]) -> Outcome:
    if step.folders and not step.has_tests:
        return Outcome(step.name, "no tests yet")
    folders = [folder for folder in step.folders if any((ROOT / folder).rglob("test_*.py"))]
    command = [*step.command, *folders, *(pytest_args if step.folders else ())]
    print(f"\n=== {step.name} ===", flush=True)
    begun = time.monotonic()
    if step.name != "e2e":
        env = env | _OFFSCREEN
    status = _run_limited([str(word) for word in command], env)
    if status == _NO_TESTS and pytest_args:
        return Outcome(step.name, "none chosen", time.monotonic() - begun)
    return Outcome(step.name, "FAILED" if status else "ok", time.monotonic() - begun)


def _run_limited(command: list[str], more_env: dict[str, str]) -> int:
    """Run within the time limit; past it ask as Ctrl+C would: tests put away what they started."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1", **more_env}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # pytest, too, keeps what it compiled
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        return process.wait(_LONGEST)
    except subprocess.TimeoutExpired:
        say(f"stopped after {_LONGEST:.0f} s: {' '.join(command)}")
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    except KeyboardInterrupt:
        say("stopping")  # the child has had the same Ctrl+C
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
    return 1


def _sum_up(outcomes: Sequence[Outcome]) -> None:
    print("\n=== all together ===")
    for outcome in outcomes:
        print(f"{outcome.name:10}{outcome.word:14}{outcome.seconds:7.1f} s")
    print(f"{'':24}{sum(outcome.seconds for outcome in outcomes):7.1f} s", flush=True)
