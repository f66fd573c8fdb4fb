"""Which back-ends are this system's, of those that are chosen when the program starts."""

from __future__ import annotations

import sys
from pathlib import Path

from desk_phone.system.autostart import Autostart
from desk_phone.system.links import Links


def autostart(command: tuple[str, ...]) -> Autostart:
    """Of this system. ``command`` starts this program; it will start hidden."""
    if sys.platform == "win32":
        from desk_phone.system.autostart_windows import WindowsAutostart

        return WindowsAutostart(command)
    if sys.platform == "darwin":
        from desk_phone.system.autostart_mac import MacAutostart

        return MacAutostart(command)
    from desk_phone.system.autostart_linux import LinuxAutostart

    return LinuxAutostart(command)


def links(command: tuple[str, ...], former: Path) -> Links:
    """Of this system. ``command`` starts this program; ``former`` is a file for remembering whose
    the links were, where the system has no place for that."""
    if sys.platform == "win32":
        from desk_phone.system.links_windows import WindowsLinks

        return WindowsLinks(command)
    if sys.platform == "darwin":
        from desk_phone.system.links_mac import MacLinks

        return MacLinks(former)
    from desk_phone.system.links_linux import LinuxLinks

    return LinuxLinks(command)
