"""How large a window is when it is shown first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desk_phone.ui.front import first_size


class _Screen:
    def __init__(self, across: int, high: int) -> None:
        self._room = QSize(across, high)

    def availableSize(self) -> QSize:
        return self._room


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        ((1280, 768), (920, 600)),
        ((1024, 736), (920, 600)),
        ((911, 620), (911, 588)),
        ((911, 491), (911, 480)),  # 1366 x 768 at 150 %, with a panel: its state stays in sight
        ((683, 360), (920, 480)),  # too small for it
    ],
)
def test_a_window_is_no_larger_than_the_screen(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    screen: tuple[int, int],
    size: tuple[int, int],
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setMinimumSize(880, 480)
    monkeypatch.setattr(window, "screen", lambda: _Screen(*screen))
    assert first_size(window, 920, 600).toTuple() == size
