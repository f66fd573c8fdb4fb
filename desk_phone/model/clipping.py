"""What a text that was copied or selected somewhere is meant for, once the hotkey is pressed."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from desk_phone.model.dialing import Source, Verdict, Why, decide
from desk_phone.model.finding import find
from desk_phone.model.reading import Kind, Reading

CHOICES_AT_MOST = 9  # a key each
_REGISTRY_DIGITS = 8


class HotkeyMode(StrEnum):
    ASK = "ask"
    AT_ONCE = "at once"  # exactly one ordinary Estonian number is dialled without a question
    PALETTE = "palette"


class Meaning(StrEnum):
    NOTHING = "nothing"  # there is no number in it
    ASK = "ask"
    DIAL = "dial"
    CHOOSE = "choose"
    PALETTE = "palette"


@dataclass(frozen=True, slots=True)
class Wish:
    """``text`` is what the numbers were found in, or what there was; ``more`` numbers than
    `CHOICES_AT_MOST` were left out."""

    meaning: Meaning
    text: str = ""
    numbers: tuple[Reading, ...] = ()
    more: int = 0


def wish(texts: Iterable[str], mode: HotkeyMode, own: str, colleagues: AbstractSet[str]) -> Wish:
    """Of the first text that has a number in it."""
    first = ""
    for text in texts:
        first = first or text
        numbers = tuple(each for each in find(text) if not _is_registry_code(each))
        if numbers:
            return _of(text, numbers, mode, own, colleagues)
    meaning = Meaning.PALETTE if mode is HotkeyMode.PALETTE else Meaning.NOTHING
    return Wish(meaning, first)


def _of(
    text: str,
    numbers: tuple[Reading, ...],
    mode: HotkeyMode,
    own: str,
    colleagues: AbstractSet[str],
) -> Wish:
    if mode is HotkeyMode.PALETTE:
        return Wish(Meaning.PALETTE, text, numbers)
    if len(numbers) > 1:
        more = max(0, len(numbers) - CHOICES_AT_MOST)
        return Wish(Meaning.CHOOSE, text, numbers[:CHOICES_AT_MOST], more)
    decision = decide(numbers[0], Source.HOTKEY, own, colleagues)
    ordinary = decision.verdict is Verdict.DIAL and decision.why is Why.ORDINARY
    at_once = mode is HotkeyMode.AT_ONCE and ordinary
    return Wish(Meaning.DIAL if at_once else Meaning.ASK, text, numbers)


def _is_registry_code(reading: Reading) -> bool:
    """An Estonian company's code: eight digits that no numbering plan has, the last a check digit.

    Weights 1 to 7, by a remainder of 10 once more with 3 to 9 (the e-Business Register's rule).
    """
    digits = reading.text
    if reading.kind is not Kind.UNPLANNED or len(digits) != _REGISTRY_DIGITS:
        return False
    if not (digits.isascii() and digits.isdigit()):
        return False
    *front, check = map(int, digits)
    for first in (1, 3):
        rest = sum(weight * digit for weight, digit in enumerate(front, first)) % 11
        if rest < 10:
            return rest == check
    return check == 0
