"""Where everything lies. One option, ``--data-dir``, moves all of it aside."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import appdirs

APP = "DeskPhone"
_SYSTEM, _PRESET = Path("/etc/xdg"), "settings.json"
_SOCKET_PATH_AT_MOST = 100  # sun_path holds 104 to 108 bytes


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one data directory; nothing is made before `make` is called."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "desk-phone.sqlite3"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def former_links(self) -> Path:
        """Whose links to phone numbers were before we took them."""
        return self.root / "former-links.json"

    @property
    def lock(self) -> Path:
        return self.root / "instance.lock"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def endpoint(self) -> str:
        """The address of the hand-over: a socket's path, or on Windows the name of a pipe.

        Two data directories have two addresses. The socket lies beside the data unless the path is
        too long for the system, then in the person's own runtime directory.
        """
        if sys.platform == "win32":
            return f"desk-phone-{self._mark()}"
        beside = str(self.root / "hand-over.sock")
        if len(os.fsencode(beside)) <= _SOCKET_PATH_AT_MOST:
            return beside
        run = os.environ.get("XDG_RUNTIME_DIR") or _temporary()
        return str(Path(run) / f"desk-phone-{self._mark()}.sock")

    def _mark(self) -> str:
        import hashlib  # a start that hands a link over seldom needs it, and it takes 3 ms

        return hashlib.sha256(str(self.root).encode()).hexdigest()[:16]

    def make(self) -> None:
        """Make the directories, for this person only."""
        for folder in (self.root, self.backups, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def paths(data_dir: str | None = None) -> Paths:
    """The given data directory, or this system's place for one; a local one, not a roaming one."""
    root = Path(data_dir) if data_dir else Path(appdirs.user_data_dir(APP, False))
    return Paths(root.expanduser().resolve())


def preset() -> Path:
    """What an administrator set for everybody on this computer; there may be no such file.

    It lies where only an administrator can write, since it may name the service that is given the
    password: on Windows that is not ProgramData, where anybody can make a folder.
    """
    if sys.platform == "win32":
        folder = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "Desk Phone"
    else:
        folder = next((one for one in _for_all() if (one / _PRESET).exists()), _for_all()[-1])
    return folder / _PRESET


def _temporary() -> str:
    import tempfile  # 3 ms of a start that hands a link over, for a path that is too long

    return tempfile.gettempdir()


def _for_all() -> list[Path]:
    """The system's own folder first: an environment that a person sets unlocks nothing."""
    found = appdirs.site_config_dir(APP, "", multipath=True).split(os.pathsep)
    own = [] if sys.platform == "darwin" else [_SYSTEM / APP]
    return [*own, *map(Path, found)]
