"""Where cards stand: above one another in the corner of the screen on which a person looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication, QScreen

from desk_phone.model.attention import CARDS_AT_ONCE
from desk_phone.ui.cards.card import Card
from desk_phone.ui.rounded import active_screen

FROM_EDGE = 16  # px from the work area's edges
BETWEEN = 12  # px


class Places:
    """All cards stay on the screen on which the first of them came."""

    def __init__(self) -> None:
        self._screen: QScreen | None = None

    def arrange(self, cards: Sequence[Card]) -> None:
        """The newest, the last of them, in the corner; at most three, and the top one says how many
        more there are."""
        shown, waiting = cards[-CARDS_AT_ONCE:], cards[:-CARDS_AT_ONCE]
        for card in waiting:
            card.hide()
        if not shown:
            self._screen = None
            return
        self._place(shown)
        for card in shown:
            card.say_more(len(waiting) if card is shown[0] else 0)
            if not card.isVisible():
                card.come()

    def _place(self, shown: Sequence[Card]) -> None:
        if self._screen is None or self._screen not in QGuiApplication.screens():
            self._screen = active_screen()
        room = self._screen.availableGeometry()
        bottom = room.bottom() + 1 - FROM_EDGE
        for card in reversed(shown):
            left = room.right() + 1 - FROM_EDGE - card.width()
            card.move(left, bottom - card.height())
            bottom -= card.height() + BETWEEN
