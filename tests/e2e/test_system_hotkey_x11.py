"""`system.hotkey_x11` and the selections of `system.x11_link`, on a real display by real keys."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
import xcffib
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desk_phone.model import shortcut
from desk_phone.system import clipboard as clipboard_module
from desk_phone.system.clipboard import X11Clipboard
from desk_phone.system.hotkey import Standing
from desk_phone.system.hotkey_x11 import X11Hotkey
from desk_phone.system.x11 import NoDisplay
from desk_phone.system.x11_link import X11Link
from tests.desktop import Desktop

KEYS = shortcut.read("Ctrl+Shift+F11")


@pytest.fixture
def screen(make_desktop: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A desktop where this process lives, too."""
    desktop = make_desktop(notifications="none")
    for name in ("DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.setenv(name, desktop.env[name])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return desktop


class Listener:
    """A hotkey and how often it was pressed."""

    def __init__(self) -> None:
        self.link = X11Link()
        self.hotkey = X11Hotkey(self.link)
        self.presses = 0
        self.told: list[Standing] = []
        self.hotkey.signals.pressed.connect(self._count)
        self.hotkey.signals.told.connect(lambda state: self.told.append(state.standing))

    def _count(self) -> None:
        self.presses += 1

    @property
    def standing(self) -> Standing:
        return self.hotkey.signals.state.standing

    def close(self) -> None:
        self.hotkey.close()
        self.link.close()


@pytest.fixture
def listener(screen: Desktop, qapp: QCoreApplication) -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def run(screen: Desktop, *words: str) -> None:
    subprocess.run(words, env=screen.env, check=True, timeout=20)


def read(qtbot: QtBot, link: X11Link, selection: str = "CLIPBOARD", limit_ms: int = 15_000) -> str:
    heard: list[str] = []
    link.read(selection, limit_ms, 8000, heard.append)
    assert not heard  # never before it returns
    qtbot.waitUntil(lambda: bool(heard))
    return heard[0]


@pytest.mark.parametrize("lock", ["", "Num_Lock", "Caps_Lock"])
def test_the_key_works_whatever_lock_is_on(
    qtbot: QtBot, screen: Desktop, listener: Listener, lock: str
) -> None:
    listener.hotkey.assign(KEYS)
    assert listener.standing is Standing.ASSIGNED
    if lock:
        run(screen, "xdotool", "key", lock)
    screen.key("ctrl+shift+F11")
    qtbot.waitUntil(lambda: listener.presses == 1)
    screen.key("shift+F11")
    screen.key("ctrl+F11")
    screen.key("ctrl+shift+F11")
    qtbot.waitUntil(lambda: listener.presses == 2)


def test_it_works_after_a_change_to_a_russian_layout(
    qtbot: QtBot, screen: Desktop, listener: Listener
) -> None:
    listener.hotkey.assign(shortcut.read("Ctrl+Shift+D"))
    with qtbot.waitSignal(listener.link.keyboard_changed):
        run(screen, "setxkbmap", "us,ru")
    assert listener.standing is Standing.ASSIGNED
    run(screen, "setxkbmap", "-layout", "ru,us")
    qtbot.waitUntil(lambda: listener.link.keyboard.codes_of(KEYS) != ())
    screen.key("ctrl+shift+d")
    qtbot.waitUntil(lambda: listener.presses == 1)


def test_turning_to_another_keyboard_lets_go_of_nothing(
    qtbot: QtBot, screen: Desktop, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who presses the hotkey on it first of all presses it in vain."""
    listener.hotkey.assign(KEYS)
    let_go: list[object] = []
    monkeypatch.setattr(listener.link, "let_go", lambda *keys: let_go.append(keys))
    with qtbot.waitSignal(listener.link.keyboard_changed):
        run(screen, "setxkbmap", "us,ru")  # F11 lies where it lay
    assert let_go == []
    screen.key("ctrl+shift+F11")
    qtbot.waitUntil(lambda: listener.presses == 1)


def test_a_key_that_is_held_counts_once(
    qtbot: QtBot, screen: Desktop, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.hotkey.assign(KEYS)
    raw: list[object] = []
    take = listener.link._take

    def count(event: object) -> None:
        raw.append(event)
        take(event)

    monkeypatch.setattr(listener.link, "_take", count)
    run(screen, "xdotool", "keydown", "ctrl", "keydown", "shift", "keydown", "F11")
    qtbot.waitUntil(lambda: len(raw) > 3)
    assert listener.presses == 1
    run(screen, "xdotool", "keyup", "F11", "keyup", "shift", "keyup", "ctrl")
    screen.key("ctrl+shift+F11")
    qtbot.waitUntil(lambda: listener.presses > 1)
    assert listener.presses == 2


def test_a_key_of_another_program_is_said_to_be_taken(
    qtbot: QtBot, screen: Desktop, listener: Listener
) -> None:
    other = Listener()
    other.hotkey.assign(KEYS)
    listener.hotkey.assign(KEYS)
    assert (other.standing, listener.standing) == (Standing.ASSIGNED, Standing.TAKEN)
    other.hotkey.release()
    listener.hotkey.assign(KEYS)
    assert listener.standing is Standing.ASSIGNED
    screen.key("ctrl+shift+F11")
    qtbot.waitUntil(lambda: listener.presses == 1)
    assert other.presses == 0
    other.close()


def test_one_lock_that_is_taken_takes_none(screen: Desktop, listener: Listener) -> None:
    """A grab that holds with NumLock alone would surprise; all are let go."""
    keyboard = listener.link.keyboard
    mask, codes = keyboard.mask_of(KEYS), keyboard.codes_of(KEYS)
    odd = Listener()
    assert odd.link.grab(codes, keyboard.with_locks(mask)[-1:])
    listener.hotkey.assign(KEYS)
    assert listener.standing is Standing.TAKEN
    third = Listener()
    assert third.link.grab(codes, (mask,))
    for each in (odd, third):
        each.close()


def test_released_keys_are_others_again(qtbot: QtBot, screen: Desktop, listener: Listener) -> None:
    listener.hotkey.assign(KEYS)
    listener.hotkey.assign(shortcut.read("Ctrl+Shift+F12"))
    other = Listener()
    other.hotkey.assign(KEYS)
    assert other.standing is Standing.ASSIGNED
    screen.key("ctrl+shift+F12")
    qtbot.waitUntil(lambda: listener.presses == 1)
    listener.hotkey.release()
    assert listener.standing is Standing.OFF
    other.close()


def test_a_key_that_the_keyboard_lacks(screen: Desktop, listener: Listener) -> None:
    x = xcffib.connect(screen.env["DISPLAY"])
    for code in listener.link.keyboard.codes_of(KEYS):
        x.core.ChangeKeyboardMappingChecked(1, code, 1, [0]).check()
    x.disconnect()
    fresh = Listener()
    fresh.hotkey.assign(KEYS)
    assert fresh.standing is Standing.NO_KEY
    fresh.close()


def test_the_clipboard_is_read(qtbot: QtBot, screen: Desktop, listener: Listener) -> None:
    assert read(qtbot, listener.link) == ""  # nobody owns it
    for selection, text in (("clipboard", "Žanna +372 5123 4567"), ("primary", "640 3231")):
        screen.copy(text, selection)
        assert read(qtbot, listener.link, selection.upper()) == text


def test_what_was_marked_or_copied_last_is_told_first(
    qtbot: QtBot, screen: Desktop, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_module, "_LIMIT_MS", 15_000)  # xclip may be slow to answer
    clipboard, told = X11Clipboard(listener.link), list[list[str]]()
    for selection, text, others in (
        ("primary", "640 3231", ""),
        ("clipboard", "5123 4567", "640 3231"),
        ("primary", "640 1111", "5123 4567"),
    ):
        screen.copy(text, selection)
        qtbot.waitUntil(lambda selection=selection: listener.link.newest == selection.upper())
        clipboard.read(told.append)
        qtbot.waitUntil(lambda: bool(told))
        assert told.pop() == [text, others]


def test_an_owner_that_hangs_keeps_nobody_waiting(
    qtbot: QtBot, screen: Desktop, listener: Listener
) -> None:
    owner = xcffib.connect(screen.env["DISPLAY"])
    root = owner.get_setup().roots[0].root
    window = owner.generate_id()
    owner.core.CreateWindow(0, window, root, 0, 0, 1, 1, 0, 2, 0, 0, [])
    clipboard = owner.core.InternAtom(False, 9, "CLIPBOARD").reply().atom
    owner.core.SetSelectionOwnerChecked(window, clipboard, 0).check()
    assert read(qtbot, listener.link, limit_ms=60) == ""
    owner.disconnect()


def test_a_second_reading_ends_the_first(qtbot: QtBot, listener: Listener) -> None:
    heard: list[str] = []
    listener.link.read("CLIPBOARD", 5000, 8000, lambda text: heard.append(f"first {text}"))
    listener.link.read("CLIPBOARD", 5000, 8000, lambda text: heard.append(f"second {text}"))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["first ", "second "]


def test_a_server_that_goes_raises_nothing(
    qtbot: QtBot, make_desktop: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Desktop(notifications="none") as desktop:
        monkeypatch.setenv("DISPLAY", desktop.env["DISPLAY"])
        monkeypatch.setenv("XDG_SESSION_TYPE", desktop.env["XDG_SESSION_TYPE"])
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        listener = Listener()
        listener.hotkey.assign(KEYS)
    assert read(qtbot, listener.link) == ""
    listener.hotkey.assign(KEYS)
    assert listener.standing is Standing.TAKEN
    listener.close()


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoDisplay):
        X11Link()
