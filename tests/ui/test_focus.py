"""The keyboard is seen where it is, and nothing jumps when it comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desk_phone.ui.buttons import push_button, tool_button
from desk_phone.ui.label import give_role
from desk_phone.ui.settings.section import SteadyComboBox, SteadySpinBox

FIELD_HIGH = 34  # px

KINDS: dict[str, Callable[[], QWidget]] = {
    "field": QLineEdit,
    "choice": SteadyComboBox,
    "count": SteadySpinBox,
    "button": lambda: push_button("Call", "phone"),
    "primary": lambda: push_button("Save", kind="primary"),
    "quiet": lambda: push_button("Undo", "undo-2", kind="quiet"),
    "flat": lambda: tool_button("This week", "phone"),
}


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    yield window
    window.hide()


def _show(qtbot: QtBot, window: QWidget, widget: QWidget) -> QWidget:
    """Beneath another one, which has the keyboard."""
    column = window.layout()
    assert column is not None
    column.addWidget(widget)
    window.show()
    first = window.findChild(QLineEdit)
    assert isinstance(first, QLineEdit)
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    return widget


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_moves_nothing(qtbot: QtBot, window: QWidget, kind: str) -> None:
    widget = _show(qtbot, window, KINDS[kind]())
    before = widget.sizeHint()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    assert widget.sizeHint() == before


def test_a_field_that_is_wrong_is_no_higher(qtbot: QtBot, window: QWidget) -> None:
    field = _show(qtbot, window, QLineEdit())
    give_role(field, "wrong")
    assert field.sizeHint().height() == FIELD_HIGH


@pytest.mark.parametrize("kind", ["field", "choice", "count", "button", "primary"])
def test_what_stands_in_a_row_is_equally_high(qtbot: QtBot, window: QWidget, kind: str) -> None:
    assert _show(qtbot, window, KINDS[kind]()).height() == FIELD_HIGH
