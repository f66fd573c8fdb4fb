"""What a person copied or marked last, read without waiting for the program that has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from desk_phone.system.x11_link import X11Link

_LIMIT_MS = 400  # how long the owner of a selection may take
_AT_MOST = 8000  # bytes

Told = Callable[[list[str]], None]


class Clipboard(Protocol):
    def read(self, told: Told) -> None:
        """Tell the texts that may be meant, the likeliest first; once, and never before this
        returns."""


class QtClipboard:
    """What Qt's clipboard holds. Under X11 an owner that hangs would hold everything up."""

    def __init__(self, text: Callable[[], str], parent: QObject) -> None:
        self._text, self._parent = text, parent

    def read(self, told: Told) -> None:
        QTimer.singleShot(0, self._parent, lambda: told([self._text()]))


class X11Clipboard:
    """First what a person marked or copied last: a selection may be hours older than the
    clipboard. Where nobody knows which that is, the selection."""

    def __init__(self, link: X11Link) -> None:
        self._link = link

    def read(self, told: Told) -> None:
        newest = self._link.newest or "PRIMARY"
        older = "PRIMARY" if newest == "CLIPBOARD" else "CLIPBOARD"

        def then(first: str) -> None:
            self._ask(older, lambda second: told([first, second]))

        self._ask(newest, then)

    def _ask(self, selection: str, told: Callable[[str], None]) -> None:
        self._link.read(selection, _LIMIT_MS, _AT_MOST, told)
