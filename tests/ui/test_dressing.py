"""What every window wears, and when it is polished anew."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QStyle, QWidget
from pytestqt.qtbot import QtBot

from desk_phone.app.preferences import Preferences
from desk_phone.settings import Settings
from desk_phone.ui.dressing import Dressing
from desk_phone.ui.look import DARK, LIGHT, tokens, wear


class Polished(QObject):
    """Counts how often a widget is polished anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.StyleChange
        return False


@pytest.fixture
def preferences(qapp: QApplication, tmp_path: Path) -> Iterator[Preferences]:
    yield Preferences(Settings(theme="light"), tmp_path / "settings.json")
    wear(qapp, LIGHT)


def test_another_theme_is_worn_at_once(
    qapp: QApplication, qtbot: QtBot, preferences: Preferences
) -> None:
    owner = QObject()
    Dressing(qapp, preferences, owner)
    preferences.change(theme="dark")
    assert tokens() is DARK
    preferences.change(theme="light")
    assert tokens() is LIGHT


def test_another_setting_polishes_nothing(
    qapp: QApplication, qtbot: QtBot, preferences: Preferences
) -> None:
    owner, widget = QObject(), QWidget()
    qtbot.addWidget(widget)
    Dressing(qapp, preferences, owner)
    widget.ensurePolished()
    polished = Polished(widget)
    preferences.change(popups=False)
    assert polished.times == 0
    preferences.change(theme="dark")
    assert polished.times > 0


def test_the_desktop_turns_dark_while_we_run(
    qapp: QApplication, qtbot: QtBot, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QObject()
    Dressing(qapp, preferences, owner)
    # No display of the tests has a scheme that could change.
    monkeypatch.setattr("desk_phone.ui.dressing.chosen", lambda _theme: DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert tokens() is DARK


def test_every_look_has_the_same_style_and_icon(
    qapp: QApplication, qtbot: QtBot, preferences: Preferences
) -> None:
    """What were made anew with each look would stay: Qt and its bindings keep it."""
    owner, widget = QObject(), QWidget()
    qtbot.addWidget(widget)
    Dressing(qapp, preferences, owner)
    icon, styles = qapp.windowIcon().cacheKey(), _styles(widget)
    for theme in ("dark", "light") * 5:
        preferences.change(theme=theme)
        assert qapp.windowIcon().cacheKey() == icon
        assert _styles(widget) == styles


def _styles(widget: QWidget) -> int:
    """How many Python knows, once it asked for the one that ``widget`` has now."""
    assert widget.style() is not None
    return sum(isinstance(each, QStyle) for each in gc.get_objects())
