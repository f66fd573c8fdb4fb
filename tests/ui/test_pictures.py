"""The pictures for the manual: one of each scene in each look."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel

from desk_phone.ui.look import LIGHT, Tokens, wear
from desk_phone.ui.pictures import Scene, take_pictures


def test_each_scene_is_taken_in_both_looks(qapp: QApplication, tmp_path: Path) -> None:
    label = QLabel("Calls")
    prepared: list[str] = []
    scenes = (
        Scene("window", lambda: label, lambda: prepared.append("window")),
        Scene("card", lambda: label, free=True),
    )

    def dress(look: Tokens) -> None:
        wear(qapp, look)

    files = take_pictures(tmp_path / "pictures", scenes, dress)
    dress(LIGHT)
    assert sorted(file.name for file in files) == [
        "card_dark.png", "card_light.png", "tray_dark.png", "tray_light.png",
        "window_dark.png", "window_light.png",
    ]  # fmt: skip
    assert prepared == ["window", "window"]
    images = {file.stem: QImage(str(file)) for file in files}
    assert all(not image.isNull() for image in images.values())
    assert images["card_light"].width() == images["window_light"].width() + 32
    assert images["window_light"] != images["window_dark"]


def test_a_picture_that_cannot_be_written_is_told(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "window_light.png").mkdir()
    scene = Scene("window", QLabel)
    with pytest.raises(OSError, match="window_light"):
        take_pictures(tmp_path, (scene,), lambda look: None)
