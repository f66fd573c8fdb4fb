"""A D-Bus daemon of our own: nothing of the person's session is on it, and it starts nothing."""

from __future__ import annotations

import os
import select
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.desktop.processes import Program
from tests.desktop.waiting import PATIENCE, NotInTime

_CONFIG = Path(__file__).with_name("config") / "bus.conf"


class PrivateBus:
    """``address`` is what programs find in DBUS_SESSION_BUS_ADDRESS. End it with `close`."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._env = dict(os.environ if env is None else env)
        self.socket = folder / "bus"
        self.address = f"unix:path={self.socket}"
        self._daemon = self._start()

    def _start(self) -> Program:
        reading, writing = os.pipe()
        try:
            daemon = Program(
                [
                    *("dbus-daemon", f"--config-file={_CONFIG}", f"--address={self.address}"),
                    *("--nofork", "--nopidfile", f"--print-address={writing}"),
                ],
                self._folder / "dbus-daemon.log",
                self._env,
                pass_fds=(writing,),
            )
            read_once(reading, daemon, writing)
        finally:
            os.close(reading)
        return daemon

    def stop(self) -> None:
        """Let the daemon die as in a crash; `start` makes one at the same address."""
        self._daemon.kill_all()
        self.socket.unlink(missing_ok=True)

    def start(self) -> None:
        self._daemon = self._start()

    def close(self) -> None:
        self._daemon.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_once(reading: int, program: Program, writing: int) -> str:
    """The line that ``program`` writes when it is ready; our end of ``writing`` is closed here.

    Raises NotInTime with the program's own words.
    """
    os.close(writing)
    said = b""
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], PATIENCE)
        piece = os.read(reading, 4096) if ready else b""
        if not piece:
            program.end()
            raise NotInTime(f"{program.log.stem} did not start:\n{program.said()}")
        said += piece
    return said.decode().strip()
