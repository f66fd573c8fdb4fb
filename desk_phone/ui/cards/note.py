"""The field for a note on a card, which has the keyboard only while a person types into it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from desk_phone.i18n import tr
from desk_phone.ui.calls.note_edit import NoteEdit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CardNote(NoteEdit):
    """Enter and Esc are the end, Shift+Enter begins another line."""

    busy = Signal(bool)  # it has the keyboard, or something is not kept yet
    came = Signal()  # the keyboard
    gone = Signal()  # the person went to another window
    wanted = Signal()  # and came back by a click
    done = Signal()  # the person is through, and everything is kept

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Note"), tr("A note about this call. Esc when you are done."), parent)
        self.field.installEventFilter(self)
        self.field.viewport().installEventFilter(self)
        self.saved.connect(lambda: self.busy.emit(self.field.hasFocus()))
        self.left.connect(self._finish)

    def _finish(self) -> None:
        if self.save():
            self.done.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.FocusIn:
            self.busy.emit(True)
            self.came.emit()
        elif kind is QEvent.Type.MouseButtonPress and not self.field.hasFocus():
            self.wanted.emit()  # a window that no window manager knows gets no focus by a click
        elif isinstance(event, QFocusEvent) and event.lostFocus():
            self._lost(event.reason())
        elif isinstance(event, QKeyEvent) and kind is QEvent.Type.KeyPress and _ends(event):
            self._finish()
            return True
        return super().eventFilter(watched, event)

    def _lost(self, reason: Qt.FocusReason) -> None:
        if reason is not Qt.FocusReason.PopupFocusReason:
            self.busy.emit(not self.save())
            self.gone.emit()


def _ends(event: QKeyEvent) -> bool:
    return event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
