"""Where the service is, and a proxy on the way."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import SERVICE_URL
from desk_phone.ui.addresses import proxy_problem, service_problem
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.section import SectionFrame


class AddressFields(QWidget):
    """Kept as soon as they make sense."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        frame = SectionFrame("")
        column = frame.column
        self.service = QLineEdit(preferences.settings.service_url)
        self.proxy = QLineEdit(
            preferences.settings.proxy, placeholderText=tr("none: straight to the service")
        )
        self._problem = plain_label(role="bad", wraps=True)
        self._service_label = frame.add_field(tr("Service address"), self.service)
        column.addWidget(self.service)
        frame.add_field(tr("Proxy"), self.proxy)
        column.addWidget(self.proxy)
        column.addWidget(self._problem)
        self._problem.hide()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.service.editingFinished.connect(self._keep)
        self.proxy.editingFinished.connect(self._keep)

    def show_service(self, shown: bool) -> None:
        """A relay knows by itself where the service is."""
        self._service_label.setVisible(shown)
        self.service.setVisible(shown)

    @property
    def problem(self) -> str:
        return self._problem.text()

    def _keep(self) -> None:
        service = self.service.text().strip() or SERVICE_URL
        proxy = self.proxy.text().strip()
        problem = service_problem(service) or proxy_problem(proxy)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            return
        self.service.setText(service)
        settings = self._preferences.settings
        if (service, proxy) != (settings.service_url, settings.proxy):
            self._preferences.change(service_url=service, proxy=proxy)
