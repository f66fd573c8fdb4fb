"""The settings, as those hear of them who show or obey them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desk_phone import settings as files
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.settings import Settings
from tests.ui.gate import heard


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def preferences(qtbot: QtBot, file: Path) -> Preferences:
    return Preferences(Settings(user="A"), file)


def test_a_change_holds_is_written_down_and_told(preferences: Preferences, file: Path) -> None:
    told = heard(preferences.changed)
    preferences.change(theme="dark", popups=False)
    wanted = Settings(user="A", theme="dark", popups=False)
    assert preferences.settings == files.load(file) == wanted
    assert told == [wanted]


def test_what_is_the_same_already_is_neither_told_nor_written(
    preferences: Preferences, file: Path
) -> None:
    told = heard(preferences.changed)
    preferences.change(user="A", theme=preferences.settings.theme)
    assert told == []
    assert not file.exists()


def test_who_hears_of_a_change_may_make_another(preferences: Preferences, file: Path) -> None:
    preferences.changed.connect(lambda settings: preferences.change(own_name=settings.theme))
    preferences.change(theme="dark")
    assert (
        preferences.settings
        == files.load(file)
        == Settings(user="A", theme="dark", own_name="dark")
    )


def test_a_change_that_cannot_be_written_holds_and_is_told_after_it(
    preferences: Preferences, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    preferences.changed.connect(lambda settings: told.append(settings.theme))
    preferences.failed.connect(told.append)
    with monkeypatch.context() as full:
        full.setattr(files, "save", _full)
        preferences.change(theme="dark")
    assert preferences.settings.theme == "dark"
    changed, failed = told
    assert changed == "dark"
    assert isinstance(failed, PhoneError)
    assert "could not be written" in failed.title
    assert "No space" in failed.message

    preferences.change(own_name="Mari")  # there is room again: all of it is written down
    assert files.load(file) == Settings(user="A", theme="dark", own_name="Mari")


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_name_that_is_no_setting_is_a_bug(preferences: Preferences) -> None:
    with pytest.raises(TypeError):
        preferences.change(colour="dark")


def test_what_the_command_line_says_holds_for_this_run(qtbot: QtBot, file: Path) -> None:
    preferences = Preferences(Settings(user="A"), file, {"user": "B"})
    assert preferences.settings.user == "B"
    preferences.change(theme="dark")
    assert files.load(file) == Settings(user="A", theme="dark")


def test_without_a_file_nothing_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    preferences = Preferences(Settings(), None)
    preferences.change(theme="dark")
    assert preferences.settings.theme == "dark"
    assert list(tmp_path.iterdir()) == []
