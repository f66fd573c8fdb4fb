"""Who the chosen call was with: the picture, the name, the number, and where the name is from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.model.calls import Call
from desk_phone.ui import words
from desk_phone.ui.cards.person import Avatar, beside
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.label import plain_label

_AVATAR = 40  # px


class PersonHead(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._avatar = Avatar()
        self._avatar.setFixedSize(_AVATAR, _AVATAR)
        self._name = ElidedLabel("h2")
        self._number = ElidedLabel("muted")
        self._source = plain_label(role="small", wraps=True)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        for label in (self._name, self._number):
            lines.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(lines, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._source)

    def show_call(self, call: Call) -> None:
        name = words.plain(call.name)
        self._avatar.show_name(name)
        self._name.setText(beside(words.who(call)))
        number = words.number(call.other) if name and call.other else ""
        about = " · ".join(part for part in (number, words.kind_of(call.other)) if part)
        self._number.setText(about if call.other else words.about(call))
        source = words.source(call.name_source, call.name_label) if name else ""
        self._source.setText(tr("Name: %(source)s") % {"source": source} if source else "")
        self._source.setVisible(bool(source))
