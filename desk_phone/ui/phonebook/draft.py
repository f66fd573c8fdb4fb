"""An entry as a person types it, and what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from desk_phone.app.typed import Typed, key_of
from desk_phone.errors import BadInput
from desk_phone.i18n import ntr, tr
from desk_phone.model.entries import Content, listed_number
from desk_phone.model.finding import find
from desk_phone.model.names import Problem, WireName, odd_letters, problems, wire_name
from desk_phone.model.numbers import shown
from desk_phone.model.reading import read
from desk_phone.model.text import AT_MOST, clean
from desk_phone.ui import words

TYPED_AT_MOST = 256  # characters of a field: a long paste is told to be too long, not cut


class Field(StrEnum):
    NAME = "name"
    WIRE = "wire"
    NUMBER1 = "number1"
    NUMBER2 = "number2"


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts as typed. ``id`` 0: a new entry; ``seen`` is what the person began from.

    ``wire`` is empty while the spelling for the phones follows the name.
    """

    id: int = 0
    seen: Content | None = None
    name: str = ""
    wire: str = ""
    number1: str = ""
    number2: str = ""

    def text(self, field: Field) -> str:
        return str(getattr(self, field.value))

    @property
    def whole(self) -> Typed:
        """As the phonebook takes it."""
        return Typed(self.name, self.number1, self.number2, self.wire)

    def typed(self, field: Field, text: str) -> Draft:
        """With another text in a field; a spelling that the name gives by itself is none."""
        match field:
            case Field.NAME:
                changed = replace(self, name=text)
            case Field.WIRE:
                changed = replace(self, wire=text)
            case Field.NUMBER1:
                changed = replace(self, number1=text)
            case Field.NUMBER2:
                changed = replace(self, number2=text)
        if changed.wire and clean(changed.wire) == wire_name(changed.name).text:
            return replace(changed, wire="")
        return changed


@dataclass(frozen=True, slots=True)
class Checked:
    """``content`` is what would be sent; None while there are ``problems``, by their fields.

    ``hints`` say what the phones will show otherwise than it was typed.
    """

    content: Content | None
    problems: dict[Field, str]
    hints: dict[Field, str]


def draft_of(id_: int, name: str, seen: Content) -> Draft:
    """An entry as it is, to be edited; ``name`` is the person's own spelling."""
    wire = "" if seen.name == wire_name(name).text else seen.name
    return Draft(id_, seen, name, wire, shown(seen.number1), shown(seen.number2))


def wire_of(draft: Draft) -> str:
    """How the phones would spell it; may be unfit to be sent."""
    return clean(draft.wire) or wire_name(draft.name).text


def check(draft: Draft) -> Checked:
    found: dict[Field, str] = {}
    hints: dict[Field, str] = {}
    _check_name(draft, found, hints)
    keys = [_check_number(draft, field, found, hints) for field in (Field.NUMBER1, Field.NUMBER2)]
    if not any(keys) and not {Field.NUMBER1, Field.NUMBER2} & found.keys():
        found[Field.NUMBER1] = tr("An entry needs one number, or two.")
    if found:
        return Checked(None, found, hints)
    numbers = dict.fromkeys(listed_number(key) for key in keys if key)
    return Checked(Content(wire_of(draft), *numbers), found, hints)


def _check_name(draft: Draft, found: dict[Field, str], hints: dict[Field, str]) -> None:
    if not clean(draft.name):
        found[Field.NAME] = tr("An entry needs a name.")
        return
    if len(" ".join(draft.name.split())) > AT_MOST:
        found[Field.NAME] = _too_long()
        return
    if draft.wire:
        _check_wire(clean(draft.wire), found)
        return
    spelt = wire_name(draft.name)
    if not spelt.text:
        found[Field.NAME] = tr("The phones can show no letter of this name.")
    elif len(spelt.text) > AT_MOST:
        found[Field.NAME] = _too_long()
    elif hint := spelling_hint(spelt):
        hints[Field.NAME] = hint


def _check_wire(wire: str, found: dict[Field, str]) -> None:
    trouble = problems(wire)
    if Problem.LETTERS in trouble:
        found[Field.WIRE] = tr("The phones cannot show: %(letters)s") % {
            "letters": " ".join(odd_letters(wire)[:12])
        }
    elif Problem.TOO_LONG in trouble:
        found[Field.WIRE] = _too_long()
    elif trouble:
        found[Field.WIRE] = tr("The phones need a name.")


def spelling_hint(spelt: WireName) -> str:
    """``ž becomes zh``, and which letters no phone will show; empty where all stay."""
    became = [r for r in spelt.remarks if r.became]
    parts = []
    if became and len(became) <= 3:
        shown_so = [
            tr("%(letter)s becomes %(other)s") % {"letter": r.letter, "other": r.became}
            for r in became
        ]
        parts.append(", ".join(shown_so) + ".")
    elif became:
        parts.append(tr("Spelt in Latin letters for the phones."))
    if spelt.lost:
        lost = " ".join(dict.fromkeys(spelt.lost))[:40]
        parts.append(tr("Left out, no phone shows it: %(letters)s") % {"letters": lost})
    return " ".join(parts)


def _check_number(
    draft: Draft, field: Field, found: dict[Field, str], hints: dict[Field, str]
) -> str:
    """The canonical number; empty for none and for one that cannot be read."""
    text = draft.text(field).strip()
    if not text:
        return ""
    known = (draft.seen.number1, draft.seen.number2) if draft.seen else ()
    try:
        key = key_of(text, tuple(filter(None, known)))
    except BadInput as error:
        several = len(find(text))
        found[field] = _several(several) if several > 1 else error.message
        return ""
    if key not in known and read(text).assumed:
        hints[field] = tr("Taken for %(number)s") % {"number": words.number(key)}
    return key


def _several(count: int) -> str:
    told = ntr("There is %(n)d number here.", "There are %(n)d numbers here.", count)
    return f"{told} {tr('Put one in each field; an entry holds two. More need another entry.')}"


def _too_long() -> str:
    return tr("At most %(most)d letters.") % {"most": AT_MOST}
