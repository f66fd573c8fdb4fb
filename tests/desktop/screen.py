"""What is on an X screen, read through xcffib: eyes of the tests' own, not the program's."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import xcffib
import xcffib.xproto
from xcffib.xproto import Atom, GetPropertyType, MapState

_DEEPEST = 4  # a window manager's frame holds the program's window one or two levels down


@dataclass(frozen=True, slots=True)
class Window:
    """A visible window as it was when asked. ``x`` and ``y`` count from the screen's corner."""

    id: int
    title: str
    cls: str
    pid: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class Screen:
    """One connection to the display. Windows that vanish meanwhile are left out, never an error."""

    def __init__(self, display: str) -> None:
        self._x = xcffib.connect(display)
        setup = self._x.get_setup()
        self._root = setup.roots[self._x.pref_screen].root
        self._tray = f"_NET_SYSTEM_TRAY_S{self._x.pref_screen}"

    def close(self) -> None:
        self._x.disconnect()

    def windows(self) -> list[Window]:
        """All visible windows of programs, from the lowest to the topmost."""
        return [self._window(found) for found in self._programs(self._root, 0)]

    def window(self, window_id: int) -> Window | None:
        """That window as it is now, None when it is gone or not to be seen."""
        try:
            return self._window(window_id) if self._is_visible(window_id) else None
        except xcffib.xproto.WindowError:
            return None

    def owner(self, selection: str) -> int:
        """The window that owns a selection such as CLIPBOARD, 0 when none does."""
        return int(self._x.core.GetSelectionOwner(self._atom(selection)).reply().owner)

    def tray(self) -> int:
        """The window of the XEmbed tray, 0 when there is none."""
        return self.owner(self._tray)

    def has_window_manager(self) -> bool:
        check = self._numbers(self._root, "_NET_SUPPORTING_WM_CHECK")
        return bool(check) and self._numbers(check[0], "_NET_SUPPORTING_WM_CHECK") == check

    def focus(self) -> int:
        """The id of the window that keys go to, one that the window manager knows or not."""
        return int(self._x.core.GetInputFocus().reply().focus)

    def active(self) -> int:
        """The id of the window that has the keyboard, as the window manager says; 0 when none."""
        found = self._numbers(self._root, "_NET_ACTIVE_WINDOW")
        return found[0] if found else 0

    def work_area(self) -> tuple[int, int, int, int]:
        """x, y, width, height of what panels leave free; all 0 while nobody says."""
        found = self._numbers(self._root, "_NET_WORKAREA")
        return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else (0, 0, 0, 0)

    def states(self, window_id: int) -> set[str]:
        """Such as _NET_WM_STATE_FULLSCREEN."""
        return {self._name(atom) for atom in self._numbers(window_id, "_NET_WM_STATE")}

    def tray_icons(self) -> list[Window]:
        """The icons that are embedded in the tray, from left to right."""
        if not self.tray():
            return []
        found = [self._window(window) for window in self._embedded(self._root, 0)]
        return sorted(found, key=lambda window: window.x)

    def teach(self, text: str) -> None:
        """Give every letter of ``text`` that the keyboard lacks a key of its own, for good.

        xdotool lends such letters a key for the moment of typing, and programs look too late.
        """
        keyboard = self._x.get_setup()
        low, count = keyboard.min_keycode, keyboard.max_keycode - keyboard.min_keycode + 1
        mapping = self._x.core.GetKeyboardMapping(low, count).reply()
        width, symbols = mapping.keysyms_per_keycode, list(mapping.keysyms)
        wanted = {_keysym(letter) for letter in text if not letter.isascii()} - set(symbols)
        for key in range(count - 1, -1, -1):
            if wanted and not any(symbols[key * width : (key + 1) * width]):
                symbol = wanted.pop()
                self._x.core.ChangeKeyboardMapping(1, low + key, 2, [symbol, symbol])
        self._x.core.GetInputFocus().reply()  # the server has done it by now
        assert not wanted, "the keyboard is full"

    # the tree

    def _programs(self, parent: int, depth: int) -> Iterator[int]:
        for child in self._children(parent):
            try:
                if not self._is_visible(child):
                    continue
                if self._text(child, "WM_CLASS"):
                    yield child
                elif depth < _DEEPEST:
                    yield from self._programs(child, depth + 1)
            except xcffib.xproto.WindowError:
                continue

    def _embedded(self, parent: int, depth: int) -> Iterator[int]:
        for child in self._children(parent):
            try:
                if depth > 0 and self._is_icon(child):
                    yield child
                elif depth < _DEEPEST:
                    yield from self._embedded(child, depth + 1)
            except xcffib.xproto.WindowError:
                continue

    def _is_icon(self, window: int) -> bool:
        """Qt says of all its windows how to embed them; what a window manager frames is none."""
        embeds = self._is_visible(window) and bool(self._numbers(window, "_XEMBED_INFO"))
        return embeds and not self._numbers(window, "WM_STATE")

    def _children(self, window: int) -> list[int]:
        try:
            return list(self._x.core.QueryTree(window).reply().children)
        except xcffib.xproto.WindowError:
            return []

    def _is_visible(self, window: int) -> bool:
        attributes = self._x.core.GetWindowAttributes(window).reply()
        return bool(attributes.map_state == MapState.Viewable)

    def _window(self, window: int) -> Window:
        try:
            size = self._x.core.GetGeometry(window).reply()
            place = self._x.core.TranslateCoordinates(window, self._root, 0, 0).reply()
        except (xcffib.xproto.WindowError, xcffib.xproto.DrawableError):
            return Window(window, "", "", 0, 0, 0, 0, 0)
        title = self._text(window, "_NET_WM_NAME") or self._text(window, "WM_NAME")
        names = [name for name in self._text(window, "WM_CLASS").split("\0") if name]
        pid = self._numbers(window, "_NET_WM_PID")
        return Window(
            window,
            title,
            names[-1] if names else "",
            pid[0] if pid else 0,
            place.dst_x,
            place.dst_y,
            size.width,
            size.height,
        )

    # properties

    def _value(self, window: int, name: str) -> bytes:
        asked = self._x.core.GetProperty(
            False, window, self._atom(name), GetPropertyType.Any, 0, 4096
        )
        try:
            return bytes(asked.reply().value.raw)
        except xcffib.xproto.WindowError:
            return b""

    def _text(self, window: int, name: str) -> str:
        return self._value(window, name).decode("utf-8", "replace")

    def _numbers(self, window: int, name: str) -> tuple[int, ...]:
        value = self._value(window, name)
        return struct.unpack(f"={len(value) // 4}I", value[: len(value) // 4 * 4])

    def _atom(self, name: str) -> int:
        return int(self._x.core.InternAtom(False, len(name), name).reply().atom)

    def _name(self, atom: int) -> str:
        if atom == Atom._None:
            return ""
        return str(self._x.core.GetAtomName(atom).reply().name.to_string())


def _keysym(letter: str) -> int:
    """X's name for a letter: Latin-1 as it is, all others by their Unicode number."""
    return ord(letter) if ord(letter) < 0x100 else 0x0100_0000 | ord(letter)
