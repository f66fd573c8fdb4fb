"""Brings a window that a person asked for to the front, with the keyboard."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desk_phone.system import x11
from desk_phone.ui.painting import grown

_OF_SCREEN = 0.9
_TITLE_BAR = 32  # px, about


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
    """So large for the usual letters, in px, and more for larger ones as far as the screen goes;
    less where it is small, such as a laptop's at 150 %."""
    window.ensurePolished()
    available, least = window.screen().availableSize(), window.minimumSize()
    wanted = QSize(grown(across, window.font()), grown(high, window.font()))
    fits = available.width() >= least.width()  # else it is cut all the same
    usual = QSize(
        min(across, available.width()) if fits else across,
        max(min(high, available.height() - _TITLE_BAR), least.height()),
    )
    return wanted.boundedTo(available * _OF_SCREEN).expandedTo(usual)


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
