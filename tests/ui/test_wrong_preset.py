"""What an administrator set for everybody and makes no sense is said in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_phone.settings import Preset, WrongPreset
from desk_phone.ui import trouble
from desk_phone.ui.windows import Windows
from tests.ui.behind import behind
from tests.ui.conftest import Desk

WRONG = Preset(
    wrong=tuple(WrongPreset("usual", name) for name in ("theme", "language", "proxy", "usr", "x")),
    file=Path("/etc/xdg/DeskPhone/settings.json"),
)


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    desk.preferences._kept._preset = WRONG
    windows = Windows(behind(desk))
    yield windows
    windows.close()


def test_it_stands_in_the_window_until_it_is_closed(windows: Windows) -> None:
    said = windows.main.notices.message("data")
    assert said is not None
    assert "/etc/xdg/DeskPhone/settings.json" in said.text
    assert "usual, theme: one of system, light, dark" in said.text
    assert "and 2 more" in said.text
    windows.main.notices._press("data", trouble.Act.CLOSE)
    assert windows.main.notices.message("data") is None
    windows.speak_again()
    assert windows.main.notices.message("data") is None


def test_what_is_wrong_with_the_own_data_comes_first(windows: Windows) -> None:
    aside = trouble.of_settings_aside(Path("aside.json"))
    windows.tell_data(lambda: aside)
    assert windows.main.notices.message("data") == aside


def test_nothing_is_said_where_nothing_is_wrong() -> None:
    assert trouble.of_preset(Preset(locked={"proxy": ""})) is None
