"""An act of the program, free of Qt: it runs where the data is owned and yields what must wait.

An act is a generator. What it does between two yields happens on the thread that owns settings
and database; what it yields is an `Errand`: a function of frozen values that may block. The
command line performs an act in place (`perform`); the tray program sends its errands down a lane
and goes on with the act when the answer is back on the main thread (`app.lane`). So both do the
very same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, cast

T = TypeVar("T")


class LaneName(StrEnum):
    DIAL = "dial"  # what a person waits for
    UPKEEP = "upkeep"  # polling, the phonebook
    FILES = "files"  # that a person reads and writes: a disk elsewhere may be slow
    CRM = "crm"  # what other programs are told


@dataclass(frozen=True, slots=True)
class Errand:
    """Work that may block, for one lane. It touches neither Qt nor the database."""

    lane: LaneName
    work: Callable[[], object]


Act = Generator[Errand, object, T]


def away(lane: LaneName, work: Callable[[], T]) -> Act[T]:
    """``answer = yield from away(lane, work)``: do it on the lane; raises what ``work`` raises."""
    return cast("T", (yield Errand(lane, work)))


def perform(act: Act[T]) -> T:
    """Perform an act in place, errands and all; raises what it raises."""
    try:
        errand = next(act)
        while True:
            try:
                answer = errand.work()
            except BaseException as error:  # whatever it is belongs to the act, Ctrl+C too
                errand = act.throw(error)
            else:
                errand = act.send(answer)
    except StopIteration as end:
        return cast("T", end.value)
