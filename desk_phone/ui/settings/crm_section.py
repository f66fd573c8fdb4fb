"""Settings: what a call opens in the CRM, and who is told of calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.crm import Crm
from desk_phone.app.crm_acts import example, page_of, program_of
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import ntr, tr
from desk_phone.model.crm import OPENED_A_MINUTE, OpenOn
from desk_phone.model.crm_template import values
from desk_phone.ui.buttons import show_chosen, when_chosen
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.crm_template_field import TemplateField
from desk_phone.ui.settings.crm_webhook_fields import WebhookFields
from desk_phone.ui.settings.section import SectionFrame

_FILTERS = ("crm_unknown_only", "crm_incoming_only", "crm_my_line_only")


class CrmSection(SectionFrame):
    def __init__(self, preferences: Preferences, crm: Crm, parent: QWidget | None = None) -> None:
        super().__init__(tr("CRM"), parent)
        self._preferences, self._crm = preferences, crm
        settings = preferences.settings
        self._example = example(datetime.now(UTC), settings.own_number)
        self.page = TemplateField(
            *(settings.crm_url, "https://crm.example/search?q={e164}"),
            *(self._page_preview, values(self._example)),
        )
        self.program = TemplateField(
            *(settings.crm_program, "open-customer --number={e164} --name={name}"),
            *(self._program_preview, values(self._example)),
        )
        self.choices = {
            OpenOn.CLICK: QRadioButton(tr("when I click")),
            OpenOn.RINGING: QRadioButton(tr("when it rings")),
            OpenOn.ANSWERED: QRadioButton(tr("when I answer")),
        }
        texts = (tr("Only unknown callers"), tr("Only incoming calls"), tr("Only my line"))
        self.filters = dict(zip(_FILTERS, map(QCheckBox, texts), strict=True))
        self.webhook = WebhookFields(preferences, crm)
        self._build()
        self._wire()
        self._show()
        self.lock(
            preferences,
            **self.filters,
            crm_url=self.page.field,
            crm_program=self.program.field,
            crm_open=(self._when, *self.choices.values()),
            crm_webhook=self.webhook.address,
        )

    def focus_first(self) -> None:
        self.page.field.setFocus()

    @property
    def caution(self) -> str:
        return self._caution.text()

    def _build(self) -> None:
        self.add_sentence(
            tr(
                "Opens the caller in your CRM, and tells other programs of calls. What is empty is "
                "off."
            )
        )
        self.add_field(tr("Page to open"), self.page.field)
        self.column.addWidget(self.page)
        self.add_field(tr("Program to run"), self.program.field)
        self.column.addWidget(self.program)
        self.column.addSpacing(4)
        self.column.addLayout(self._choices())
        self._caution = self.add_sentence("", "small")
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for box in self.filters.values():
            boxes.addWidget(box)
        self.column.addLayout(boxes)
        self.column.addSpacing(8)
        self.column.addWidget(self.webhook)

    def _choices(self) -> QVBoxLayout:
        group = QButtonGroup(self)
        column = QVBoxLayout()
        column.setSpacing(4)
        self._when = plain_label(tr("It opens"))
        column.addWidget(self._when)
        for button in self.choices.values():
            button.setAccessibleName(tr("It opens %(when)s") % {"when": button.text()})
            group.addButton(button)
            column.addWidget(button)
        return column

    def _wire(self) -> None:
        change = self._preferences.change
        self.page.kept.connect(lambda text: change(crm_url=text))
        self.program.kept.connect(lambda text: change(crm_program=text))
        for on, button in self.choices.items():
            when_chosen(button, partial(change, crm_open=on.value))
        for name, box in self.filters.items():
            box.clicked.connect(lambda checked, name=name: change(**{name: checked}))
        self._preferences.changed.connect(self._show)
        self._crm.changed.connect(self._show)

    def _show(self) -> None:
        settings = self._preferences.settings
        self.page.set_text(settings.crm_url)
        self.program.set_text(settings.crm_program)
        known = settings.crm_open in set(OpenOn)
        chosen = OpenOn(settings.crm_open) if known else OpenOn.CLICK
        show_chosen(self.choices[chosen])
        for button in self.choices.values():
            button.setEnabled(self._crm.can_open)
        by_itself = self._crm.can_open and chosen is not OpenOn.CLICK
        for name, box in self.filters.items():
            box.setChecked(bool(getattr(settings, name)))
            box.setEnabled(by_itself)
        self._caution.setText(_caution(chosen, self._crm.state.unopened))

    def _page_preview(self, text: str) -> str:
        settings = replace(self._preferences.settings, crm_url=text)
        return tr("Opens %(page)s") % {"page": page_of(settings, self._example)}

    def _program_preview(self, text: str) -> str:
        settings = replace(self._preferences.settings, crm_program=text)
        found = " ".join(f"[{word}]" for word in program_of(settings, self._example))
        return tr("Runs %(words)s") % {"words": found}


def _caution(chosen: OpenOn, unopened: int) -> str:
    if chosen is OpenOn.CLICK:
        return tr("Nothing opens by itself.")
    said = tr(
        "Anybody who calls makes it open, and a call can be forged. So it opens once a call, and "
        "at most %(n)d times a minute."
    ) % {"n": OPENED_A_MINUTE}
    if unopened:
        more = ntr("%(n)d did not open.", "%(n)d did not open.", unopened)
        said += " " + more
    return said
