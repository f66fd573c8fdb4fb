"""The keyboard is seen where it is, and nothing jumps when it comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget
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


@pytest.mark.parametrize("make", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("on", [False, True])
def test_a_choice_shows_the_keyboard_in_another_shape(
    qtbot: QtBot, window: QWidget, make: type[QCheckBox | QRadioButton], on: bool
) -> None:
    """Also where no Tab brought it: the ring of a chosen one stands apart from what it holds."""
    choice = make("")
    choice.setChecked(on)
    _show(qtbot, window, choice)
    before = _colours_across(choice)
    choice.setFocus()
    qtbot.waitUntil(choice.hasFocus)
    assert _colours_across(choice) != before


def _colours_across(widget: QWidget) -> list[int]:
    """How wide each stretch of like brightness is, from the left through the middle: a shape."""
    image = widget.grab().toImage()
    row = image.height() // 2
    light = [image.pixelColor(x, row).lightness() > 128 for x in range(image.width())]
    return [len(list(run)) for _, run in groupby(light)]
