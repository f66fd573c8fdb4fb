"""The field for a note: it saves itself, and whatever happens to it loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desk_phone.model.notes import NOTE_AT_MOST
from desk_phone.ui.calls import note_edit
from desk_phone.ui.calls.note_edit import NoteEdit

Key = Qt.Key


@dataclass
class Drawer:
    """Where notes are kept, while there is room."""

    kept: list[str] = field(default_factory=list)
    full: bool = False

    def write(self, text: str) -> bool:
        if not self.full:
            self.kept.append(text)
        return not self.full


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(260, 300)
    yield window
    window.hide()


@pytest.fixture
def edit(qtbot: QtBot, window: QWidget, drawer: Drawer) -> NoteEdit:
    edit = NoteEdit("Note", "What was it about?")
    column = QVBoxLayout(window)
    column.addWidget(edit)
    column.addWidget(QLineEdit())
    column.addStretch(1)
    edit.begin("", drawer.write)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    edit.focus()
    return edit


def test_it_saves_itself_after_typing(qtbot: QtBot, edit: NoteEdit, drawer: Drawer) -> None:
    qtbot.keyClicks(edit.field, "Call back")
    assert (drawer.kept, edit.state) == ([], "")
    with qtbot.waitSignal(edit.saved):
        pass
    assert (drawer.kept, edit.state) == (["Call back"], "Saved")


def leave_it(edit: NoteEdit, window: QWidget) -> None:
    window.findChildren(QLineEdit)[0].setFocus()


def hide_it(edit: NoteEdit, window: QWidget) -> None:
    window.hide()


def close_it(edit: NoteEdit, window: QWidget) -> None:
    window.close()


def begin_another(edit: NoteEdit, window: QWidget) -> None:
    edit.begin("Another", lambda _: True)


@pytest.mark.parametrize("go", [leave_it, hide_it, close_it, begin_another])
def test_whatever_ends_the_typing_it_is_kept_at_once(
    qtbot: QtBot, edit: NoteEdit, window: QWidget, drawer: Drawer, go: object
) -> None:
    qtbot.keyClicks(edit.field, "Call back")
    assert callable(go)
    go(edit, window)
    assert drawer.kept == ["Call back"]


def test_esc_leaves_and_loses_nothing(qtbot: QtBot, edit: NoteEdit, drawer: Drawer) -> None:
    qtbot.keyClicks(edit.field, "Call back")
    with qtbot.waitSignal(edit.left):
        qtbot.keyClick(edit.field, Key.Key_Escape)
    assert (edit.text, drawer.kept) == ("Call back", ["Call back"])


def test_what_is_there_already_is_not_written_again(
    qtbot: QtBot, edit: NoteEdit, window: QWidget, drawer: Drawer
) -> None:
    edit.begin("As it was", drawer.write)
    qtbot.keyClicks(edit.field, "x")
    qtbot.keyClick(edit.field, Key.Key_Backspace)
    hide_it(edit, window)
    assert drawer.kept == []


def test_where_there_is_no_room_it_says_so_and_tries_again(
    qtbot: QtBot, edit: NoteEdit, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_edit, "TRIES_AGAIN_MS", 10)
    drawer.full = True
    qtbot.keyClicks(edit.field, "Call back")
    assert not edit.save()
    assert edit.state == "Not saved. Trying again."
    drawer.full = False
    qtbot.waitUntil(lambda: edit.state == "Saved")
    assert drawer.kept == ["Call back"]


def test_a_note_that_found_no_room_is_kept_later_though_another_is_shown(
    qtbot: QtBot, edit: NoteEdit, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_edit, "TRIES_AGAIN_MS", 10)
    other = Drawer()
    drawer.full = True
    qtbot.keyClicks(edit.field, "Call back")
    edit.begin("Another", other.write)
    drawer.full = False
    qtbot.waitUntil(lambda: drawer.kept == ["Call back"])
    assert (edit.text, other.kept) == ("Another", [])


def test_what_another_window_wrote_is_shown_unless_somebody_types(
    qtbot: QtBot, edit: NoteEdit
) -> None:
    edit.refresh("From the card")
    assert edit.text == "From the card"
    qtbot.keyClicks(edit.field, "x")
    edit.refresh("From the card again")
    assert "x" in edit.text


def test_all_that_is_seen_fits(qtbot: QtBot, edit: NoteEdit, drawer: Drawer) -> None:
    edit.begin("a" * (NOTE_AT_MOST - 10), drawer.write)
    edit.focus()
    QGuiApplication.clipboard().setText("b" * 30)
    edit.field.paste()
    assert edit.text == "a" * (NOTE_AT_MOST - 10) + "b" * 10
    assert edit.state == "A note has at most 4000 characters: the rest was left out."
    qtbot.keyClick(edit.field, Key.Key_Backspace)
    assert edit.state == "Room for 1 more character"
    edit.save()
    assert drawer.kept == [edit.text]


def test_what_was_put_in_the_middle_is_cut_and_not_the_end(edit: NoteEdit, drawer: Drawer) -> None:
    edit.begin("ac" * (NOTE_AT_MOST // 2), drawer.write)
    edit.field.moveCursor(edit.field.textCursor().MoveOperation.Start)
    edit.field.insertPlainText("b")
    assert edit.text == "ac" * (NOTE_AT_MOST // 2)


def test_a_note_longer_than_one_may_type_stays_whole(
    qtbot: QtBot, edit: NoteEdit, drawer: Drawer
) -> None:
    long = "a" * (NOTE_AT_MOST + 50)
    edit.begin(long, drawer.write)
    edit.focus()
    qtbot.keyClick(edit.field, Key.Key_Backspace)
    assert edit.save()
    assert drawer.kept == [long[:-1]]


def test_an_earlier_text_comes_back_and_ctrl_z_takes_that_back(
    edit: NoteEdit, drawer: Drawer
) -> None:
    edit.begin("Now", drawer.write)
    edit.replace_with("Before")
    assert (edit.text, drawer.kept) == ("Before", ["Before"])
    edit.field.undo()
    assert edit.text == "Now"


def test_it_grows_with_its_lines(qtbot: QtBot, edit: NoteEdit) -> None:
    low = edit.field.height()
    edit.field.insertPlainText("\n".join("12345"))
    qtbot.waitUntil(lambda: edit.field.height() > low)


def test_tab_leads_on_and_the_field_has_a_name(qtbot: QtBot, edit: NoteEdit) -> None:
    assert edit.field.accessibleName() == "Note"
    qtbot.keyClick(edit.field, Key.Key_Tab)
    assert not edit.field.hasFocus()
    assert edit.text == ""
