"""Watches for a tray to show an icon in: it may come after us at login, go, and come back.

Qt looks for a tray once, when a QSystemTrayIcon is made; so whoever owns the icon makes it anew
when one appears. There are two kinds. StatusNotifier lives on the session bus (KDE, Xfce, Cinnamon,
GNOME with an extension); Qt takes it where there is one. XEmbed lives on the X display (tint2,
trayer): its owner holds the selection _NET_SYSTEM_TRAY_Sn and says so on the root window (System
Tray Protocol specification, "Determining the system tray manager").
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from desk_phone.system import x11
from desk_phone.system.bus import Bus
from desk_phone.system.bus_message import Answer, Heard, Rule, Target

_WATCHER = "org.kde.StatusNotifierWatcher"
_LIMIT_MS = 25_000  # a desktop that is just starting may be slow to answer


class Tray(StrEnum):
    NONE = "none"
    NOTIFIER = "notifier"
    XEMBED = "xembed"
    SYSTEM = "system"  # Windows, macOS: there is one, whatever happens


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Tray
    window: int  # of an XEmbed tray
    went: int  # how many of them had gone before


class TrayWatch(QObject):
    """``present`` says whether there is a tray; the signals come when that changes.

    A change from one kind or one owner to another is a `gone` and an `appeared`: the icon must be
    made anew. Give what Qt found when the first icon was made (``isSystemTrayAvailable()``), so
    that the first look tells only what is new. The first look comes with the event loop.
    """

    appeared = Signal()
    gone = Signal()

    def __init__(self, bus: Bus, present: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.present = present
        self.kind = Tray.NONE
        self._host = False  # a StatusNotifier host, which shows what the watcher gathers
        self._found: _Found | None = None
        self._went = 0  # how many XEmbed trays we saw going
        self._closed = False
        self._display: x11.Display | None = None
        self._woken: QSocketNotifier | None = None
        if not sys.platform.startswith("linux"):
            self.present, self.kind = True, Tray.SYSTEM
            return
        self._bus = bus
        self._watcher = Target(
            _WATCHER, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties"
        )
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.listen(Rule(_WATCHER, member, sender=_WATCHER), self._host_changed)
        bus.watch_name(_WATCHER, self._watcher_changed)

    def close(self) -> None:
        """Watch no more; nothing is told after it."""
        self._closed = True
        self._leave_display()

    # StatusNotifier

    def _watcher_changed(self, owner: str) -> None:
        if owner:
            self._ask_watcher()
        else:
            self._host = False
            self._settle()

    def _host_changed(self, _: Heard) -> None:
        self._ask_watcher()

    def _ask_watcher(self) -> None:
        words = (_WATCHER, "IsStatusNotifierHostRegistered")
        self._bus.call(
            *(self._watcher, "Get", "ss", words, self._told), limit_ms=_LIMIT_MS, may_start=False
        )

    def _told(self, answer: Answer) -> None:
        self._host = answer.ok and answer.body == (("b", True),)
        self._settle()

    # XEmbed

    def _open_display(self) -> None:
        try:
            display = self._display = x11.Display()
        except x11.NoDisplay:
            return
        self._selection = f"_NET_SYSTEM_TRAY_S{display.number}"
        display.watch(display.root)
        self._woken = QSocketNotifier(display.fileno(), QSocketNotifier.Type.Read, self)
        self._woken.activated.connect(self._x_happened)

    def _leave_display(self) -> None:
        if self._woken is not None:
            self._woken.setEnabled(False)
            self._woken = None
        if self._display is not None:
            self._display.close()
            self._display = None

    def _x_happened(self) -> None:
        """Something on the display: whatever it was, the owner of the selection is the answer."""
        if self._display is not None:
            self._drain(self._display)
        if not self._host:
            self._settle()

    def _drain(self, display: x11.Display) -> bool:
        """Whether something had arrived. A new tray may have the very number of the last one."""
        arrived = display.drain()
        window = self._found.window if self._found is not None else 0
        if window and window in arrived:
            self._went += 1
        if display.is_gone:
            self._leave_display()
        return bool(arrived)

    def _xembed_owner(self) -> int:
        if self._display is None:
            self._open_display()
        owner = 0
        while self._display is not None:
            owner = self._display.owner(self._selection)
            if owner:
                self._display.watch(owner)  # its end wakes us, too
            # What came meanwhile is drained, or nothing would wake us for it; so look once more.
            if self._display.owner(self._selection) == owner and not self._drain(self._display):
                break
        return owner if self._display is not None else 0

    # both

    def _settle(self) -> None:
        """Tell what is new. Nobody asks the display while there is a StatusNotifier host."""
        if self._closed:
            return
        owner = 0 if self._host else self._xembed_owner()
        self.kind = Tray.NOTIFIER if self._host else Tray.XEMBED if owner else Tray.NONE
        found = _Found(self.kind, owner, self._went)
        before, self._found = self._found, found
        if before is None:  # the first look: Qt may have found it already
            changed = self.present != (self.kind is not Tray.NONE)
        else:
            changed = before != found
        if not changed:
            return
        if self.present:
            self.present = False
            self.gone.emit()
        if self.kind is not Tray.NONE:
            self.present = True
            self.appeared.emit()
