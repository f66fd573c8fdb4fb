"""Whether somebody is presenting, so that a caller's name must not be seen by a whole room."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from desk_phone.system import mac_session, windows_session, x11
from desk_phone.system.windows_session import UserState

_KEPT = 0.25  # seconds
_PRESENTING = (UserState.BUSY, UserState.FULL_SCREEN_GAME, UserState.PRESENTING)


def somebody_is_presenting() -> bool:
    """Whether the active window fills the screen, or Windows says that a presentation runs.

    Asked when it is needed, a tenth of a millisecond. Wayland tells nobody about the windows of
    others, so there the answer is no; so it is where nothing can be found out. Never raises.
    """
    if sys.platform == "win32":
        return windows_session.user_state() in _PRESENTING
    try:
        if sys.platform == "darwin":
            return mac_session.a_window_covers_the_screen()
        return _active_window_is_full_screen()
    except (OSError, AttributeError):  # no display, or a system without such a function
        return False


class Presenting:
    """The same over one connection, for whoever asks again and again; `close` it.

    What was so a quarter of a second ago is so: many cards ask at once, and a server that is busy
    would let each of them wait.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._display: x11.Display | None = None
        self._clock, self._asked, self._presents = clock, -_KEPT, False

    def __call__(self) -> bool:
        now = self._clock()
        if not 0 <= now - self._asked < _KEPT:
            self._presents, self._asked = self._look(), now
        return self._presents

    def _look(self) -> bool:
        if not sys.platform.startswith("linux"):
            return somebody_is_presenting()
        try:
            if self._display is None or self._display.is_gone:
                self.close()
                self._display = x11.Display()
            return _is_full_screen(self._display)
        except (OSError, AttributeError):
            return False

    def close(self) -> None:
        if self._display is not None:
            self._display.close()
            self._display = None


def _active_window_is_full_screen() -> bool:
    with x11.Display() as display:
        return _is_full_screen(display)


def _is_full_screen(display: x11.Display) -> bool:
    manager = display.numbers(display.root, "_NET_SUPPORTING_WM_CHECK")
    # A window manager that has gone leaves its words behind, but not its window.
    if not manager or display.numbers(manager[0], "_NET_SUPPORTING_WM_CHECK") != manager:
        return False
    active = display.numbers(display.root, "_NET_ACTIVE_WINDOW")
    if not active or not active[0]:
        return False
    full_screen = display.atom("_NET_WM_STATE_FULLSCREEN")
    return full_screen in display.numbers(active[0], "_NET_WM_STATE")
