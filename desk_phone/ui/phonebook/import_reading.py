"""The dry run of an import: a file is read off the main thread, its rows are judged in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from desk_phone.app.piecemeal import Piecemeal
from desk_phone.errors import PhoneError
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.planning import Choices, Known, Planned, planning
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import Sheet, look_at, rows_of

T = TypeVar("T")


class Aside(Protocol):
    """Does work on files off the main thread, as `Contacts.aside` does."""

    def __call__(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        otherwise: Callable[[PhoneError], object],
    ) -> None: ...


class ImportReading(QObject):
    """One wish at a time: a new one takes the place of the one under way. Nothing is told of one
    that was stopped."""

    looked = Signal(object)  # Sheet | None: how a file is written; None: it holds cards
    went_on = Signal(int, int)  # so many rows are judged, of so many
    planned = Signal(object)  # tuple[Planned, ...]
    failed = Signal(object)  # PhoneError

    def __init__(
        self, known: Callable[[], Iterable[Known]], aside: Aside, parent: QObject | None = None
    ) -> None:
        """``known`` are the phonebook's entries as they are."""
        super().__init__(parent)
        self._known, self._aside = known, aside
        self._work = Piecemeal(self)
        self._rows: tuple[Row, ...] = ()
        self._wish = 0
        self._away = False

    @property
    def busy(self) -> bool:
        return self._away or self._work.busy

    def look(self, file: Path, encoding: str = "") -> None:
        """Find out how a file is written; `looked` tells."""
        self._send(lambda: _look(file, encoding), self.looked.emit)

    def read(self, file: Path, sheet: Sheet | None, choices: Choices) -> None:
        """Read the rows, as the sheet says, and judge them; `planned` tells."""

        def have(rows: tuple[Row, ...]) -> None:
            self._rows = rows
            self.judge(choices)

        self._send(lambda: tuple(card_rows(file) if sheet is None else rows_of(sheet)), have)

    def take(self, rows: tuple[Row, ...], choices: Choices) -> None:
        """Judge rows that need not be read; `planned` tells."""
        self.stop()
        self._rows = rows
        self.judge(choices)

    def judge(self, choices: Choices) -> None:
        """Judge the rows that were read, once more."""
        steps = planning(self._rows, self._known(), choices)
        self._work.begin(steps, self._have_plan, self._tell)

    def stop(self) -> None:
        self._wish += 1
        self._away = False
        self._work.stop()

    def _send(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        self.stop()
        wish, self._away = self._wish, True

        def back(answer: T) -> None:
            if wish == self._wish:
                self._away = False
                then(answer)

        def fail(error: PhoneError) -> None:
            if wish == self._wish:
                self._away = False
                self.failed.emit(error)

        self._aside(work, back, fail)

    def _have_plan(self, planned: tuple[Planned, ...]) -> None:
        self.planned.emit(planned)

    def _tell(self, judged: object) -> None:
        self.went_on.emit(int(str(judged)), len(self._rows))


def _look(file: Path, encoding: str) -> Sheet | None:
    return None if are_cards(file) else look_at(file, encoding)
