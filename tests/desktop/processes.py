"""Programs of a private desktop: their output is kept, and all are ended for sure."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.desktop.waiting import PATIENCE, NotInTime, until

MARK = "DESK_PHONE_TEST_DESKTOP"  # in the environment of everything that runs on one desktop
_TO_END = 10.0  # seconds between asking a program to end and ending it: it may be busy


class Program(subprocess.Popen[bytes]):
    """A started program. ``log`` holds what it wrote to both its outputs."""

    def __init__(
        self,
        argv: Sequence[str],
        log: Path,
        env: Mapping[str, str],
        cwd: Path | None = None,
        pass_fds: tuple[int, ...] = (),
        stdin: int | IO[bytes] = subprocess.DEVNULL,
    ) -> None:
        self.log = log
        # Its end is asked for by the system too, should the tests themselves be killed.
        with log.open("ab") as output:
            super().__init__(
                ["setpriv", "--pdeathsig", "TERM", "--", *argv],
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                pass_fds=pass_fds,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, seconds: float = PATIENCE) -> str:
        """Wait until ``text`` is somewhere in what it wrote; return all of that."""
        return self.wait_for_match(re.escape(text), seconds).string

    def wait_for_match(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """Wait until the regular expression is found in what it wrote; the first place of it."""

        def heard() -> re.Match[str] | None:
            ended = self.poll() is not None
            match = re.search(pattern, self.said(), re.MULTILINE)
            if match is None and ended:
                raise NotInTime(f"{self.log.stem} ended with {self.returncode}:\n{self.said()}")
            return match

        match = until(heard, f"{self.log.stem} says {pattern!r}", seconds, self.said)
        assert match is not None
        return match

    def tell(self, line: str) -> None:
        """Write a line to its input, which must be a pipe."""
        assert self.stdin is not None
        self.stdin.write(f"{line}\n".encode())
        self.stdin.flush()

    def end(self) -> int:
        """Ask it and its children to end, then make them; return its status."""
        self._tell_all(signal.SIGTERM)
        try:
            self.wait(_TO_END)
        except subprocess.TimeoutExpired:
            self.kill_all()
        if self.stdin:
            self.stdin.close()
        return self.returncode

    def kill_all(self) -> None:
        """As a crash would: nothing in the program runs any more."""
        self._tell_all(signal.SIGKILL)
        self.wait(_TO_END)

    def _tell_all(self, number: signal.Signals) -> None:
        """Only while it has not ended: its number may be somebody else's later."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)


def marked(mark: str) -> list[int]:
    """The processes on this machine with that mark in their environment, without this one."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if wanted in words and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def sweep(mark: str) -> None:
    """End what left its group (a daemon that somebody started there). Raises NotInTime."""
    looks = [True, True]  # whether somebody was there

    def none_left() -> bool:
        """Twice, since a program that is just starting shows no environment for a moment."""
        left = marked(mark)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        looks.append(bool(left))
        return not any(looks[-2:])

    until(none_left, "everything of the desktop has ended", shown=lambda: marked(mark))
