"""What a person types into an entry of the phonebook, made fit to be sent. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass

from desk_phone.app.dial import why_unreadable
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.entries import Content
from desk_phone.model.names import Problem, Remark, problems, wire_name
from desk_phone.model.numbers import from_service, shown, wire_other
from desk_phone.model.reading import Problem as Unreadable
from desk_phone.model.reading import read
from desk_phone.model.text import AT_MOST, clean

_DIGITS = range(3, 16)  # of a number that is in no plan, as the service itself has some


@dataclass(frozen=True, slots=True)
class Typed:
    """``name`` in the person's own spelling; ``wire`` how the phones shall show it, empty: as
    `preview` proposes. Numbers in any form; empty: none."""

    name: str
    number1: str
    number2: str = ""
    wire: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a name may be spelled for the phones. ``remarks``: each letter they cannot show, and what
    stands for it; ``lost`` are those for which nothing does. ``problems``: why none can be sent."""

    wire: str
    remarks: tuple[Remark, ...] = ()
    lost: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the phones will show something else than the person wrote."""
        return bool(self.remarks)


def preview(name: str) -> Proposal:
    """What the phones would show, while a person types."""
    wire = wire_name(name)
    found = problems(wire.text)
    if _too_long(name) and Problem.TOO_LONG not in found:
        found = (*found, Problem.TOO_LONG)
    return Proposal(wire.text, wire.remarks, wire.lost, found)


def spelling_of(typed: Typed) -> str:
    """The person's own spelling, as it is kept; raises BadInput for one that is too long."""
    if _too_long(typed.name):
        raise BadInput(
            tr("This name is too long"), tr("At most %(most)d letters.") % {"most": AT_MOST}
        )
    return clean(typed.name) or clean(typed.wire)


def content_of(typed: Typed, before: Content | None = None) -> Content:
    """What the service shall have; ``before`` is what the entry says: its numbers are taken as they
    are, however odd. Raises BadInput for a number that is none."""
    wire = " ".join(typed.wire.split()) or wire_name(typed.name).text
    known = () if before is None else tuple(filter(None, (before.number1, before.number2)))
    numbers = (key_of(text, known) for text in (typed.number1, typed.number2))
    return Content(wire, *numbers)


def key_of(text: str, known: tuple[str, ...] = ()) -> str:
    """The canonical number that is meant, empty for no text; raises BadInput."""
    text = text.strip()
    if not text:
        return ""
    for key in known:
        if text in (key, shown(key), wire_other(key)):
            return key
    reading = read(text)
    if reading.extension:
        raise _no_number(text, tr("Leave out the extension: the phonebook has no place for it."))
    if reading.key:
        return reading.key
    digits = from_service(text) if reading.problem is Unreadable.NO_PLAN else ""
    if digits.isdigit() and len(digits) in _DIGITS:
        return digits
    raise _no_number(text, why_unreadable(reading.problem))


def _no_number(text: str, why: str) -> BadInput:
    return BadInput(tr("%(text)s is no phone number") % {"text": clean(text)[:40] or "?"}, why)


def _too_long(name: str) -> bool:
    return len(" ".join(name.split())) > AT_MOST
