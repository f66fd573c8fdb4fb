"""The head of the Phonebook page: title, how it stands, search, and the deeds."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.search_field import search_field

_LOWER = 2  # px: nearer to the line that the title stands on


class PhonebookHead(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = search_field(tr("Search the phonebook"))
        self.add = push_button(tr("Add"), "user-plus", "on_accent", kind="primary")
        self.import_ = push_button(tr("Import..."), "upload")
        self.export = push_button(tr("Export..."), "download")
        self.delete = push_button(tr("Delete"), "trash-2")
        self.undo = push_button(tr("Undo"), "undo-2")
        self._about = plain_label(role="muted", wraps=True)
        self._about.setContentsMargins(0, _LOWER, 0, 0)
        upper = QHBoxLayout()
        upper.setSpacing(12)
        upper.addWidget(plain_label(tr("Phonebook"), "title"))
        upper.addWidget(self._about, 1)  # in the middle: it may take two lines
        upper.addWidget(self.search)
        self._deeds = QWidget()
        lower = QHBoxLayout(self._deeds)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(8)
        for button in (self.add, self.import_, self.export, self.delete):
            lower.addWidget(button)
        lower.addStretch(1)
        lower.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(upper)
        column.addWidget(self._deeds)

    def tell(self, *about: str) -> None:
        self._about.setText(" · ".join(filter(None, about)))

    def show_deeds(self, shown: bool) -> None:
        """What is done to entries; an import needs the room."""
        self._deeds.setVisible(shown)

    def allow(self, edit: bool, undo: bool, some: bool, chosen: bool) -> None:
        """``edit``: entries may be changed; ``some``: there are any; ``chosen``: one is chosen."""
        self.add.setEnabled(edit)
        self.import_.setEnabled(edit)
        self.export.setEnabled(some)
        self.delete.setEnabled(edit and chosen)
        self.undo.setEnabled(edit and undo)
