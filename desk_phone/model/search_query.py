"""What a person typed into the search, read as all that it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk_phone.model.folding import fold, layouts, sound
from desk_phone.model.numbers import HOME_CODE
from desk_phone.model.reading import normalise
from desk_phone.model.search_text import (
    ABROAD,
    HOME,
    NAME,
    NAME_END,
    NUMBER_END,
    OTHER,
    SOUND,
    Rank,
    as_keys,
    initials,
)
from desk_phone.model.text import AT_MOST

WORDS_AT_MOST = 8
_INITIALS_AT_MOST = 5
_WHOLE_AT_LEAST = 3  # letters or digits: shorter ones begin or end too many
_NUMBERLIKE = re.compile(r"\+?[0-9()./-]*[0-9][0-9()./-]*")
_NOT_DIGIT = re.compile("[^0-9]")


@dataclass(frozen=True, slots=True)
class Way:
    """A text to look for in a line, and how well that would answer."""

    rank: Rank
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or a number with its spaces. ``digits`` is empty for a word."""

    ways: tuple[Way, ...]
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Every part must be in a line; ``whole`` are the texts that are the whole of it."""

    parts: tuple[Part, ...] = ()
    whole: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Lines that hold one of the texts of each part answer with ``rank``."""

    rank: Rank
    parts: tuple[tuple[str, ...], ...]


def ask(text: str) -> Query:
    """The meanings of ``text``; no parts when there is nothing to look for."""
    words = _words(text[:AT_MOST])[:WORDS_AT_MOST]
    parts = [_number(word) if _is_number(word) else _word(word) for word in words]
    telling = [part for part in parts if any(way.rank < Rank.LAYOUT for way in part.ways)]
    # A lone comma is a letter of another keyboard; between words it is a comma.
    found = telling or [part for part in parts if part.ways]
    name = fold(" ".join(words))
    whole = [f"{NAME_END}{NAME}{name}{NAME_END}"] if len(name) >= _WHOLE_AT_LEAST else []
    if len(words) == 1 and len(words[0]) >= _WHOLE_AT_LEAST and _is_number(words[0]):
        whole += [start + NUMBER_END for start in _number_starts(normalise(words[0]))]
    return Query(tuple(found), tuple(whole) if found else ())


def steps(query: Query) -> Iterator[Step]:
    """From the best rank to the worst; lines found by one step may be found by a later one."""
    if query.whole:
        yield Step(Rank.EXACT, (query.whole,))
    alone = len(query.parts) == 1
    ranks = {way.rank for part in query.parts for way in part.ways}
    for rank in sorted(ranks):
        # Of a single part the better ways were taken by the steps before.
        parts = [
            tuple(w.text for w in part.ways if w.rank == rank or (w.rank < rank and not alone))
            for part in query.parts
        ]
        if all(parts):
            yield Step(rank, tuple(parts))


def _is_number(word: str) -> bool:
    return _NUMBERLIKE.fullmatch(normalise(word).replace(" ", "")) is not None


def _words(text: str) -> list[str]:
    """Words between spaces; what may be one number stays together."""
    words: list[str] = []
    number = False
    for word in text.split():
        goes_on = number and not word.startswith("+")
        number = _is_number(word)
        if number and goes_on:
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _word(word: str) -> Part:
    folded = fold(word)
    ways = _spelt(folded) if folded else []
    for other in layouts(word):
        typed = fold(other)
        if typed:
            ways += [Way(Rank.LAYOUT, way.text) for way in _starts(typed)]
    return Part(tuple(ways))


def _spelt(folded: str) -> list[Way]:
    ways = _starts(folded)
    if 1 < len(folded) <= _INITIALS_AT_MOST and folded.isalpha():
        ways.append(Way(Rank.INITIALS, initials(folded)))
    if len(folded) > 1 or not folded.isascii():  # one letter is in every name
        heard = sound(folded)
        texts = dict.fromkeys((folded, heard, heard.replace(" ", SOUND)))
        ways += [Way(Rank.FRAGMENT, text) for text in texts if len(text) > 1 or text == folded]
    return ways


def _starts(folded: str) -> list[Way]:
    ways = [Way(Rank.START, NAME + folded)]
    if len(folded) > 1 and len(set(folded)) == 1:
        return ways  # one letter again and again would sound like every word that begins with it
    heard = sound(folded)
    ways.append(Way(Rank.SOUND, SOUND + heard.replace(" ", SOUND)))
    if heard != folded:
        ways.append(Way(Rank.SOUND, NAME + heard))
    return ways


def _number(word: str) -> Part:
    plain = normalise(word)
    digits = _NOT_DIGIT.sub("", plain)
    name = fold(word)
    ways = [Way(Rank.START, start) for start in (*_number_starts(plain), NAME + name)]
    if len(digits) > 1:
        ways += [Way(Rank.FRAGMENT, text) for text in dict.fromkeys((digits, name))]
        if not plain.startswith("+"):
            ways.append(Way(Rank.KEYS, as_keys(NAME + fold(plain))))
    return Part(tuple(ways), digits)


def _number_starts(word: str) -> list[str]:
    """How numbers begin that begin with these digits, in whatever form they were typed."""
    digits = _NOT_DIGIT.sub("", word)
    if word.startswith("+"):
        return _world_starts(digits)
    starts = [HOME + digits, OTHER + digits]
    if len(digits) > len(HOME_CODE) or not HOME_CODE.startswith(digits):
        starts += _world_starts(digits)
    if digits.startswith("00"):
        starts += _world_starts(digits[2:])
    elif digits.startswith("0") and len(digits) > 1:  # 040 ..., as Finns write
        starts.append(f"{ABROAD}358{digits[1:]}")
    elif digits.startswith("8") and len(digits) > 1:  # 8 495 ..., as Russians do
        starts.append(f"{ABROAD}7{digits[1:]}")
    return starts


def _world_starts(digits: str) -> list[str]:
    home = digits.removeprefix(HOME_CODE)
    if home != digits:
        return [HOME + home]
    return [ABROAD + digits, *([HOME] if HOME_CODE.startswith(digits) else [])]
