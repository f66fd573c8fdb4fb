"""People of others' contacts, beside the company's phonebook: to look at, to call, to copy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut, QShowEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.directory import Directory, OutsidePerson
from desk_phone.i18n import ntr, tr
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.icons import icon
from desk_phone.ui.label import plain_label
from desk_phone.ui.listing import Line, Listing, MadeLines

FOUND_AT_MOST = 200  # people that are shown for a text
_LABEL_AT_MOST = 40


class OutsidePane(QWidget):
    """Read again when it is shown and when the directory has others. Nothing in it can be changed.

    ``found_changed``: `found` may be another; ``call_wanted`` carries a canonical number.
    """

    found_changed = Signal()
    call_wanted = Signal(str)
    copy_wanted = Signal(object)  # tuple[OutsidePerson, ...]
    empty_pressed = Signal(str)

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory, self._text = directory, ""
        self._people: Sequence[OutsidePerson] = ()
        head = (tr("Name"), tr("Company"), tr("Numbers"), tr("Comes from"))
        self.list = Listing(tr("Contacts from elsewhere"), head, (0, 130, 0, 150), many=True)
        self.call = push_button(tr("Call"), "phone", "on_good", kind="call")
        self.copy = push_button(tr("Copy into the company's phonebook..."), "user-plus")
        self._said = plain_label(role="small", wraps=True)
        self._empty = EmptyState()
        self._stack, self._foot = QStackedWidget(), QWidget()
        self._build()
        self._wire()

    @property
    def found(self) -> str:
        """How many were found for a text, in a few letters; empty where nothing is sought."""
        if not self._text:
            return ""
        count = len(self._people)
        return f"{count}+" if count == FOUND_AT_MOST else str(count)

    @property
    def said(self) -> str:
        return self._said.text()

    def search(self, text: str) -> None:
        """Only to be shown where the pane is; the few that are found are always known."""
        text = text.strip()
        if text != self._text:
            self._text = text
            self._look()
            self.list.scrollToTop()

    def chosen(self) -> tuple[OutsidePerson, ...]:
        return tuple(self._people[at] for at in sorted(self.list.chosen()))

    # reading

    def _look(self) -> None:
        if not self._text and not self.isVisible():
            people: Sequence[OutsidePerson] = ()
        elif self._text:
            people = self._directory.outside(self._text, FOUND_AT_MOST)
        else:
            people = self._directory.outside("")
        if people != self._people or not self.list.lines:
            self._people = people
            self.list.clearSelection()
            self.list.show_lines(MadeLines(people, self._line))
        self._show()
        self.found_changed.emit()

    def _line(self, at: int, person: OutsidePerson) -> Line:
        label = words.plain(person.label, _LABEL_AT_MOST)
        known = all(map(self._directory.has_entry, person.numbers))
        numbers = ", ".join(map(words.number, person.numbers))
        company = words.plain(person.company)
        if known:
            label = tr("%(label)s; in the phonebook") % {"label": label}
        icon_name = "book-user" if known else "users"
        return Line(at, (words.plain(person.name), company, numbers, label), icon_name)

    def _show(self) -> None:
        if not self._people:
            self._empty.show_this(_emptiness(self._text, self._directory.ready))
        self._stack.setCurrentWidget(self.list if self._people else self._empty)
        self._foot.setVisible(bool(self._people))
        self._allow()

    def _allow(self) -> None:
        count = len(self.list.chosen())
        self.call.setEnabled(count == 1)
        self.copy.setEnabled(count > 0)
        read_only = tr("Read from your own sources; nothing here can be changed.")
        if count > 1:
            chosen = ntr("%(n)d person is chosen.", "%(n)d people are chosen.", count)
            self._said.setText(chosen)
        elif self._text:
            self._said.setText(tr("%(n)s found.") % {"n": self.found} + " " + read_only)
        else:
            people = ntr("%(n)d person.", "%(n)d people.", len(self._people))
            self._said.setText(f"{people} {read_only}")

    # what is done

    def menu(self) -> QMenu | None:
        """To choose among the numbers of the chosen person; None where there is no choice."""
        chosen = self.chosen()
        if len(chosen) != 1 or len(chosen[0].numbers) < 2:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number in chosen[0].numbers:
            text = tr("Call %(who)s") % {"who": words.number(number)}
            action = QAction(icon("phone"), words.menu(text), menu)
            action.triggered.connect(partial(self.call_wanted.emit, number))
            menu.addAction(action)
        return menu

    def _call(self) -> None:
        chosen, menu = self.chosen(), self.menu()
        if menu is not None:
            at = self.list.visualRect(self.list.selectionModel().selectedRows()[0])
            menu.popup(self.list.viewport().mapToGlobal(at.bottomLeft() + QPoint(24, 0)))
            menu.setActiveAction(menu.actions()[0])
        elif len(chosen) == 1:
            self.call_wanted.emit(chosen[0].numbers[0])

    def _copy(self) -> None:
        if self.copy.isEnabled():
            self.copy_wanted.emit(self.chosen())

    def _copy_numbers(self) -> None:
        numbers = [number for person in self.chosen() for number in person.numbers]
        QGuiApplication.clipboard().setText("\n".join(numbers))

    # making

    def _build(self) -> None:
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        for button in (self.copy, self.call):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)

    def _wire(self) -> None:
        self.list.pressed.connect(self._call)
        self.list.chosen_changed.connect(self._allow)
        self.call.clicked.connect(self._call)
        self.copy.clicked.connect(self._copy)
        self._empty.pressed.connect(self.empty_pressed)
        self._directory.renewed.connect(self._look)
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)
        copying.activated.connect(self._copy_numbers)

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()


def _emptiness(text: str, ready: bool) -> Emptiness:
    if not ready:
        return Emptiness("users", tr("Reading..."), "", "", "")
    if text:
        return Emptiness(
            "search",
            tr("Nobody found for “%(text)s”") % {"text": words.plain(text, 40)},
            tr("Names, companies and numbers are searched, in any spelling."),
            "",
            "",
        )
    return Emptiness(
        "users",
        tr("Contacts from elsewhere"),
        tr("People from Outlook, a phone, an address book or a directory appear here."),
        tr("Add a source"),
        "sources",
    )
