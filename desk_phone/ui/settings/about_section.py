"""Settings: which program this is, what its password can do, and whose work it stands on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from desk_phone import __version__
from desk_phone.app.licences import licences, text_of
from desk_phone.app.preferences import Preferences
from desk_phone.app.update_notice import UpdateNotice
from desk_phone.i18n import tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.section import SectionFrame, SteadyComboBox
from desk_phone.ui.settings.update_fields import UpdateFields

_HEIGHT = 220  # px, of a licence's text


class AboutSection(SectionFrame):
    """The list of licences is made when somebody wants to see it: it takes a moment."""

    def __init__(
        self, update: UpdateNotice, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("About"), parent)
        self._preferences = preferences
        self.update_fields = UpdateFields(update, preferences)
        self.show_licences = push_button(tr("Show the licences"))
        self.show_licences.setCheckable(True)
        self.packages = SteadyComboBox()
        self.packages.setAccessibleName(tr("Package"))
        self.packages.setSizeAdjustPolicy(
            SteadyComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.packages.setMinimumContentsLength(16)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("Licence"))
        self._build()
        self.lock(self._preferences, update_url=self.update_fields.address)
        self.show_licences.toggled.connect(self._show_licences)
        self.packages.currentIndexChanged.connect(self._show_text)

    def focus_first(self) -> None:
        first = self.update_fields.address
        (first if first.isEnabled() else self.show_licences).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    @property
    def said(self) -> str:
        return "\n".join(label.text() for label in self._said)

    def _build(self) -> None:
        self._said = [
            self.add_sentence(tr("Desk Phone %(version)s") % {"version": __version__}, ""),
            self.add_sentence(
                tr("It is not Telia's: it only uses the service that Telia offers its customers.")
            ),
        ]
        self.column.addSpacing(8)
        self.column.addWidget(self.update_fields)
        self.column.addSpacing(8)
        self.column.addWidget(plain_label(tr("What can this password do?"), "strong"))
        self._said.append(self.add_sentence(tr("The password opens everything. Who has it can:")))
        self._said += [self._add_point(line) for line in _password_lines()]
        self._said.append(
            self.add_sentence(
                tr(
                    "So it lies in this system's keyring and nowhere else, and is shown to the "
                    "service's own address only."
                )
            )
        )
        self.column.addSpacing(8)
        self.column.addWidget(plain_label(tr("Licences"), "strong"))
        self._said += [self.add_sentence(line) for line in _licence_lines()]
        row = QHBoxLayout()
        row.addWidget(self.show_licences)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.packages)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setFixedHeight(_HEIGHT)
        self.column.addWidget(self.text)
        self.packages.hide()
        self.text.hide()

    def _add_point(self, text: str) -> QLabel:
        """Its further lines begin where its first one does, beside the dot."""
        said, row = plain_label(text, "muted", wraps=True), QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(plain_label("\u2022", "muted"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1)
        self.column.addLayout(row)
        return said

    def _show_licences(self, shown: bool) -> None:
        self.show_licences.setText(tr("Hide the licences") if shown else tr("Show the licences"))
        if shown and not self.packages.count():
            for one in licences():
                said = f"{one.name} {one.version}".strip()
                self.packages.addItem(f"{said}: {one.terms or '?'}", one.name)
        self.packages.setVisible(shown)
        self.text.setVisible(shown)

    def _show_text(self) -> None:
        name = self.packages.currentData()
        text = text_of(name) if name else ""
        self.text.setPlainText(text or tr("The package brings no text of its own."))


def _password_lines() -> tuple[str, ...]:
    """As docs/security.md says it: the password opens everything."""
    return (
        tr("read who called whom, on every line of the company, for the last month"),
        tr("make any of the company's phones ring and call any number from it, at its cost"),
        tr("read, change and delete the whole phonebook that everybody's desk phone shows"),
        tr("change the names that the company's lines show to those they call"),
        tr("have every call told to an address on the internet"),
    )


def _licence_lines() -> tuple[str, ...]:
    return (
        tr(
            "The windows are made with Qt and PySide6, under the LGPL version 3: you may replace "
            "these libraries by your own build of them."
        ),
        tr("The icons are Lucide's, under the ISC licence."),
    )
