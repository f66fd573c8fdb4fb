"""Links on Windows: the program offers itself, and the person chooses in Windows' own settings.

A choice is signed there (UserChoice) and no program may make it. Where nobody has a scheme yet, a
class of the person's own is enough. Facts: Default Programs, and Registering an Application to a
URI Scheme, on learn.microsoft.com.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress

from desk_phone.system import registry
from desk_phone.system.links import Holder, Scheme

_APP = "Desk Phone"
_CLASS = "DeskPhone.Link.1"
_CLASSES = r"Software\Classes"
_OURS = r"Software\Desk Phone\Capabilities"
_REGISTERED = r"Software\RegisteredApplications"
_CHOICE = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\{}\UserChoice"
_ASSOCIATIONS_CHANGED = 0x08000000  # SHCNE_ASSOCCHANGED


class WindowsLinks:
    needs_person = True
    settings_uri = "ms-settings:defaultapps?registeredAppUser=Desk%20Phone"

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    def holder(self, scheme: Scheme) -> Holder:
        chosen = registry.text(_CHOICE.format(scheme), "ProgId")
        if not chosen:
            chosen = _class_of(scheme)
        if chosen == _CLASS:
            return Holder(is_ours=True)
        return Holder(name=registry.text(rf"{_CLASSES}\{chosen}") or chosen) if chosen else Holder()

    def take(self, schemes: Collection[Scheme]) -> None:
        self.give_back()
        if not schemes:
            return
        line = f'{subprocess.list2cmdline((*self._command, "open", "--"))} "%1"'
        icon = f"{self._command[0]},0"
        self._write_class(_CLASS, line, icon)
        registry.put(_OURS, "ApplicationName", _APP)
        registry.put(_OURS, "ApplicationDescription", "Calls by the desk phone")
        for scheme in schemes:
            registry.put(rf"{_OURS}\URLAssociations", scheme, _CLASS)
            if not registry.is_known(rf"{scheme}\shell\open\command"):
                self._write_class(str(scheme), line, icon)
        registry.put(_REGISTERED, _APP, _OURS)
        _tell_shell()

    def give_back(self) -> None:
        for scheme in Scheme:
            if _class_of(scheme) == _CLASS:
                registry.forget_tree(rf"{_CLASSES}\{scheme}")
        registry.forget_tree(rf"{_CLASSES}\{_CLASS}")
        registry.forget_tree(r"Software\Desk Phone")
        with suppress(FileNotFoundError):
            registry.forget(_REGISTERED, _APP)
        _tell_shell()

    def _write_class(self, name: str, line: str, icon: str) -> None:
        path = rf"{_CLASSES}\{name}"
        registry.put(path, "", f"URL:{_APP}")
        registry.put(path, "URL Protocol", "")
        registry.put(path, "Desk Phone", _CLASS)  # by which we know it again
        registry.put(rf"{path}\DefaultIcon", "", icon)
        registry.put(rf"{path}\shell\open\command", "", line)


def _class_of(scheme: Scheme) -> str:
    """Of a scheme that nobody chose a program for."""
    return registry.text(rf"{_CLASSES}\{scheme}", "Desk Phone")


def _tell_shell() -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SHChangeNotify(_ASSOCIATIONS_CHANGED, 0, None, None)
