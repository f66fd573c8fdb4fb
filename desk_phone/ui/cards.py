"""The cards of missed calls on the screen: who gets one, where they stand, when they go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.model.attention import CARDS_AT_ONCE, Announcement
from desk_phone.store.calls import CallFilter
from desk_phone.ui.caller_card import CallerCard, SummaryCard
from desk_phone.ui.card import Card
from desk_phone.ui.missed import Missed
from desk_phone.ui.pause import Pause
from desk_phone.ui.rounded import active_screen

FROM_EDGE = 16  # px from the work area's edges
BETWEEN = 12  # px
RINGING_SHOWN_MS = 6000


class CardStack(QObject):
    """Obeys the settings: no card while pop-ups are off or paused.

    ``presenting`` tells whether a full-screen or presentation window is up: names are hidden then.
    """

    calls_wanted = Signal(object)  # CallFilter
    add_wanted = Signal(str)  # a canonical number for the phonebook

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        preferences: Preferences,
        presenting: Callable[[], bool] = lambda: False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ringing_shown_ms: int = RINGING_SHOWN_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._preferences = calls, dialler, preferences
        self._missed = Missed(calls.ledger, presenting, now)
        self._pause = Pause(preferences, now, self)
        self._people: dict[str, CallerCard] = {}  # by the canonical number, oldest first
        self._summary: tuple[SummaryCard, datetime] | None = None
        self._ringing_shown_ms = ringing_shown_ms
        self._calling: CallerCard | None = None  # whose Call back is being asked for, while it is
        self._screen: QScreen | None = None
        self._second = QTimer(self, interval=1000)
        self._wire()

    def _wire(self) -> None:
        self._second.timeout.connect(self._refresh)
        self._calls.announced.connect(self._announced)
        self._calls.changed.connect(self._refresh)
        self._pause.changed.connect(self._pause_changed)
        self._dialler.progressed.connect(self._progressed)
        self._dialler.refused.connect(self._refused)

    @property
    def cards(self) -> tuple[Card, ...]:
        """All there are, oldest first, also those that wait behind three others."""
        summary = (self._summary[0],) if self._summary else ()
        return (*summary, *self._people.values())

    def clear(self) -> None:
        """Take every card away."""
        for other in tuple(self._people):
            self._drop(other)
        self._drop_summary()

    # who gets a card

    def _announced(self, announcement: Announcement) -> None:
        if not self._pause.allows:
            return
        for call in announcement.cards:
            self._tell(call.other)
        if announcement.summary is not None:
            self._tell_summary(announcement.summary.since)

    def _tell(self, other: str) -> None:
        text = self._missed.of(other)
        if text is None:
            return
        card = self._people.pop(other, None)
        if card is None:
            card = CallerCard(bool(other))
            self._wire_caller(other, card)
        self._people[other] = card  # the newest stands last
        card.show_text(text)
        self._arrange()
        card.stay(self._preferences.settings.missed_card_seconds * 1000)

    def _tell_summary(self, since: datetime) -> None:
        if self._summary is not None:
            since = min(since, self._summary[1])
        text = self._missed.since(since)
        if text is None:
            return
        card = self._summary[0] if self._summary else self._make_summary()
        self._summary = (card, since)
        card.show_text(text)
        self._arrange()
        card.stay(self._preferences.settings.missed_card_seconds * 1000)

    # what becomes of it

    def _refresh(self) -> None:
        """Say what is true now; calls that are seen, handled or corrected take their card away."""
        for other, card in tuple(self._people.items()):
            text = self._missed.of(other)
            if text is not None:
                if text != card.text:
                    card.show_text(text)
            elif not card.is_calling:
                self._drop(other)
        if self._summary is not None:
            text = self._missed.since(self._summary[1])
            if text is None:
                self._drop_summary()
            elif text != self._summary[0].text:
                self._summary[0].show_text(text)
        self._arrange()

    def _pause_changed(self) -> None:
        if not self._pause.allows:
            self.clear()

    def _drop(self, other: str) -> None:
        if (card := self._people.pop(other, None)) is not None:
            card.go()
            self._arrange()

    def _drop_summary(self) -> None:
        if self._summary is not None:
            self._summary[0].go()
            self._summary = None
            self._arrange()

    # what a person does

    def _wire_caller(self, other: str, card: CallerCard) -> None:
        card.closed.connect(lambda: self._drop(other))
        card.expired.connect(lambda: self._drop(other))
        card.call_wanted.connect(lambda: self._call_back(other))
        card.copy_wanted.connect(lambda: self._copy(other))
        card.add_wanted.connect(lambda: self.add_wanted.emit(other))
        card.done_wanted.connect(lambda: self._done(other))
        self._wire_any(card)

    def _make_summary(self) -> SummaryCard:
        card = SummaryCard()
        card.closed.connect(self._drop_summary)
        card.expired.connect(self._drop_summary)
        card.show_wanted.connect(self._show_missed)
        self._wire_any(card)
        return card

    def _wire_any(self, card: Card) -> None:
        card.resized.connect(self._arrange)
        card.more_wanted.connect(self._show_missed)

    def _show_missed(self) -> None:
        self.clear()
        self.calls_wanted.emit(CallFilter.MISSED)

    def _call_back(self, other: str) -> None:
        self._calling = self._people[other]
        self._dialler.dial_key(other)
        self._calling = None

    def _copy(self, other: str) -> None:
        QGuiApplication.clipboard().setText(other)
        self._people[other].say_copied()

    def _done(self, other: str) -> None:
        self._drop(other)
        self._calls.handle(other)

    # what the dialler tells

    def _refused(self, error: PhoneError) -> None:
        if self._calling is not None:
            self._calling.say_trouble(error)

    def _progressed(self, dial: Dial) -> None:
        card = self._people.get(dial.plan.reading.key)
        if card is None:
            return
        card.say_dial(dial)
        if dial.stage is Stage.RINGING:
            card.stay(self._ringing_shown_ms)
        elif dial.stage is Stage.FAILED:
            card.stay(self._preferences.settings.missed_card_seconds * 1000)
        else:
            card.stay(0)

    # where they stand

    def _arrange(self) -> None:
        """The newest in the corner, at most three above one another; the top one says how many
        more there are."""
        shown = self.cards[-CARDS_AT_ONCE:]
        for card in self.cards[:-CARDS_AT_ONCE]:
            card.hide()
        if not shown:
            self._second.stop()
            self._screen = None
            return
        self._place(shown)
        for card in shown:
            card.say_more(len(self.cards) - len(shown) if card is shown[0] else 0)
            if not card.isVisible():
                card.come()
        self._second.start()

    def _place(self, shown: tuple[Card, ...]) -> None:
        if self._screen is None or self._screen not in QGuiApplication.screens():
            self._screen = active_screen()
        room = self._screen.availableGeometry()
        bottom = room.bottom() + 1 - FROM_EDGE
        for card in reversed(shown):
            left = room.right() + 1 - FROM_EDGE - card.width()
            card.move(left, bottom - card.height())
            bottom -= card.height() + BETWEEN
