"""What the tests of cards share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desk_phone.model.calls import Notice
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.card import Card
from desk_phone.ui.cards.deeds import Deeds
from desk_phone.ui.cards.stack import CardStack

if TYPE_CHECKING:
    from tests.ui.conftest import Desk

OWN = "+3726403231"
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


def ring(
    desk: Desk,
    other: str = "+37251234567",
    name: str = "",
    ago: float = 1,
    type_: str = "Start",
    answer: str = "No",
) -> Notice:
    """The service says by itself, so many seconds later, that somebody calls; what it said."""
    at = (desk.clock.at - timedelta(seconds=ago)).replace(microsecond=0)
    notice = Notice(OWN, other, at, name, type_, answer)
    desk.calls.hear(notice)
    return notice


@dataclass
class FakeDeeds:
    """Somebody who keeps notes and reminders in memory; ``is_full``: nothing more can be kept."""

    notes: dict[int, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)  # the last note about a person
    snoozed: list[tuple[str, datetime]] = field(default_factory=list)
    handled: list[str] = field(default_factory=list)
    is_full: bool = False

    def write(self, call_id: int, text: str) -> bool:
        if not self.is_full:
            self.notes[call_id] = text
        return not self.is_full

    @property
    def deeds(self) -> Deeds:
        return Deeds(
            lambda call_id: self.notes.get(call_id, ""),
            lambda other: self.about.get(other, ""),
            self.write,
            lambda other, until: self.snoozed.append((other, until)),
            self.handled.append,
        )
