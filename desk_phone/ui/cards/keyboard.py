"""Lends a card the keyboard while a person types into it; else it never has it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desk_phone.system import foreground


class CardKeyboard:
    """For a window that has ``WindowDoesNotAcceptFocus``, which it has again afterwards."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._return: Callable[[], None] | None = None  # while it is lent
        self._is_elsewhere = False  # the person went to another window by himself

    def take(self, field: QWidget) -> None:
        if self._return is None or self._is_elsewhere:
            self._return = foreground.remember()
        self._is_elsewhere = False
        self._accept(True)
        self._window.activateWindow()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def came(self) -> None:
        self._is_elsewhere = False

    def went(self) -> None:
        """The person types elsewhere now; nobody needs to be given anything."""
        self._is_elsewhere = True
        self._accept(False)

    def give_back(self) -> None:
        """Whoever had it before goes on typing, unless the person went elsewhere meanwhile."""
        returned, self._return = self._return, None
        if returned is None:
            return
        self._accept(False)
        if not self._is_elsewhere:
            returned()

    def _accept(self, accepts: bool) -> None:
        """Told to the window itself: the widget would hide in order to change."""
        if (handle := self._window.windowHandle()) is not None:
            handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not accepts)
