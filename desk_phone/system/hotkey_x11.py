"""A hotkey under X11: the key is grabbed from everybody, and no other program sees it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desk_phone.model.shortcut import Shortcut
from desk_phone.system.hotkey import HotkeySignals, Standing
from desk_phone.system.x11_link import X11Link


class X11Hotkey:
    """A grab holds for one mix of CapsLock, NumLock and ScrollLock, so every mix is grabbed. When
    the keyboard's layout changes the same keys are grabbed where they lie now."""

    def __init__(self, link: X11Link, parent: QObject | None = None) -> None:
        self.signals = HotkeySignals(parent)
        self._link = link
        self._wanted: Shortcut | None = None
        self._codes: tuple[int, ...] = ()
        self._masks: tuple[int, ...] = ()
        self._mask = 0
        link.pressed.connect(self._pressed)
        link.keyboard_changed.connect(self._grab_again)

    def assign(self, shortcut: Shortcut) -> None:
        self._let_go()
        self._wanted = shortcut
        self._grab()

    def release(self) -> None:
        self._let_go()
        self._wanted = None
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        self._let_go()
        self._wanted = None
        self._link.pressed.disconnect(self._pressed)
        self._link.keyboard_changed.disconnect(self._grab_again)

    def _grab(self) -> None:
        if self._wanted is None:
            return
        codes, mask, masks = self._place_of(self._wanted)
        if not codes:
            self.signals.say(Standing.NO_KEY)
        elif self._link.grab(codes, masks):
            self._codes, self._mask, self._masks = codes, mask, masks
            self.signals.say(Standing.ASSIGNED)
        else:
            self.signals.say(Standing.TAKEN)

    def _place_of(self, keys: Shortcut) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
        """Where they lie now: key codes, the mask of their modifiers, and its mixes with locks."""
        keyboard = self._link.keyboard
        mask = keyboard.mask_of(keys)
        return keyboard.codes_of(keys), mask, keyboard.with_locks(mask)

    def _grab_again(self) -> None:
        """Also told when somebody turns to another keyboard, by the first key that is pressed on
        it: keys that lie where they lay are not let go of for even a moment."""
        held = self._codes, self._mask, self._masks
        if self._wanted is None or (self._codes and held == self._place_of(self._wanted)):
            return
        self._let_go()
        self._grab()

    def _let_go(self) -> None:
        self._link.let_go(self._codes, self._masks)
        self._codes, self._masks = (), ()

    def _pressed(self, code: int, state: int) -> None:
        if code in self._codes and self._link.keyboard.without_locks(state) == self._mask:
            self.signals.pressed.emit()
