"""Carbon's hotkeys as `system.hotkey_mac` asks for them."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desk_phone.model import shortcut
from desk_phone.system.hotkey import Standing
from desk_phone.system.hotkey_mac import MacHotkey, key_code

KEYS = shortcut.read("Ctrl+Shift+F11")
F11, F12, CONTROL_SHIFT = 103, 111, 0x1200  # Events.h
NOT_HANDLED = -9874


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = tmp_path_factory.mktemp("carbon") / "carbon.so"
    source = Path(__file__).with_name("carbon.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", made, source], check=True)
    return str(made)


@pytest.fixture
def carbon(library: str) -> ctypes.CDLL:
    return ctypes.CDLL(library)


@pytest.fixture
def hotkey(qapp: QCoreApplication, library: str) -> Iterator[MacHotkey]:
    hotkey = MacHotkey(library=library)
    yield hotkey
    hotkey.close()


def test_the_keys_are_heard_until_they_are_let_go(
    qtbot: QtBot, carbon: ctypes.CDLL, hotkey: MacHotkey
) -> None:
    hotkey.assign(KEYS)
    assert hotkey.signals.state.standing is Standing.ASSIGNED
    for _ in range(2):
        with qtbot.waitSignal(hotkey.signals.pressed):
            assert carbon.press(F11, CONTROL_SHIFT) == 0
    hotkey.release()
    assert hotkey.signals.state.standing is Standing.OFF
    assert carbon.press(F11, CONTROL_SHIFT) == NOT_HANDLED


def test_keys_that_are_taken_are_said_to_be_and_can_be_had_later(
    qapp: QCoreApplication, library: str, hotkey: MacHotkey
) -> None:
    other = ctypes.CDLL(library)
    made = ctypes.c_void_p()

    class Id(ctypes.Structure):
        _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))

    other.GetEventDispatcherTarget.restype = ctypes.c_void_p
    target = ctypes.c_void_p(other.GetEventDispatcherTarget())
    assert (
        other.RegisterEventHotKey(F11, CONTROL_SHIFT, Id(1, 1), target, 0, ctypes.byref(made)) == 0
    )
    hotkey.assign(KEYS)
    assert hotkey.signals.state.standing is Standing.TAKEN
    other.UnregisterEventHotKey(made)
    hotkey.assign(KEYS)
    assert hotkey.signals.state.standing is Standing.ASSIGNED


def test_other_keys_take_the_place_of_the_first(carbon: ctypes.CDLL, hotkey: MacHotkey) -> None:
    hotkey.assign(KEYS)
    hotkey.assign(shortcut.read("Ctrl+Shift+F12"))
    assert carbon.press(F11, CONTROL_SHIFT) == NOT_HANDLED
    assert carbon.press(F12, CONTROL_SHIFT) == 0


def test_keys_of_another_program_are_handed_on(
    qtbot: QtBot, carbon: ctypes.CDLL, hotkey: MacHotkey
) -> None:
    hotkey.assign(KEYS)
    with qtbot.assertNotEmitted(hotkey.signals.pressed):
        assert carbon.press_of_another_program() == NOT_HANDLED


def test_what_macos_refuses_is_not_asked_for(hotkey: MacHotkey) -> None:
    """Option and Shift alone, since macOS 15; and keys that a Mac lacks."""
    for keys in ("Alt+Shift+F11", "Ctrl+Shift+Print"):
        hotkey.assign(shortcut.read(keys))
        assert hotkey.signals.state.standing is Standing.NO_KEY
    assert key_code("print") is None


def test_closing_lets_go_of_everything(carbon: ctypes.CDLL, hotkey: MacHotkey) -> None:
    hotkey.assign(KEYS)
    hotkey.close()
    assert not carbon.listens()
    hotkey.close()
