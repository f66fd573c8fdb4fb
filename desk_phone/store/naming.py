"""What the phonebook, others' contacts and the company call a number.

Writes belong to the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from desk_phone.model.calls import NameSource

BESIDE = " / "  # between the names of entries that have the same number
_SHOWN_AT_MOST = 3
_ENTRY = (
    "SELECT value, contacts.id AS entry, name,"
    " CASE WHEN pretty <> '' AND pretty_for = name THEN pretty ELSE name END"
    " FROM json_each(?1) JOIN contacts ON {number} = value"
    " WHERE gone_at IS NULL AND NOT want_deleted AND {number} <> ''"
)
_ENTRIES = (
    f"{_ENTRY.format(number='number1')} UNION ALL {_ENTRY.format(number='number2')} ORDER BY entry"
)
_OUTSIDE = (
    "SELECT value, source, label, name FROM json_each(?) JOIN outside_numbers ON number = value"
    " JOIN sources ON sources.id = source ORDER BY source, name"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A name to show and where it is from; ``label`` as in `Call.name_label`."""

    name: str = ""
    source: NameSource = NameSource.NONE
    label: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """``entries``: the names of the entries with the number, in the persons' own spelling, each
    once, the oldest entry first; ``outside`` the names that the first source of others' contacts
    gives it, and ``label`` what that source is called; ``spellings`` are all of those and the
    wire's. ``line``: the number is
    the company's own, with its display name where we know it."""

    entries: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    is_line: bool = False
    line: str = ""
    outside: tuple[str, ...] = ()
    label: str = ""

    @property
    def is_ours(self) -> bool:
        """The phonebook or the company knows the number: it is listed without any call."""
        return bool(self.entries) or self.is_line

    def shown(self, name: str = "", source: NameSource = NameSource.NONE) -> Shown:
        """The name to show, where the calls say ``name``: the phonebook's comes first, then others'
        contacts; the display name of a line last, for the line may have another by now."""
        if self.entries:
            return Shown(_beside(self.entries), NameSource.PHONEBOOK)
        if self.outside:
            return Shown(_beside(self.outside), NameSource.ELSEWHERE, self.label)
        if self.line and not name:
            return Shown(self.line, NameSource.COMPANY)
        return Shown(name, source)


NOBODY = Named()


def _beside(names: tuple[str, ...]) -> str:
    return BESIDE.join(names[:_SHOWN_AT_MOST]) + ("…" if len(names) > _SHOWN_AT_MOST else "")


class Naming:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, others: Iterable[str]) -> dict[str, Named]:
        """Those of the numbers that have a name here or are the company's."""
        wanted = json.dumps(sorted(set(others)))
        shown: defaultdict[str, list[str]] = defaultdict(list)
        spelt: defaultdict[str, list[str]] = defaultdict(list)
        for other, _, wire, pretty in self._db.execute(_ENTRIES, (wanted,)):
            shown[other].append(pretty)
            spelt[other] += (pretty, wire)
        found = self._db.execute(
            "SELECT number, name FROM lines WHERE number IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        lines = dict(found.fetchall())
        outside, labels = self._outside(wanted, spelt)
        return {
            other: Named(
                tuple(dict.fromkeys(shown[other])),
                tuple(dict.fromkeys(spelt[other])),
                other in lines,
                lines.get(other, ""),
                tuple(dict.fromkeys(outside[other])),
                labels.get(other, ""),
            )
            for other in {*shown, *lines, *labels}
        }

    def _outside(
        self, wanted: str, spelt: defaultdict[str, list[str]]
    ) -> tuple[defaultdict[str, list[str]], dict[str, str]]:
        """Names of the first source that has any, and its label; ``spelt`` gets all of them."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        first: dict[str, int] = {}
        labels: dict[str, str] = {}
        for other, source, label, name in self._db.execute(_OUTSIDE, (wanted,)):
            if first.setdefault(other, source) == source:
                names[other].append(name)
                labels[other] = label
            spelt[other].append(name)
        return names, labels

    # numbers whose entries changed

    def due(self, at_most: int) -> list[str]:
        """Numbers whose names may be others than the people's."""
        found = self._db.execute("SELECT other FROM names_due LIMIT ?", (at_most,))
        return [other for (other,) in found]

    def settled(self, others: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM names_due WHERE other = ?", ((o,) for o in others))

    # the company's lines

    def keep_lines(self, numbers: Iterable[str]) -> set[str]:
        """These and no others are the company's; gives those that came or went."""
        now = set(numbers) - {""}
        before = {number for (number,) in self._db.execute("SELECT number FROM lines")}
        self._db.executemany("DELETE FROM lines WHERE number = ?", ((n,) for n in before - now))
        self._db.executemany("INSERT INTO lines VALUES (?, '')", ((n,) for n in now - before))
        return now ^ before

    def call_line(self, number: str, name: str) -> None:
        self._db.execute(
            "INSERT INTO lines VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET name = ?2",
            (number, name),
        )
