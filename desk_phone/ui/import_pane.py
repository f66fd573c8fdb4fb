"""An import: what each row of a file would do, then doing it, with progress and a stop."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.transfer.applying import Import, Outcome
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.planning import Choices, Known, Planned, Verdict, planning
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import Sheet, look_at, rows_of, with_columns
from desk_phone.ui import import_lines, words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.import_columns import ImportColumns
from desk_phone.ui.import_lines import OutcomeLines, PlannedLines
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.listing import Listing
from desk_phone.ui.piecemeal import Piecemeal

_TO_DO = (Verdict.ADD, Verdict.CHANGE)


class ImportPane(QWidget):
    """``known`` are the entries as they are; ``put`` makes one change, or raises PhoneError."""

    closed = Signal()
    results_wanted = Signal(object)  # tuple[Outcome, ...]: to be written into a file

    def __init__(
        self,
        known: Callable[[], Iterable[Known]],
        put: Callable[[Planned], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._known, self._put = known, put
        self._file = Path()
        self._sheet: Sheet | None = None  # None: cards
        self._import: Import | None = None
        self._planned: tuple[Planned, ...] = ()
        self._work = Piecemeal(self)
        self._title, self._said = plain_label(role="h2"), plain_label(wraps=True)
        self.columns = ImportColumns()
        head = (tr("Result"), tr("Line"), tr("Name"), tr("Numbers"), tr("Remark"))
        self.list = Listing(tr("Rows of the file"), head, (120, 56, 0, 0, 0))
        self.progress = QProgressBar(textVisible=False)
        self.start = push_button(tr("Import"), kind="primary")
        self.stop = push_button(tr("Stop"))
        self.results = push_button(tr("Save the result..."), "download")
        self.close_ = push_button(tr("Close"))
        self._build()
        self._wire()

    @property
    def busy(self) -> bool:
        return self._work.busy

    @property
    def said(self) -> str:
        return self._said.text()

    @property
    def planned(self) -> tuple[Planned, ...]:
        return self._planned

    def open_file(self, file: Path, encoding: str = "") -> None:
        """Begin the dry run."""
        self._file, self._import, self._planned = file, None, ()
        self._title.setText(tr("Import from %(file)s") % {"file": words.plain(file.name, 60)})
        self.list.show_lines(())
        try:
            self._sheet = None if are_cards(file) else look_at(file, encoding)
        except PhoneError as error:
            self._tell_trouble(error)
            return
        self.columns.show_sheet(self._sheet)
        self.plan()

    def plan(self) -> None:
        """Read the rows as it is chosen now."""
        self._import, self._planned = None, ()
        self._say(tr("Reading the file..."))
        self.list.show_lines(())
        self._show_buttons(busy=True)
        self._work.begin(self._planning(), self._have_plan, self._tell_read)

    def run(self) -> None:
        """Do it, or go on with it."""
        if self._import is None:
            self._import = Import(self._planned, self._put)
        self.progress.setRange(0, self._import.total)
        self._show_buttons(busy=True)
        self._work.begin(self._running(self._import), self._have_run, self._tell_progress)

    def halt(self) -> None:
        """What was done stays; the rest can be done later."""
        self._work.stop()
        if self._import is not None:
            self._have_run(self._import)
        else:
            self._show_buttons(busy=False)

    # the dry run

    def _planning(self) -> Generator[int, None, tuple[Planned, ...] | PhoneError]:
        try:
            choices = Choices(self.columns.many_numbers)
            return (yield from planning(self._rows(self._sheet), self._known(), choices))
        except PhoneError as error:  # a broken line, or columns that nobody chose
            return error

    def _rows(self, sheet: Sheet | None) -> Iterable[Row]:
        if sheet is None:
            return card_rows(self._file)
        return rows_of(with_columns(sheet, self.columns.columns))

    def _have_plan(self, planned: tuple[Planned, ...] | PhoneError) -> None:
        if isinstance(planned, PhoneError):
            self._tell_trouble(planned)
            return
        self._planned = planned
        self.list.show_lines(PlannedLines(planned))
        self._say(import_lines.summary(planned))
        self._show_buttons(busy=False)

    def _tell_read(self, rows: object) -> None:
        self._say(tr("%(n)d rows read...") % {"n": rows})

    def _tell_trouble(self, error: PhoneError) -> None:
        self._say(f"{error.title}. {error.message}", bad=True)
        self._show_buttons(busy=False)

    # doing it

    def _running(self, under_way: Import) -> Generator[int, None, Import]:
        while under_way.step(1):
            yield under_way.done
        return under_way

    def _have_run(self, under_way: Import) -> None:
        outcomes = under_way.outcomes()
        self.list.show_lines(OutcomeLines(outcomes))
        self._say(import_lines.result(outcomes))
        self._show_buttons(busy=False)

    def _tell_progress(self, done: object) -> None:
        total = self.progress.maximum()
        self.progress.setValue(int(str(done)))
        self._say(tr("%(done)d of %(total)d") % {"done": done, "total": total})

    def _outcomes(self) -> Sequence[Outcome]:
        return self._import.outcomes() if self._import is not None else ()

    # the widgets

    def _say(self, text: str, bad: bool = False) -> None:
        self._said.setText(text)
        give_role(self._said, "bad" if bad else "")

    def _show_buttons(self, busy: bool) -> None:
        under_way = self._import
        left = under_way is not None and under_way.done < under_way.total
        to_do = any(planned.verdict in _TO_DO for planned in self._planned)
        self.start.setText(tr("Go on") if under_way is not None else tr("Import"))
        self.start.setVisible(not busy and (left if under_way is not None else True))
        self.start.setEnabled(to_do)
        self.stop.setVisible(busy)
        self.progress.setVisible(busy and under_way is not None)
        self.results.setVisible(not busy and under_way is not None)
        self.columns.setVisible(under_way is None)
        self.columns.setEnabled(not busy)
        self.close_.setEnabled(not busy)

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        for button in (self.results, self.stop, self.start, self.close_):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.columns)
        column.addWidget(self.list, 1)
        column.addWidget(self.progress)
        column.addLayout(foot)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(tr("Progress of the import"))

    def _wire(self) -> None:
        self.columns.changed.connect(self.plan)
        self.columns.encoding_changed.connect(lambda name: self.open_file(self._file, name))
        self.start.clicked.connect(self.run)
        self.stop.clicked.connect(self.halt)
        self.results.clicked.connect(lambda: self.results_wanted.emit(self._outcomes()))
        self.close_.clicked.connect(self.closed)
