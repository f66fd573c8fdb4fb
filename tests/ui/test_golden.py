"""Every window looks as it did when somebody last approved of it (`tests.ui.golden`)."""

from __future__ import annotations

import gettext
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from desk_phone import i18n
from desk_phone.assets import resource
from desk_phone.ui import words
from desk_phone.ui.cards.card import Card
from desk_phone.ui.look import DARK, LIGHT, wear
from desk_phone.ui.settings import about_section
from desk_phone.ui.settings.page import Section
from tests.ui import golden
from tests.ui.conftest import Desk
from tests.ui.large_letters import LARGE_LETTERS
from tests.ui.windows import PREPARED, Windows, make_windows

SCALE = (
    "DESK_PHONE_TEST_SCALE"  # set in the process where everything, or letters, are twice as large
)
SCALES = {
    "everything": {"QT_SCALE_FACTOR": "2"},
    "letters": {"QT_QPA_PLATFORM": "offscreen:configfile=screen.json"},
}

_SAME = {"settings locked", "phonebook unsaved", "phonebook imported", "call done", "summary"}
_BY_CHANCE = {"phonebook offline", "phonebook doubt"}  # when the next try is
_WHOLE = "settings window"  # the others of the settings show their section alone
_IN_ENGLISH = [_WHOLE, *(name for name in PREPARED if name not in _SAME | _BY_CHANCE)]
_ABROAD = (
    *("calls", "call chosen", "calls of the week", "phonebook", "settings pop-ups"),
    *("settings hotkey", "palette", "card", "question", "wizard 1"),
)
_LARGE = ("calls", "phonebook", "settings hotkey", "palette", "card", "question", "wizard 3")


def _shots() -> list[tuple[str, str]]:
    """What is shown in which language in this process."""
    scale = os.environ.get(SCALE, "")
    if scale == "letters":
        return [(name, "ru") for name in _LARGE]
    if scale:
        return [(name, "en") for name in _LARGE[:4]]
    abroad = [(name, language) for language in ("et", "ru") for name in _ABROAD]
    return [*((name, "en") for name in _IN_ENGLISH), *abroad]


@pytest.fixture(scope="session")
def pinned(qapp: QApplication) -> str:
    """Why nothing can be compared here, if so."""
    if golden.RENEW not in os.environ:
        return golden.why_not_comparable()
    golden.keep_pins()
    return ""


@pytest.fixture
def letters(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pinned ones, a text cursor that does not blink, and Tallinn's time."""
    before, blinks = qapp.font(), qapp.cursorFlashTime()
    font = QFont(golden.FAMILY)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    qapp.setFont(font)
    qapp.setCursorFlashTime(0)
    wear(qapp, LIGHT)
    monkeypatch.setenv("TZ", "Europe/Tallinn")
    time.tzset()
    monkeypatch.setattr(about_section, "__version__", "1.0")
    yield
    qapp.setFont(before)
    qapp.setCursorFlashTime(blinks)
    monkeypatch.undo()
    time.tzset()
    wear(qapp, LIGHT)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    if language != "en":
        found = gettext.translation(i18n.DOMAIN, resource("locale"), [language])
        monkeypatch.setattr(i18n, "_catalogue", found)
        words.speak(language)


@pytest.fixture
def windows(letters: None, spoken: None, desk: Desk) -> Iterator[Windows]:
    windows = make_windows(desk)
    yield windows
    windows.close()


@pytest.mark.parametrize(("name", "language"), _shots())
def test_a_window_looks_as_it_did(
    windows: Windows, qapp: QApplication, pinned: str, name: str, language: str
) -> None:
    assert not pinned, pinned
    window = PREPARED["settings look" if name == _WHOLE else name](windows)
    qtbot = windows.desk.qtbot
    qtbot.waitUntil(window.isVisible)
    if not isinstance(window, Card):
        qtbot.waitUntil(window.isActiveWindow)
    usual = language == "en" and SCALE not in os.environ
    for look in (LIGHT, DARK) if usual else (LIGHT,):
        if look is DARK:
            wear(qapp, look)
        _settle()
        shown = _section(windows, name) if name.startswith("settings") else window
        golden.compare(_file(name, language, look is DARK), _taken(shown, look.window))


if SCALE not in os.environ:

    @pytest.mark.parametrize("scale", SCALES)
    def test_windows_look_as_they_did_at_twice_the_size(
        tmp_path: Path, pinned: str, scale: str
    ) -> None:
        """The scale of a screen is fixed before the program starts, so this needs a process."""
        assert not pinned, pinned
        (tmp_path / "screen.json").write_text(json.dumps(LARGE_LETTERS))
        ways = {name: to.replace("=", f"={tmp_path}/") for name, to in SCALES[scale].items()}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__],
            env={**os.environ, **ways, SCALE: scale},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:]

    def test_a_difference_is_found_and_shown(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(golden.RENEW, raising=False)
        monkeypatch.setattr(golden, "FOLDER", tmp_path / "kept")
        monkeypatch.setattr(golden, "FOUND", tmp_path / "found")
        picture = QImage(40, 30, QImage.Format.Format_RGB32)
        picture.fill(QColor("#336699"))
        golden._save(picture, golden.FOLDER / "window.png")
        golden.compare("window", picture)
        picture.setPixelColor(7, 5, QColor("#3A6CA0"))  # as another processor rounds
        golden.compare("window", picture)
        picture.setPixelColor(8, 6, QColor("#996633"))
        with pytest.raises(AssertionError, match="1 pixels differ"):
            golden.compare("window", picture)
        shown = QImage(str(golden.FOUND / "window_difference.png"))
        assert shown.pixelColor(8, 6) == QColor("#E00000")
        assert (golden.FOUND / "window.png").exists()
        with pytest.raises(AssertionError, match="40 x 30 before, 40 x 20 now"):
            golden.compare("window", picture.copy(0, 10, 40, 20))
        with pytest.raises(AssertionError, match="no picture"):
            golden.compare("another", picture)

    def test_other_letters_or_another_qt_are_told(
        qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "pins.json"
        monkeypatch.setattr(golden, "_PINS", file)
        file.write_text('{"qt": "6.0.0", "freetype": "2.0.0", "letters": "0"}')
        assert "were taken with Qt 6.0.0, FreeType 2.0.0, Inter 0; here are Qt" in (
            golden.why_not_comparable()
        )


def _file(name: str, language: str, dark: bool) -> str:
    scale = os.environ.get(SCALE, "")
    parts = (name.replace(" ", "-"), language, scale, "dark" if dark else "light")
    return "_".join(part for part in parts if part)


def _section(windows: Windows, name: str) -> QWidget:
    """So that a change of one section changes no picture of another."""
    page = windows.main.settings_page
    if name == _WHOLE:  # its scroll bar tells how long they all are
        page.sections.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        _settle()
        return windows.main
    found = (each for each in Section if name == f"settings {each}")
    return page.frame(next(found, Section.ACCOUNT))


def _settle() -> None:
    for _ in range(6):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents()


def _taken(window: QWidget, ground: str) -> QImage:
    """The window; where it is see-through, its corners, on some ground."""
    taken = window.grab().toImage()
    whole = QImage(taken.size(), QImage.Format.Format_RGB32)
    whole.setDevicePixelRatio(taken.devicePixelRatio())
    whole.fill(QColor(ground))
    painter = QPainter(whole)
    painter.drawImage(0, 0, taken)
    painter.end()
    return whole
