"""What the tests of the Phonebook page share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from desk_phone.ui.phonebook.cells import Column
from desk_phone.ui.phonebook.page import PhonebookPage
from tests.ui.conftest import Desk

ANNELI = ("Anneli Saar", "+37250227781")
JAAN = ("Jaan Tamm", "+3726123410", "+37251230000")
KRISTIINA = ("Kristiina Õunapuu", "+37251234567")


def shown_page(desk: Desk) -> PhonebookPage:
    """Read, in a window of its own, with the keyboard."""
    page = PhonebookPage(desk.contacts, desk.dialler, desk.directory, desk.now)
    desk.qtbot.addWidget(page)
    page.resize(704, 600)
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.isActiveWindow)
    desk.qtbot.waitUntil(lambda: not page.entries.reader.busy)
    return page


def some_entries(desk: Desk) -> None:
    """Three, in the order of their names; changes are allowed."""
    desk.contacts.unlock()
    desk.list_entries(KRISTIINA, ANNELI, JAAN)


def column(page: PhonebookPage, which: Column = Column.NAME) -> list[str]:
    model = page.entries.model
    return [model.index(row, which).data() for row in range(model.rowCount())]


def states(page: PhonebookPage) -> dict[str, str]:
    return dict(zip(column(page), column(page, Column.STATE), strict=True))


def texts(page: QWidget) -> str:
    QApplication.processEvents()  # what was put into a layout is shown a moment later
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def button(page: QWidget, text: str) -> QPushButton:
    (found,) = [b for b in buttons(page) if b.text() == text]
    return found


def buttons(page: QWidget) -> list[QPushButton]:
    """In the order in which they were made."""
    QApplication.processEvents()
    return [b for b in page.findChildren(QPushButton) if b.isVisible()]


def cell_editor(page: PhonebookPage) -> QLineEdit:
    """The field that is open in the table."""
    (found,) = _editors(page)
    return found


def _editors(page: PhonebookPage) -> list[QLineEdit]:
    editors = page.entries.table.viewport().findChildren(QLineEdit)
    return [editor for editor in editors if editor.isVisible()]


def type_into_cell(desk: Desk, page: PhonebookPage, text: str) -> None:
    """F2, another text, Enter."""
    desk.qtbot.keyClick(page.entries.table, Qt.Key.Key_F2)
    editor = cell_editor(page)
    editor.selectAll()
    editor.insert(text)
    commit(desk, page)


def commit(desk: Desk, page: PhonebookPage) -> None:
    """Enter in the open field; Qt takes it a moment later."""
    desk.qtbot.keyClick(cell_editor(page), Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not _editors(page))


def choose(page: PhonebookPage, name: str, which: Column = Column.NAME) -> None:
    table = page.entries.table
    table.setFocus()
    table.setCurrentIndex(page.entries.model.index(column(page).index(name), which))
