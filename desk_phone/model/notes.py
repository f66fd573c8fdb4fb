"""What a person wrote down about a call or about somebody, and what of it is never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.folding import fold, layouts

NOTE_AT_MOST = 4000  # characters that a person may type
KEPT_AT_MOST = 4 * NOTE_AT_MOST  # notes that became one when their calls did are longer
VERSIONS_KEPT = 10
SOUGHT_AT_LEAST = 2  # letters


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` is empty where a note was taken away; moments are aware."""

    text: str
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was a note's until something else took its place; ``written`` is when it came."""

    text: str
    written: datetime


def line_with(note: str, sought: str) -> str:
    """The line by which a note was found, in any spelling; empty where it was not, and for a
    single letter, which is in every note."""
    if len(sought.strip()) < SOUGHT_AT_LEAST:
        return ""
    folded = fold(note)
    for spelt in (sought, *layouts(sought)):
        terms = fold(spelt).split()
        if terms and all(term in folded for term in terms):
            found = max(note.splitlines(), key=lambda line: sum(t in fold(line) for t in terms))
            return found.strip()
    return ""


def tidy(text: str) -> str:
    """A note as it is kept: lines end alike, and every character can be written down."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return lines.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def joined(older: str, newer: str) -> str:
    """Two notes as one, when their two calls turned out to be one; nothing is said twice."""
    if not older.strip() or _holds(newer, older):
        return newer
    return older if not newer.strip() or _holds(older, newer) else f"{older}\n{newer}"


def kept(versions: Sequence[Version], now: str) -> tuple[Version, ...]:
    """Which of the texts before ``now`` are worth keeping, oldest first, at most ten.

    An editor that saves at each pause leaves a trail of half words. A text goes that is still
    there in a later one, perhaps with more in between, for nothing of it is lost; of what is left
    beyond ten that goes which stood for the shortest time, but never the latest.
    """
    later, found = [now], list[Version]()
    for version in reversed(versions):
        if version.text.strip() and not any(_holds(text, version.text) for text in later):
            found.append(version)
            later.append(version.text)
    found.reverse()
    while len(found) > VERSIONS_KEPT:
        del found[min(range(len(found) - 1), key=lambda n: found[n + 1].written - found[n].written)]
    return tuple(found)


def _holds(text: str, part: str) -> bool:
    """Whether ``part`` is in ``text``, whole or with something put in at one place."""
    if part in text:
        return True
    same = next((n for n, (a, b) in enumerate(zip(part, text, strict=False)) if a != b), len(part))
    return len(part) <= len(text) and text.endswith(part[same:])
