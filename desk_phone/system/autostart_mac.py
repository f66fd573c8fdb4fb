"""The login on macOS: an agent of the person's own (launchd.plist)."""

from __future__ import annotations

import plistlib
from pathlib import Path

from desk_phone.system.autostart import Start

_LABEL = "ee.desk-phone.login"
_AGENTS = Path("Library") / "LaunchAgents"


class MacAutostart:
    """``root`` is where an administrator's agents lie under."""

    def __init__(
        self, command: tuple[str, ...], home: Path | None = None, root: Path = Path("/")
    ) -> None:
        self._command = command
        self._file = (home or Path.home()) / _AGENTS / f"{_LABEL}.plist"
        self._for_all = root / _AGENTS / f"{_LABEL}.plist"

    def state(self) -> Start:
        own = _state_of(self._file)
        return Start.EVERYBODY if _state_of(self._for_all) is Start.ON else own

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


def _state_of(agent: Path) -> Start:
    try:
        with agent.open("rb") as file:
            found = plistlib.load(file)
    except FileNotFoundError:
        return Start.OFF
    except plistlib.InvalidFileException as error:
        raise OSError(str(error)) from error
    return Start.FORBIDDEN if found.get("Disabled") else Start.ON
