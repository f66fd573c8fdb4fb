"""RegisterHotKey and the keys of a real message queue."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_phone.model import shortcut
from desk_phone.system.hotkey import Standing
from desk_phone.system.hotkey_windows import WindowsHotkey, virtual_key

pytestmark = pytest.mark.qt_log_ignore("DpiAwareness")  # Wine knows an older one

KEYS = shortcut.read("Ctrl+Shift+F11")
HELD = (0x11, 0x10)  # VK_CONTROL, VK_SHIFT
UP = 2  # KEYEVENTF_KEYUP
HOLDER = """
import ctypes, sys
assert ctypes.windll.user32.RegisterHotKey(None, 7, 0x4006, 0x7A)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def hotkey(qapp: QApplication) -> Iterator[WindowsHotkey]:
    hotkey = WindowsHotkey(qapp)
    yield hotkey
    hotkey.close()


def press() -> None:
    keys = (*HELD, virtual_key(KEYS.key))
    for key in keys:
        ctypes.windll.user32.keybd_event(key, 0, 0, 0)
    for key in reversed(keys):
        ctypes.windll.user32.keybd_event(key, 0, UP, 0)


def test_the_keys_are_heard_until_they_are_let_go(qtbot: QtBot, hotkey: WindowsHotkey) -> None:
    hotkey.assign(KEYS)
    assert hotkey.signals.state.standing is Standing.ASSIGNED
    for _ in range(2):
        with qtbot.waitSignal(hotkey.signals.pressed, timeout=10_000):
            press()
    hotkey.release()
    assert hotkey.signals.state.standing is Standing.OFF
    with qtbot.assertNotEmitted(hotkey.signals.pressed, wait=300):
        press()


def test_keys_of_another_program_are_said_to_be_taken(hotkey: WindowsHotkey) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline().strip() == b"held"
        hotkey.assign(KEYS)
        assert hotkey.signals.state.standing is Standing.TAKEN
        other.stdin.close()
    hotkey.assign(KEYS)
    assert hotkey.signals.state.standing is Standing.ASSIGNED


def test_other_keys_take_the_place_of_the_first(qapp: QApplication, hotkey: WindowsHotkey) -> None:
    hotkey.assign(KEYS)
    hotkey.assign(shortcut.read("Ctrl+Shift+F12"))
    second = subprocess.run(
        [sys.executable, "-c", HOLDER], input=b"", capture_output=True, check=True
    )
    assert second.stdout.strip() == b"held"
