"""A card of a call that rings, in the corner of the screen, and whoever keeps its note: stdout."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication

from desk_phone.model.calls import Call, Direction, NameSource, Outcome
from desk_phone.ui import look, words
from desk_phone.ui.cards import words as card_words
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.places import Places


def say(*said: object) -> None:
    sys.stdout.write(" ".join(map(str, said)) + "\n")
    sys.stdout.flush()


def keep(text: str) -> bool:
    say("kept", text)
    return True


def begin(card: CallerCard) -> None:
    card.begin_note("", keep)
    say("note")


def main() -> None:
    app = QApplication([])
    look.wear(app, look.LIGHT)
    words.speak("en")
    now = datetime.now(UTC)
    call = Call(
        *(1, "+3726403231", "+37251234567", "51234567", Direction.INCOMING, Outcome.RINGING, now),
        name="Kristiina Õunapuu",
        name_source=NameSource.PHONEBOOK,
    )
    card, places = CallerCard(writes_notes=True), Places()
    card.note_wanted.connect(lambda: begin(card))
    card.resized.connect(lambda: places.arrange([card]))
    card.show_text(card_words.of_ringing(call, 1, card_words.NOTHING, now))
    places.arrange([card])
    middle = card.take_note.mapTo(card, card.take_note.rect().center())
    say("ready", middle.x(), middle.y())
    app.exec()


if __name__ == "__main__":
    main()
