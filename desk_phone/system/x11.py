"""An X display as we need it: who owns a selection, what a window says, when somebody was here."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from ctypes import byref, c_int
from typing import Self

from desk_phone.system import libxcb

_STRUCTURE_NOTIFY = 1 << 17
_DESTROY_NOTIFY = 17
_EVENT_MASK = 1 << 11  # XCB_CW_EVENT_MASK
_CLIENT_MESSAGE = 33
_TO_WINDOW_MANAGER = 1 << 19 | 1 << 20  # SubstructureNotify and SubstructureRedirect
_PAGER = 2  # the source of the wish (EWMH, _NET_ACTIVE_WINDOW)
_TO_PARENT, _NOW = 2, 0  # XCB_INPUT_FOCUS_PARENT, XCB_CURRENT_TIME
_LONGEST = 1024  # of a property, in 32-bit numbers


class NoDisplay(OSError):
    """There is no X server to talk to."""


def is_x11() -> bool:
    """Whether this session is one of X11.

    Under Wayland the answer is no even where there is an X server for old programs: connecting
    would start it, and it does not know the windows of others.
    """
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY"):
        return False
    return bool(os.environ.get("DISPLAY")) and os.environ.get("XDG_SESSION_TYPE") != "wayland"


class Display:
    """A connection of our own beside Qt's. Each question is one short exchange with the server.

    After the server has gone, and after `close`, everything is 0 or empty, and `is_gone` says so.
    """

    def __init__(self) -> None:
        """Raises NoDisplay."""
        if not is_x11():
            raise NoDisplay
        try:
            self._xcb = libxcb.library()
        except OSError as error:
            raise NoDisplay(str(error)) from error
        number = c_int(0)
        self._x: int | None = self._xcb.xcb_connect(None, byref(number))
        self._atoms: dict[str, int] = {}
        self.number = number.value  # of the screen, as in _NET_SYSTEM_TRAY_S0
        if self.is_gone:
            self.close()
            raise NoDisplay
        self.root = self._root(number.value)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._x is not None:
            self._xcb.xcb_disconnect(self._x)
            self._x = None

    @property
    def is_gone(self) -> bool:
        return self._x is None or bool(self._xcb.xcb_connection_has_error(self._x))

    def fileno(self) -> int:
        """-1 after `close`."""
        return -1 if self._x is None else int(self._xcb.xcb_get_file_descriptor(self._x))

    def owner(self, selection: str) -> int:
        """The window that owns it, 0 when none does."""
        if self.is_gone:
            return 0
        asked = self._xcb.xcb_get_selection_owner(self._x, self.atom(selection))
        return self._number(self._xcb.xcb_get_selection_owner_reply(self._x, asked, None), 8)

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """The values of a property of 32-bit numbers; none when the window or it is not there."""
        if self.is_gone:
            return ()
        asked = self._xcb.xcb_get_property(
            *(self._x, 0, window, self.atom(name), 0, 0, _LONGEST)  # any type
        )
        reply = self._xcb.xcb_get_property_reply(self._x, asked, None)
        if not reply:
            return ()
        size = self._xcb.xcb_get_property_value_length(reply)
        data = ctypes.string_at(self._xcb.xcb_get_property_value(reply), size) if size else b""
        is_numbers = ctypes.c_uint8.from_address(reply + 1).value == 32
        libxcb.free(reply)
        return tuple(memoryview(data).cast("I")) if is_numbers else ()

    def watch(self, window: int) -> None:
        """Be woken when that window goes; on the root also when a tray announces itself."""
        if self.is_gone:
            return
        mask = (ctypes.c_uint32 * 1)(_STRUCTURE_NOTIFY)
        self._xcb.xcb_change_window_attributes(self._x, window, _EVENT_MASK, mask)
        self._xcb.xcb_flush(self._x)

    def drain(self) -> list[int]:
        """Take in what has arrived: for each event the window that went, 0 for any other event."""
        arrived = []
        while not self.is_gone and (event := self._xcb.xcb_poll_for_event(self._x)):
            went = ctypes.c_uint8.from_address(event).value & 0x7F == _DESTROY_NOTIFY
            arrived.append(libxcb.number_at(event, 8) if went else 0)
            libxcb.free(event)
        return arrived

    def activate(self, window: int) -> None:
        """Ask the window manager to give it the keyboard, as a panel does on a person's click: what
        a program asks for its own window is refused while somebody types in another one."""
        if self.is_gone:
            return
        words = (_PAGER, 0, 0, 0, 0)
        event = struct.pack(
            "=BBHII5I", _CLIENT_MESSAGE, 32, 0, window, self.atom("_NET_ACTIVE_WINDOW"), *words
        )
        self._xcb.xcb_send_event(self._x, 0, self.root, _TO_WINDOW_MANAGER, event)
        self._xcb.xcb_flush(self._x)

    def focus(self, window: int) -> None:
        """Give it the keyboard at once. A window manager that is asked for it uses the time of the
        last event that it saw, and X refuses one before that of a click on a window of ours."""
        if self.is_gone:
            return
        self._xcb.xcb_set_input_focus(self._x, _TO_PARENT, window, _NOW)
        self._xcb.xcb_flush(self._x)

    def idle_ms(self) -> int:
        """Milliseconds since somebody typed or moved the mouse; 0 when the server does not know."""
        if self._x is None or self.is_gone:
            return 0
        return self._number(libxcb.ask_screensaver(self._x, self.root), 16)

    def _root(self, number: int) -> int:
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._x))
        for _ in range(number):
            self._xcb.xcb_screen_next(byref(screens))
        return libxcb.number_at(screens.data, 0)

    def atom(self, name: str) -> int:
        if name not in self._atoms and not self.is_gone:
            asked = self._xcb.xcb_intern_atom(self._x, 0, len(name), name.encode())
            reply = self._xcb.xcb_intern_atom_reply(self._x, asked, None)
            self._atoms[name] = self._number(reply, 8)
        return self._atoms.get(name, 0)

    def _number(self, reply: int | None, offset: int) -> int:
        """The number in a reply, which is given back; 0 when there came an error instead."""
        if not reply:
            return 0
        number = libxcb.number_at(reply, offset)
        libxcb.free(reply)
        return number
