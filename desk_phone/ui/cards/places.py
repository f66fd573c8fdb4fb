"""Where cards stand: above one another in the corner of the screen on which a person looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QScreen

from desk_phone.model.attention import CARDS_AT_ONCE

if TYPE_CHECKING:
    from desk_phone.ui.cards.card import Card

FROM_EDGE = 16  # px from the work area's edges
BETWEEN = 12  # px


class Places:
    """All cards stay on the screen on which the first of them came."""

    def __init__(self) -> None:
        self._screen: QScreen | None = None

    def arrange(self, cards: Sequence[Card]) -> None:
        """The newest, the last of them, in the corner; at most three, fewer where the screen has no
        room for them, and the top one says how many more there are."""
        if not cards:
            self._screen = None
            return
        from desk_phone.ui.rounded import active_screen  # the cards have its window by now

        if self._screen is None or self._screen not in QGuiApplication.screens():
            self._screen = active_screen()
        room = self._screen.availableGeometry()
        shown = _chosen(cards, room.height() - FROM_EDGE)
        for card in cards:
            if card not in shown:
                card.hide()
        _place(shown, room)
        for card in shown:
            card.say_more(len(cards) - len(shown) if card is shown[0] else 0)
            if not card.isVisible():
                card.come()


def _chosen(cards: Sequence[Card], height: int) -> list[Card]:
    """Those that fit one above another: first what a person has hands on, then the newest."""
    held = [card for card in cards if card.holds]
    chosen: list[Card] = []
    for card in (*reversed(held), *(each for each in reversed(cards) if each not in held)):
        height -= card.height()
        if chosen and (height < 0 or len(chosen) == CARDS_AT_ONCE):
            break
        chosen.append(card)
        height -= BETWEEN
    return [card for card in cards if card in chosen]


def _place(shown: Sequence[Card], room: QRect) -> None:
    bottom = room.bottom() + 1 - FROM_EDGE
    for card in reversed(shown):
        left = room.right() + 1 - FROM_EDGE - card.width()
        card.move(left, bottom - card.height())
        bottom -= card.height() + BETWEEN
