"""How an item of the search is spelt out in one line, and what can be asked of such a line.

A line of ``Kristiina Õunapuu``, +372 640 3231 reads
``| kristiina ounapuu|~kristina~ounapu|KO|'6403231;``: each name folded, its sound where that
differs, its initials in capitals, a Cyrillic name as phone keys (Latin ones follow from its
letters), its numbers. Every kind has marks of its own, so that one ``find`` tells the start of a
name from the start of a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from string import ascii_lowercase, digits

from desk_phone.model.folding import fold, sound, t9
from desk_phone.model.numbers import HOME_CODE

# What a word begins with, by its kind; a name and a number also end with a mark of their own.
NAME, SOUND, KEYS = " ", "~", "\x1f"
NAME_END, NUMBER_END, LINE_END = "|", ";", "\n"
HOME, ABROAD, OTHER = "'", "+", "="

_HOME_START = "+" + HOME_CODE
_NO_NUMBER = re.compile("[^0-9+]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CYRILLIC_KEYS = str.maketrans(
    {
        letter: group[0]
        for group in ("2абвгґ", "3дежзёє", "4ийклії", "5мноп", "6рстуў", "7фхцч", "8шщъы", "9ьэюя")
        for letter in group[1:]
    }
)
# Other signs than the digits, so that a number is not found in a name.
_KEY_MARKS = str.maketrans(
    {NAME: KEYS}
    | {letter: chr(0x10 + int(t9(letter))) for letter in ascii_lowercase}
    | {digit: chr(0x10 + int(digit)) for digit in digits}
)
_ON_KEY = {
    chr(mark): "".join(chr(sign) for sign, other in _KEY_MARKS.items() if other == chr(mark))
    for mark in (ord(KEYS), *range(0x10, 0x1A))
}


class Rank(IntEnum):
    """How well an item answers; smaller is better."""

    EXACT = 0  # a whole name or number
    START = 1  # of a word or number
    SOUND = 2  # the start of a word in another spelling
    INITIALS = 3
    FRAGMENT = 4
    KEYS = 5  # letters typed as phone keys
    LAYOUT = 6  # typed with the wrong keyboard
    ANY = 7  # nothing was asked


@dataclass(frozen=True, slots=True)
class Item:
    """What can be found: ``names`` in as many spellings as there are, canonical ``numbers``.

    ``weight`` orders items that answer equally well, the greatest first: say, the time of the last
    call in seconds.
    """

    id: str
    names: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    weight: int = 0


def spelt_out(item: Item) -> str:
    """The line of ``item``, without its end."""
    folded = dict.fromkeys(filter(None, map(fold, item.names)))
    parts = []
    for name in folded:
        words = name.split(" ")
        heard = SOUND.join(map(sound, words))
        parts.append(NAME + name)
        if heard != name.replace(" ", SOUND):
            parts.append(SOUND + heard)
        if len(words) > 1:
            parts.append(initials(words))
    parts += [_cyrillic_keys(name) for name in item.names if _CYRILLIC.search(name)]
    numbers = "".join([number_mark(key) + NUMBER_END for key in item.numbers if key])
    return f"{NAME_END}{NAME_END.join(parts)}{NAME_END}{numbers}"


def initials(words: Iterable[str]) -> str:
    """In capitals, which folded text never has."""
    return "".join([word[0] for word in words]).upper()


def as_keys(text: str) -> str:
    """Folded letters and digits as the keys of a phone, each word begun with its mark."""
    return text.translate(_KEY_MARKS)


def on_keys(marks: str) -> list[str]:
    """What may be written with these marks of keys, and the marks themselves."""
    return [marks, *map("".join, product(*(_ON_KEY.get(mark, "") for mark in marks)))]


def _cyrillic_keys(name: str) -> str:
    letters = unicodedata.normalize("NFC", name).lower()
    return as_keys(NAME + _NOT_A_WORD.sub(NAME, letters).translate(_CYRILLIC_KEYS))


def number_mark(key: str) -> str:
    """A canonical number with the mark of its kind: ``'6403231``, ``+358401234567``, ``=123``."""
    if not key.removeprefix("+").isdigit():
        key = _NO_NUMBER.sub("", key)
    if not key.startswith("+"):
        return OTHER + key
    return HOME + key[len(_HOME_START) :] if key.startswith(_HOME_START) else key


def rows_of(text: str, sought: Iterable[str]) -> set[int]:
    """The lines of ``text`` that hold one of the texts sought."""
    rows = set()
    for one in sought:
        written = as_keys(text) if one[0] == KEYS else text
        at = written.find(one)
        while at >= 0:
            rows.add(written.count(LINE_END, 0, at))
            end = written.find(LINE_END, at)
            at = written.find(one, end) if end >= 0 else -1
    return rows


def rows_with(text: str, rows: Iterable[int], parts: Sequence[Sequence[str]]) -> set[int]:
    """Those of ``rows`` that hold one text of each part."""
    lines = text.split(LINE_END)
    return {row for row in rows if all(rows_of(lines[row], part) for part in parts)}


def threes(text: str) -> set[str]:
    """Every three signs that stand together in ``text``."""
    return set(map("".join, zip(text, text[1:], text[2:], strict=False)))
