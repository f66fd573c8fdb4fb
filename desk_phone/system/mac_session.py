"""What macOS tells of the person at the desk, by ctypes; no permission is asked for."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_bool, c_double, c_int32, c_long, c_uint32, c_void_p
from functools import cache

_FRAMEWORKS = "/System/Library/Frameworks"
_SESSION = 0  # kCGEventSourceStateCombinedSessionState
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType
_ON_SCREEN = 1 | 16  # kCGWindowListOptionOnScreenOnly, ...ExcludeDesktopElements
_INT32 = 3  # kCFNumberSInt32Type
_UTF8 = 0x08000100


class _Rect(Structure):
    _fields_ = (("x", c_double), ("y", c_double), ("width", c_double), ("height", c_double))


# framework: function: (what it returns, what it takes)
_FUNCTIONS: dict[str, dict[str, tuple[object, tuple[object, ...]]]] = {
    "CoreGraphics": {
        "CGEventSourceSecondsSinceLastEventType": (c_double, (c_int32, c_uint32)),
        "CGSessionCopyCurrentDictionary": (c_void_p, ()),
        "CGWindowListCopyWindowInfo": (c_void_p, (c_uint32, c_uint32)),
        "CGRectMakeWithDictionaryRepresentation": (c_bool, (c_void_p, POINTER(_Rect))),
        "CGMainDisplayID": (c_uint32, ()),
        "CGDisplayBounds": (_Rect, (c_uint32,)),
    },
    "CoreFoundation": {
        "CFArrayGetCount": (c_long, (c_void_p,)),
        "CFArrayGetValueAtIndex": (c_void_p, (c_void_p, c_long)),
        "CFBooleanGetValue": (c_bool, (c_void_p,)),
        "CFDictionaryGetValue": (c_void_p, (c_void_p, c_void_p)),
        "CFNumberGetValue": (c_bool, (c_void_p, c_long, c_void_p)),
        "CFRelease": (None, (c_void_p,)),
        "CFStringCreateWithCString": (c_void_p, (c_void_p, ctypes.c_char_p, c_uint32)),
    },
}


@cache
def _framework(name: str) -> ctypes.CDLL:
    found = ctypes.CDLL(f"{_FRAMEWORKS}/{name}.framework/{name}")
    for function, (result, takes) in _FUNCTIONS[name].items():
        getattr(found, function).restype = result
        getattr(found, function).argtypes = takes
    return found


def _key(name: str) -> c_void_p:
    return c_void_p.in_dll(_framework("CoreGraphics"), name)


def idle_seconds() -> float:
    """Since the last key or mouse movement."""
    graphics = _framework("CoreGraphics")
    return float(graphics.CGEventSourceSecondsSinceLastEventType(_SESSION, _ANY_INPUT))


def is_locked() -> bool:
    """Whether the screen is locked; no without a screen session (over ssh)."""
    foundation = _framework("CoreFoundation")
    session = _framework("CoreGraphics").CGSessionCopyCurrentDictionary()
    if not session:
        return False
    key = foundation.CFStringCreateWithCString(None, b"CGSSessionScreenIsLocked", _UTF8)
    found = foundation.CFDictionaryGetValue(session, key)
    locked = bool(found and foundation.CFBooleanGetValue(found))
    foundation.CFRelease(key)
    foundation.CFRelease(session)
    return locked


def a_window_covers_the_screen() -> bool:
    """Whether the frontmost ordinary window is as large as the main display.

    So are full-screen windows, but not on a screen with a notch, and not those on another display.
    """
    foundation, graphics = _framework("CoreFoundation"), _framework("CoreGraphics")
    windows = graphics.CGWindowListCopyWindowInfo(_ON_SCREEN, 0)
    if not windows:
        return False
    layer_key = _key("kCGWindowLayer")
    covers = False
    for index in range(foundation.CFArrayGetCount(windows)):
        window = foundation.CFArrayGetValueAtIndex(windows, index)
        layer = c_int32(-1)
        number = foundation.CFDictionaryGetValue(window, layer_key)
        if number and foundation.CFNumberGetValue(number, _INT32, byref(layer)) and not layer.value:
            covers = _covers_the_screen(window)
            break
    foundation.CFRelease(windows)
    return covers


def _covers_the_screen(window: int) -> bool:
    graphics = _framework("CoreGraphics")
    bounds = _framework("CoreFoundation").CFDictionaryGetValue(window, _key("kCGWindowBounds"))
    place = _Rect()
    if not bounds or not graphics.CGRectMakeWithDictionaryRepresentation(bounds, byref(place)):
        return False
    screen = graphics.CGDisplayBounds(graphics.CGMainDisplayID())
    return (place.x, place.y, place.width, place.height) == (
        *(screen.x, screen.y, screen.width, screen.height),
    )
