"""Everybody who can be found, kept up to date: one search for the palette, the calls and the
phonebook."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from PySide6.QtCore import QObject, Signal

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.contacts import Contacts
from desk_phone.app.everybody import LISTED_AT_MOST, Everybody, Listed, Origin
from desk_phone.app.findable import OutsidePerson
from desk_phone.app.piecemeal import Piecemeal
from desk_phone.model.calls import Change, NameSource
from desk_phone.model.elsewhere import Outsider
from desk_phone.store.calls import Person, Sought

__all__ = ["Directory", "Listed", "Origin", "OutsidePerson"]

OUTSIDE_AT_MOST = 1_000_000  # of sources' people: all of them
READ_AGAIN_AT = 500  # entries or numbers that change at once before everything is read again
_AT_ONCE = 10  # that are taken over before whoever told of them goes on

_ORIGINS = {
    NameSource.PHONEBOOK: Origin.PHONEBOOK,
    NameSource.COMPANY: Origin.COMPANY,
    NameSource.ELSEWHERE: Origin.ELSEWHERE,
}


class Directory(QObject):
    """Made before the windows, so that it knows of a change before they ask.

    `start` reads everything, in pieces between which the event loop goes on. Until that is through
    the palette and the calls are searched in the database, by its own, plainer means.
    """

    changed = Signal()  # other answers may be given
    renewed = Signal()  # the same, and not because of a change that everybody was told of

    def __init__(
        self, calls: Calls, contacts: Contacts, account: AccountDesk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ledger = calls.ledger
        self._everybody = Everybody(contacts.book, calls.ledger)
        self._work = Piecemeal(self)
        self._building = False
        self._contacts: set[int] = set()  # that changed and are not taken over yet
        self._numbers: set[str] = set()
        self._lines = calls.ledger.callers.lines()
        calls.changed.connect(self._take_calls)
        contacts.changed.connect(self._take_entries)
        for may_be_others in (account.numbers_changed, calls.line_changed):
            may_be_others.connect(self._look_at_lines)

    @property
    def ready(self) -> bool:
        return self._everybody.ready

    @property
    def busy(self) -> bool:
        return self._work.busy

    def __len__(self) -> int:
        return len(self._everybody)

    def start(self) -> None:
        """Read everything, anew if need be."""
        self._building = True
        self._contacts.clear()
        self._numbers.clear()
        self._work.begin(self._everybody.build(), self._built)

    def close(self) -> None:
        """The database closes."""
        self._work.stop()

    # who is found

    def search(self, text: str, limit: int = LISTED_AT_MOST) -> list[Listed]:
        """The best ``limit`` numbers that ``text`` may mean, the best first, those of one entry
        together; for no text those with the last calls. Any text may be given."""
        if text.strip() and self.ready:
            return self._everybody.search(text, limit)
        return [_plainly(person) for person in self._ledger.people(text, limit)]

    def entries(self, text: str, limit: int) -> list[int]:
        """The ids of the best ``limit`` entries of the phonebook; none before it is `ready`."""
        return self._everybody.entries(text, limit)

    def outside(self, text: str, limit: int = OUTSIDE_AT_MOST) -> list[OutsidePerson]:
        """The best ``limit`` people of others' contacts; for no text those with the last calls,
        then by name. None before it is `ready`."""
        return self._everybody.outside(text, limit)

    def has_entry(self, number: str) -> bool:
        """Whether the company's phonebook has a canonical number, as far as it was read."""
        return self._everybody.has_entry(number)

    def sought(self, text: str) -> Sought:
        """What ``text`` means among the calls, for `CallLedger.page`: not the best few but all
        numbers. Notes that say it may be put in, as `Sought.calls`."""
        if not self.ready:
            return Sought(text)
        # In an order of their own: a call that only moves somebody forward changes nothing here.
        return Sought(text, tuple(sorted(self._everybody.numbers(text))), by_name=False)

    # others' contacts

    def put_outside(self, source: int, label: str, people: Iterable[Outsider]) -> None:
        """Instead of those known so far from a source; read one after another, in pieces.

        ``label`` is what a person calls the source. ``renewed`` tells that they can be found.
        """
        self._everybody.put_outside(source, label, people)
        self._start_again()

    def drop_outside(self, source: int) -> None:
        self._everybody.drop_outside(source)
        self._start_again()

    # what changes

    def _start_again(self) -> None:
        if self.ready or self._building:  # else all is read at the start
            self.start()

    def _take_calls(self, changes: tuple[Change, ...]) -> None:
        self._take(frozenset(), {change.after.other for change in changes})
        self.changed.emit()

    def _take_entries(self, ids: frozenset[int]) -> None:
        if ids:
            self._take(ids, set())
        else:
            self._start_again()
        self.changed.emit()

    def _look_at_lines(self) -> None:
        """Nothing tells what became of the company's lines, so compare."""
        before, self._lines = self._lines, self._ledger.callers.lines()
        if self._lines != before:
            others = {number for number, _ in before.items() ^ self._lines.items()}
            self._take(frozenset(), others)
            self.changed.emit()

    def _take(self, ids: frozenset[int], numbers: set[str]) -> None:
        self._contacts |= ids
        self._numbers |= numbers
        if not self.ready or self._work.busy:
            return  # afterwards
        many = len(self._contacts) + len(self._numbers)
        if many > READ_AGAIN_AT:
            self.start()
            return
        work = self._refreshing()
        if many <= _AT_ONCE:
            for _ in work:
                pass
        else:
            self._work.begin(work, lambda _: self._caught_up())

    def _refreshing(self) -> Generator[None, None, None]:
        ids, numbers = self._contacts, self._numbers
        self._contacts, self._numbers = set(), set()
        return self._everybody.refresh(ids, numbers)

    def _built(self, _: None) -> None:
        self._building = False
        self._caught_up()

    def _caught_up(self) -> None:
        self._take(frozenset(), set())
        if not self._work.busy:
            self.changed.emit()
            self.renewed.emit()


def _plainly(person: Person) -> Listed:
    origin = _ORIGINS.get(person.name_source, Origin.CALLS)
    if person.last is None and origin is Origin.CALLS:
        origin = Origin.COMPANY
    return Listed(person.other, person.name, origin, person.name_label, last=person.last)
