"""How an item of the search is spelt out in one line, and what can be asked of such a line.

A line of ``Kristiina Õunapuu``, +372 640 3231 reads
``| kristiina ounapuu|~kristina~ounapu|KO|¹54784…¹68627…|'6403231;``: each name folded, its sound
where that differs, its initials in capitals, its letters as phone keys, its numbers. Every kind has
marks of its own, so that one ``find`` tells the start of a name from the start of a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from desk_phone.model.folding import fold, sound, t9
from desk_phone.model.numbers import HOME_CODE

_KEYS_TOLD = 6  # letters of a word of phone keys whose threes count: only its start is looked for
# What a word begins with, by its kind; a name and a number also end with a mark of their own.
NAME, SOUND, KEYS = " ", "~", "\x1f"
NAME_END, NUMBER_END, LINE_END = "|", ";", "\n"
HOME, ABROAD, OTHER = "'", "+", "="

_MARKS = f"{NAME}{SOUND}{KEYS}{NAME_END}{NUMBER_END}{LINE_END}"
_NUMBER = re.compile(f"[{HOME}{ABROAD}{OTHER}][0-9]*{NUMBER_END}?")
_WORD = re.compile(
    f"(?:[{NAME}{SOUND}{KEYS}]|(?<![{HOME}{ABROAD}{OTHER}0-9]))"
    f"[^{HOME}{ABROAD}{OTHER}{_MARKS}][^{_MARKS}]*{re.escape(NAME_END)}?"
)
_NOT_DIGIT = re.compile("[^0-9]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CYRILLIC_KEYS = str.maketrans(
    {
        letter: group[0]
        for group in ("2абвгґ", "3дежзёє", "4ийклії", "5мноп", "6рстуў", "7фхцч", "8шщъы", "9ьэюя")
        for letter in group[1:]
    }
)
_KEY_MARKS = str.maketrans({str(d): chr(0x10 + d) for d in range(10)})  # no digits of a number
_NO_KEY = re.compile("[^0-9 ]")


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
        parts.append(keys(t9(name)))
    parts += [keys(_cyrillic_keys(name)) for name in item.names if _CYRILLIC.search(name)]
    numbers = "".join([number_mark(key) + NUMBER_END for key in item.numbers if key])
    return f"{NAME_END}{NAME_END.join(parts)}{NAME_END}{numbers}"


def initials(words: Iterable[str]) -> str:
    """In capitals, which folded text never has."""
    return "".join([word[0] for word in words]).upper()


def keys(digits: str) -> str:
    """Words of phone keys, each begun with its mark; other signs are left out."""
    if not digits.isascii() or not digits.replace(" ", "").isdigit():
        digits = _NO_KEY.sub("", digits)
    words = digits.translate(_KEY_MARKS).split()
    return KEYS + KEYS.join(words) if words else ""


def _cyrillic_keys(name: str) -> str:
    letters = unicodedata.normalize("NFC", name).lower()
    return _NOT_A_WORD.sub(" ", letters).translate(_CYRILLIC_KEYS)


def number_mark(key: str) -> str:
    """A canonical number with the mark of its kind: ``'6403231``, ``+358401234567``, ``=123``."""
    digits = _NOT_DIGIT.sub("", key)
    if not key.startswith("+"):
        return OTHER + digits
    home = digits.removeprefix(HOME_CODE)
    return (ABROAD if home == digits else HOME) + home


def threes(text: str) -> set[str]:
    """Every three letters that stand together in a word or number of ``text``; shorter ones whole.

    For a text that may be found in a line, these are among the threes of that line.
    """
    found = set().union(*map(_threes, set(_WORD.findall(text))))
    for number in _NUMBER.findall(text):
        found.update([number[at : at + 3] for at in range(max(len(number) - 2, 1))])
    return found


@lru_cache(maxsize=4096)  # first names come again and again
def _threes(word: str) -> tuple[str, ...]:
    if word[0] == KEYS:
        word = word[:_KEYS_TOLD]
    return tuple([word[at : at + 3] for at in range(max(len(word) - 2, 1))])
