"""The settings of the hotkey, over a hotkey that a test answers for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.model.clipping import HotkeyMode, Meaning, Wish
from desk_phone.system.bus import Bus
from desk_phone.system.hotkey import Standing
from desk_phone.ui.settings.hotkey_section import HotkeySection
from tests.ui.behind import FakeHotkey
from tests.ui.conftest import Desk


@pytest.fixture
def fake() -> FakeHotkey:
    return FakeHotkey()


@pytest.fixture
def texts() -> list[str]:
    return ["640 3232"]


@pytest.fixture
def hotkey(
    desk: Desk,
    qapp: QApplication,
    fake: FakeHotkey,
    texts: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[HotkeyDesk]:
    bus = Bus()
    made = HotkeyDesk(desk.preferences, frozenset, bus, lambda: texts[0], qapp)
    monkeypatch.setattr(made, "_make", lambda: fake)
    made.start()
    yield made
    made.close()
    bus.close()


@pytest.fixture
def section(desk: Desk, hotkey: HotkeyDesk) -> HotkeySection:
    section = HotkeySection(hotkey, desk.preferences)
    desk.qtbot.addWidget(section)
    section.show()
    return section


def test_it_shows_the_keys_and_that_they_are_ours(section: HotkeySection) -> None:
    assert section.keys.text() == "Ctrl+Shift+F11"
    assert "Ctrl+Shift+F11 is ours" in section.status


def test_keys_are_taken_as_they_are_pressed(
    desk: Desk, section: HotkeySection, fake: FakeHotkey
) -> None:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.qtbot.keyClick(section.keys, Qt.Key.Key_D, held)
    assert (fake.held, section.keys.text()) == ("Ctrl+Shift+D", "Ctrl+Shift+D")
    assert desk.preferences.settings.hotkey == "Ctrl+Shift+D"


def test_keys_that_type_are_refused_and_the_old_ones_stay(
    desk: Desk, section: HotkeySection, fake: FakeHotkey
) -> None:
    alt_gr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    desk.qtbot.keyClick(section.keys, Qt.Key.Key_Q, alt_gr)
    assert "types a letter" in section.status
    desk.qtbot.keyClick(section.keys, Qt.Key.Key_X)
    assert "needed for typing" in section.status
    assert fake.held == desk.preferences.settings.hotkey == "Ctrl+Shift+F11"


def test_a_taken_key_is_said_and_can_be_tried_again(
    desk: Desk, section: HotkeySection, fake: FakeHotkey
) -> None:
    fake.taken = {"Ctrl+Shift+F12"}
    assert not section.again.isVisible()
    desk.preferences.change(hotkey="Ctrl+Shift+F12")
    assert "Another program has Ctrl+Shift+F12" in section.status
    fake.taken = set()
    section.again.click()
    assert fake.held == "Ctrl+Shift+F12"
    assert "is ours" in section.status


def test_off_lets_the_keys_go(desk: Desk, section: HotkeySection, fake: FakeHotkey) -> None:
    section.on.click()
    assert (fake.held, section.status) == ("", "Off.")
    assert not section.keys.isEnabled()
    section.on.click()
    assert fake.held == "Ctrl+Shift+F11"


def test_nonsense_in_the_file_means_the_usual_keys(
    desk: Desk, hotkey: HotkeyDesk, fake: FakeHotkey
) -> None:
    desk.preferences.change(hotkey="nonsense")
    assert fake.held == "Ctrl+Shift+F11"


@pytest.mark.parametrize("mode", HotkeyMode)
def test_the_mode_is_kept(desk: Desk, section: HotkeySection, mode: HotkeyMode) -> None:
    section.modes[mode].click()
    assert desk.preferences.settings.hotkey_mode == mode


def test_a_desktop_that_gives_no_keys_is_told_the_command(
    section: HotkeySection, fake: FakeHotkey
) -> None:
    fake.signals.say(Standing.IMPOSSIBLE)
    assert "desk-phone dial-clipboard" in section.status


def test_the_desktops_own_words_for_the_keys_are_shown(
    section: HotkeySection, fake: FakeHotkey
) -> None:
    fake.signals.say(Standing.ASSIGNED, "Meta+D")
    assert section.keys.text() == "Meta+D"


def test_a_press_reads_the_clipboard_once(
    desk: Desk, hotkey: HotkeyDesk, fake: FakeHotkey, texts: list[str]
) -> None:
    wishes: list[Wish] = []
    hotkey.wished.connect(wishes.append)
    fake.signals.pressed.emit()
    fake.signals.pressed.emit()
    assert wishes == []
    desk.qtbot.waitUntil(lambda: bool(wishes))
    assert [(wish.meaning, wish.text) for wish in wishes] == [(Meaning.ASK, "640 3232")]
    texts[0] = ""
    fake.signals.pressed.emit()
    desk.qtbot.waitUntil(lambda: len(wishes) == 2)
    assert wishes[1].meaning is Meaning.NOTHING
