"""How entries of the phonebook are said. Pure but for the language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desk_phone.i18n import tr
from desk_phone.model.entries import Contact, Content, Hold, Standing
from desk_phone.ui import words


class State(StrEnum):
    """How an entry stands with the service; each has an icon of its own."""

    ON_SERVER = "on the server"
    WAITING = "waiting"
    LEAVING = "leaving"  # deleted here, and the service is yet to be told
    MISSING = "missing"
    NOT_FOUND = "not found"
    REFUSED = "refused"
    ALREADY_THERE = "already there"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class StateLook:
    """``colour`` is a token."""

    icon: str
    colour: str


LOOKS = {
    State.ON_SERVER: StateLook("check", "good"),
    State.WAITING: StateLook("clock", "accent"),
    State.LEAVING: StateLook("trash-2", "muted"),
    State.MISSING: StateLook("circle-help", "warn"),
    State.NOT_FOUND: StateLook("circle-pause", "warn"),
    State.REFUSED: StateLook("circle-alert", "bad"),
    State.ALREADY_THERE: StateLook("copy", "warn"),
    State.CONFLICT: StateLook("triangle-alert", "warn"),
}
HELD = (State.NOT_FOUND, State.REFUSED, State.ALREADY_THERE)

_HOLDS = {
    Hold.NOT_FOUND: State.NOT_FOUND,
    Hold.REFUSED: State.REFUSED,
    Hold.ALREADY_THERE: State.ALREADY_THERE,
}


def state_of(contact: Contact, in_conflict: bool) -> State:
    """What a person should know first."""
    if in_conflict:
        return State.CONFLICT
    if contact.standing is Standing.HELD:
        return _HOLDS[contact.hold]
    if contact.want_deleted:
        return State.LEAVING
    if contact.standing is Standing.MISSING:
        return State.MISSING
    return State.ON_SERVER if contact.standing is Standing.ON_SERVER else State.WAITING


def state_word(state: State) -> str:
    """As in the table."""
    said = {
        State.ON_SERVER: tr("On the server"),
        State.WAITING: tr("Waiting"),
        State.LEAVING: tr("Being deleted"),
        State.MISSING: tr("Missing"),
        State.NOT_FOUND: tr("Parked"),
        State.REFUSED: tr("Refused"),
        State.ALREADY_THERE: tr("Double"),
        State.CONFLICT: tr("Conflict"),
    }
    return said[state]


def state_sentence(state: State, service_said: str = "") -> str:
    """What it means, and what comes next; ``service_said`` are the service's own words."""
    said = {
        State.ON_SERVER: tr("The company's phones show it so."),
        State.WAITING: tr("Saved here; the service gets it as soon as it answers."),
        State.LEAVING: tr("Deleted here; the service is told as soon as it answers."),
        State.MISSING: tr("The last list of the service lacked it; nothing is done yet."),
        State.NOT_FOUND: tr("It was sent, but no list shows it. Look and add again?"),
        State.REFUSED: tr("The service did not take it."),
        State.ALREADY_THERE: tr("Another entry says the same."),
        State.CONFLICT: tr("Somebody else changed it, too: decide in the conflict list."),
    }[state]
    return " ".join(filter(None, (said, words.plain(service_said.replace("\n", ". ")))))


def name_of(content: Content | None) -> str:
    return words.plain(content.name) if content is not None else ""


def numbers_of(content: Content | None) -> str:
    """``640 3231, 5123 4567``"""
    if content is None:
        return ""
    keys = (content.number1, content.number2)
    return ", ".join(words.number(key) for key in keys if key)


def summary(content: Content | None) -> str:
    """Name and numbers in a line; ``deleted`` for nothing."""
    if content is None:
        return tr("deleted")
    return f"{name_of(content)} · {numbers_of(content)}"
