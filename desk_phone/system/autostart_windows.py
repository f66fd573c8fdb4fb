"""The login on Windows: the person's Run key, and what Task Manager says of it.

``StartupApproved`` holds what a person switched off there: an odd first byte is off. It is not
documented; the page of Windows' settings and Task Manager both use it.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress

from desk_phone.system import registry
from desk_phone.system.autostart import Start

_NAME = "Desk Phone"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class WindowsAutostart:
    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    def state(self) -> Start:
        """An administrator's has the same name, under the computer's own Run key."""
        return Start.EVERYBODY if _state(for_all=True) is Start.ON else _state()

    def set(self, on: bool) -> None:
        with suppress(FileNotFoundError):
            registry.forget(_APPROVED, _NAME)
        if on:
            line = subprocess.list2cmdline((*self._command, "--hidden"))
            registry.put(_RUN, _NAME, line)
        else:
            with suppress(FileNotFoundError):
                registry.forget(_RUN, _NAME)


def _state(for_all: bool = False) -> Start:
    if not registry.text(_RUN, _NAME, for_all):
        return Start.OFF
    approved = registry.data(_APPROVED, _NAME, for_all)
    return Start.FORBIDDEN if approved[:1] and approved[0] & 1 else Start.ON
