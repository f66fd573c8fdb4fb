"""What of the tray program lies between a GET and a card, over a database of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from desk_phone.app.access import Access
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dialler
from desk_phone.app.lane import Lanes
from desk_phone.app.poll import Looked
from desk_phone.app.preferences import Preferences
from desk_phone.model.calls import Notice, Record
from desk_phone.model.notices import Arrival, Heard
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.simulator.past import records
from desk_phone.simulator.people import crowd
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.memory import Memory
from desk_phone.system.full_screen import Presenting
from desk_phone.system.notice_server import NoticeServer
from desk_phone.system.secrets import MemoryKeyring
from desk_phone.telco.notices import Reception, Rules
from desk_phone.telco.notices_callers import Networks
from desk_phone.telco.soap import SoapTelco
from desk_phone.ui import look, words
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.stack import CardStack

MONTH = 1000  # calls that are known already
_PAUSE_MS = 60  # the endpoint hears at most 20 requests a second


def now() -> datetime:
    return datetime.now(UTC)


class CardProgram:
    def __init__(self, app: QApplication, folder: Path, own: str, secret: str) -> None:
        look.wear(app, look.LIGHT)
        words.speak("en")
        self._db = open_database(folder / "calls.sqlite3", folder, now()).db
        memory, self._ledger = Memory(self._db), CallLedger(self._db)
        self._lanes = Lanes()
        preferences = Preferences(Settings(own_number=own, missed_card_seconds=0), None)
        settings = lambda: preferences.settings  # noqa: E731 - a name for four places
        access = Access(memory, MemoryKeyring(), SoapTelco, settings, now)
        self.calls = Calls(*(self._lanes, access, self._ledger, Looked(memory), preferences, now))
        dialler = Dialler(self._lanes, access, self._ledger, lambda: own, now)
        self._presenting = Presenting()
        self.stack = CardStack(self.calls, dialler, preferences, self._presenting, now)
        self._fill(own)
        everybody = Networks(())
        rules = Rules(Secret(secret), frozenset({own}), everybody, everybody)
        self._came: list[Arrival] = []
        self._server = NoticeServer(Reception(rules, self._arrived))
        self._server.listen("127.0.0.1", 0)
        self.port = self._server.port

    def _fill(self, own: str) -> None:
        calls = records(1, [own.removeprefix("+")], crowd(1), now(), MONTH)
        found = [call.record(now()) for call in calls]
        reports = [Record(own, record) for record in found if record is not None]
        self._ledger.record(*reports, now=now(), silent=True)

    def _arrived(self, arrival: Arrival) -> None:
        """As `app.notices` does: the answer first."""
        self._came.append(arrival)
        QTimer.singleShot(0, self._take)

    def _take(self) -> None:
        came, self._came = self._came, []
        self.calls.hear(*(arrival.notice for arrival in came if isinstance(arrival, Heard)))

    def end_call(self) -> None:
        """Somebody answers: the card goes, and nothing rings while the next one comes."""
        for call in self._ledger.page(limit=1):
            answered = Notice(call.own, call.other, call.start, "", "Answer", "Yes")
            self.calls.hear(answered)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        pause = QEventLoop()
        QTimer.singleShot(_PAUSE_MS, pause.quit)
        pause.exec()
        assert not self.stack.cards

    def close(self) -> None:
        self._server.close()
        self.stack.clear()
        self._lanes.close()
        self._presenting.close()
        self._db.close()


def watch_painting() -> list[CallerCard]:
    """The cards that were painted from now on. Costs nothing but the noting; call it once."""
    found: list[CallerCard] = []

    def paint(card: CallerCard, _event: QPaintEvent) -> None:
        """A card's own ground is its frame's; its children are painted in the same go."""
        found.append(card)

    CallerCard.paintEvent = paint  # type: ignore[method-assign]
    return found


def painted(app: QApplication, found: list[CallerCard]) -> None:
    """Let the program run until a card was painted and handed to the screen."""
    until = now() + timedelta(seconds=10)
    while not found and now() < until:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
    assert found
    found.clear()
