"""The cards of callers on the screen: who gets one, what becomes of it, when it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.preferences import Preferences
from desk_phone.model.attention import Announcement
from desk_phone.model.calls import Call, Change, Outcome
from desk_phone.store.calls import CallFilter
from desk_phone.ui.allowed import Allowed
from desk_phone.ui.cards.deeds import Deeds, later
from desk_phone.ui.cards.hands import Caller, Hands
from desk_phone.ui.cards.making import caller_card, summary_card
from desk_phone.ui.cards.places import Places
from desk_phone.ui.cards.spare import Spare
from desk_phone.ui.cards.texts import CardTexts
from desk_phone.ui.cards.words import CardText, State
from desk_phone.ui.speech import say_aloud

if TYPE_CHECKING:
    from desk_phone.ui.cards.caller_card import CallerCard, SummaryCard

RINGING_SHOWN_MS = 6000
_AT_ONCE_MS = 1  # as soon as nothing holds it


class CardStack(QObject):
    """Obeys the settings: no card while pop-ups are off, paused, or in quiet hours.

    ``presenting`` tells whether a full-screen or presentation window is up: names are hidden then.
    ``deeds`` None: nobody keeps notes and reminders. ``has_crm``: whether there is a program to
    open a caller in.
    """

    calls_wanted = Signal(object)  # CallFilter
    add_wanted = Signal(str)  # a canonical number for the phonebook
    crm_wanted = Signal(object)  # Call: open the caller there

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        preferences: Preferences,
        presenting: Callable[[], bool] = lambda: False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ringing_shown_ms: int = RINGING_SHOWN_MS,
        deeds: Deeds | None = None,
        has_crm: Callable[[], bool] = lambda: False,
        beep: Callable[[], object] = QApplication.beep,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._preferences = calls, dialler, preferences
        self._now, self._deeds, self._has_crm, self._beep = now, deeds, has_crm, beep
        self._hands = Hands(calls, dialler, deeds, self)
        self._texts = CardTexts(
            calls.ledger,
            lambda: preferences.settings.hide_while_presenting and presenting(),
            deeds.last_note if deeds is not None else lambda _: "",
            now,
        )
        self._allowed = Allowed(calls, preferences, now, self)
        self._callers: dict[str, Caller] = {}  # by the canonical number, oldest first
        self._summary: tuple[SummaryCard, datetime] | None = None
        self._ringing_shown_ms = ringing_shown_ms
        self._places, self._spare = Places(), Spare(self._make, self)
        self._second = QTimer(self, interval=1000)
        self._wire()

    def _wire(self) -> None:
        self._second.timeout.connect(self._refresh)
        self._calls.changed.connect(self._changed)
        self._allowed.announced.connect(self._announced)
        self._allowed.summed_up.connect(self._tell_summary)
        self._allowed.stopped.connect(self.clear)
        self._preferences.changed.connect(self._spare.renew)
        self._dialler.progressed.connect(self._progressed)
        self._hands.let_go.connect(self._let_go)
        self._hands.add_wanted.connect(self.add_wanted)
        self._hands.crm_wanted.connect(self.crm_wanted)

    @property
    def cards(self) -> tuple[CallerCard | SummaryCard, ...]:
        """All there are, oldest first, also those that wait behind three others."""
        summary = (self._summary[0],) if self._summary else ()
        return (*summary, *(caller.card for caller in self._callers.values()))

    def warm(self) -> None:
        """Make the first card ready; for when nothing else is to do."""
        self._spare.warm()

    def clear(self) -> None:
        """Take every card away."""
        for caller in tuple(self._callers.values()):
            caller.card.keep_note()
            self._drop(caller)
        self._drop_summary()
        self._spare.discard()

    def speak_again(self) -> None:
        """Every card anew in the language that is spoken now, except one that calls back just now
        or whose note cannot be saved."""
        self._spare.renew()
        for caller in tuple(self._callers.values()):
            text = self._texts.again(caller.card.text, caller.other, caller.call_id)
            if text is not None and not caller.card.is_calling and caller.card.keep_note():
                self._remake(caller, text)
        if self._summary is not None:
            since = self._summary[1]
            self._drop_summary()
            self._tell_summary(since)

    def _remake(self, caller: Caller, text: CardText) -> None:
        before, caller.card = caller.card, self._spare.take()
        self._hands.take(caller)
        self._wire_any(caller.card)
        typed = before.is_typed_into
        before.go()
        self._show(caller, text)
        if typed:
            caller.card.note_wanted.emit()

    # who gets a card

    def _announced(self, told: Announcement) -> None:
        for call in told.ringing:
            self._ring(call)
        for call in told.cards:
            self._tell(call)
        if told.summary is not None:
            self._tell_summary(told.summary.since)
        if self._preferences.settings.card_sound and (told.ringing or told.cards or told.summary):
            self._beep()

    def _ring(self, call: Call) -> None:
        caller = self._put(call)
        caller.is_live = True
        self._show(caller, self._texts.ringing(call))

    def _tell(self, call: Call) -> None:
        if (text := self._texts.missed(call.other)) is not None:
            caller = self._put(call)
            caller.is_live = False
            self._show(caller, text)

    def _put(self, call: Call) -> Caller:
        """The person's card, at the newest place."""
        caller = self._callers.pop(call.other, None)
        if caller is None:
            caller = Caller(call.other, self._spare.take(), call.id)
            self._hands.take(caller)
            self._wire_any(caller.card)
        caller.call_id = call.id
        self._callers[call.other] = caller
        return caller

    def _show(self, caller: Caller, text: CardText) -> None:
        caller.card.has_crm = self._has_crm()
        caller.card.show_text(text)
        caller.card.say_news()
        self._arrange()
        settings = self._preferences.settings
        is_ringing = text.state is State.RINGING
        seconds = settings.ringing_card_seconds if is_ringing else settings.missed_card_seconds
        caller.card.stay(seconds * 1000)

    def _tell_summary(self, since: datetime) -> None:
        if self._summary is not None:
            since = min(since, self._summary[1])
        text = self._texts.since(since)
        if text is None:
            return
        card = self._summary[0] if self._summary else self._make_summary()
        self._summary = (card, since)
        card.show_text(text)
        self._arrange()
        card.stay(self._preferences.settings.missed_card_seconds * 1000)

    # what becomes of it

    def _changed(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if change.before is not None and change.before.id != change.after.id:
                for caller in self._callers.values():
                    caller.follow(change.before.id, change.after.id)
        self._refresh()

    def _refresh(self) -> None:
        """Say what is true now; calls that are seen, handled or corrected take their card away."""
        for caller in tuple(self._callers.values()):
            if caller.is_live:
                self._renew_live(caller)
            else:
                self._renew(caller, self._texts.missed(caller.other))
        if self._summary is not None:
            text = self._texts.since(self._summary[1])
            if text is None:
                self._drop_summary()
            elif text != self._summary[0].text:
                self._summary[0].show_text(text)
        self._arrange()

    def _renew_live(self, caller: Caller) -> None:
        """A call that was told as ringing: it still does, or was missed, or is over."""
        call = self._calls.ledger.call(caller.call_id)
        if call is None:
            self._renew(caller, None)
            return
        if call.other != caller.other:  # it was withheld at first
            self._callers.pop(caller.other)
            caller.other = call.other
            self._callers[call.other] = caller
        if call.outcome is Outcome.RINGING:
            self._renew(caller, self._texts.ringing(call))
        elif call.outcome is Outcome.MISSED and (text := self._texts.missed(call.other)):
            caller.is_live = False
            self._show(caller, text)
        elif caller.card.holds:
            self._renew(caller, self._texts.over(call))
            caller.card.stay(_AT_ONCE_MS)
        else:
            self._drop(caller)

    def _renew(self, caller: Caller, text: CardText | None) -> None:
        if text is not None:
            if text != caller.card.text:
                caller.card.show_text(text)
        elif caller.card.is_typed_into:
            caller.card.stay(_AT_ONCE_MS)
        elif not caller.card.is_calling:
            self._drop(caller)

    def _drop(self, caller: Caller) -> None:
        if self._callers.get(caller.other) is caller:
            self._callers.pop(caller.other).card.go()
            self._arrange()

    def _drop_summary(self) -> None:
        if self._summary is not None:
            self._summary[0].go()
            self._summary = None
            self._arrange()

    # making

    def _make(self) -> CallerCard:
        writes = self._deeds is not None
        return caller_card((lambda: later(self._now())) if writes else None, writes)

    def _make_summary(self) -> SummaryCard:
        card = summary_card()
        card.closed.connect(self._drop_summary)
        card.expired.connect(self._drop_summary)
        card.show_wanted.connect(self._show_missed)
        self._wire_any(card)
        return card

    def _wire_any(self, card: CallerCard | SummaryCard) -> None:
        card.resized.connect(self._arrange)
        card.more_wanted.connect(self._show_missed)

    def _show_missed(self) -> None:
        self.clear()
        self.calls_wanted.emit(CallFilter.MISSED)

    def _let_go(self, caller: Caller) -> None:
        if caller.card.keep_note():  # else what was typed stays on the screen
            self._drop(caller)

    # what the dialler tells

    def _progressed(self, dial: Dial) -> None:
        caller = self._callers.get(dial.plan.reading.key)
        if caller is None or caller.is_live:
            return
        caller.card.say_dial(dial)
        say_aloud(caller.card, caller.card.told)
        if dial.stage is Stage.RINGING:
            caller.card.stay(self._ringing_shown_ms)
        elif dial.stage is Stage.FAILED:
            caller.card.stay(self._preferences.settings.missed_card_seconds * 1000)
        else:
            caller.card.stay(0)

    def _arrange(self) -> None:
        cards = self.cards
        self._places.arrange(cards)
        if not cards:
            self._second.stop()
        elif not self._second.isActive():
            self._second.start()
