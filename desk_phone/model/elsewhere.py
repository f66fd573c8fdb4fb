"""Contacts that other programs keep: who they are, and whether to believe a list that shrank."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

PEOPLE_AT_MOST = 200_000  # of one source
CONFIRMED_AFTER = timedelta(hours=24)  # that a list stays as short as it suddenly became
_SMALL = 10  # people; below that nobody can tell a loss from a decision


class SourceKind(StrEnum):
    FILE = "file"  # CSV or vCard on this computer or a share
    WEB = "web"  # an address of a CSV or vCard
    CARDDAV = "carddav"  # an address book (RFC 6352)
    LDAP = "ldap"  # a directory (RFC 4511), its address as RFC 4516 has it


@dataclass(frozen=True, slots=True)
class Source:
    """``label`` is what a person calls it; ``user`` is empty where nobody logs in. ``key`` names
    its password in the keyring and says nothing by itself."""

    id: int
    kind: SourceKind
    address: str
    label: str
    user: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody as a source has them.

    ``numbers`` are canonical, each once, and at least one; ``number_texts`` are the same as the
    source writes them. ``id`` is theirs within the source for as long as they stay what they are.
    """

    name: str
    numbers: tuple[str, ...]
    number_texts: tuple[str, ...]
    company: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        said = "\0".join((self.name, self.company, *self.numbers))
        digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]
        object.__setattr__(self, "id", digest)


@dataclass(frozen=True, slots=True)
class Listing:
    """All people of a source as one reading of it found them, each once.

    ``left_out`` counts what had to be left out: numbers that are none, people without a number,
    broken cards. ``mark`` is what tells at the next look that nothing changed; empty: nothing does.
    """

    people: tuple[Outsider, ...]
    left_out: int = 0
    mark: str = ""

    @property
    def digest(self) -> str:
        return digest_of(person.id for person in self.people)


@dataclass(frozen=True, slots=True)
class SourceState:
    """``entries`` people are known from ``read_at``, the last good reading; None: there was none.
    ``trouble`` says why the last look failed, empty where it did not."""

    source: Source
    entries: int = 0
    left_out: int = 0
    read_at: datetime | None = None
    trouble: str = ""


def digest_of(ids: Iterable[str]) -> str:
    """The same for the same people in any order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def shrank(before: int, now: int) -> bool:
    """Whether a list lost so many that something may be wrong with it: all, or more than half.

    A person who emptied a source on purpose removes it; what is merely short is believed once it
    stays so (`CONFIRMED_AFTER`).
    """
    return before > 0 and (now == 0 or (before >= _SMALL and now * 2 < before))
