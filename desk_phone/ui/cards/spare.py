"""A card made ready beforehand, so that the first call waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desk_phone.ui.cards.words import CardText, State

if TYPE_CHECKING:
    from desk_phone.ui.cards.caller_card import CallerCard

_IDLE_MS = 2000  # after a card was taken
_SAMPLE = CardText(
    *("Calling 640 0000", "Ää Ыж", "×2", "640 0000 · Ä", "Last call", "", "Name", "Ä Ы"),
    number="+3726400000",
    state=State.RINGING,  # where every millisecond counts
)


class Spare(QObject):
    def __init__(self, make: Callable[[], CallerCard], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._card: CallerCard | None = None
        self._soon = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._soon.timeout.connect(self.warm)

    def warm(self) -> None:
        """Make one that was laid out and painted once, unseen; later also after each `take`."""
        if self._card is None:
            card = self._card = self._make()
            card.show_text(_SAMPLE)
            card.grab()
            card.winId()

    def take(self) -> CallerCard:
        card, self._card = self._card, None
        if card is None:
            return self._make()
        self._soon.start()
        return card

    def renew(self) -> None:
        """The look or the language may be another one."""
        if self._card is not None:
            self.discard()
            self._soon.start()

    def discard(self) -> None:
        self._soon.stop()
        if self._card is not None:
            self._card.deleteLater()
            self._card = None
