"""The login under Linux (Desktop Application Autostart Specification 0.5)."""

from __future__ import annotations

from pathlib import Path

from desk_phone.system import desktop_entry
from desk_phone.system.autostart import Start

_ENTRY = "desk-phone.desktop"


class LinuxAutostart:
    """An entry of the person's own takes the place of the administrator's with the same name. Both
    start the program, so the administrator's is told of where the own one does not forbid it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._entry = desktop_entry.config_home() / "autostart" / _ENTRY

    def state(self) -> Start:
        own = _state_of(self._entry)
        if own is Start.FORBIDDEN:
            return own
        theirs = (folder / "autostart" / _ENTRY for folder in desktop_entry.config_folders())
        first = next((file for file in theirs if file.exists()), None)
        for_all = first is not None and _state_of(first) is Start.ON
        return Start.EVERYBODY if for_all else own

    def set(self, on: bool) -> None:
        if not on:
            self._entry.unlink(missing_ok=True)
            return
        values = {
            "Type": "Application",
            "Name": "Desk Phone",
            "Exec": desktop_entry.exec_line((*self._command, "--hidden")),
            "Icon": "desk-phone",
            "X-GNOME-Autostart-enabled": "true",
        }
        desktop_entry.write(self._entry, desktop_entry.entry(values))


def _state_of(entry: Path) -> Start:
    try:
        text = entry.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Start.OFF
    except UnicodeDecodeError as error:
        raise OSError(str(error)) from error
    hidden = desktop_entry.value_in(text, "Hidden").lower() == "true"
    off = desktop_entry.value_in(text, "X-GNOME-Autostart-enabled").lower() == "false"
    return Start.FORBIDDEN if hidden or off else Start.ON
