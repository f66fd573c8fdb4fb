"""What the tests of cards share."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from desk_phone.ui.caller_card import CallerCard
from desk_phone.ui.card import Card
from desk_phone.ui.cards import CardStack

JAAN, MARI = "51234567", "6401111"


class Room:
    """Whether somebody presents."""

    presents = False

    def __call__(self) -> bool:
        return self.presents


def only(stack: CardStack) -> CallerCard:
    """The one card there is."""
    (card,) = stack.cards
    assert isinstance(card, CallerCard)
    return card


def texts(card: Card) -> str:
    """All that can be read on it."""
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())
