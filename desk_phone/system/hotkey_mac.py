"""A hotkey on macOS: Carbon's RegisterEventHotKey, the one call that needs no right to watch the
keyboard. Qt's event loop on the main thread hands its events out. Facts: CarbonEvents.h, Events.h.
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_int32, c_uint32, c_ulong, c_void_p

from PySide6.QtCore import QObject

from desk_phone.model.shortcut import Modifier, Shortcut
from desk_phone.system.hotkey import HotkeySignals, Standing

CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"


def _four(letters: str) -> int:
    return int.from_bytes(letters.encode(), "big")


class _EventType(Structure):
    _fields_ = (("kind_of", c_uint32), ("kind", c_uint32))


class _HotkeyId(Structure):
    _fields_ = (("signature", c_uint32), ("id", c_uint32))


_HANDLER = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)
_KEYBOARD, _PRESSED = _four("keyb"), 5
_DIRECT, _HOTKEY_ID = _four("----"), _four("hkid")
_OURS = _HotkeyId(_four("DPhn"), 1)
_NOT_HANDLED, _EXISTS = -9874, -9878  # eventNotHandledErr, eventHotKeyExistsErr
_HELD = {
    Modifier.SUPER: 0x0100,  # cmdKey
    Modifier.SHIFT: 0x0200,
    Modifier.ALT: 0x0800,
    Modifier.CTRL: 0x1000,
}
_LETTERS = (
    "asdfhgzxcv\0bqweryt123465=97-80]ou[ip\0lj'k;\\,/nm."  # kVK_ANSI_A is 0 ... kVK_ANSI_Period
)
_NAMED = {"space": 49, "insert": 114, "delete": 117, "home": 115, "end": 119, "pageup": 116}
_NAMED |= {"pagedown": 121}
_FUNCTIONS = (
    *(122, 120, 99, 118, 96, 97, 98, 100, 101, 109, 103, 111, 105, 107, 113, 106, 64, 79, 80, 90),
)  # kVK_F1 to kVK_F20

# name: what it takes; all give an OSStatus
_FUNCTIONS_OF_CARBON: dict[str, tuple[object, ...]] = {
    "InstallEventHandler": (
        *(c_void_p, _HANDLER, c_ulong, POINTER(_EventType), c_void_p, POINTER(c_void_p)),
    ),
    "RemoveEventHandler": (c_void_p,),
    "RegisterEventHotKey": (
        *(c_uint32, c_uint32, _HotkeyId, c_void_p, c_uint32, POINTER(c_void_p)),
    ),
    "UnregisterEventHotKey": (c_void_p,),
    "GetEventParameter": (
        *(c_void_p, c_uint32, c_uint32, POINTER(c_uint32), c_ulong, POINTER(c_ulong), c_void_p),
    ),
}


def key_code(key: str) -> int | None:
    """The virtual key code of a `Shortcut`'s key; None: a Mac has none for it."""
    if key in _NAMED:
        return _NAMED[key]
    if len(key) > 1:
        number = int(key[1:]) if key[1:].isdigit() else 0
        return _FUNCTIONS[number - 1] if 1 <= number <= len(_FUNCTIONS) else None
    return _LETTERS.index(key)


class MacHotkey:
    """``library`` is Carbon, or what stands in for it. Raises OSError where it is not."""

    def __init__(self, parent: QObject | None = None, library: str = CARBON) -> None:
        self.signals = HotkeySignals(parent)
        self._carbon = _carbon(library)
        self._target = c_void_p(self._carbon.GetEventDispatcherTarget())
        self._callback = _HANDLER(self._heard)  # must live as long as the handler
        self._handler, self._key = c_void_p(), c_void_p()
        kind = _EventType(_KEYBOARD, _PRESSED)
        self._carbon.InstallEventHandler(
            *(self._target, self._callback, 1, byref(kind), None, byref(self._handler))
        )

    def assign(self, shortcut: Shortcut) -> None:
        self._let_go()
        code, held = key_code(shortcut.key), sum(_HELD[m] for m in shortcut.modifiers)
        if code is None or not shortcut.modifiers - {Modifier.ALT, Modifier.SHIFT}:
            self.signals.say(Standing.NO_KEY)  # macOS 15 refuses Option and Shift alone
            return
        status = self._carbon.RegisterEventHotKey(
            *(code, held, _OURS, self._target, 0, byref(self._key))
        )
        standing = {0: Standing.ASSIGNED, _EXISTS: Standing.TAKEN}
        self.signals.say(standing.get(status, Standing.IMPOSSIBLE))

    def release(self) -> None:
        self._let_go()
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        self._let_go()
        if self._handler.value:
            self._carbon.RemoveEventHandler(self._handler)
            self._handler = c_void_p()

    def _let_go(self) -> None:
        if self._key.value:
            self._carbon.UnregisterEventHotKey(self._key)
            self._key = c_void_p()

    def _heard(self, _call: int, event: int, _ours: int) -> int:
        found = _HotkeyId()
        status = self._carbon.GetEventParameter(
            *(event, _DIRECT, _HOTKEY_ID, None, ctypes.sizeof(found), None, byref(found))
        )
        if status or (found.signature, found.id) != (_OURS.signature, _OURS.id):
            return _NOT_HANDLED
        self.signals.pressed.emit()
        return 0


def _carbon(path: str) -> ctypes.CDLL:
    library = ctypes.CDLL(path)
    library.GetEventDispatcherTarget.restype = c_void_p
    library.GetEventDispatcherTarget.argtypes = ()
    for name, takes in _FUNCTIONS_OF_CARBON.items():
        function = getattr(library, name)
        function.restype, function.argtypes = c_int32, takes
    return library
