"""Reads from the ledger what the cards and notifications of missed calls say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk_phone.model.calls import Call
from desk_phone.store.calls import CallFilter, CallLedger
from desk_phone.ui import card_words
from desk_phone.ui.card_words import CardText

_LOOKED_THROUGH = 20  # earlier calls whose numbers hold the same digits


class Missed:
    """``presenting`` tells whether others may read the screen. Nothing is counted here, it is
    asked: what is handled, seen or corrected elsewhere is gone at the next reading."""

    def __init__(
        self,
        ledger: CallLedger,
        presenting: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._ledger, self._presenting, self._now = ledger, presenting, now

    def of(self, other: str) -> CardText | None:
        """One person's new missed calls; None when there are none any more."""
        missed = [call for call in self._ledger.missed() if call.other == other]
        if not missed:
            return None
        if self._presenting():
            return card_words.of_hidden(missed, self._now())
        return card_words.of_missed(missed, self._before(missed[-1]), self._now())

    def since(self, since: datetime) -> CardText | None:
        """All new missed calls since then; None when there are none any more."""
        missed = [call for call in self._ledger.missed() if call.start >= since]
        return card_words.of_summary(missed, since, self._now()) if missed else None

    def _before(self, oldest: Call) -> Call | None:
        """The last call with this person ahead of the missed ones."""
        if not oldest.other:
            return None
        earlier = self._ledger.page(CallFilter.ALL, oldest.other, oldest, _LOOKED_THROUGH)
        return next((call for call in earlier if call.other == oldest.other), None)
