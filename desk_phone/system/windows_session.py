"""What Windows tells of the person at the desk, by ctypes."""

from __future__ import annotations

import ctypes
import sys
from enum import IntEnum

_TICKS = 1 << 32  # GetTickCount starts anew after 49.7 days


class UserState(IntEnum):
    """QUERY_USER_NOTIFICATION_STATE of shellapi.h."""

    UNKNOWN = 0
    NOT_PRESENT = 1  # locked, a screen saver, or another person's turn
    BUSY = 2  # a full-screen window
    FULL_SCREEN_GAME = 3
    PRESENTING = 4  # the presentation mode of laptops
    ACCEPTS = 5
    QUIET_TIME = 6
    STORE_APP = 7


class _LastInput(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint32), ("time", ctypes.c_uint32))


def user_state() -> UserState:
    """Whether it is a good moment to show something; UNKNOWN when Windows does not say."""
    if sys.platform == "win32":
        state = ctypes.c_int(0)
        result = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
        if result == 0 and state.value in tuple(UserState):
            return UserState(state.value)
    return UserState.UNKNOWN


def idle_seconds() -> float:
    """Since the last key or mouse movement; 0.0 when Windows does not say."""
    if sys.platform == "win32":
        last = _LastInput(ctypes.sizeof(_LastInput), 0)
        if ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
            now = int(ctypes.windll.kernel32.GetTickCount()) % _TICKS  # ctypes reads it as signed
            return ((now - last.time) % _TICKS) / 1000
    return 0.0
