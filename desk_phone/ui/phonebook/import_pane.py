"""An import: what each row of a file would do, then doing it, with progress and a stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desk_phone.app.piecemeal import Piecemeal
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.transfer.applying import Became, Import, Outcome
from desk_phone.transfer.planning import Choice, Choices, Known, Planned, Verdict
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import Sheet, with_columns
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.listing import Line, Listing
from desk_phone.ui.phonebook import import_lines
from desk_phone.ui.phonebook.import_columns import ImportColumns
from desk_phone.ui.phonebook.import_reading import Aside, ImportReading
from desk_phone.ui.phonebook.import_row import ImportRow

_TO_DO = (Verdict.ADD, Verdict.CHANGE)
_LEFT_OUT = (Verdict.ASK, Verdict.ERROR)
_DONE = (Became.ADDED, Became.CHANGED)
_NOT_IMPORTED = (Became.UNDECIDED, Became.ERROR, Became.REFUSED)

_log = logging.getLogger(__name__)


class ImportPane(QWidget):
    """``known`` are the entries as they are; ``put`` makes one change, or raises PhoneError."""

    closed = Signal()
    ended = Signal(str)  # what the import came to, in words
    results_wanted = Signal(object)  # tuple[Outcome, ...]: to be written into a file
    began = Signal()  # a new import, before its first row
    undo_wanted = Signal()  # of what this import did

    def __init__(
        self,
        known: Callable[[], Iterable[Known]],
        put: Callable[[Planned], object],
        aside: Aside,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._put = put
        self._file = Path()
        self._sheet: Sheet | None = None  # None: cards
        self._rows: tuple[Row, ...] = ()  # that are in no file
        self._import: Import | None = None
        self._planned: tuple[Planned, ...] = ()
        self._problems: list[int] = []  # places of rows that are not imported
        self._by_line: dict[int, Choice] = {}
        self._reading = ImportReading(known, aside, self)
        self._work = Piecemeal(self)
        self._title, self._said = plain_label(role="h2"), plain_label(wraps=True)
        self.columns, self.row = ImportColumns(), ImportRow()
        head = (tr("Result"), tr("Line"), tr("Name"), tr("Numbers"), tr("Remark"))
        self.list = Listing(tr("Rows of the file"), head, (120, 56, 0, 0, 0))
        self.list.make_room(0, import_lines.results())
        self.progress = QProgressBar(textVisible=False)
        self.start = push_button(tr("Import"), kind="primary")
        self.stop = push_button(tr("Stop"))
        self.results = push_button(tr("Save the result..."), "download")
        self.undo = push_button(tr("Undo the import"), "undo-2")
        self.close_ = push_button(tr("Close"))
        self._build()
        self._wire()

    @property
    def busy(self) -> bool:
        return self._work.busy or self._reading.busy

    @property
    def said(self) -> str:
        return self._said.text()

    @property
    def planned(self) -> tuple[Planned, ...]:
        return self._planned

    def open_file(self, file: Path, encoding: str = "") -> None:
        """Begin the dry run."""
        if file != self._file:
            self._by_line.clear()
        self._file, self._sheet, self._rows = file, None, ()
        self._title.setText(tr("Import from %(file)s") % {"file": words.plain(file.name, 60)})
        self._begin_anew()
        self._reading.look(file, encoding)
        self._show_buttons()

    def open_rows(self, title: str, rows: tuple[Row, ...]) -> None:
        """Begin the dry run of rows that are in no file."""
        self._by_line.clear()
        self._file, self._rows = Path(), rows
        self._title.setText(title)
        self._have_looked(None)

    def plan(self) -> None:
        """Read the rows as it is chosen now."""
        self._begin_anew()
        if self._rows:
            self._reading.take(self._rows, self._choices)
            self._show_buttons()
            return
        sheet = self._sheet and with_columns(self._sheet, self.columns.columns)
        self._reading.read(self._file, sheet, self._choices)
        self._show_buttons()

    def run(self) -> None:
        """Do it, or go on with it."""
        if self._import is None:
            self._import = Import(self._planned, self._put)
            self.began.emit()
        self._work.begin(self._running(self._import), self._have_run, self._tell_progress)
        self._show_buttons()
        if self.busy:
            self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def halt(self) -> None:
        """What was done stays; the rest can be done later."""
        self._work.stop()
        if self._import is not None:
            self._have_run(self._import)
            return
        self._reading.stop()
        self._say(tr("Stopped before the whole file was read: nothing is imported."))
        self._show_buttons()

    # the dry run

    @property
    def _choices(self) -> Choices:
        return Choices(self.columns.many_numbers, dict(self._by_line))

    def _begin_anew(self) -> None:
        self._import, self._planned = None, ()
        self._show_lines((), [])
        self._say(tr("Reading the file..."))
        self.progress.setRange(0, 0)

    def _have_looked(self, sheet: Sheet | None) -> None:
        self._sheet = sheet
        self.columns.show_sheet(sheet)
        self.plan()

    def _have_plan(self, planned: tuple[Planned, ...]) -> None:
        self._planned = planned
        problems = [at for at, one in enumerate(planned) if one.verdict in _LEFT_OUT]
        self._show_lines(import_lines.planned_lines(planned), problems)
        self._say(import_lines.summary(planned))
        _log.info("dry run: %s", import_lines.counted(one.verdict for one in planned))
        self._show_buttons()

    def _tell_judged(self, rows: int, of: int) -> None:
        self._tell(rows, of)
        self._say(tr("%(n)d of %(total)d rows looked at...") % {"n": rows, "total": of})

    def _tell_trouble(self, error: PhoneError) -> None:
        self._say(f"{error.title}. {error.message}", bad=True)
        self._show_buttons()

    # a single row

    def _decide(self, line: int, choice: Choice) -> None:
        self._by_line[line] = choice
        self._reading.judge(self._choices)
        self._show_buttons()

    def _go_to_problem(self) -> None:
        """The next row below the chosen one that is not imported, else the first of all."""
        here = next(iter(self.list.chosen()), -1)
        if self._problems:
            below = (at for at in self._problems if at > here)
            self.list.choose(next(below, self._problems[0]))

    def _show_row(self) -> None:
        """What is said of the chosen row, and what can be decided about it."""
        chosen = next(iter(self.list.chosen()), -1)
        problems = len(self._problems)
        self.row.setVisible(bool(self.list.lines))
        if self._import is None and chosen >= 0 and self._planned[chosen].many:
            planned = self._planned[chosen]
            self.row.show_many(planned, self._choices.of(planned.row.line), problems)
        else:
            remark = self.list.lines[chosen].cells[-1] if chosen >= 0 else ""
            self.row.show_remark(remark, problems)

    def _press(self) -> None:
        """Enter in the list leads to what can be decided about its row."""
        if self.row.what.isVisible():
            self.row.what.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # doing it

    def _running(self, under_way: Import) -> Generator[int, None, Import]:
        while under_way.step(1):
            yield under_way.done
        return under_way

    def _have_run(self, under_way: Import) -> None:
        outcomes = under_way.outcomes()
        problems = [at for at, one in enumerate(outcomes) if one.became in _NOT_IMPORTED]
        self._show_lines(import_lines.outcome_lines(outcomes), problems)
        self._say(import_lines.result(outcomes))
        _log.info("import: %s", import_lines.counted(one.became for one in outcomes))
        had_keyboard = self.stop.hasFocus()
        self._show_buttons()
        if had_keyboard:
            left = under_way.done < under_way.total
            (self.start if left else self.list).setFocus(Qt.FocusReason.OtherFocusReason)
        self.ended.emit(self.said)

    def _tell_progress(self, done: object) -> None:
        total = len(self._planned)
        self._tell(int(str(done)), total)
        self._say(tr("%(done)d of %(total)d") % {"done": done, "total": total})

    def _outcomes(self) -> Sequence[Outcome]:
        return self._import.outcomes() if self._import is not None else ()

    # the widgets

    def _say(self, text: str, bad: bool = False) -> None:
        self._said.setText(text)
        give_role(self._said, "bad" if bad else "")

    def _show_lines(self, lines: Sequence[Line], problems: list[int]) -> None:
        """With one chosen, of which something can be said."""
        self._problems = problems
        self.list.show_lines(lines)
        if not self.list.chosen():
            self.list.choose(0)

    def _tell(self, done: int, of: int) -> None:
        self.progress.setRange(0, of)
        self.progress.setValue(done)

    def _show_buttons(self) -> None:
        under_way, busy = self._import, self.busy
        left = under_way is not None and under_way.done < under_way.total
        to_do = any(planned.verdict in _TO_DO for planned in self._planned)
        self.start.setText(tr("Go on") if left and not busy else tr("Import"))
        # Stop is not where Start was: a double click on that would be a stop.
        self.start.setVisible(busy or left or under_way is None)
        self.start.setEnabled(not busy and to_do)
        self.stop.setVisible(busy)
        self.progress.setVisible(busy)
        self.results.setVisible(not busy and under_way is not None)
        did = any(outcome.became in _DONE for outcome in self._outcomes())
        self.undo.setVisible(not busy and did)
        self.columns.setVisible(under_way is None)
        self.close_.setEnabled(not busy)
        self._show_row()

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        for button in (self.results, self.undo, self.stop, self.start, self.close_):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.columns)
        column.addWidget(self.list, 1)
        column.addWidget(self.row)
        column.addWidget(self.progress)
        column.addLayout(foot)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(tr("Progress of the import"))

    def _wire(self) -> None:
        reading = self._reading
        reading.looked.connect(self._have_looked)
        reading.went_on.connect(self._tell_judged)
        reading.planned.connect(self._have_plan)
        reading.failed.connect(self._tell_trouble)
        self.columns.changed.connect(self.plan)
        self.columns.encoding_changed.connect(lambda name: self.open_file(self._file, name))
        self.row.chosen.connect(self._decide)
        self.row.next_wanted.connect(self._go_to_problem)
        self.list.chosen_changed.connect(self._show_row)
        self.list.pressed.connect(self._press)
        self.start.clicked.connect(self.run)
        self.stop.clicked.connect(self.halt)
        self.results.clicked.connect(lambda: self.results_wanted.emit(self._outcomes()))
        self.undo.clicked.connect(self.undo_wanted)
        self.close_.clicked.connect(self.closed)
