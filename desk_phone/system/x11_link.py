"""A connection to the X server that listens: keys grabbed from everybody, selections read.

It is its own, beside Qt's, so that no window of ours needs the keyboard, and a program that owns
the clipboard and hangs keeps nobody waiting. It lives in Qt's event loop, without a thread.
Importing this takes 40 ms: it is done away from the main thread, after the icon shows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import xcffib
import xcffib.xproto as xp
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal
from xcffib import xfixes, xkb

from desk_phone.system.x11 import NoDisplay, is_x11
from desk_phone.system.x11_keyboard import Keyboard, keyboard

log = logging.getLogger(__name__)

_DETECTABLE_AUTO_REPEAT = 1  # XkbPCF_DetectableAutoRepeatMask
_CORE_KEYBOARD = 0x100  # XkbUseCoreKbd
_NEW_KEYBOARD, _NEW_MAP, _EVERY_PART = 1, 2, 0xFF  # of XkbSelectEvents
_PROPERTY = "DESK_PHONE_SELECTION"
_SELECTIONS = ("CLIPBOARD", "PRIMARY")


# What xcffib has the C parser read, a millisecond each, as soon as it is connected.
_C_TYPES = (
    *("struct xcb_extension_t *", "char[]", "int *", "xcb_protocol_request_t *"),
    *("struct iovec[4]", "xcb_generic_error_t **", "xcb_generic_reply_t *"),
    *("xcb_generic_event_t *", "xcb_void_cookie_t [1]"),
)


def warm() -> None:
    """Have that read now: for any thread, before the first link is made."""
    for name in _C_TYPES:
        xcffib.ffi.typeof(name)


class X11Link(QObject):
    """``pressed`` tells of a key once, however long it is held. After the server has gone nothing
    happens any more, and nothing raises."""

    pressed = Signal(int, int)  # code, state
    keyboard_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Raises NoDisplay."""
        super().__init__(parent)
        if not is_x11():
            raise NoDisplay
        try:
            self._x = xcffib.connect()
        except xcffib.XcffibException as error:
            raise NoDisplay(str(error)) from error
        self._setup = self._x.get_setup()
        self._root = self._setup.roots[self._x.pref_screen].root
        self._closed = False
        self._held: set[int] = set()
        self._atoms = self._read_atoms()
        self._reading: _Reading | None = None
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self._too_late)
        self._use_xkb()
        self._window = self._make_window()
        self._newest = 0
        self._watch_selections()
        self.keyboard = self._read_keyboard()
        self._woken = QSocketNotifier(
            self._x.get_file_descriptor(), QSocketNotifier.Type.Read, self
        )
        self._woken.activated.connect(self._drain)

    def close(self) -> None:
        """Let go of the keys and the server."""
        if not self._closed:
            self._closed = True
            self._woken.setEnabled(False)
            self._end_reading("")
            if not self._x.has_error():
                self._x.disconnect()

    # keys

    def grab(self, codes: tuple[int, ...], masks: tuple[int, ...]) -> bool:
        """Take these keys with each of these masks from everybody, or none of them: False."""
        x, mode = self._x, xp.GrabMode.Async
        with suppress(xcffib.XcffibException):
            asked = [
                (code, mask, x.core.GrabKeyChecked(False, self._root, mask, code, mode, mode))
                for code in codes
                for mask in masks
            ]
            taken = [(code, mask) for code, mask, cookie in asked if self._granted(cookie)]
            if len(taken) == len(asked):
                return True
            for code, mask in taken:
                x.core.UngrabKey(code, self._root, mask)
            x.flush()
        return False

    def let_go(self, codes: tuple[int, ...], masks: tuple[int, ...]) -> None:
        with suppress(xcffib.XcffibException):  # gone, and the keys are free
            for code in codes:
                for mask in masks:
                    self._x.core.UngrabKey(code, self._root, mask)
            self._x.flush()

    def _granted(self, cookie: xcffib.VoidCookie) -> bool:
        try:
            cookie.check()
        except xcffib.XcffibException:  # BadAccess: another program has it
            return False
        return True

    def _use_xkb(self) -> None:
        """A key that is held sends presses alone, instead of pairs of release and press. Whoever
        uses XKB hears of a new layout by its events, no more by MappingNotify."""
        extension = self._x(xkb.key)
        try:
            extension.UseExtension(1, 0).reply()
            flag = _DETECTABLE_AUTO_REPEAT
            extension.PerClientFlags(_CORE_KEYBOARD, flag, flag, 0, 0, 0).reply()
            which = _NEW_KEYBOARD | _NEW_MAP
            parts = (_EVERY_PART, _EVERY_PART)
            extension.SelectEventsChecked(_CORE_KEYBOARD, which, 0, which, *parts, []).check()
        except xcffib.XcffibException as error:
            log.info("no XKB (%s): a hotkey that is held repeats", error)

    def _read_keyboard(self) -> Keyboard:
        first, last = self._setup.min_keycode, self._setup.max_keycode
        mapping = self._x.core.GetKeyboardMapping(first, last - first + 1).reply()
        modifiers = self._x.core.GetModifierMapping().reply()
        return keyboard(
            first, list(mapping.keysyms), mapping.keysyms_per_keycode, list(modifiers.keycodes)
        )

    # selections

    @property
    def newest(self) -> str:
        """``CLIPBOARD`` or ``PRIMARY``, whichever somebody made last; empty where neither was made
        since the connection is there, or the server does not tell."""
        names = {self._atoms[name]: name for name in _SELECTIONS}
        return names.get(self._newest, "")

    def _watch_selections(self) -> None:
        extension = self._x(xfixes.key)
        try:
            extension.QueryVersion(1, 0).reply()
            for name in _SELECTIONS:
                mask = xfixes.SelectionEventMask.SetSelectionOwner
                extension.SelectSelectionInputChecked(self._window, self._atoms[name], mask).check()
        except xcffib.XcffibException as error:
            log.info("no XFixes (%s): nobody knows what was copied last", error)

    def read(
        self, selection: str, limit_ms: int, at_most: int, told: Callable[[str], None]
    ) -> None:
        """Tell the text of ``CLIPBOARD`` or ``PRIMARY``; empty when nobody owns it, it is no text,
        longer than ``at_most`` bytes by far, or its owner does not answer in time. ``told`` is
        called once, and never before this returns; a new reading ends the one before."""
        self._end_reading("")
        which = self._atoms[selection]
        self._reading = _Reading(which, at_most, told)
        self._limit.start(limit_ms)
        text, property_ = self._atoms["UTF8_STRING"], self._atoms[_PROPERTY]
        with suppress(xcffib.XcffibException):  # gone: the limit tells
            self._x.core.ConvertSelection(self._window, which, text, property_, 0)
            self._x.flush()

    def _selected(self, event: xp.SelectionNotifyEvent) -> None:
        reading = self._reading
        if reading is None or event.selection != reading.selection:
            return  # too late
        if not event.property:
            self._end_reading("")
            return
        asked = self._x.core.GetProperty(
            *(True, self._window, event.property, 0, 0, reading.at_most // 4)
        )
        reply = asked.reply()
        is_text = reply.format == 8 and reply.type == self._atoms["UTF8_STRING"]
        data = b"".join(reply.value) if is_text else b""  # INCR, a very long text, is none
        self._end_reading(data.decode("utf-8", "ignore"))

    def _end_reading(self, text: str) -> None:
        reading, self._reading = self._reading, None
        self._limit.stop()
        if reading is not None:
            reading.told(text)

    def _too_late(self) -> None:
        self._end_reading("")

    def _make_window(self) -> int:
        """Nobody sees it; the owner of a selection puts the text there."""
        window = int(self._x.generate_id())
        kind = xp.WindowClass.InputOnly
        self._x.core.CreateWindow(0, window, self._root, -10, -10, 1, 1, 0, kind, 0, 0, [])
        return window

    def _read_atoms(self) -> dict[str, int]:
        """Known from the beginning, so that no reading waits for them."""
        asked = {
            name: self._x.core.InternAtom(False, len(name), name)
            for name in (*_SELECTIONS, "UTF8_STRING", _PROPERTY)
        }
        return {name: cookie.reply().atom for name, cookie in asked.items()}

    # events

    def _drain(self) -> None:
        while not self._closed:
            try:
                event = self._x.poll_for_event()
                if event is None:
                    return
                self._take(event)
            except xcffib.ConnectionException:
                self.close()
                return
            except xcffib.XcffibException:  # an answer to what nobody waits for
                continue

    def _take(self, event: xcffib.Event) -> None:
        if isinstance(event, xp.KeyReleaseEvent):
            self._held.discard(event.detail)
        elif isinstance(event, xp.KeyPressEvent):
            if event.detail not in self._held:
                self._held.add(event.detail)
                self.pressed.emit(event.detail, event.state)
        elif isinstance(event, xp.SelectionNotifyEvent):
            self._selected(event)
        elif isinstance(event, xfixes.SelectionNotifyEvent):
            self._newest = event.selection if event.owner else self._newest
        elif self._is_new_keyboard(event):
            self.keyboard = self._read_keyboard()
            self.keyboard_changed.emit()

    def _is_new_keyboard(self, event: xcffib.Event) -> bool:
        """All events of XKB have one number, which xcffib takes for the first of them."""
        if isinstance(event, xp.MappingNotifyEvent):
            return event.request != xp.Mapping.Pointer
        return isinstance(event, xkb.NewKeyboardNotifyEvent)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A selection that was asked for."""

    selection: int
    at_most: int
    told: Callable[[str], None]
