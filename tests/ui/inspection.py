"""What is wrong with a window, if anything: each looks at one thing and returns what it finds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from desk_phone.ui.cards.card import Card
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.listing import PADDING


def cut(window: QWidget) -> list[str]:
    """The texts that have less room than they need."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisibleTo(window)]
    found = [label.text() for label in labels if label.text() and _is_cut(label)]
    for button in _buttons(window):
        needed = button.sizeHint()
        small = button.width() < needed.width() or button.height() < needed.height()
        if button.text() and small:
            found.append(button.text())
    for head in window.findChildren(QHeaderView):
        if head.isVisibleTo(window) and head.orientation() is Qt.Orientation.Horizontal:
            found.extend(_cut_columns(head))
    return found


def _cut_columns(head: QHeaderView) -> list[str]:
    """Of the columns that nobody can make wider."""
    fixed = (
        at
        for at in range(head.count())
        if head.sectionResizeMode(at) is QHeaderView.ResizeMode.Fixed
    )
    texts = ((at, str(head.model().headerData(at, Qt.Orientation.Horizontal))) for at in fixed)
    advance = head.fontMetrics().horizontalAdvance
    return [text for at, text in texts if head.sectionSize(at) < advance(text) + PADDING]


def _is_cut(label: QLabel) -> bool:
    if isinstance(label, ElidedLabel):  # it says so itself, and whole in its tooltip
        return label.height() < label.sizeHint().height()
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    needed = label.sizeHint()
    return label.width() < needed.width() or label.height() < needed.height()


def _buttons(window: QWidget) -> list[QAbstractButton]:
    return [b for b in window.findChildren(QAbstractButton) if b.isVisibleTo(window)]


class _Layouts(QObject):
    """How often a layout was asked for, of all windows."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


def restless(window: QWidget) -> list[str]:
    """A window that asks to be laid out while it is laid out takes a whole processor."""
    app = QApplication.instance()
    assert app is not None
    for _ in range(10):
        QApplication.processEvents()
    layouts = _Layouts(window)
    app.installEventFilter(layouts)
    for _ in range(10):
        QApplication.processEvents()
    app.removeEventFilter(layouts)
    return [f"laid out {layouts.count} times"] if layouts.count else []


# for those who do not see, or have no mouse


def nameless(window: QWidget) -> list[str]:
    """What takes the keyboard, and a screen reader has no name for or reads markup."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        if not (widget is window or _takes_keyboard(widget, window)):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name).strip() if spoken else ""
        if not name or "<" in name + spoken.text(QAccessible.Text.Description):
            found.append(f"{widget} {name}")
    return found


def _takes_keyboard(
    widget: QWidget, window: QWidget, how: Qt.FocusPolicy = Qt.FocusPolicy.StrongFocus
) -> bool:
    return (
        widget.isVisibleTo(window)
        and bool(widget.focusPolicy().value & how.value)
        and not isinstance(widget, QScrollArea)
        and widget.objectName() != "qt_spinbox_lineedit"
    )


def unnamed_icons(window: QWidget) -> list[str]:
    """The buttons with neither a text nor a name."""
    return [
        str(button)
        for button in _buttons(window)
        if not (isinstance(button.parentWidget(), QLineEdit | QComboBox))
        and not (button.text() or button.accessibleName())
    ]


def marked_up(window: QWidget) -> list[str]:
    """The labels that would take somebody's name for markup."""
    labels = window.findChildren(QLabel)
    return [each.text() for each in labels if each.textFormat() is not Qt.TextFormat.PlainText]


def out_of_reach(window: QWidget) -> list[str]:
    """What Tab does not come to."""
    wanted = {
        widget
        for widget in window.findChildren(QWidget)
        if _takes_keyboard(widget, window, Qt.FocusPolicy.TabFocus)
        and widget.isEnabled()
        and not isinstance(widget, QRadioButton)  # arrows go on inside a group
    }
    reached, widget = set(), window
    while (widget := widget.nextInFocusChain()) not in reached:
        reached.add(widget)
    return [str(each) for each in wanted - reached]


def without_tab(window: QWidget) -> list[str]:
    """The buttons that no key presses. Not of cards: they never take the keyboard, and what they
    offer is in the window."""
    if isinstance(window, Card):
        return []
    return [
        button.text()
        for button in _buttons(window)
        if not isinstance(button.parentWidget(), QLineEdit | QComboBox)
        and not isinstance(button, QRadioButton | QCheckBox)
        and not button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


ALL: tuple[Callable[[QWidget], list[str]], ...] = (
    *(cut, restless, nameless, unnamed_icons, marked_up, out_of_reach, without_tab),
)


def faults(window: QWidget) -> dict[str, list[str]]:
    """By what was looked at; empty when all is in order."""
    return {look.__name__: found for look in ALL if (found := look(window))}
