"""The tray: what the icon says, and a menu that says what holds as it opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon

from desk_phone.errors import BadCredentials, Offline
from desk_phone.model.line import Link
from desk_phone.settings import Settings
from desk_phone.store.calls import CallFilter
from desk_phone.ui import words
from desk_phone.ui.tray import Tray
from tests.ui.conftest import HOSTILE, Desk

Reason = QSystemTrayIcon.ActivationReason


@pytest.fixture
def tray(desk: Desk) -> Iterator[Tray]:
    tray = Tray(desk.calls, desk.account, desk.preferences, desk.now, click_opens_menu=False)
    tray.remake()
    yield tray
    tray.remove()


class _Screen:
    """One of so many px down."""

    def __init__(self, high: int) -> None:
        self._high = high

    def availableSize(self) -> QSize:
        return QSize(1366, self._high)


def _entries(tray: Tray) -> list[QAction]:
    tray.menu.aboutToShow.emit()
    return [action for action in tray.menu.actions() if not action.isSeparator()]


def _texts(tray: Tray) -> list[str]:
    return [action.text() for action in _entries(tray)]


def _entry(tray: Tray, text: str) -> QAction:
    return next(action for action in _entries(tray) if action.text().startswith(text))


def test_ready_says_state_line_and_time(desk: Desk, tray: Tray) -> None:
    assert desk.calls.line.updated is not None
    at = words.clock(desk.calls.line.updated)
    assert tray.tooltip().split("\n") == [
        "Desk Phone: ready",
        "My line 640 3231",
        f"Updated {at}",
    ]


def test_on_a_low_screen_people_make_room_for_the_rest(
    desk: Desk, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a laptop's at 150 %: a menu in two columns, or one cut at Quit, is none."""
    for n in range(5):
        desk.miss(f"5123450{n}")
    whole = _texts(tray)
    high = tray.menu.sizeHint().height()
    monkeypatch.setattr(tray.menu, "screen", lambda: _Screen(high - 1))
    low = _texts(tray)
    assert len(whole) - len(low) == 1
    assert [text for text in whole if text not in low] == ["5123 4500"]
    assert tray.menu.sizeHint().height() < high
    monkeypatch.setattr(tray.menu, "screen", lambda: _Screen(100))
    assert "5123 4504" in _texts(tray)
    assert _texts(tray)[-1] == "Quit"


def test_missed_people_are_counted_not_calls(desk: Desk, tray: Tray) -> None:
    for other in ("51234567", "51234567", "6401111"):
        desk.miss(other)
    assert "2 people missed" in tray.tooltip()
    assert "Missed calls (2)" in _texts(tray)
    desk.calls.mark_seen()
    assert "missed" not in tray.tooltip()
    assert "Missed calls" in _texts(tray)


def test_what_changes_reaches_the_icon(desk: Desk, tray: Tray) -> None:
    assert tray.icon is not None
    before = tray.icon.icon().cacheKey()
    desk.miss()
    assert tray.icon.toolTip() == tray.tooltip()
    assert tray.icon.icon().cacheKey() != before


def test_what_is_shown_again_is_the_same_icon(desk: Desk, tray: Tray) -> None:
    """What were painted anew would stay in Qt's cache beside the former."""
    assert tray.icon is not None
    before = tray.icon.icon().cacheKey()
    desk.miss()
    desk.calls.mark_seen()
    assert tray.icon.icon().cacheKey() == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(Offline("No connection"), "not connected", id="offline"),
        pytest.param(BadCredentials("Refused", ""), "password refused", id="refused"),
    ],
)
def test_trouble_shows(desk: Desk, tray: Tray, error: Exception, said: str) -> None:
    desk.fail(error)
    assert tray.tooltip().startswith(f"Desk Phone: {said}")


def test_a_pause_ends_by_itself_in_the_tooltip(desk: Desk, tray: Tray) -> None:
    assert tray.icon is not None
    _entry(tray, "Pause pop-ups for 1 h").trigger()
    assert tray.icon.toolTip().startswith("Desk Phone: pop-ups paused")
    desk.clock.pass_(hours=1, seconds=1)
    desk.poll()
    assert tray.icon.toolTip().startswith("Desk Phone: ready")


def test_a_pause_can_be_ended_in_the_menu(desk: Desk, tray: Tray) -> None:
    _entry(tray, "Pause pop-ups until tomorrow").trigger()
    assert desk.preferences.settings.popups_paused_until > desk.clock.at.timestamp()
    assert not any(text.startswith("Pause") for text in _texts(tray))
    _entry(tray, "Resume pop-ups").trigger()
    assert desk.preferences.settings.popups_paused_until == 0
    assert "Pause pop-ups for 1 h" in _texts(tray)


def test_without_pop_ups_there_is_nothing_to_pause(desk: Desk, tray: Tray) -> None:
    desk.change(popups=False)
    assert tray.tooltip().startswith("Desk Phone: pop-ups off")
    assert not any("ause" in text for text in _texts(tray))


def test_the_menu_is_short_even_with_many_callers(desk: Desk, tray: Tray) -> None:
    for n in range(20):
        desk.add(f"512345{n:02}", ago=timedelta(minutes=n + 2))
    desk.poll()
    assert len(_entries(tray)) <= 14


def test_the_menu_begins_with_the_own_line_and_it_cannot_be_pressed(tray: Tray) -> None:
    first = _entries(tray)[0]
    assert first.text() == "Mari Maasikas · 640 3231"
    assert not first.isEnabled()


def test_each_entry_asks_for_its_place(desk: Desk, tray: Tray) -> None:
    desk.miss("51234567", "Jaan Tamm")
    asked: list[object] = []
    tray.palette_wanted.connect(lambda: asked.append("palette"))
    tray.calls_wanted.connect(asked.append)
    tray.call_wanted.connect(asked.append)
    tray.phonebook_wanted.connect(lambda: asked.append("phonebook"))
    tray.settings_wanted.connect(lambda: asked.append("settings"))
    tray.quit_wanted.connect(lambda: asked.append("quit"))
    entries = ("Call...", "Missed calls", "Jaan Tamm", "Calls", "Phonebook", "Settings...", "Quit")
    for text in entries:
        _entry(tray, text).trigger()
    assert asked == [
        *("palette", CallFilter.MISSED, "+37251234567", CallFilter.ALL),
        *("phonebook", "settings", "quit"),
    ]


def test_a_callers_name_is_text_in_the_menu(desk: Desk, tray: Tray) -> None:
    desk.miss("51234567", HOSTILE)
    desk.change(own_name="Kägu & Pojad")
    texts = _texts(tray)
    assert texts[0] == "Kägu && Pojad · 640 3231"
    name = next(text for text in texts if "img" in text)
    assert "&&" in name
    assert "\u202e" not in name
    assert "\t" not in name


def test_a_callers_name_never_reaches_the_tooltip(desk: Desk, tray: Tray) -> None:
    desk.miss("51234567", HOSTILE)
    assert "img" not in tray.tooltip()


def test_a_withheld_number_is_nobody_to_call(desk: Desk, tray: Tray) -> None:
    desk.miss("")
    assert "Number withheld" not in _texts(tray)
    assert "Missed calls (1)" in _texts(tray)


@pytest.mark.parametrize("click", [Reason.Trigger, Reason.DoubleClick])
def test_a_click_opens_the_palette(desk: Desk, tray: Tray, click: Reason) -> None:
    assert tray.icon is not None
    with desk.qtbot.waitSignal(tray.palette_wanted):
        tray.icon.activated.emit(click)


def test_where_a_click_opens_the_menu_it_opens_nothing_else(desk: Desk) -> None:
    tray = Tray(desk.calls, desk.account, desk.preferences, desk.now, click_opens_menu=True)
    tray.remake()
    assert tray.icon is not None
    with desk.qtbot.assertNotEmitted(tray.palette_wanted):
        tray.icon.activated.emit(Reason.Trigger)
    tray.remove()


def test_an_icon_that_is_there_already_is_taken_over(desk: Desk) -> None:
    tray = Tray(desk.calls, desk.account, desk.preferences, desk.now)
    first = QSystemTrayIcon()
    tray.take_over(first)
    assert tray.icon is first
    assert first.toolTip() == tray.tooltip()
    assert first.contextMenu() is tray.menu
    tray.remove()
    assert not first.isVisible()


def test_the_icon_is_made_anew_for_a_panel_that_came_late(tray: Tray) -> None:
    first = tray.icon
    tray.remake()
    assert tray.icon is not first
    assert tray.icon is not None
    assert tray.icon.toolTip() == tray.tooltip()
    assert tray.icon.contextMenu() is tray.menu


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user="P0000000@example.ee")

    def test_the_menu_still_opens(self, empty_desk: Desk) -> None:
        desk = empty_desk
        with desk.qtbot.waitSignal(desk.calls.line_changed):
            desk.calls.poll()
        assert desk.calls.line.link is Link.NO_LINE
        tray = Tray(desk.calls, desk.account, desk.preferences, desk.now)
        assert tray.tooltip() == "Desk Phone: choose your line"
        assert _texts(tray)[0] == "Desk Phone"
