"""A place of its own for programs under test: folders, an environment, and a sure end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

from tests.desktop.processes import MARK, Program, sweep
from tests.desktop.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


class Sandbox:
    """A context manager. Its home, runtime directory and all other folders are new and empty."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self._at_end = ExitStack()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-phone-"))  # short: sockets lie in it
        self.home, self.run = self.folder / "home", self.folder / "run"
        self.logs = self.folder / "logs"
        for folder in (self.home, self.run, self.logs):
            folder.mkdir(mode=0o700)
        self.env = self._environment()
        try:
            self.begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> None:
        """Start what belongs to this place."""

    def close(self) -> None:
        """End everything that was started here, the last first. May be called twice."""
        try:
            self._at_end.close()
            sweep(self.mark)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        """Nothing of the surroundings but where programs lie."""
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.run),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "XDG_CONFIG_DIRS": "/etc/xdg",
            "XDG_SESSION_TYPE": "x11",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.run}/no-system-bus",
            "QT_QPA_PLATFORM": "xcb",
            "GTK_A11Y": "none",
            "NO_AT_BRIDGE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            MARK: self.mark,
        }

    def start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
    ) -> Program:
        """Start a program here, with ``env`` too; it is ended with this place."""
        log = self.logs / f"{len(list(self.logs.iterdir())):02}-{Path(argv[0]).name}.log"
        program = Program(argv, log, {**self.env, **(env or {})}, cwd, stdin=stdin)
        self._at_end.callback(program.end)
        return program

    def start_python(
        self,
        *args: str,
        env: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
    ) -> Program:
        """Start this very Python, such as with ``-m desk_phone``."""
        return self.start([sys.executable, *args], env, stdin=stdin)

    def said(self) -> str:
        """What all programs wrote, for the message of a failure."""
        logs = sorted(self.logs.iterdir()) if self.logs.is_dir() else []
        said = ((log.name, log.read_text(encoding="utf-8", errors="replace")) for log in logs)
        return "\n".join(f"--- {name}\n{text.rstrip()}" for name, text in said if text.strip())

    def short(self, *argv: str, given: bytes | None = None) -> str:
        """Run a short command to its end; raises CalledProcessError."""
        done = subprocess.run(
            argv, env=self.env, input=given, capture_output=True, timeout=PATIENCE, check=True
        )
        return done.stdout.decode("utf-8", "replace")
