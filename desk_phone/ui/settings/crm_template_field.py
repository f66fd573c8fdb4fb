"""A field for a text with placeholders: a menu that inserts them, and what a call would make of it.

What is typed is kept when the field is left, and only if it can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.crm_template import Placeholder
from desk_phone.ui import words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.label import give_role, plain_label


class TemplateField(QWidget):
    """``preview`` says what a text comes to, or raises PhoneError; ``examples`` what stands for
    each placeholder meanwhile."""

    kept = Signal(str)

    def __init__(
        self,
        text: str,
        hint: str,
        preview: Callable[[str], str],
        examples: Mapping[Placeholder, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preview, self._kept = preview, text
        self.field = QLineEdit(text, placeholderText=hint)
        self.menu = QMenu(self)
        self._button = tool_button(tr("Insert"), "chevron-down")
        self._shown = plain_label(role="small", wraps=True)
        self._shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._build(examples)
        self.field.textChanged.connect(self._show)
        self.field.editingFinished.connect(self._keep)
        self._show()

    @property
    def shown(self) -> str:
        """What the line under the field says."""
        return self._shown.text()

    def set_text(self, text: str) -> None:
        """What the settings say; what a person is just typing stays."""
        if text != self._kept and not self.field.hasFocus():
            self._kept = text
            self.field.setText(text)
            self.field.setCursorPosition(0)

    def _build(self, examples: Mapping[Placeholder, str]) -> None:
        self._button.clicked.connect(self._open_menu)
        self._button.setAccessibleName(tr("Insert a placeholder"))
        for placeholder, example in examples.items():
            mark = f"{{{placeholder}}}"
            action = self.menu.addAction(words.menu(f"{mark}  {words.plain(example, 40)}"))
            action.triggered.connect(lambda _=False, mark=mark: self._insert(mark))
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._shown)
        self.field.setCursorPosition(0)  # a long address is read from its beginning

    def _open_menu(self) -> None:
        self.menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def _insert(self, mark: str) -> None:
        self.field.insert(mark)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        text = self.field.text().strip()
        try:
            said, role = (self._preview(text) if text else ""), "small"
        except PhoneError as error:
            said, role = f"{error.title}. {error.message}", "bad"
        self._shown.setText(said)
        self._shown.setVisible(bool(said))
        give_role(self._shown, role)

    def _keep(self) -> None:
        text = self.field.text().strip()
        try:
            if text:
                self._preview(text)
        except PhoneError:
            return  # it stands there, with the reason under it
        if text != self._kept:
            self._kept = text
            self.kept.emit(text)
