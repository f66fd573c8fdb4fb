"""Settings: where to ask for newer versions, and what was heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.app.update_notice import UpdateNotice
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui.browser import show_page
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import give_role, plain_label


class UpdateFields(QWidget):
    """Asks nobody while no address is set; installs nothing ever."""

    def __init__(
        self,
        update: UpdateNotice,
        preferences: Preferences,
        show: Callable[[str], bool] = show_page,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._update, self._preferences, self._show_page = update, preferences, show
        self.address = QLineEdit()
        self.address.setPlaceholderText(tr("none: nobody is asked"))
        self.look = push_button(tr("Look now"))
        self.read = push_button(tr("Read about it"))
        self.pass_over = push_button(tr("Not this one"))
        self._status = plain_label(role="muted", wraps=True)
        self._build()
        self._wire()
        self._show()

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        title = plain_label(tr("New versions"), "strong")
        label = plain_label(tr("Ask this address once a day"))
        label.setBuddy(self.address)
        self.address.setAccessibleName(label.text())
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.look, self.read, self.pass_over):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (title, label, self.address):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self._status)

    def _wire(self) -> None:
        self.address.editingFinished.connect(self._keep)
        self.look.clicked.connect(self._update.look)
        self.read.clicked.connect(lambda: self._show_page(self._update.state.news.url))
        self.pass_over.clicked.connect(self._update.pass_over)
        self._update.changed.connect(self._show)
        self._preferences.changed.connect(self._settings_changed)
        self._settings_changed(self._preferences.settings)

    def _keep(self) -> None:
        self._preferences.change(update_url=self.address.text().strip())

    def _settings_changed(self, settings: Settings) -> None:
        if not self.address.hasFocus():
            self.address.setText(settings.update_url)
        self._show()

    def _show(self) -> None:
        state = self._update.state
        self.look.setEnabled(bool(state.address) and not state.busy)
        self.read.setVisible(bool(state.news.url))
        self.pass_over.setVisible(bool(state.news.version))
        if state.trouble is not None:
            self._say(f"{state.trouble.title}. {state.trouble.message}", "bad")
        elif state.busy:
            self._say(tr("Asking..."))
        elif state.news.version:
            self._say(is_out(state.news.version), "strong")
        elif state.asked is not None:
            self._say(tr("This is the newest version."))
        else:
            self._say("")

    def _say(self, text: str, role: str = "muted") -> None:
        self._status.setText(text)
        self._status.setVisible(bool(text))
        give_role(self._status, role)


def is_out(version: str) -> str:
    """A newer version, in a line."""
    return tr("Version %(version)s is out.") % {"version": version}
