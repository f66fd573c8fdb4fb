"""Reads from the ledger what the cards and notifications of callers say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk_phone.model.calls import Call
from desk_phone.store.calls import CallLedger
from desk_phone.ui.cards import words as card_words
from desk_phone.ui.cards.words import CardText, Known, State


class CardTexts:
    """``hides`` tells whether others may read the screen, ``last_note`` what was noted of a number.

    Nothing is counted here, it is asked: what is handled, seen or corrected elsewhere is gone at
    the next reading.
    """

    def __init__(
        self,
        ledger: CallLedger,
        hides: Callable[[], bool],
        last_note: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._ledger, self._hides, self._now = ledger, hides, now
        self._last_note = last_note

    def missed(self, other: str) -> CardText | None:
        """One person's new missed calls; None when there are none any more."""
        missed = self._ledger.missed(other)
        if not missed:
            return None
        if self._hides():
            return card_words.of_hidden(missed[0], State.MISSED, len(missed), self._now())
        return card_words.of_missed(missed, self._known(missed[-1]), self._now())

    def ringing(self, call: Call) -> CardText:
        times = len(self._ledger.missed(call.other)) + 1
        if self._hides():
            return card_words.of_hidden(call, State.RINGING, times, self._now())
        return card_words.of_ringing(call, times, self._known(call), self._now())

    def over(self, call: Call) -> CardText:
        """It was told as ringing; somebody answered, or nobody knows."""
        if self._hides():
            return card_words.of_hidden(call, card_words.over(call), 1, self._now())
        return card_words.of_over(call, self._known(call), self._now())

    def again(self, told: CardText, other: str, call_id: int) -> CardText | None:
        """What was ``told`` of somebody, in the language that is spoken now; None for what is not
        so any more."""
        if told.state is State.MISSED:
            return self.missed(other)
        call = self._ledger.call(call_id)
        if call is None:
            return None
        return self.ringing(call) if told.state is State.RINGING else self.over(call)

    def since(self, since: datetime) -> CardText | None:
        """All new missed calls since then; None when there are none any more."""
        missed = [call for call in self._ledger.missed() if call.start >= since]
        if not missed:
            return None
        say = card_words.of_many if self._hides() else card_words.of_summary
        return say(missed, since, self._now())

    def newest(self, other: str) -> Call | None:
        """Of one person's new missed calls."""
        return next(iter(self._ledger.missed(other)), None)

    def _known(self, call: Call) -> Known:
        note = self._last_note(call.other) if call.other else ""
        return Known(self._ledger.last_before(call), note)
