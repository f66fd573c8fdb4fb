"""Small buttons that the keyboard reaches and screen readers can name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)

from desk_phone.ui.icons import icon

ICON_AND_GAP = QSize(24, 16)  # an icon of 16 px, and some room before the text


def push_button(
    text: str = "", icon_name: str = "", colour: str = "", kind: str = ""
) -> QPushButton:
    """``colour`` is a token for the icon, ``kind`` a rule of the style sheet (``call``)."""
    button = QPushButton(text)
    button.setIconSize(ICON_AND_GAP)
    if icon_name:
        button.setIcon(icon(icon_name, colour))
    if kind:
        button.setProperty("kind", kind)
    return button


def tool_button(
    text: str = "", icon_name: str = "", checkable: bool = False, said: str = ""
) -> QToolButton:
    """A flat button; ``said`` names one that shows only an icon, in its tooltip too."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if icon_name:
        button.setIcon(icon(icon_name))
    if text and icon_name:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(ICON_AND_GAP)
    if said:
        button.setAccessibleName(said)
        button.setToolTip(said)
    return button


def when_chosen(button: QRadioButton, act: Callable[[], object]) -> None:
    """Also by a screen reader, whose choice is no click; `show_chosen` does not count."""
    button.toggled.connect(lambda on: act() if on else None)


def show_chosen(button: QRadioButton) -> None:
    """It is what is so already."""
    with QSignalBlocker(button):
        button.setChecked(True)


def press_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Enter presses the button with the keyboard, as Space does; whether it was such an Enter.

    For a window's own ``keyPressEvent``: there comes what no list and no field took for itself.
    """
    focused = window.focusWidget()
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if not isinstance(focused, QPushButton | QToolButton):
        return False
    if not event.isAutoRepeat():
        focused.showMenu() if focused.menu() is not None else focused.click()
    return True


class OneOf(QObject):
    """One of several checkable buttons is down.

    Unlike in an exclusive QButtonGroup, Tab reaches each of them.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QAbstractButton] = []

    def add(self, button: QAbstractButton) -> None:
        """Connect to its ``clicked`` only after this."""
        self._buttons.append(button)
        button.clicked.connect(lambda: self.choose(button))

    def choose(self, chosen: QAbstractButton) -> None:
        for button in self._buttons:
            button.setChecked(button is chosen)
