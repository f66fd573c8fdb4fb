"""A field for a note that saves itself: leaving it, hiding it or closing its window loses nothing.

What was typed is kept a third of a second after the last key; only a program that is killed within
that time loses it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from desk_phone.i18n import ntr, tr
from desk_phone.model.notes import NOTE_AT_MOST, tidy
from desk_phone.ui.label import give_role, plain_label

SAVES_AFTER_MS = 300  # without a key
TRIES_AGAIN_MS = 5000
_TELLS_FROM = 0.9  # of the limit: how much is left is said
_FRAME = 18  # px: border and padding, as in the style sheet, above and below
_LINES_AT_LEAST, _LINES_AT_MOST = 2, 7


class NoteEdit(QWidget):
    """``write`` keeps a text and says whether it could; it is asked again until it can."""

    left = Signal()  # Esc: everything is kept, or will be tried again
    saved = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._write: Callable[[str], bool] = lambda _: False
        self._left_over: list[tuple[Callable[[str], bool], str]] = []  # of notes before this one
        self._kept = ""
        self._limit = NOTE_AT_MOST
        self.field = _Field()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(placeholder)
        self._state = plain_label(role="small", wraps=True)
        self._pausing = QTimer(self, singleShot=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self._state)
        self.field.textChanged.connect(self._changed)
        self.field.escaped.connect(self._escape)
        self.field.blurred.connect(self.save)
        self._pausing.timeout.connect(self.save)
        self._state.hide()

    @property
    def text(self) -> str:
        return self.field.toPlainText()

    @property
    def state(self) -> str:
        """What is said under the field."""
        return self._state.text()

    @property
    def is_kept(self) -> bool:
        return tidy(self.text) == self._kept

    def begin(self, text: str, write: Callable[[str], bool]) -> None:
        """Another note: the one before is saved first, and tried again where that is in vain."""
        if not self.save():
            self._left_over.append((self._write, tidy(self.text)))
        self._write = write
        self._show(text)
        self._say("")

    def forget(self) -> None:
        """What is typed is somebody else's matter from now on."""
        self._kept = tidy(self.text)

    def refresh(self, text: str) -> None:
        """The same note was written elsewhere; what a person types here goes on."""
        if text != self._kept and self.is_kept:
            self._show(text)

    def replace_with(self, text: str) -> None:
        """Put another text in the place of all; Ctrl+Z brings back what was there."""
        cursor = self.field.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.save()

    def save(self) -> bool:
        """Whether all is kept that was typed."""
        self._pausing.stop()
        self._left_over = [(write, text) for write, text in self._left_over if not write(text)]
        if self._left_over:
            self._pausing.start(TRIES_AGAIN_MS)
        text = tidy(self.text)
        if text == self._kept:
            return True
        if not self._write(text):
            self._say(tr("Not saved. Trying again."), "bad")
            self._pausing.start(TRIES_AGAIN_MS)
            return False
        self._kept = text
        self._say(tr("Saved"))
        self.saved.emit()
        return True

    def focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.moveCursor(QTextCursor.MoveOperation.End)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.save()

    # how

    def _show(self, text: str) -> None:
        self._kept = tidy(text)
        self._limit = max(NOTE_AT_MOST, len(self._kept))
        self.field.blockSignals(True)
        self.field.setPlainText(self._kept)
        self.field.blockSignals(False)
        self.field.fit()

    def _changed(self) -> None:
        over = len(self.text) - self._limit
        if over > 0:
            self._cut(over)
            return
        self.field.fit()
        self._tell_room(-over)
        self._pausing.start(SAVES_AFTER_MS)

    def _cut(self, over: int) -> None:
        """Of what was put in, the end: all that is seen is kept."""
        cursor = self.field.textCursor()
        back, anchor = QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor
        cursor.movePosition(back, anchor, over)
        cursor.removeSelectedText()  # and here again, with less
        most = {"most": self._limit}
        self._say(
            tr("A note has at most %(most)d characters: the rest was left out.") % most, "bad"
        )

    def _tell_room(self, left: int) -> None:
        if len(self.text) >= _TELLS_FROM * self._limit:
            self._say(ntr("Room for %(n)d more character", "Room for %(n)d more characters", left))
        elif not self.is_kept:
            self._say("")

    def _escape(self) -> None:
        self.save()
        self.left.emit()

    def _say(self, text: str, role: str = "small") -> None:
        give_role(self._state, role)
        self._state.setText(text)
        self._state.setVisible(bool(text))


class _Field(QPlainTextEdit):
    """As high as its text, between two lines and seven. Tab leads on, Esc leaves it."""

    escaped = Signal()
    blurred = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines = 0
        self.fit()

    def fit(self) -> None:
        # A plain text document counts its height in lines.
        lines = int(self.document().size().height())
        lines = min(max(lines, _LINES_AT_LEAST), _LINES_AT_MOST)
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        margins = 2 * round(self.document().documentMargin()) + _FRAME
        return QSize(120, self.fontMetrics().lineSpacing() * max(1, self._lines) + margins)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Esc is ours before it is a shortcut of the window's."""
        before = event.type() is QEvent.Type.ShortcutOverride
        if before and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.blurred.emit()
