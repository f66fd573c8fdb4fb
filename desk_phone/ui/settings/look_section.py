"""Settings: the language, and light or dark."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui.buttons import show_chosen, when_chosen
from desk_phone.ui.label import plain_label
from desk_phone.ui.languages import OWN_NAMES, chosen
from desk_phone.ui.look import Theme
from desk_phone.ui.settings.section import SectionFrame


class LookSection(SectionFrame):
    """Only the setting is changed here; who dresses the program hears of it by itself."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(tr("Language and look"), parent)
        self.languages = {language: QRadioButton(name) for language, name in OWN_NAMES.items()}
        self.choices = {
            Theme.SYSTEM: QRadioButton(tr("As the system")),
            Theme.LIGHT: QRadioButton(tr("Light")),
            Theme.DARK: QRadioButton(tr("Dark")),
        }
        language, look = plain_label(tr("Language")), plain_label(tr("Look"))
        self.column.addWidget(language)
        self._add_row(list(self.languages.values()))
        self.column.addWidget(look)
        self._add_row(list(self.choices.values()))
        for spoken, button in self.languages.items():
            when_chosen(button, partial(preferences.change, language=spoken))
        for theme, button in self.choices.items():
            when_chosen(button, partial(preferences.change, theme=str(theme)))
        preferences.changed.connect(self._show)
        self._show(preferences.settings)
        self.lock(preferences, language=(language, *self.languages.values()))
        self.lock(preferences, theme=(look, *self.choices.values()))

    def focus_first(self) -> None:
        next(button for button in self.languages.values() if button.isChecked()).setFocus()

    def _add_row(self, buttons: list[QRadioButton]) -> None:
        """One of them is down."""
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(20)
        for button in buttons:
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)

    def _show(self, settings: Settings) -> None:
        known = settings.theme in set(Theme)
        show_chosen(self.choices[Theme(settings.theme) if known else Theme.SYSTEM])
        show_chosen(self.languages[chosen(settings.language)])
