"""The calls as rows, read from the ledger page by page as somebody scrolls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change
from desk_phone.model.notes import line_with
from desk_phone.store.calls import CallFilter, CallLedger, Gap, Sought
from desk_phone.ui import words

PAGE = 200
_MENDED_AT_MOST = 100  # rows that come, go or move before a whole new reading is cheaper

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    CALL = Qt.ItemDataRole.UserRole + 1  # model.calls.Call
    HEADING = Qt.ItemDataRole.UserRole + 2  # the day's heading above its first call, else empty
    OUTCOME = Qt.ItemDataRole.UserRole + 3  # what became of it, in words
    ABOUT = Qt.ItemDataRole.UserRole + 4  # the second line: the number, or why it was found


class CallsModel(QAbstractListModel):
    """One row a call, newest first; the first call of each day carries the day's heading.

    ``today`` is asked whenever rows are read, so that the headings follow midnight; ``find``, what
    a text means among the calls, whenever they are read from the newest. ``looked`` tells when the
    history of an own line was last asked for.
    """

    def __init__(
        self,
        ledger: CallLedger,
        today: Callable[[], date] = date.today,
        find: Callable[[str], Sought] = Sought,
        looked: Callable[[str], datetime | None] = lambda _: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._looked = looked
        self._ledger, self._ask_today, self._find = ledger, today, find
        self._today = today()
        self._filter, self._text = CallFilter.ALL, ""
        self._sought = Sought()
        self._rows: list[Call] = []
        self._gaps: list[Gap] = []
        self._more = False
        self.read_again()

    @property
    def filter(self) -> CallFilter:
        return self._filter

    @property
    def text(self) -> str:
        return self._text

    def show_only(self, chosen: CallFilter, text: str) -> None:
        """Show the calls of a filter whose names or numbers match ``text``, from the newest."""
        text = text.strip()
        if (chosen, text) != (self._filter, self._text):
            self._filter, self._text = chosen, text
            self.read_again()

    def search_again(self) -> None:
        """What is sought may mean others by now."""
        if self._text and self._find(self._text) != self._sought:
            self.read_again()

    def read_again(self) -> None:
        self._sought = self._find(self._text)
        self._replace(self._page(None))

    def take(self, changes: tuple[Change, ...]) -> None:
        """Bring the rows up to date after these changes; rows that stayed keep their index."""
        if not changes:
            return
        self._follow_midnight()
        self._sought = self._find(self._text)
        oldest = min(call.start for c in changes for call in (c.before, c.after) if call)
        fresh, whole = self._read_down_to(oldest)
        covered = len(self._rows) if whole else self._covered_by(fresh)
        kept = {call.id for call in self._rows[:covered]} & {call.id for call in fresh}
        if not covered or covered + len(fresh) - 2 * len(kept) > _MENDED_AT_MOST:
            self._replace(fresh if whole else fresh[:PAGE], more=not whole or len(fresh) > PAGE)
            return
        self._more = self._more and not whole
        self._read_gaps()
        self._mend(fresh, covered)

    def follow_midnight(self) -> None:
        """Say the headings anew when a day has passed."""
        if self._follow_midnight() and self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def row_of(self, call_id: int) -> int:
        """The row of a call among those read so far, or -1."""
        return next((row for row, call in enumerate(self._rows) if call.id == call_id), -1)

    def call(self, index: Index) -> Call | None:
        return self._rows[index.row()] if index.isValid() else None

    # Qt's side

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, self.CheckIndexOption.IndexIsValid):
            return None
        call = self._rows[index.row()]
        if role == Role.CALL:
            return call
        if role == Role.HEADING:
            return self._heading(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return words.who(call)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (words.sentence(call, self._today, self._looked(call.own)), self._found_by(call))
            return ", ".join(filter(None, said))
        if role == Role.ABOUT:
            return self._found_by(call) or words.about(call)
        if role == Role.OUTCOME:
            return words.outcome(call, self._looked(call.own))
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(self._remark(call))
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        page = self._page(self._rows[-1])
        self._more = len(page) == PAGE
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows += page
            self.endInsertRows()

    def _remark(self, call: Call) -> str:
        """What does not fit in the row: the whole name and where it comes from; the note."""
        source = words.source(call.name_source, call.name_label)
        named = ", ".join(part for part in (words.who(call), source) if part) if source else ""
        note = self._ledger.notes.of_call(call.id)
        return "\n".join(part for part in (named, note.text if note else "") if part)

    def _found_by(self, call: Call) -> str:
        """The line of a note by which the call was found; empty where there is none."""
        if not self._text:
            return ""
        notes = self._ledger.notes
        for note in (notes.of_call(call.id), notes.about(call.other) if call.other else None):
            if note is not None and (line := line_with(note.text, self._text)):
                return tr("Note: %(text)s") % {"text": words.plain(line)}
        return ""

    # reading and mending

    def _page(self, after: Call | None) -> list[Call]:
        return self._ledger.page(self._filter, self._sought, after, PAGE)

    def _heading(self, row: int) -> str:
        call, above = self._rows[row], self._rows[row - 1] if row else None
        day = call.start.astimezone().date()
        said = [words.gap(gap.since, gap.until, self._today) for gap in self._gaps_above(row)]
        if said or above is None or above.start.astimezone().date() != day:
            said.append(words.heading(day, self._today))
        return " · ".join(said)

    def _gaps_above(self, row: int) -> list[Gap]:
        """Time between this call and the one above it of which nobody can tell any more."""
        call, above = self._rows[row], self._rows[row - 1] if row else None
        return [
            gap
            for gap in self._gaps
            if call.start <= gap.since and (above is None or above.start > gap.since)
        ]

    def _read_gaps(self) -> None:
        self._gaps = self._ledger.gaps(self._rows[0].own) if self._rows else []

    def _follow_midnight(self) -> bool:
        before, self._today = self._today, self._ask_today()
        return before != self._today

    def _replace(self, rows: list[Call], more: bool | None = None) -> None:
        self.beginResetModel()
        self._follow_midnight()
        self._rows = rows
        self._read_gaps()
        self._more = len(rows) == PAGE if more is None else more
        self.endResetModel()

    def _read_down_to(self, oldest: datetime) -> tuple[list[Call], bool]:
        """The rows from the newest past ``oldest`` or past what we show; and whether it is all."""
        bottom = self._rows[-1].start if self._rows else oldest
        fresh: list[Call] = []
        while True:
            page = self._page(fresh[-1] if fresh else None)
            fresh += page
            if len(page) < PAGE:
                return fresh, True
            if fresh[-1].start < max(oldest, bottom):
                return fresh, False

    def _covered_by(self, fresh: list[Call]) -> int:
        """How many of our rows, from the top, ``fresh`` speaks about; 0 when that is unclear."""
        row = self.row_of(fresh[-1].id)
        if row >= 0:
            return row + 1
        ours = self._rows[-1].id if self._rows else None
        return len(self._rows) if any(call.id == ours for call in fresh) else 0

    def _mend(self, fresh: list[Call], covered: int) -> None:
        """Turn the first ``covered`` rows into ``fresh`` by taking out, putting in and changing."""
        wanted = {call.id for call in fresh}
        for row in range(covered - 1, -1, -1):
            if self._rows[row].id not in wanted:
                self._take_out(row)
        changed: list[int] = []
        for row, call in enumerate(fresh):
            if row >= len(self._rows) or self._rows[row].id != call.id:
                at = self.row_of(call.id)
                if at >= 0:
                    self._take_out(at)
                self._put_in(row, call)
                changed.append(row + 1)  # the day's heading may have moved up
            elif self._rows[row] != call:
                self._rows[row] = call
                changed.append(row)
        self._tell(changed)

    def _take_out(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()
        self._tell([row])

    def _put_in(self, row: int, call: Call) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, call)
        self.endInsertRows()

    def _tell(self, rows: list[int]) -> None:
        for row in rows:
            if row < len(self._rows):
                self.dataChanged.emit(self.index(row), self.index(row))
