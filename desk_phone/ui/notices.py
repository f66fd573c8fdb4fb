"""Keeps the Calls page's banners true: the line, a dial, the password's place, paused pop-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.preferences import Preferences
from desk_phone.errors import Offline, PhoneError
from desk_phone.model.line import Link
from desk_phone.ui import trouble
from desk_phone.ui.banner import Banners
from desk_phone.ui.pause import Pause
from desk_phone.ui.trouble import Act, Message

ORDER = ("upgrade", "data", "line", "dial", "memory", "pause", "tray")
RINGING_SHOWN_MS = 10_000  # so long there is time to read it


class Notices(Banners):
    """``wanted`` asks the window for what no banner can do itself: account, line, quit."""

    wanted = Signal(object)  # Act

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        preferences: Preferences,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ringing_shown_ms: int = RINGING_SHOWN_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ORDER, parent)
        self._calls, self._account, self._now = calls, account, now
        self._user_read_of: str | None = None  # that the password is in memory only
        self._second = QTimer(self, interval=1000)
        self._dial_read = QTimer(self, singleShot=True, interval=ringing_shown_ms)
        self._lacked_line = False  # the dial that is told of
        self._answered: datetime | None = None  # the line, last before that dial
        self._pause = Pause(preferences, now, self)
        self._wire(dialler, preferences)
        self._line_changed()
        self._tell_pause()

    def _wire(self, dialler: Dialler, preferences: Preferences) -> None:
        self._second.timeout.connect(self._tell_line)
        self._dial_read.timeout.connect(lambda: self._put_dial(None))
        self.pressed.connect(self._press)
        self._calls.line_changed.connect(self._line_changed)
        dialler.refused_here.connect(self.tell_error)
        dialler.progressed.connect(self._tell_dial)
        self._account.changed.connect(self._line_changed)
        self._pause.changed.connect(self._tell_pause)
        preferences.failed.connect(self.tell_error)

    def tell_tray(self, present: bool) -> None:
        self.put("tray", None if present else trouble.of_no_tray())

    def tell_error(self, error: PhoneError) -> None:
        """Say a dial that was refused, or a setting that could not be kept."""
        self._put_dial(trouble.of_error(error))

    # the line, with its countdown

    def _line_changed(self) -> None:
        self._tell_line()
        self._let_go_of_dial()
        state = self._account.state
        refused = self._calls.line.link is Link.LOCKED  # then where it lies is no matter
        only_memory = state.password_known and not state.stored and not refused
        told = only_memory and self._user_read_of != state.user
        self.put("memory", trouble.of_memory_only() if told else None)

    def _tell_line(self) -> None:
        line = self._calls.line
        nothing_yet = line.link in (Link.LOCKED, Link.NO_LINE) and line.trouble is None
        empty = not self._calls.ledger.page(limit=1)
        # An empty page says by itself what is not set up yet.
        self.put("line", None if nothing_yet and empty else trouble.of_line(line, self._now()))
        counts = line.link is Link.TROUBLE and line.next_try is not None
        if counts and self.isVisible():
            self._second.start()
        else:
            self._second.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_line()
        self._let_go_of_dial()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    # a dial

    def _tell_dial(self, dial: Dial) -> None:
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self._put_dial(trouble.of_dial(dial.trouble), isinstance(dial.trouble, Offline))
        elif dial.stage is Stage.RINGING:
            self._put_dial(trouble.of_ringing(dial.plan.own))
            self._dial_read.start()
        else:
            self._put_dial(None)

    def _put_dial(self, message: Message | None, lacked_line: bool = False) -> None:
        self._dial_read.stop()
        self._lacked_line, self._answered = lacked_line, self._calls.line.updated
        self.put("dial", message)

    def _let_go_of_dial(self) -> None:
        """The line is back: that there was none for a dial is over, once a person could read it."""
        line = self._calls.line
        is_back = line.link is Link.READY and line.updated != self._answered
        if self._lacked_line and is_back and self.isVisible() and not self._dial_read.isActive():
            self._dial_read.start()

    # pop-ups

    def _tell_pause(self) -> None:
        until = self._pause.until
        self.put("pause", None if until is None else trouble.of_pause(until, self._now()))

    def _press(self, name: str, act: Act) -> None:
        if act is Act.TRY_NOW:
            self._calls.poll()
        elif act is Act.RESUME_POPUPS:
            self._pause.end()
        elif act is Act.CLOSE:
            if name == "memory":
                self._user_read_of = self._account.state.user
            self.put(name, None)
        else:
            self.wanted.emit(act)
