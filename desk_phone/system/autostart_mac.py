"""The login on macOS: an agent of the person's own (launchd.plist)."""

from __future__ import annotations

import plistlib
from pathlib import Path

from desk_phone.system.autostart import Start

_LABEL = "ee.desk-phone.login"


class MacAutostart:
    def __init__(self, command: tuple[str, ...], home: Path | None = None) -> None:
        self._command = command
        self._file = (home or Path.home()) / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def state(self) -> Start:
        try:
            with self._file.open("rb") as file:
                agent = plistlib.load(file)
        except FileNotFoundError:
            return Start.OFF
        except plistlib.InvalidFileException as error:
            raise OSError(str(error)) from error
        return Start.FORBIDDEN if agent.get("Disabled") else Start.ON

    def set(self, on: bool) -> None:
        """Counts from the next login."""
        if not on:
            self._file.unlink(missing_ok=True)
            return
        agent = {
            "Label": _LABEL,
            "ProgramArguments": [*self._command, "--hidden"],
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("wb") as file:
            plistlib.dump(agent, file)
