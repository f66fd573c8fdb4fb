"""Long acts on the phonebook in slices, with others' turns in between. Free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from typing import TypeVar, cast

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.phonebook_news import Restored
from desk_phone.store.phonebook import ContactBook

STEPS_AT_ONCE = 10  # some ten milliseconds on a slow disk

T = TypeVar("T")


def with_turns(pieces: Generator[None, None, T]) -> Act[T]:
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return cast("T", end.value)
        yield from others(LaneName.DIAL)


def undoing(
    book: ContactBook,
    together: int,
    now: Callable[[], datetime],
    edited: Callable[[frozenset[int]], object],
    going: Callable[[], bool],
) -> Act[Restored]:
    """Undo the acts that belong together. ``edited`` is told whose entries; ``going`` is asked
    before each slice."""
    done = refused = 0
    while going():
        ids, left_alone = book.undo_part(together, now(), STEPS_AT_ONCE)
        if not ids:
            break
        done += len(ids)
        refused += left_alone
        edited(frozenset() if 0 in ids else frozenset(ids))
        yield from others(LaneName.DIAL)
    left = len(book.past.part(together, -1))
    return Restored(done - refused, refused, left)


def others(lane: LaneName) -> Act[None]:
    """Let others have their turn."""
    yield from away(lane, _nothing)


def _nothing() -> None:
    """On a lane."""
