"""An upgrade replaces the program while it runs: it is seen, told, and the program begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desk_phone.system.replaced import Replaced
from desk_phone.ui.renewal import Renewal, is_something_shown
from desk_phone.ui.windows import Windows
from tests.ui.behind import behind
from tests.ui.conftest import Desk

SETTLES_MS = 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "desk-phone"
    file.write_text("one version")
    return file


@pytest.fixture
def parent(qtbot: QtBot) -> QObject:
    return QObject()


def put_another(file: Path) -> None:
    """As dpkg does: written beside it, then renamed."""
    new = file.with_name("desk-phone.dpkg-new")
    new.write_text("another version")
    new.replace(file)


def test_another_file_in_its_place_is_told_once(file: Path, qtbot: QtBot, parent: QObject) -> None:
    replaced, told = Replaced(file, SETTLES_MS, parent), []
    replaced.happened.connect(lambda: told.append(file.read_text()))
    with qtbot.waitSignal(replaced.happened):
        put_another(file)
        (file.parent / "part").touch()  # what else is unpacked meanwhile
    assert told == ["another version"]


def test_what_else_changes_beside_it_is_no_news(file: Path, qtbot: QtBot, parent: QObject) -> None:
    replaced = Replaced(file, SETTLES_MS, parent)
    with qtbot.assertNotEmitted(replaced.happened):
        with qtbot.waitSignal(replaced._settling.timeout):
            (file.parent / "another").touch()
        with qtbot.waitSignal(replaced._settling.timeout):
            file.rename(file.with_name("away"))
    with qtbot.waitSignal(replaced.happened):
        put_another(file)


class Company:
    """Who is at work, and what was told."""

    def __init__(self) -> None:
        self.may, self.told = True, 0

    def tell(self) -> None:
        self.told += 1


def test_it_begins_anew_at_once_where_nobody_is_at_work(
    file: Path, qtbot: QtBot, parent: QObject
) -> None:
    replaced, company = Replaced(file, SETTLES_MS, parent), Company()
    renewal = Renewal(replaced, lambda: company.may, company.tell, parent)
    with qtbot.waitSignal(renewal.wanted):
        put_another(file)


def test_a_window_holds_it_and_tells_until_it_is_closed(
    file: Path, qtbot: QtBot, parent: QObject
) -> None:
    replaced, company = Replaced(file, SETTLES_MS, parent), Company()
    renewal = Renewal(replaced, lambda: company.may, company.tell, parent)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    assert is_something_shown()
    window.showMinimized()
    assert not is_something_shown()
    window.showNormal()
    with qtbot.assertNotEmitted(renewal.wanted):
        with qtbot.waitSignal(replaced.happened):
            put_another(file)
        renewal._timer.timeout.emit()
    assert company.told == 1
    window.hide()
    company.may = False  # something is typed in it
    with qtbot.assertNotEmitted(renewal.wanted):
        renewal._timer.timeout.emit()
    company.may = True
    with qtbot.waitSignal(renewal.wanted):
        renewal._timer.timeout.emit()


# in the windows


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    windows = Windows(behind(desk))
    yield windows
    windows.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("made_before", [True, False])
def test_the_window_says_so_and_offers_it(desk: Desk, windows: Windows, made_before: bool) -> None:
    if made_before:
        windows.show_calls()
    windows.tell_upgrade()
    windows.show_calls()
    windows.speak_again()
    buttons = windows.main.notices.findChildren(QPushButton)
    (again,) = [button for button in buttons if button.text() == "Start again"]
    with desk.qtbot.waitSignal(windows.anew_wanted):
        again.click()


def test_what_is_typed_in_a_hidden_window_is_not_lost(windows: Windows) -> None:
    assert windows.is_at_rest()
    windows.add_to_phonebook("+3725123456")
    windows.main.hide()
    form = windows.main.phonebook_page.entries.form
    field = next(field for field in form.findChildren(QLineEdit) if not field.text())
    field.insert("Jüri")
    assert not windows.is_at_rest()
    field.clear()
