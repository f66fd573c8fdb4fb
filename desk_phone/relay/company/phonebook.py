"""The company's phonebook for everybody: read once for all, written by one at a time.

The service has no versions and no conditional write. So a change or deletion is compared, where
nobody else of ours can come in between, with a list that is half a minute old at most. What the
company's own portal does in that time is not seen.

A write that nobody answered may still arrive. Desks wait 90 seconds for it (docs/sync.md), so that
long, and at the start, lists are hardly shared and nothing is compared with an older one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk_phone.errors import Offline, Refused, Uncertain
from desk_phone.i18n import tr
from desk_phone.relay.company.lanes import Lane
from desk_phone.relay.company.shared import Shared
from desk_phone.relay.company.told import Told, told_entries, version
from desk_phone.telco.gateway_trouble import CHANGED
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, Listing, Telco

SHARED = 60.0  # seconds that a list is told to others
BELIEVED = 30.0  # seconds that a list is compared with
DOUBTFUL = 120.0  # seconds after which what was in doubt has arrived, or never will
_SHARED_IN_DOUBT = 3.0  # seconds
_GONE = "ERR1002"


@dataclass(frozen=True, slots=True)
class _Book:
    """A list of the service, with what we wrote since; ``at`` is when it was asked for."""

    entries: Mapping[str, Entry]
    at: float


@dataclass(frozen=True, slots=True)
class _Listed:
    """``digest`` is of the service's own answer."""

    book: _Book
    digest: str
    told: Told


class Phonebook:
    """``read`` and ``write`` are different lanes. For one event loop."""

    def __init__(self, read: Lane, write: Lane, steady: Callable[[], float]) -> None:
        self._read, self._write, self._steady = read, write, steady
        self._listed = Shared(self._list, steady)
        self._writing = asyncio.Lock()
        self._book: _Book | None = None  # that the writer believes
        self._doubt = steady()  # when there was some last: another relay may have died just now

    async def entries(self) -> Told:
        lasts = _SHARED_IN_DOUBT if self._in_doubt else SHARED
        return (await self._listed.get(lasts)).told

    async def add(self, name: str, number1: str, number2: str) -> None:
        """The service does not tell the id: the next change is compared with a new list."""
        since = self._steady()
        async with self._writing:
            try:
                await self._write.run(lambda telco: telco.add_entry(name, number1, number2), since)
            except Uncertain:
                self._doubt = self._steady()
                raise
            finally:
                self._changed(None)

    async def update(self, entry: Entry, known: str) -> str:
        """The new version. Raises Refused: it is gone, or (CHANGED) another than ``known``."""

        def change(telco: Telco, book: _Book) -> _Book:
            telco.update_entry(entry)
            return _Book({**book.entries, entry.id: entry}, book.at)

        await self._change(entry.id, known, change)
        return version(entry)

    async def delete(self, entry_id: str, known: str) -> None:
        """Raises as `update` does."""

        def change(telco: Telco, book: _Book) -> _Book:
            telco.delete_entry(entry_id)
            left = {key: one for key, one in book.entries.items() if key != entry_id}
            return _Book(left, book.at)

        await self._change(entry_id, known, change)

    async def _change(
        self, entry_id: str, known: str, change: Callable[[Telco, _Book], _Book]
    ) -> None:
        since, book = self._steady(), None
        async with self._writing:
            believed = self._believed()

            def checked(telco: Telco) -> _Book:
                return change(telco, self._compared(telco, believed, entry_id, known))

            try:
                book = await self._write.run(checked, since)
            except Uncertain:
                self._doubt = self._steady()
                raise
            finally:
                self._changed(book)

    @property
    def _in_doubt(self) -> bool:
        return self._steady() - self._doubt < DOUBTFUL

    def _changed(self, book: _Book | None) -> None:
        self._book = book
        self._listed.grow_old()

    def _believed(self) -> _Book | None:
        """The newest list of half a minute; None: it has to be taken anew."""
        if self._in_doubt:
            return None
        listed = self._listed.younger_than(BELIEVED)
        books = [self._book, listed.book if listed else None]
        young = [one for one in books if one and self._steady() - one.at <= BELIEVED]
        return max(young, key=lambda one: one.at, default=None)

    def _compared(self, telco: Telco, book: _Book | None, entry_id: str, known: str) -> _Book:
        """A list in which the entry is as its writer knows it. In the lane's thread.

        An older list than the writer's own must not say no.
        """
        if book is not None and _version_in(book, entry_id) == known:
            return book
        book = self._taken_anew(telco)
        found = _version_in(book, entry_id)
        if not found:
            raise refusal(_GONE, "")
        if found != known:
            raise Refused(
                tr("Somebody else changed this entry meanwhile"),
                tr("The phonebook is listed again."),
                CHANGED,
            )
        return book

    def _taken_anew(self, telco: Telco) -> _Book:
        at = self._steady()
        try:
            return _book_of(telco.entries(), at)
        except Uncertain as doubt:  # about the list: nothing was written
            raise Offline(doubt.title, tr("Nothing was done."), doubt.retry_after) from doubt

    async def _list(self, before: _Listed | None) -> _Listed:
        at = self._steady()

        def listed(telco: Telco) -> _Listed:
            listing = telco.entries(before.digest if before else "")
            if listing.entries is None and before is not None:
                return _Listed(_Book(before.book.entries, at), before.digest, before.told)
            book = _book_of(listing, at)
            return _Listed(book, listing.digest, told_entries(listing.entries or ()))

        return await self._read.run(listed)


def _book_of(listing: Listing, at: float) -> _Book:
    return _Book({entry.id: entry for entry in listing.entries or ()}, at)


def _version_in(book: _Book, entry_id: str) -> str:
    """Empty where it is not listed."""
    return version(book.entries[entry_id]) if entry_id in book.entries else ""
