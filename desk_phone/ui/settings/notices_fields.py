"""Settings: where notices are listened for, and whom to believe; for the IT person."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desk_phone.app.notices_rules import networks_of
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.section import SectionFrame, SteadySpinBox

_PORT_AT_MOST = 65_535


class NoticesFields(QWidget):
    """Kept as soon as they make sense."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.address, self.port = QLineEdit(), SteadySpinBox()
        self.proxies, self.callers = QLineEdit(), QLineEdit()
        self.port.setRange(1, _PORT_AT_MOST)
        self.port.setKeyboardTracking(False)
        self._problem = plain_label(role="bad", wraps=True)
        self._build()
        for field in (self.address, self.proxies, self.callers):
            field.editingFinished.connect(self._keep)
        self.port.valueChanged.connect(lambda port: preferences.change(notices_port=port))
        preferences.changed.connect(self._show)
        self._show(preferences.settings)

    @property
    def problem(self) -> str:
        return self._problem.text()

    def _build(self) -> None:
        frame = SectionFrame("")
        frame.add_field(tr("Listen at (127.0.0.1: only this computer)"), self.address)
        frame.column.addWidget(self.address)
        frame.add_field(tr("Port"), self.port)
        row = QHBoxLayout()
        row.addWidget(self.port)
        row.addStretch(1)
        frame.column.addLayout(row)
        frame.add_field(tr("Reverse proxies"), self.proxies)
        frame.column.addWidget(self.proxies)
        frame.add_field(tr("Addresses of the service"), self.callers)
        frame.column.addWidget(self.callers)
        self.callers.setPlaceholderText(tr("whoever knows the secret"))
        frame.column.addWidget(self._problem)
        self._problem.hide()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _keep(self) -> None:
        proxies, callers = self.proxies.text().strip(), self.callers.text().strip()
        problem = ""
        try:
            for text in (proxies, callers):
                networks_of(text)
        except BadInput as error:
            problem = f"{error.title}\n{error.message}"
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem:
            self._preferences.change(
                notices_address=self.address.text().strip() or "127.0.0.1",
                notices_proxies=proxies,
                notices_callers=callers,
            )

    def _show(self, settings: Settings) -> None:
        texts = (
            (self.address, settings.notices_address),
            (self.proxies, settings.notices_proxies),
            (self.callers, settings.notices_callers),
        )
        for field, text in texts:
            if not field.hasFocus():
                field.setText(text)
        if not self.port.hasFocus():
            self.port.blockSignals(True)
            self.port.setValue(settings.notices_port)
            self.port.blockSignals(False)
