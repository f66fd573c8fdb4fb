"""Brings a window that a person asked for to the front, with the keyboard."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desk_phone.system import x11
from desk_phone.ui.painting import grown

_OF_SCREEN = 0.9


def bring(window: QWidget) -> None:
    """Show it and give it the keyboard.

    Under X11 the window manager refuses that to a program whose last key or click is older than
    another's, and the hotkey is no key of ours to Qt; so it is asked once more as a panel asks.
    """
    window.show()
    window.raise_()
    window.activateWindow()
    if QGuiApplication.platformName() == "xcb":
        QTimer.singleShot(0, window, lambda: _claim(window))


def first_size(window: QWidget, across: int, high: int) -> QSize:
    """So large for the usual letters, in px, and more for larger ones as far as the screen goes."""
    window.ensurePolished()
    room = window.screen().availableSize() * _OF_SCREEN
    wanted = QSize(grown(across, window.font()), grown(high, window.font()))
    return wanted.boundedTo(room).expandedTo(QSize(across, high))


def _claim(window: QWidget) -> None:
    """In the next round of the event loop: then the window manager knows the window."""
    if not window.isVisible():
        return
    with suppress(x11.NoDisplay), x11.Display() as display:
        display.activate(int(window.winId()))
    # The last window that had the keyboard, hidden and shown again while no other had it: Qt sees
    # no change of its focus window, and would leave the widgets without the keyboard.
    handle = window.windowHandle()
    if QApplication.activeWindow() is None and QGuiApplication.focusWindow() is handle:
        QApplication.setActiveWindow(window)
