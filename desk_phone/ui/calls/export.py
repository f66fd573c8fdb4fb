"""Saves or prints the calls that are listed, all of them, while the window goes on working."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desk_phone.app.piecemeal import Piecemeal
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.store.calls import CallFilter, CallLedger
from desk_phone.transfer.tables import Table, head_part, rows_part, write_parts
from desk_phone.ui import words
from desk_phone.ui.calls import table as calls_table
from desk_phone.ui.calls.filters import filter_name
from desk_phone.ui.calls.table import Listed, Row
from desk_phone.ui.phonebook.files import ask_where
from desk_phone.ui.phonebook.import_reading import Aside
from desk_phone.ui.printing import ask_and_print
from desk_phone.ui.trouble import Kind, Message

PRINTED_AT_MOST = 1000
TOLD_AFTER_MS = 1000  # what is done sooner needs no progress


class Act(StrEnum):
    STOP = "stop"
    CLOSE = "close"


class CallsExport(QObject):
    """One at a time. Calls are read and put into words in pieces on this thread, the file is
    written ``aside`` and whole: one that was stopped or failed leaves what was there.

    ``said`` is for a banner: progress, then a result or a failure.
    """

    said = Signal(object)  # Message | None
    busy_changed = Signal()

    def __init__(
        self,
        ledger: CallLedger,
        aside: Aside,
        listed: Callable[[], Listed],
        looked: Callable[[str], datetime | None],
        now: Callable[[], datetime],
        parent: QWidget,
        told_after_ms: int = TOLD_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self._ledger, self._aside, self._page = ledger, aside, parent
        self._listed, self._looked, self._now = listed, looked, now
        self._work = Piecemeal(self)
        self._parts: list[bytes] = []
        self._busy, self._count = False, 0
        self._telling = QTimer(self, interval=told_after_ms)
        self._telling.timeout.connect(self._tell_progress)

    @property
    def busy(self) -> bool:
        return self._busy

    def ask_where(self) -> None:
        day = self._now().astimezone().date().isoformat()
        ask_where(self._page, tr("Save the calls"), f"{tr('calls')}-{day}.csv", self.write_to)

    def write_to(self, file: Path) -> None:
        """Write what is listed now; nothing happens while another is written."""
        if self._begin():
            self._telling.start()
            self._parts = [head_part(calls_table.head())]
            work = self._reading(self._listed(), lambda rows: self._parts.append(rows_part(rows)))
            self._work.begin(work, lambda count: self._write(count, file), self._count_on)

    def print_list(self) -> None:
        """Let the person choose a printer for the newest of what is listed."""
        if self._begin():
            listed, rows = self._listed(), _Rows()
            work = self._reading(listed, rows.extend, paper=True)
            self._work.begin(
                rows.until(work, PRINTED_AT_MOST + 1), lambda _: self._print(listed, rows)
            )

    def stop(self) -> None:
        """Leave it; what is being written already is written."""
        if self._work.busy:
            self._work.stop()
            self._end(None)

    # how

    def _reading(
        self, listed: Listed, take: Callable[[list[Row]], object], paper: bool = False
    ) -> Generator[int, None, int]:
        return calls_table.reading(self._ledger, listed, self._looked, take, paper)

    def _begin(self) -> bool:
        if self._busy:
            return False
        self._busy, self._count = True, 0
        self.said.emit(None)
        self.busy_changed.emit()
        return True

    def _count_on(self, count: object) -> None:
        self._count = count if isinstance(count, int) else self._count

    def _tell_progress(self) -> None:
        """A file that is being written cannot be stopped any more."""
        reading = self._work.busy
        so_far = ntr("%(n)d call so far", "%(n)d calls so far", self._count)
        button, act = (tr("Stop"), Act.STOP) if reading else ("", Act.CLOSE)
        self.said.emit(Message(Kind.INFO, tr("Saving the calls..."), so_far, button, act))

    def _write(self, count: int, file: Path) -> None:
        parts, self._parts = self._parts, []
        self._count = count
        done = ntr("%(n)d call is saved", "%(n)d calls are saved", count)
        self._aside(
            lambda: write_parts(parts, file),
            lambda _: self._end(_message(done, words.plain(str(file)))),
            self._fail,
        )

    def _print(self, listed: Listed, rows: _Rows) -> None:
        cut = len(rows) > PRINTED_AT_MOST
        title = _title(listed)
        most = QLocale().toString(PRINTED_AT_MOST)
        if cut:
            title += " " + tr("(the newest %(n)s)") % {"n": most}
        table = Table(title, calls_table.head(), rows[:PRINTED_AT_MOST])
        self._end(_cut(most) if cut else None)
        ask_and_print(self._page, table, self._fail)

    def _fail(self, error: PhoneError) -> None:
        self._end(Message(Kind.BAD, error.title, error.message, tr("Close"), Act.CLOSE))

    def _end(self, message: Message | None) -> None:
        self._telling.stop()
        self._busy, self._parts = False, []
        self.said.emit(message)
        self.busy_changed.emit()


class _Rows(list[Row]):
    def until(self, work: Generator[int, None, int], enough: int) -> Generator[int, None, int]:
        """The same work, left when there are enough rows."""
        for count in work:
            yield count
            if len(self) >= enough:
                break
        return len(self)


def _message(title: str, text: str) -> Message:
    return Message(Kind.INFO, title, text, tr("Close"), Act.CLOSE)


def _cut(most: str) -> Message:
    return _message(
        tr("Only the newest %(n)s calls are printed") % {"n": most},
        tr("Search or filter to print others, or save them all as CSV."),
    )


def _title(listed: Listed) -> str:
    """``Calls``, ``Calls: Missed, “tamm”``"""
    sought = tr("“%(text)s”") % {"text": words.plain(listed.text, 40)} if listed.text else ""
    chosen = "" if listed.chosen is CallFilter.ALL else filter_name(listed.chosen)
    said = ", ".join(part for part in (chosen, sought) if part)
    return f"{tr('Calls')}: {said}" if said else tr("Calls")
