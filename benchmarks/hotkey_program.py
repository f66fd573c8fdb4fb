"""What of the tray program lies between the hotkey and the question, over a database of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import xcffib
import xcffib.xproto
import xcffib.xtest
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication

from desk_phone.app.access import Access
from desk_phone.app.dialler import Dialler
from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.model.clipping import Wish
from desk_phone.model.dialing import Source
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.memory import Memory
from desk_phone.system.bus import Bus
from desk_phone.system.hotkey import Standing
from desk_phone.system.secrets import MemoryKeyring
from desk_phone.system.x11_keyboard import keysym
from desk_phone.telco.soap import SoapTelco
from desk_phone.ui import look, words
from desk_phone.ui.dialling.ask_box import AskBox

OWN = "+3726403231"
_KEYS = (0xFFE3, 0xFFE1, keysym("f11"))  # Control_L, Shift_L
_PRESS, _RELEASE = 2, 3  # KeyPress and KeyRelease


def now() -> datetime:
    return datetime.now(UTC)


class HotkeyProgram:
    def __init__(self, app: QApplication, folder: Path) -> None:
        look.wear(app, look.LIGHT)
        words.speak("en")
        self._app = app
        self._db = open_database(folder / "calls.sqlite3", folder, now()).db
        ledger, self._lanes = CallLedger(self._db), Lanes()
        preferences = Preferences(Settings(own_number=OWN), None)
        access = Access(
            *(Memory(self._db), MemoryKeyring(), SoapTelco, lambda: preferences.settings, now)
        )
        self._dialler = Dialler(self._lanes, access, ledger, lambda: OWN, now)
        self._painted: list[AskBox] = _watch_painting()
        self._box = AskBox(self._dialler, deaf_ms=0)
        clipboard = QGuiApplication.clipboard()
        self._bus = Bus()
        self._hotkey = HotkeyDesk(preferences, frozenset, self._bus, clipboard.text, app)
        self._hotkey.wished.connect(self._ask)
        self._hotkey.start()
        assert self._hotkey.state.standing is Standing.ASSIGNED
        self._x = xcffib.connect()
        self._xtest = self._x(xcffib.xtest.key)
        self._codes = self._find_codes()

    def _ask(self, wish: Wish) -> None:
        self._dialler.dial(wish.numbers[0].text, Source.CLIPBOARD)

    def press(self) -> None:
        """As a keyboard does."""
        for kind, codes in ((_PRESS, self._codes), (_RELEASE, self._codes[::-1])):
            for code in codes:
                self._xtest.FakeInput(kind, code, 0, 0, 0, 0, 0)
        self._x.flush()

    def wait_painted(self) -> None:
        until = monotonic() + 10
        while not self._painted and monotonic() < until:
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
        assert self._painted

    def dismiss(self) -> None:
        """Say no, and let everything settle."""
        self._box.close()
        until = monotonic() + 0.05
        while monotonic() < until:
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self._painted.clear()

    def close(self) -> None:
        self._hotkey.close()
        self._bus.close()
        self._lanes.close()
        self._x.disconnect()
        self._db.close()

    def _find_codes(self) -> list[int]:
        setup = self._x.get_setup()
        first, count = setup.min_keycode, setup.max_keycode - setup.min_keycode + 1
        reply = self._x.core.GetKeyboardMapping(first, count).reply()
        symbols, width = list(reply.keysyms), reply.keysyms_per_keycode
        return [first + symbols.index(wanted) // width for wanted in _KEYS]


def _watch_painting() -> list[AskBox]:
    """The boxes that were painted from now on; call it once."""
    found: list[AskBox] = []

    def paint(box: AskBox, _event: QPaintEvent) -> None:
        """A box's own ground is its frame's; its children are painted in the same go."""
        found.append(box)

    AskBox.paintEvent = paint  # type: ignore[method-assign]
    return found
