"""The window that has the keyboard, so that it can have it back."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from desk_phone.system import x11


def remember() -> Callable[[], None]:
    """Call the answer to give the keyboard back to the window that has it now.

    It does nothing where that window has gone, or cannot be found out: macOS and Wayland see to it
    themselves when ours lets go.
    """
    if sys.platform == "win32":
        window = int(ctypes.windll.user32.GetForegroundWindow() or 0)
        return lambda: _raise_on_windows(window)
    active = _active_on_x11()
    return lambda: _focus_on_x11(active)


def _raise_on_windows(window: int) -> None:
    if sys.platform == "win32" and window and ctypes.windll.user32.IsWindow(window):
        ctypes.windll.user32.SetForegroundWindow(window)


def _active_on_x11() -> int:
    try:
        with x11.Display() as display:
            return next(iter(display.numbers(display.root, "_NET_ACTIVE_WINDOW")), 0)
    except OSError:  # no X
        return 0


def _focus_on_x11(window: int) -> None:
    if not window:
        return
    try:
        with x11.Display() as display:
            display.focus(window)
            display.activate(window)  # so that the window manager thinks the same
    except OSError:
        return
