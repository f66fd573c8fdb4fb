"""Whether somebody is at the desk: by the system's own signals, and by looking when asked."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from desk_phone.system import mac_session, windows_session, x11
from desk_phone.system.bus import Bus
from desk_phone.system.bus_message import DAEMON, Answer, Heard, Rule, Target, first
from desk_phone.system.windows_session import UserState

IDLE_AFTER = 300.0  # seconds without a key or the mouse

_LOGIN = "org.freedesktop.login1"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SESSION = f"{_LOGIN}.Session"
# Who tells of a locked screen on the session bus; all speak the same words.
_SCREEN_SAVERS = (
    "org.freedesktop.ScreenSaver",  # KDE, and the specification
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)


class Whereabouts(StrEnum):
    HERE = "here"
    IDLE = "idle"  # at the desk perhaps, but nothing was touched for five minutes
    LOCKED = "locked"


def idle_seconds() -> float:
    """Since the last key or mouse movement; 0.0 where the system does not say (Wayland)."""
    try:
        if sys.platform == "win32":
            return windows_session.idle_seconds()
        if sys.platform == "darwin":
            return mac_session.idle_seconds()
        with x11.Display() as display:
            return display.idle_ms() / 1000
    except (OSError, AttributeError):  # no display, or a system without such a function
        return 0.0


class Presence(QObject):
    """Where the person is. ``state`` is looked up when read; nothing here wakes up by itself.

    ``changed`` comes when a screen locks or unlocks and when the desktop itself says that the
    person is idle or back (logind's hints, screen savers' ActiveChanged). On Windows and macOS it
    does not come: read ``state`` before each decision. ``resumed`` comes after a sleep, by logind.
    """

    changed = Signal()
    resumed = Signal()

    def __init__(self, session: Bus, system: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._system = session, system
        self._locked_hint = False
        self._idle_since = 0.0  # unix time by the desktop's own judgement, 0: not idle
        self._savers: set[str] = set()  # the unique names of those that cover the screen
        self._followed: set[str] = set()
        self._told = (False, False)
        for name in _SCREEN_SAVERS:
            session.listen(Rule(name, "ActiveChanged"), self._saver_changed)
        session.lost.connect(self._session_lost)
        manager = f"{_LOGIN}.Manager"
        system.listen(Rule(manager, "PrepareForSleep", sender=_LOGIN), self._slept)
        system.opened.connect(self._find_session)
        if system.is_open:
            self._find_session()

    @property
    def state(self) -> Whereabouts:
        if self._is_locked():
            return Whereabouts.LOCKED
        return Whereabouts.IDLE if self.idle_seconds() >= IDLE_AFTER else Whereabouts.HERE

    def idle_seconds(self) -> float:
        """Since the last key or mouse movement; 0.0 where the system does not say."""
        by_hint = time.time() - self._idle_since if self._idle_since else 0.0
        return max(idle_seconds(), by_hint, 0.0)

    def _is_locked(self) -> bool:
        if self._locked_hint or self._savers:
            return True
        if sys.platform == "win32":
            return windows_session.user_state() is UserState.NOT_PRESENT
        try:
            return sys.platform == "darwin" and mac_session.is_locked()
        except (OSError, AttributeError):
            return False

    # screen savers

    def _saver_changed(self, heard: Heard) -> None:
        covers = heard.body == (True,)
        if covers == (heard.sender in self._savers):
            return
        leaving = Rule(DAEMON, "NameOwnerChanged", sender=DAEMON, first=heard.sender)
        if covers:
            self._savers.add(heard.sender)
            self._session.listen(leaving, self._saver_left)
        else:
            self._savers.discard(heard.sender)
            self._session.unlisten(leaving, self._saver_left)
        self._tell()

    def _saver_left(self, heard: Heard) -> None:
        """It crashed, so nothing covers the screen; its word to come will never come."""
        gone = replace(heard, sender=first(heard.body), body=(False,))
        self._saver_changed(gone)

    def _session_lost(self) -> None:
        for sender in tuple(self._savers):
            self._saver_changed(Heard(sender, "", "", "", (False,)))

    # logind

    def _find_session(self) -> None:
        """The session with the screen, also for a program that systemd started outside of it."""
        own = Target(_LOGIN, "/org/freedesktop/login1/user/self", _PROPERTIES)
        words = (f"{_LOGIN}.User", "Display")
        self._system.call(own, "Get", "ss", words, self._found_session, may_start=False)

    def _found_session(self, answer: Answer) -> None:
        match answer.body:
            case ((_, (str(), str(path))),) if answer.ok and path.startswith("/org/"):
                self._follow(path)

    def _follow(self, path: str) -> None:
        if path not in self._followed:
            self._followed.add(path)
            rule = Rule(_PROPERTIES, "PropertiesChanged", path, _LOGIN, first=_SESSION)
            self._system.listen(rule, self._hinted)
        target = Target(_LOGIN, path, _PROPERTIES)
        self._system.call(target, "GetAll", "s", (_SESSION,), self._told_all, may_start=False)

    def _told_all(self, answer: Answer) -> None:
        if answer.ok and answer.body:
            self._take_hints(answer.body[0])

    def _hinted(self, heard: Heard) -> None:
        if len(heard.body) > 1:
            self._take_hints(heard.body[1])

    def _take_hints(self, hints: object) -> None:
        if not isinstance(hints, dict):
            return
        match hints.get("LockedHint"):
            case (_, bool(locked)):
                self._locked_hint = locked
        match hints.get("IdleHint"), hints.get("IdleSinceHint"):
            case (_, False), _:
                self._idle_since = 0.0
            case (_, True), (_, int(microseconds)) if microseconds:
                self._idle_since = microseconds / 1e6
            case (_, True), _:
                self._idle_since = time.time()
        self._tell()

    def _slept(self, heard: Heard) -> None:
        if heard.body == (False,):
            self.resumed.emit()

    def _tell(self) -> None:
        now = (self._locked_hint or bool(self._savers), bool(self._idle_since))
        if now != self._told:
            self._told = now
            self.changed.emit()
