"""A copy of a clean Debian that a test may install in, and programs that run in it on a desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from tests.desktop import Desktop, Program

_ENTER = Path(__file__).with_name("enter.sh")
_PATIENCE = 600.0  # seconds: apt fetches some hundred packages
_NOT_OURS = (
    "proc",
    "sys",
    "dev",
    "tmp",
    "run",
    "var/cache",
    "var/log",
    "var/lib/apt",
    "var/lib/dpkg",
)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class CleanDebian:
    """``root`` is the copy's place, ``shared`` a folder that is at the same place in it."""

    def __init__(self, system: Path, root: Path, shared: Path) -> None:
        self.root, self.shared = root, shared
        subprocess.run(["cp", "-a", "--reflink=auto", system, root], check=True)
        for name in ("hosts", "resolv.conf"):  # the network is the same
            shutil.copy(f"/etc/{name}", root / "etc" / name)

    def run(self, *words: str | Path) -> str:
        """Run a command to its end; what it said. Raises AssertionError where it failed."""
        done = subprocess.run(
            self._entered(words),
            env={
                "PATH": _PATH,
                "LANG": "C.UTF-8",
                "DEBIAN_FRONTEND": "noninteractive",
                "HOME": "/root",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def start(
        self,
        desktop: Desktop,
        *words: str | Path,
        env: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
    ) -> Program:
        """Start a program that shows on that desktop, whose folder must lie in the shared one."""
        inside = {"PATH": _PATH, **(env or {})}
        return desktop.start(self._entered(words), inside, stdin=stdin)

    def install(self, *packages: str | Path) -> str:
        return self.run("apt-get", "install", "--yes", "--no-install-recommends", *packages)

    def share(self, file: Path) -> Path:
        """A copy of a file where the system sees it; its path there and here."""
        return Path(shutil.copy(file, self.shared / file.name))

    def files(self) -> set[str]:
        """All that lies in it but what programs write as they run, and the packages' own books."""
        found = set()
        for folder, folders, files in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            kept = [
                name for name in folders if os.path.normpath(f"{inside}/{name}") not in _NOT_OURS
            ]
            folders[:] = kept
            found |= {os.path.normpath(f"{inside}/{name}") for name in (*kept, *files)}
        return found

    def _entered(self, words: tuple[str | Path, ...]) -> list[str]:
        entering = ("unshare", "--mount", "sh", _ENTER, self.root, self.shared)
        return [str(word) for word in (*entering, *words)]
