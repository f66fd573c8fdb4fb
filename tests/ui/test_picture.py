"""An icon beside words stays to be seen when the look changes under it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_phone.ui.look import DARK, LIGHT, wear
from desk_phone.ui.picture import Picture


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    wear(qapp, LIGHT)
    yield qapp
    wear(qapp, LIGHT)


def _colour(picture: Picture) -> QColor:
    """Of whatever is painted at all."""
    image = picture.pixmap().toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return max((image.pixelColor(*at) for at in places), key=QColor.alpha)


def test_it_follows_the_look(qtbot: QtBot, app: QApplication) -> None:
    picture = Picture(28)
    qtbot.addWidget(picture)
    picture.show_icon("phone-call", "accent")
    assert _colour(picture) == QColor(LIGHT.accent)
    wear(app, DARK)
    qtbot.waitUntil(lambda: _colour(picture) == QColor(DARK.accent))


def test_one_without_an_icon_stays_empty(qtbot: QtBot, app: QApplication) -> None:
    picture = Picture(28)
    qtbot.addWidget(picture)
    wear(app, DARK)
    assert picture.pixmap().isNull()
