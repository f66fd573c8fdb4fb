"""A key that works whatever window is in front, and the words that every system's way to it shares.

Which way this session has is chosen in `app.hotkey`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from desk_phone.model.shortcut import Shortcut


class Standing(StrEnum):
    OFF = "off"
    ASKED = "asked"  # the desktop has not answered, or waits for the person
    ASSIGNED = "assigned"
    TAKEN = "taken"  # by another program
    NO_KEY = "no key"  # this keyboard, or this system, has no such key
    IMPOSSIBLE = "impossible"  # this session lets no program have hotkeys


@dataclass(frozen=True, slots=True)
class HotkeyState:
    """``shown`` is how the desktop itself writes the keys, where it chose them; else empty."""

    standing: Standing = Standing.OFF
    shown: str = ""


class HotkeySignals(QObject):
    """``told`` comes when ``state`` changed, never from inside `Hotkey.assign`'s caller's loop of
    another hotkey: there is one a program."""

    pressed = Signal()
    told = Signal(object)  # HotkeyState

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = HotkeyState()

    def say(self, standing: Standing, shown: str = "") -> None:
        state = HotkeyState(standing, shown)
        if state != self.state:
            self.state = state
            self.told.emit(state)


class Hotkey(Protocol):
    """One hotkey at a time. Nothing raises: ``signals.state`` says what became of a wish."""

    signals: HotkeySignals

    def assign(self, shortcut: Shortcut) -> None:
        """Take the place of the keys before; these are free again even where the new ones fail."""

    def release(self) -> None:
        """No keys any more."""

    def close(self) -> None:
        """Let go of everything; nothing is told afterwards."""


class NoHotkey:
    """Of a session where no way is known: the person binds a command to a key by the desktop."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.signals = HotkeySignals(parent)

    def assign(self, shortcut: Shortcut) -> None:  # noqa: ARG002 - the same for any keys
        self.signals.say(Standing.IMPOSSIBLE)

    def release(self) -> None:
        self.signals.say(Standing.OFF)

    def close(self) -> None:
        """Nothing is held."""
