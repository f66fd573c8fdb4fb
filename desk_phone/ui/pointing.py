"""Leading the keyboard to where somebody needs it now."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QPushButton,
    QScrollArea,
    QWidget,
)


def point_at_button(within: QWidget, text: str = "") -> None:
    """The one with that text, else the first that can be pressed. What was made a moment ago is
    shown a moment later, and has the keyboard then."""
    if not _point(within, text):
        QTimer.singleShot(0, within, lambda: _point(within, text))


def lead_into(within: QWidget) -> None:
    """The keyboard to the first that takes it, in the order of Tab."""
    child = within.nextInFocusChain()
    while child is not None and within.isAncestorOf(child):
        takes = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        child = child.nextInFocusChain()


def scroll_to(shown: QWidget) -> None:
    """What was made or moved a moment ago comes into view where it lies in something that scrolls,
    once it has its place: from its top, where it is taller than there is room."""
    QTimer.singleShot(0, shown, lambda: _scroll(shown))


def has_keyboard(within: QWidget) -> bool:
    """Whether the keyboard is somewhere in there.

    Who stays, and asks Qt for children that come and go, keeps what stands for those that Qt made
    for itself for ever: so nobody is looked through here.
    """
    focused = QApplication.focusWidget()
    return focused is not None and (focused is within or within.isAncestorOf(focused))


def choose_what_is_selected(view: QAbstractItemView) -> None:
    """A screen reader only selects a row; where that alone is chosen, it is the current one from
    then on, as after a click."""
    view.selectionModel().selectionChanged.connect(lambda chosen: _choose(view, chosen))


def asks_for_menu(event: QKeyEvent) -> bool:
    """Shift+F10, which Qt leaves to us on Linux; the menu key it tells as a context menu's event
    everywhere."""
    return event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier


def _choose(view: QAbstractItemView, chosen: QItemSelection) -> None:
    rows = chosen.indexes()
    alone = len(view.selectionModel().selectedRows()) == 1
    if rows and alone and rows[0].row() != view.currentIndex().row():
        view.setCurrentIndex(rows[0])


def _scroll(shown: QWidget) -> None:
    above = shown.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None and shown.isVisible():
        above.ensureWidgetVisible(shown, 0, 16)
        bar = above.verticalScrollBar()
        top = bar.value() + shown.mapTo(above.viewport(), QPoint()).y()
        bar.setValue(min(bar.value(), top))


def _point(within: QWidget, text: str) -> bool:
    for button in within.findChildren(QPushButton):
        if button.isVisible() and button.isEnabled() and text in ("", button.text()):
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False
