"""Links as hostile pages write them, and what must hold whatever they say."""

from __future__ import annotations

import random
from collections.abc import Iterator

from desk_phone.errors import BadInput
from desk_phone.model.clipping import HotkeyMode, wish
from desk_phone.model.dialing import Source, Verdict, decide
from desk_phone.model.numbers import is_e164
from desk_phone.model.reading import read
from desk_phone.options import HelpWanted, Options
from desk_phone.options import read as read_words

OWN, COLLEAGUES = "+3726401234", frozenset({"+3726403231"})
_BEGINNINGS = (
    *("tel:", "TEL:", "callto:", "callto://", "sip:", "sips:", "tel://", "tel:%2B", "file:///", ""),
    *("javascript:", "tel:;", "tel:tel:", "http://", "--", "-h", "--password-stdin", "\x00tel:"),
)
_PIECES = (
    *("+372", "640", "3231", "51234567", "112", "900", "1182", "00", "8", "(495)", "+", "*", "#"),
    *("%2A", "%23", "%00", "%0A", "%0d%0a", "%E2%80%AE", "%C3%95", "%", "%zz", ",", ";ext=", ";"),
    *("?", "&body=", ";phone-context=+372", "@sip.example", "x", "Õ", "\u202e", "\u0661", "\uff11"),
    *(" ", "\n", "\t", "-", ".", "/", "//", "..", "'", '"', "`id`", "$(id)", "|", "<img src=x>"),
    *("%s%n", "{0}", "\ud800", "9" * 20, "A" * 300, "\u200b", "\xad", "--yes", "--even-costly"),
)


def links(seed: int, count: int) -> Iterator[str]:
    rng = random.Random(seed)
    for _ in range(count):
        pieces = rng.choices(_PIECES, k=rng.randint(0, 7))
        yield rng.choice(_BEGINNINGS) + "".join(pieces)


def play(seed: int, count: int) -> list[str]:
    """All that is wrong with so many links. The command's words are slow to read: some links only
    are tried as such."""
    return [
        fault
        for number, link in enumerate(links(seed, count))
        for fault in (*faults(link), *(() if number % 20 else _as_words(link)))
    ]


def faults(link: str) -> Iterator[str]:
    """What is wrong with how one link is taken; nothing, as it should be."""
    reading = read(link)
    for source in (Source.LINK, Source.CLIPBOARD, Source.COMMAND):
        verdict = decide(reading, source, OWN, COLLEAGUES).verdict
        if verdict is Verdict.DIAL:
            yield f"{link!r} dials by itself from a {source}"
        if verdict is Verdict.ASK and not _can_be_dialled(reading.key):
            yield f"{link!r} asks for {reading.key!r}"
    for each in wish([link], HotkeyMode.ASK, OWN, COLLEAGUES).numbers:
        if not _can_be_dialled(each.key):
            yield f"{link!r} holds {each.key!r}"


def _as_words(link: str) -> Iterator[str]:
    """A link is one word after ``--``: whatever is in it, it is nothing but the link."""
    try:
        given = read_words(("open", "--", link))
    except BadInput:
        return
    except HelpWanted:
        yield f"{link!r} is taken for an option"
        return
    if given != Options(command="open", uri=link):
        yield f"{link!r} is taken for {given}"


def _can_be_dialled(key: str) -> bool:
    return is_e164(key) or (key.isascii() and key.isdigit() and 3 <= len(key) <= 15)
