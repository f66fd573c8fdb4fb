"""What must be so of a desk after a drill, whatever killed it: nothing lost, nothing done twice."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from desk_phone.model.numbers import from_service
from desk_phone.paths import Paths
from desk_phone.store.phonebook import ContactBook
from tests.property.drill_company import Watched
from tests.property.drill_desk import Life

_FILES = {
    *("desk-phone.sqlite3", "desk-phone.sqlite3-wal", "desk-phone.sqlite3-shm"),
    *("settings.json", "settings.new", "instance.lock", "logs", "backups", "hand-over.sock"),
}
_BACKUPS_AT_MOST = 11


@dataclass(frozen=True, slots=True)
class Note:
    """A line of a journal."""

    what: str
    words: tuple[Any, ...]


@dataclass
class Checks:
    life: Life
    notes: list[Note]
    company: Watched
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._db = sqlite3.connect(Paths(self.life.folder).database)
        self._book = ContactBook(self._db)

    def close(self) -> None:
        self._db.close()

    def wrong(self) -> Iterator[str]:
        yield from self._house()
        yield from self._calls()
        yield from self._told()
        yield from self._dials()
        yield from self._written()
        yield from self._edits()
        yield from self._phonebook()

    def _of(self, *what: str) -> list[tuple[Any, ...]]:
        return [note.words for note in self.notes if note.what in what]

    def _house(self) -> Iterator[str]:
        for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            if (found := self._db.execute(f"PRAGMA {pragma}").fetchall()) != good:
                yield f"{pragma}: {found[:3]}"
        root = Paths(self.life.folder)
        if odd := {file.name for file in root.root.iterdir()} - _FILES:
            yield f"orphan files: {sorted(odd)}"
        copies = [file.name for file in root.backups.iterdir()]
        self.counted["copies of the database"] += len(copies)
        if left := [name for name in copies if not name.endswith(".sqlite3")]:
            yield f"orphan files: {left}"
        if len(copies) > _BACKUPS_AT_MOST:
            yield f"{len(copies)} copies of the database"
        for name in copies:
            if name.endswith(".sqlite3"):
                with closing(sqlite3.connect(root.backups / name)) as copy:
                    if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                        yield f"the copy {name} is damaged"
        self.counted["lives"] += len(self._of("born"))

    def _calls(self) -> Iterator[str]:
        """Every call that came is there, once."""
        rang = self.company.rang[self.life.own[1:]]
        listed = Counter(
            other
            for (other,) in self._db.execute(
                "SELECT other FROM calls WHERE direction = 'incoming' AND hidden = 0"
            )
        )
        want = Counter({from_service(other): count for other, count in rang.items()})
        self.counted["calls"] += want.total()
        if lost := want - listed:
            yield f"{lost.total()} calls lost: {sorted(lost)[:3]}"
        if more := listed - want:
            yield f"{more.total()} calls twice: {sorted(more)[:3]}"

    def _told(self) -> Iterator[str]:
        """Each missed call at most once, and each ring."""
        for what in ("told", "rang"):
            told = Counter(call for (calls,) in self._of(what) for call in calls)
            self.counted[what] += len(told)
            if twice := [call for call, count in told.items() if count > 1]:
                yield f"{what} twice: {twice[:5]}"

    def _dials(self) -> Iterator[str]:
        made = self.company.dialled_ever
        self.counted["dials"] += len(self._of("dials"))
        for number, _ in self._of("dialled"):
            if made[number] != 1:
                yield f"{number} was dialled {made[number]} times"
        for number, _ in self._of("dials", "dialled?"):
            if made[number] > 1:
                yield f"{number} was dialled {made[number]} times"
        for number, _ in self._of("not dialled"):
            if made[number]:
                yield f"{number} was dialled, and said not to be"
        yield from self._dials_listed()

    def _dials_listed(self) -> Iterator[str]:
        """Once each; one that was dialled by a clock that was wrong may be two."""
        listed = Counter(
            other
            for (other,) in self._db.execute("SELECT other FROM calls WHERE direction = 'outgoing'")
        )
        for number, clock_was_wrong in self._of("dials"):
            count = listed[from_service(number)]
            if self.company.dialled_ever[number] and not count:
                yield f"{number} was dialled, and is not listed"
            if count > 1 + clock_was_wrong:
                yield f"{number} is listed {count} times"
        refused = {number for number, _ in self._of("not dialled")}
        refused -= {number for number, _ in self._of("dialled", "dialled?")}
        if more := [number for number in refused if listed[from_service(number)]]:
            yield f"not dialled, and listed: {more[:3]}"

    def _written(self) -> Iterator[str]:
        texts = "\n".join(text for (text,) in self._db.execute("SELECT text FROM notes"))
        noted = [text for (text,) in self._of("noted")]
        self.counted["notes"] += len(noted)
        if lost := [text for text in noted if text not in texts]:
            yield f"{len(lost)} notes lost: {lost[:3]}"

    def _edits(self) -> Iterator[str]:
        """The last text of every act was on the service's list, waits here, or is asked about."""
        last = self._last_texts()
        self.counted["edits"] += len(self._of("kept"))
        here = {c.wanted.name for c in self._book.contacts() if c.wanted is not None}
        here |= {c.shown.name for c in self._book.trash() if c.shown is not None}
        asked = {c.ours.name for c in self._book.conflicts() if c.ours is not None}
        known = here | asked | self.company.shown
        if lost := [name for name in last.values() if name not in known]:
            yield f"{len(lost)} edits lost: {lost[:3]}"
        self.counted["edits that wait"] += len(here)
        self.counted["conflicts"] += len(asked)

    def _last_texts(self) -> dict[int, str]:
        """By entry; without those of which an act followed that was killed before its end was
        noted."""
        last: dict[int, str] = {}
        for note in self.notes:
            if note.what == "kept":
                last[note.words[0]] = note.words[1]
            elif note.what == "wants":
                last.pop(note.words[1], None)
            elif note.what == "deletes":
                last.pop(note.words[0], None)
        return last

    def _phonebook(self) -> Iterator[str]:
        """Nothing was added twice, and nothing deleted or written that nobody here wanted."""
        ours = f"D{self.life.number} "
        mine = {name: n for name, n in self.company.added.items() if name.startswith(ours)}
        self.counted["entries added"] += len(mine)
        if twice := [name for name, count in mine.items() if count > 1]:
            yield f"added twice: {twice[:3]}"
        wanted = {name for name, _ in self._of("wants")}
        if odd := {name for name in self.company.shown if name.startswith(ours)} - wanted:
            yield f"on the list, and wanted by nobody: {sorted(odd)[:3]}"
        gone = {name for name in self.company.deleted if name.startswith(ours)}
        if odd := gone - self._names_deleted(wanted):
            yield f"deleted by nobody: {sorted(odd)[:3]}"
        if portals := [name for name in self.company.deleted if name.startswith("Portal")]:
            yield f"the portal's were deleted: {portals[:3]}"

    def _names_deleted(self, wanted: set[str]) -> set[str]:
        """Those that an entry ever had here which somebody deleted; and those of acts that were
        killed before it was noted whose they were."""
        ids = {contact for contact, _ in self._of("deletes")}
        kept = self._of("kept")
        never_noted = wanted - {name for _, name in kept}
        seen = {name for _, name in self._of("deletes")}
        return seen | never_noted | {name for contact, name in kept if contact in ids}
