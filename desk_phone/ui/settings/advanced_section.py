"""Settings: what helps when something is wrong, and what is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desk_phone.app.diagnosis import Diagnosis
from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.copy_fields import SettingsCopyFields
from desk_phone.ui.settings.diagnosis_fields import DiagnosisFields
from desk_phone.ui.settings.erase_fields import EraseFields
from desk_phone.ui.settings.log_pane import LogPane
from desk_phone.ui.settings.section import SectionFrame


class AdvancedSection(SectionFrame):
    def __init__(
        self,
        diagnosis: Diagnosis,
        housekeeping: Housekeeping,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Advanced"), parent)
        self.show_log = push_button(tr("Show the log"))
        self.show_log.setCheckable(True)
        self.log = LogPane(diagnosis.place.logs)
        self.diagnosis = DiagnosisFields(diagnosis)
        self.copy = SettingsCopyFields(preferences)
        self.erase = EraseFields(housekeeping, preferences)
        self._build()
        self.show_log.toggled.connect(self._show_log)
        self.lock(preferences, keep_months=self.erase.months)

    def focus_first(self) -> None:
        self.show_log.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.column.addWidget(plain_label(tr("Log"), "strong"))
        self.add_sentence(
            tr(
                "What the program did, without passwords and with numbers masked. Nothing is sent "
                "anywhere."
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.show_log)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.log)
        self.log.hide()
        for part in (self.diagnosis, self.copy, self.erase):
            self._add_rule()
            self.column.addWidget(part)

    def _add_rule(self) -> None:
        rule = QFrame()
        rule.setProperty("role", "rule")
        self.column.addSpacing(8)
        self.column.addWidget(rule)
        self.column.addSpacing(4)

    def _show_log(self, shown: bool) -> None:
        self.show_log.setText(tr("Hide the log") if shown else tr("Show the log"))
        self.log.setVisible(shown)
