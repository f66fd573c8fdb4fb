"""The phonebook's rows as the window needs them: in order, found, read a portion at a time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Generator, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from desk_phone.app.directory import Directory
from desk_phone.model.entries import Contact, Content
from desk_phone.model.folding import fold
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_rows import Line
from desk_phone.ui.phonebook.words import State, state_of

PORTION = 100  # entries between two pauses of `reading`: a few milliseconds
FOUND_AT_FIRST = 60  # rows of a search; more when somebody scrolls to their end


@dataclass(frozen=True, slots=True)
class Row:
    """``name`` is the person's own spelling, ``words`` the service's where it refused."""

    id: int
    name: str
    content: Content
    state: State = State.ON_SERVER
    words: str = ""

    @property
    def order(self) -> tuple[str, str, int]:
        return fold(self.name), self.name, self.id


def reading(book: ContactBook, slices: int = PORTION) -> Generator[None, None, Rows]:
    """Reads everything, with pauses: ``rows = yield from reading(book)``."""
    conflicts = {conflict.contact for conflict in book.conflicts()}
    portions: list[list[Row]] = []
    last = 0
    while lines := book.lines(last, slices):
        last = lines[-1].id
        portions.append(sorted((_row(line, book, conflicts) for line in lines), key=_order))
        yield
    rows = Rows()
    for row in merge(*portions, key=_order):
        rows.append(row)
        if len(rows) % (10 * slices) == 0:
            yield
    return rows


def row_of(book: ContactBook, contact_id: int, conflicts: Collection[int]) -> Row | None:
    """One entry; None when it is in the trash, or never was."""
    try:
        contact = book.contact(contact_id)
    except KeyError:
        return None
    if not contact.live:
        return None
    return _of_contact(contact, book.spelling(contact_id), conflicts)


class Rows:
    """All rows in the order of their names, however Latin or Cyrillic: as they sound in Latin."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._by_id: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, contact_id: int) -> bool:
        return contact_id in self._by_id

    @property
    def in_order(self) -> list[Row]:
        return self._rows

    def ids(self) -> AbstractSet[int]:
        return self._by_id.keys()

    def get(self, contact_id: int) -> Row | None:
        return self._by_id.get(contact_id)

    def append(self, row: Row) -> None:
        """The last of all."""
        self._rows.append(row)
        self._by_id[row.id] = row

    def place(self, row: Row) -> int:
        """Where it stands, or would."""
        return bisect_left(self._rows, row.order, key=_order)

    def put(self, row: Row) -> None:
        self.remove(row.id)
        insort(self._rows, row, key=_order)
        self._by_id[row.id] = row

    def remove(self, contact_id: int) -> None:
        """Nothing happens when it is not there."""
        row = self._by_id.pop(contact_id, None)
        if row is not None:
            del self._rows[self.place(row)]

    # searching

    def found(self, directory: Directory, text: str, limit: int) -> tuple[list[Row], bool]:
        """The best ``limit`` rows, the best first, and whether there may be more; plainly while
        the directory is not ready."""
        if not directory.ready:
            rows = list(islice(self._plainly(text), limit))
            return rows, len(rows) == limit
        ids = directory.entries(text, limit)
        rows = [row for id_ in ids if (row := self._by_id.get(id_)) is not None]
        return rows, len(ids) == limit

    def _plainly(self, text: str) -> Iterator[Row]:
        sought = fold(text)
        for row in self._rows:
            if sought in fold(row.name) or text in row.content.number1:
                yield row


def _row(line: Line, book: ContactBook, conflicts: Collection[int]) -> Row:
    if line.busy:
        return _of_contact(book.contact(line.id), line.name, conflicts)
    state = State.CONFLICT if line.id in conflicts else State.ON_SERVER
    return Row(line.id, line.name, line.content, state)


def _of_contact(contact: Contact, name: str, conflicts: Collection[int]) -> Row:
    content = contact.shown or Content("", "")
    return Row(contact.id, name, content, state_of(contact, contact.id in conflicts), contact.words)


def _order(row: Row) -> tuple[str, str, int]:
    return row.order
