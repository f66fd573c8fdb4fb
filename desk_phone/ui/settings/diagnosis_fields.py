"""Settings: the report for whoever helps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.app.diagnosis import Diagnosis
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.choosing_files import ask_where
from desk_phone.ui.label import give_role, plain_label


class DiagnosisFields(QWidget):
    """Opens and sends nothing by itself."""

    def __init__(self, diagnosis: Diagnosis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diagnosis = diagnosis
        self.save = push_button(tr("Save diagnostics..."), "download")
        self._status = plain_label(role="muted", wraps=True)
        self._build()
        self.save.clicked.connect(self._ask)
        diagnosis.busy_changed.connect(self._show_busy)
        diagnosis.saved.connect(self._saved)
        diagnosis.failed.connect(self._failed)
        self._show_busy()

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(tr("Diagnostics"), "strong"))
        column.addWidget(
            plain_label(
                tr(
                    "A file for whoever helps you: versions, settings without what you typed, what "
                    "the last requests did, and the log. No password, number, name or address is "
                    "in it. It stays on this computer until you send it."
                ),
                "muted",
                wraps=True,
            )
        )
        column.addLayout(row)
        column.addWidget(self._status)

    def _ask(self) -> None:
        ask_where(self, tr("Save diagnostics"), self._diagnosis.name, self._diagnosis.save)

    def _show_busy(self) -> None:
        self.save.setEnabled(not self._diagnosis.busy)
        if self._diagnosis.busy:
            self._say(tr("Looking at everything, some seconds at most..."))
        else:
            self._say("")

    def _saved(self, file: Path) -> None:
        self._say(tr("It is in %(file)s. Look into it before you send it.") % {"file": file})

    def _failed(self, error: PhoneError) -> None:
        self._say(f"{error.title}. {error.message}", "bad")

    def _say(self, text: str, role: str = "muted") -> None:
        self._status.setText(text)
        self._status.setVisible(bool(text))
        give_role(self._status, role)
