"""A hotkey on Windows: RegisterHotKey on the main thread's queue.

It needs no hook and no rights, and no other program sees the key.
https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-registerhotkey
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject

from desk_phone.model.shortcut import Modifier, Shortcut
from desk_phone.system.hotkey import HotkeySignals, Standing

_WM_HOTKEY = 0x0312
_NO_REPEAT = 0x4000
_ALREADY_REGISTERED = 1409  # ERROR_HOTKEY_ALREADY_REGISTERED
_OURS = 1  # the program's only hotkey; 0x0000 to 0xBFFF are an application's
_HELD = {Modifier.ALT: 1, Modifier.CTRL: 2, Modifier.SHIFT: 4, Modifier.SUPER: 8}
_NAMED = {
    "space": 0x20,
    "insert": 0x2D,
    "delete": 0x2E,
    "home": 0x24,
    "end": 0x23,
    "pageup": 0x21,
    "pagedown": 0x22,
    "pause": 0x13,
    "print": 0x2C,
}
_MESSAGES = (b"windows_generic_MSG", b"windows_dispatcher_MSG")


class _Message(ctypes.Structure):
    """MSG, as far as it is read."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wparam", ctypes.c_size_t),
    )


def virtual_key(key: str) -> int:
    """The virtual-key code of a `Shortcut`'s key."""
    if key in _NAMED:
        return _NAMED[key]
    return 0x70 + int(key[1:]) - 1 if len(key) > 1 else ord(key.upper())


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, signals: HotkeySignals) -> None:
        super().__init__()
        self._signals = signals

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if QByteArray(kind).data() in _MESSAGES:
            heard = _Message.from_address(int(message))
            if heard.message == _WM_HOTKEY and heard.wparam == _OURS:
                self._signals.pressed.emit()
                return True, 0
        return False, 0


class WindowsHotkey:
    def __init__(self, app: QCoreApplication, parent: QObject | None = None) -> None:
        self.signals = HotkeySignals(parent)
        self._app, self._user32 = app, _user32()
        self._filter = _Filter(self.signals)
        self._registered = False
        app.installNativeEventFilter(self._filter)

    def assign(self, shortcut: Shortcut) -> None:
        self._let_go()
        held = _NO_REPEAT
        for modifier in shortcut.modifiers:
            held |= _HELD[modifier]
        code = virtual_key(shortcut.key)
        self._registered = bool(self._user32.RegisterHotKey(None, _OURS, held, code))
        if self._registered:
            self.signals.say(Standing.ASSIGNED)
        else:
            taken = _last_error() == _ALREADY_REGISTERED
            self.signals.say(Standing.TAKEN if taken else Standing.NO_KEY)

    def release(self) -> None:
        self._let_go()
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        self._let_go()
        self._app.removeNativeEventFilter(self._filter)

    def _let_go(self) -> None:
        if self._registered:
            self._user32.UnregisterHotKey(None, _OURS)
            self._registered = False


def _user32() -> Any:
    """Raises OSError anywhere else."""
    if sys.platform == "win32":
        library = ctypes.WinDLL("user32", use_last_error=True)
        library.RegisterHotKey.argtypes = (
            *(ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
        )
        library.UnregisterHotKey.argtypes = (ctypes.c_void_p, ctypes.c_int)
        return library
    raise OSError("no user32")


def _last_error() -> int:
    if sys.platform == "win32":
        return ctypes.get_last_error()
    return 0
