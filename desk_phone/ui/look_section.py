"""Settings: light or dark."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui.look import Theme
from desk_phone.ui.section import SectionFrame


class LookSection(SectionFrame):
    """Only the setting is changed here; who dresses the program hears of it by itself."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(tr("Look"), parent)
        self.choices = {
            Theme.SYSTEM: QRadioButton(tr("As the system")),
            Theme.LIGHT: QRadioButton(tr("Light")),
            Theme.DARK: QRadioButton(tr("Dark")),
        }
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(20)
        for theme, button in self.choices.items():
            group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, t=theme: preferences.change(theme=str(t)))
        row.addStretch(1)
        self.column.addLayout(row)
        preferences.changed.connect(self._show)
        self._show(preferences.settings)

    def focus_first(self) -> None:
        next(button for button in self.choices.values() if button.isChecked()).setFocus()

    def _show(self, settings: Settings) -> None:
        known = settings.theme in set(Theme)
        self.choices[Theme(settings.theme) if known else Theme.SYSTEM].setChecked(True)
