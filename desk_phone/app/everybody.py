"""Everybody who can be found: the phonebook, the calls, the company's lines, others' contacts.

One index in memory answers whom a text means. What else is shown of them (the last call, the name
of now) is read from the database for the few that are shown: it is never kept twice, never old.

An entry of the phonebook is one item of the index with all its numbers; so is somebody of another
program's contacts. A number of the calls is an item of its own only while nobody has it, or while
its calls say a name that its owners don't have; what is shown then are its owners. So the same
number in the phonebook and in the calls is one result. Free of Qt.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from desk_phone.app.findable import (
    CALLED,
    OutsidePerson,
    Sort,
    Spellings,
    contact_of,
    entry_id,
    is_outside,
    number_id,
    of_caller,
    of_entry,
    of_outsider,
    outside_person,
    sort_of,
    source_of,
    weighed,
)
from desk_phone.model.calls import NameSource
from desk_phone.model.elsewhere import Outsider
from desk_phone.model.folding import fold
from desk_phone.model.search import Hit, Index, Item, Rank, building
from desk_phone.model.search_query import ask
from desk_phone.store.callers import Caller
from desk_phone.store.calls import CallLedger
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_rows import Line

LISTED_AT_MOST = 30  # that a palette shows
NUMBERS_AT_MOST = 2000  # that a text may mean among the calls
_PORTION = 50  # numbers, entries or people between two pauses: a millisecond or two


class Origin(StrEnum):
    """Where a result comes from."""

    PHONEBOOK = "phonebook"
    COMPANY = "company"  # a line of the company's own
    CALLS = "calls"
    ELSEWHERE = "elsewhere"  # others' contacts; `Listed.label` says whose


@dataclass(frozen=True, slots=True)
class Listed:
    """One number of somebody who was found. ``contact`` is the id of the phonebook's entry, or 0;
    ``last`` is when the last call began, None where there was none."""

    number: str
    name: str
    origin: Origin
    label: str = ""
    company: str = ""
    contact: int = 0
    last: datetime | None = None


class Everybody:
    """For one thread. Nobody is found before the first `build` has ended."""

    def __init__(self, book: ContactBook, ledger: CallLedger) -> None:
        self._book, self._ledger = book, ledger
        self._index = Index()
        self._ready = False
        self._leaving: set[int] = set()  # entries that a person deleted and the server still has
        self._labels: dict[int, str] = {}
        self._outside: dict[int, list[Item]] = {}
        self._has_outside = False
        self._coming: dict[int, Iterator[Outsider]] = {}

    @property
    def ready(self) -> bool:
        return self._ready

    def __len__(self) -> int:
        return len(self._index)

    # who is found

    def search(self, text: str, limit: int = LISTED_AT_MOST) -> list[Listed]:
        """The best ``limit`` numbers, the best first; those of one entry together, the one that
        answers first. Nobody for no text, and nobody for punctuation alone."""
        hits = self._index.find(ask(text), limit, self._stays)
        return list(islice(self._listed(hits), limit))

    def entries(self, text: str, limit: int) -> list[int]:
        """The ids of the best ``limit`` entries of the phonebook, the best first."""
        hits = self._index.find(ask(text), limit, _is_entry)
        return [contact_of(hit.item) for hit in hits]

    def outside(self, text: str, limit: int) -> list[OutsidePerson]:
        """The best ``limit`` people of others' contacts, the best first; for no text those with the
        last calls, then by name."""
        if not self._has_outside:  # as with most people; else every item is looked at
            return []
        hits: Iterable[Hit] = self._index.find(ask(text), limit, is_outside)
        if not text.strip():
            listed = (Hit(item, Rank.ANY) for item in self._index if is_outside(item))
            hits = islice(listed, limit)
        return [outside_person(hit, self._labels.get(source_of(hit.item), "")) for hit in hits]

    def has_entry(self, number: str) -> bool:
        """Whether the phonebook has a canonical number."""
        return any(_is_entry(item) and self._stays(item) for item in self._index.having(number))

    def numbers(self, text: str, at_most: int = NUMBERS_AT_MOST) -> tuple[str, ...]:
        """The numbers of the calls that ``text`` may mean, the likeliest first. What is only
        guessed (the keys of a phone, another keyboard) counts where nothing was found outright."""
        hits = self._index.find(ask(text), at_most, weighing=CALLED)
        outright = [hit for hit in hits if hit.rank < Rank.KEYS]
        meant = (
            number
            for hit in outright or hits
            for number in ((hit.number,) if hit.number else hit.item.numbers)
        )
        return tuple(islice(dict.fromkeys(meant), at_most))

    def _listed(self, hits: tuple[Hit, ...]) -> Iterator[Listed]:
        callers = self._ledger.callers.briefly(
            {n for hit in hits if _was_called(hit.item) for n in hit.item.numbers}
        )
        ours = {n for hit in hits if _is_entry(hit.item) for n in hit.item.numbers}
        told: set[tuple[str, str]] = set()
        for hit in hits:
            for item, number in self._owners(hit):
                entry = item.id[0] == Sort.ENTRY
                known = (number, item.id if entry else fold("".join(item.names[:1])))
                if known not in told and (entry or number not in ours):
                    told.add(known)
                    yield self._row(item, number, callers.get(number))

    def _owners(self, hit: Hit) -> Iterator[tuple[Item, str]]:
        """Who is shown for a hit, once for each number. Where only its calls say a name of a
        number, these are the others who have it."""
        item = hit.item
        if item.id[0] != Sort.NUMBER:
            if hit.number:
                yield item, hit.number
            for number in item.numbers:
                if number != hit.number:
                    yield item, number
            return
        (number,) = item.numbers
        others = [o for o in self._index.having(number) if o is not item and self._stays(o)]
        entries = [other for other in others if _is_entry(other)]
        yield from ((owner, number) for owner in entries or others[:1] or [item])

    def _row(self, item: Item, number: str, caller: Caller | None) -> Listed:
        name = item.names[0] if item.names else ""
        last = caller.last if caller is not None else None
        if item.id[0] == Sort.ENTRY:
            return Listed(number, name, Origin.PHONEBOOK, "", "", contact_of(item), last)
        if item.id[0] == Sort.OUTSIDE:
            label = self._labels.get(source_of(item), "")
            company = "".join(item.names[1:2])
            return Listed(number, name, Origin.ELSEWHERE, label, company, last=last)
        ours = last is None or (caller is not None and caller.name_source is NameSource.COMPANY)
        known = caller.name if caller is not None else ""
        return Listed(number, known, Origin.COMPANY if ours else Origin.CALLS, last=last)

    def _stays(self, item: Item) -> bool:
        return not self._leaving or contact_of(item) not in self._leaving

    # who is known

    def put_outside(self, source: int, label: str, people: Iterable[Outsider]) -> None:
        """These are the people of a source from the end of the next `build` on, which reads them
        one after another."""
        self._labels[source] = label
        self._outside[source] = []
        self._coming[source] = iter(people)

    def drop_outside(self, source: int) -> None:
        """From the end of the next `build` on."""
        for known in (self._labels, self._outside, self._coming):
            known.pop(source, None)

    def build(self) -> Generator[None, None, None]:
        """Read everything, with a pause every few milliseconds; the old answers are given until
        the end. What changes meanwhile must be told afterwards (`refresh`)."""
        for source, people in list(self._coming.items()):
            yield from self._take(people, self._outside[source], source)
            self._coming.pop(source, None)
        callers: dict[str, Caller] = {}
        while some := self._ledger.callers.after(next(reversed(callers), ""), _PORTION):
            callers.update((caller.other, caller) for caller in some)
            yield
        items: list[Item] = []
        spellings = Spellings()
        leaving = yield from self._read_entries(callers, items, spellings)
        for outsiders in list(self._outside.values()):
            for at in range(0, len(outsiders), _PORTION):
                now = [weighed(item, callers) for item in outsiders[at : at + _PORTION]]
                outsiders[at : at + _PORTION] = now
                items += now
                spellings.note(now)
                yield
        rest = iter(callers.values())
        while some := list(islice(rest, _PORTION)):
            items += [of_caller(caller) for caller in some if spellings.lack(caller)]
            yield
        del callers, rest, spellings
        self._index, self._leaving = (yield from building(items)), leaving
        self._has_outside = any(self._outside.values())
        self._ready = True

    def _take(
        self, people: Iterator[Outsider], items: list[Item], source: int
    ) -> Generator[None, None, None]:
        while some := list(islice(people, _PORTION)):
            items += [of_outsider(source, person) for person in some]
            yield

    def _read_entries(
        self, callers: dict[str, Caller], items: list[Item], spellings: Spellings
    ) -> Generator[None, None, set[int]]:
        """Those that leave."""
        leaving: set[int] = set()
        last = 0
        while lines := self._book.lines(last, _PORTION):
            last = lines[-1].id
            leaving |= {line.id for line in lines if self._is_leaving(line)}
            now = [of_entry(line, callers) for line in lines]
            items += now
            spellings.note(now)
            yield
        return leaving

    def refresh(
        self, contacts: Collection[int], numbers: Collection[str]
    ) -> Generator[None, None, None]:
        """These entries, and the calls with these numbers, changed; a pause after each."""
        touched = set(numbers)
        for contact in contacts:
            touched |= self._refresh_entry(contact)
            yield
        for number in touched - {""}:
            self._refresh_number(number)
            yield

    def _refresh_entry(self, contact: int) -> set[str]:
        """The numbers that it had and has."""
        before = self._index.get(entry_id(contact))
        touched = set(before.numbers) if before is not None else set()
        lines = self._book.lines(contact - 1, 1)
        self._leaving.discard(contact)
        if not lines or lines[0].id != contact:
            self._index.remove(entry_id(contact))
            return touched
        if self._is_leaving(lines[0]):
            self._leaving.add(contact)
        item = of_entry(lines[0], {})
        self._index.put(weighed(item, self._callers(item.numbers)))
        return touched.union(item.numbers)

    def _refresh_number(self, number: str) -> None:
        """The weight of those who have it, and the names that only its calls say."""
        owners = [o for o in self._index.having(number) if sort_of(o) is not Sort.NUMBER]
        callers = self._callers({number, *(n for owner in owners for n in owner.numbers)})
        for owner in owners:
            self._index.put(weighed(owner, callers))
        caller = callers.get(number)
        if caller is not None and Spellings(owners).lack(caller):
            self._index.put(of_caller(caller))
        else:
            self._index.remove(number_id(number))

    def _callers(self, numbers: Iterable[str]) -> dict[str, Caller]:
        return {caller.other: caller for caller in self._ledger.callers.of(numbers)}

    def _is_leaving(self, line: Line) -> bool:
        return line.busy and self._book.contact(line.id).want_deleted


def _is_entry(item: Item) -> bool:
    return item.id[0] == Sort.ENTRY


def _was_called(item: Item) -> bool:
    """Or is a line of the company: of the rest the calls know nothing."""
    return item.weight >= CALLED or item.id[0] == Sort.NUMBER
