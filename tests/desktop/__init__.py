"""The private desktop of the end-to-end tests: `Desktop` is all that they need of it."""

from __future__ import annotations

from tests.desktop.desktop import Desktop
from tests.desktop.notes import Note
from tests.desktop.processes import Program
from tests.desktop.screen import Window
from tests.desktop.waiting import NotInTime, until, until_still

__all__ = ["Desktop", "NotInTime", "Note", "Program", "Window", "until", "until_still"]
