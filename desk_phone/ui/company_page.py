"""The company's own numbers: who has which, to look up, call, copy, save and print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dialler
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.search import Index, Item
from desk_phone.transfer.tables import Table, write_table
from desk_phone.ui import trouble, words
from desk_phone.ui.banner import Banners
from desk_phone.ui.buttons import push_button, tool_button
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.label import plain_label
from desk_phone.ui.listing import Line, Listing
from desk_phone.ui.phonebook.files import ask_where
from desk_phone.ui.printing import ask_and_print
from desk_phone.ui.search_field import search_field

_FOUND_AT_MOST = 1000


class CompanyPage(QWidget):
    """Looks the names up each time it is shown, and when calls or entries change while it is."""

    account_wanted = Signal()

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler = calls, dialler
        self._account, self._preferences = account, preferences
        self._shown: list[tuple[str, str]] = []
        self.search = search_field(tr("Search company numbers"))
        self.list = Listing(
            tr("Company numbers"),
            (tr("Name"), tr("Number"), tr("Name comes from"), ""),
            (0, 150, 150, 110),
        )
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._count = plain_label(role="muted")
        self._notices = Banners(("company",))
        self._make_buttons()
        self._build()
        self._wire()
        self.look()

    def look(self) -> None:
        """Read numbers and names again."""
        found = _sought(self._named(), self.search.text())
        self._shown = found
        own = self._preferences.settings.own_number
        self.list.show_lines([self._line(at, *each, own) for at, each in enumerate(found)])
        self._count.setText(ntr("%(n)d number", "%(n)d numbers", len(found)))
        if not found:
            self._empty.show_this(self._emptiness())
        self._stack.setCurrentIndex(0 if found else 1)
        self._chosen_changed()

    @property
    def chosen(self) -> str:
        """The canonical number of the chosen line; empty for none."""
        places = self.list.chosen()
        return self._shown[places[0]][0] if places else ""

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def go_back(self) -> bool:
        """Empty the search; False when there was none."""
        had = bool(self.search.text())
        self.search.clear()
        return had

    def table(self) -> Table:
        """What is listed, for a file or for paper."""
        rows = [(name, words.number(key)) for key, name in self._shown]
        return Table(tr("Company numbers"), (tr("Name"), tr("Number")), rows)

    # what is listed

    def _named(self) -> list[tuple[str, str]]:
        """(number, name), by name and then by number; the own line at least by its own name."""
        settings, name_of = self._preferences.settings, self._calls.ledger.name_of
        mine = {settings.own_number: settings.own_name}
        numbers = self._account.numbers
        named = [(key, name_of(key)[0] or mine.get(key, "")) for key in numbers]
        return sorted(named, key=lambda each: (not each[1], each[1].casefold(), each[0]))

    def _line(self, at: int, key: str, name: str, own: str) -> Line:
        named = self._calls.ledger.named(key)
        from_where = words.source(named.source, named.label)
        mine = tr("my line") if key == own else ""
        cells = (words.plain(name) or tr("no name"), words.number(key), from_where, mine)
        return Line(at, cells, "user" if name else "phone")

    def _emptiness(self) -> Emptiness:
        if self.search.text().strip():
            text = tr("Try a part of a name or of a number.")
            return Emptiness("search", tr("No such number"), text, "", "")
        return Emptiness(
            "building-2",
            tr("The numbers of your company"),
            tr("They are listed here once the account works."),
            tr("Open account"),
            "account",
        )

    # what is done

    def _into_list(self) -> None:
        if self._shown:
            self.list.choose(0)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _call(self) -> None:
        if self.chosen:
            self._dialler.dial_key(self.chosen)

    def _copy(self) -> None:
        if self.chosen:
            QGuiApplication.clipboard().setText(self.chosen)

    def _choose_line(self) -> None:
        if self.chosen:
            self._account.choose_line(self.chosen)

    def _export(self) -> None:
        ask_where(self, tr("Save the company's numbers"), f"{tr('Company numbers')}.csv", self.save)

    def save(self, file: Path) -> None:
        """Write what is listed; a failure is told on the page."""
        try:
            write_table(self.table(), file)
        except BadInput as error:
            self._tell(error)

    def _print(self) -> None:
        ask_and_print(self, self.table(), self._tell)

    def _tell(self, error: PhoneError) -> None:
        self._notices.put("company", trouble.of_error(error))

    def _chosen_changed(self) -> None:
        is_other = bool(self.chosen) and self.chosen != self._preferences.settings.own_number
        for button in (self.call, self.mine):
            button.setEnabled(is_other)
        self.copy.setEnabled(bool(self.chosen))
        for tool in (self.export, self.paper):
            tool.setEnabled(bool(self._shown))

    # making

    def _make_buttons(self) -> None:
        self.call = push_button(tr("Call"), "phone", "on_good", kind="call")
        self.copy = push_button(tr("Copy"), "copy")
        self.mine = push_button(tr("This is my line"))
        self.refresh = tool_button(tr("Read again"), "refresh-cw")
        self.export = tool_button(tr("Save as CSV"), "download")
        self.paper = tool_button(tr("Print"), "printer")

    def _build(self) -> None:
        head = _row((plain_label(tr("Company numbers"), "title"), None, self.search))
        tools = _row((self._count, None, self.refresh, self.export, self.paper))
        foot = _row((self.call, self.copy, None, self.mine))
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._notices)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    def _wire(self) -> None:
        self.search.textChanged.connect(self.look)
        self.search.list_wanted.connect(self._into_list)
        self.list.pressed.connect(self._call)
        self.list.chosen_changed.connect(self._chosen_changed)
        self._empty.pressed.connect(self.account_wanted)
        self._notices.pressed.connect(lambda name, _: self._notices.put(name, None))
        for button, deed in self._deeds():
            button.clicked.connect(deed)
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)
        copying.activated.connect(self._copy)
        self._account.numbers_changed.connect(self.look)
        self._preferences.changed.connect(self._look_if_shown)
        self._calls.changed.connect(self._look_if_shown)

    def _deeds(self) -> Sequence[tuple[QAbstractButton, Callable[[], object]]]:
        return (
            (self.call, self._call),
            (self.copy, self._copy),
            (self.mine, self._choose_line),
            (self.refresh, self._account.refresh_numbers),
            (self.export, self._export),
            (self.paper, self._print),
        )

    def _look_if_shown(self) -> None:
        if self.isVisible():
            self.look()


def _sought(named: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The likeliest first; all of them for no text."""
    if not text.strip():
        return named
    index = Index()
    for key, name in named:
        index.put(Item(key, (name,), (key,)))
    known = dict(named)
    return [(hit.item.id, known[hit.item.id]) for hit in index.search(text, _FOUND_AT_MOST)]


def _row(parts: Sequence[QWidget | None]) -> QHBoxLayout:
    """Widgets beside each other; None is the room between those on the left and on the right."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
