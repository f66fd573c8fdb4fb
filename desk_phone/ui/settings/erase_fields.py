"""Settings: how long calls are kept, and erasing what is known of one number."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, ptr, tr
from desk_phone.model.numbers import from_service
from desk_phone.model.reading import of_key, read
from desk_phone.store.erasing import Known
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings.section import SteadyComboBox

_MONTHS = (3, 6, 12, 24, 36, 60)


class EraseFields(QWidget):
    """Asks beside the field, never in a box of its own."""

    def __init__(
        self, housekeeping: Housekeeping, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._housekeeping, self._preferences = housekeeping, preferences
        self._other = ""
        self.months = SteadyComboBox()
        self.number = QLineEdit(placeholderText="5123 4567", maxLength=60)
        self.look = push_button(ptr("button", "Look"), "search")
        self.erase = push_button(tr("Erase for good"), "trash-2")
        self.leave = push_button(tr("Leave as it is"))
        self._status = plain_label(role="muted", wraps=True)
        self._build()
        self._wire()
        self._show_months()
        self._ask("")

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(tr("Calls and notes"), "strong"))
        keep, erase = plain_label(tr("Keep calls for")), plain_label(tr("Erase what is known of"))
        for label, field in ((keep, self.months), (erase, self.number)):
            label.setBuddy(field)
            field.setAccessibleName(label.text())
        column.addLayout(_row(keep, self.months))
        said = tr(
            "Older calls go with their notes, once a day. Copies of the data keep them for up to "
            "four weeks more."
        )
        column.addWidget(plain_label(said, "small", wraps=True))
        column.addWidget(erase)
        column.addLayout(_row(self.number, self.look))
        column.addWidget(self._status)
        column.addLayout(_row(self.erase, self.leave))

    def _wire(self) -> None:
        self.months.activated.connect(
            lambda: self._preferences.change(keep_months=self.months.currentData())
        )
        self._preferences.changed.connect(self._show_months)
        self.number.returnPressed.connect(self._look)
        self.number.textEdited.connect(lambda: self._ask(""))
        self.look.clicked.connect(self._look)
        self.erase.clicked.connect(self._erase)
        self.leave.clicked.connect(lambda: self._ask(""))
        self._housekeeping.failed.connect(self._failed)

    def _show_months(self) -> None:
        kept = self._preferences.settings.keep_months
        self.months.blockSignals(True)
        self.months.clear()
        for months in sorted({*_MONTHS, kept} - {0}):
            self.months.addItem(ntr("%(n)d month", "%(n)d months", months), months)
        self.months.addItem(tr("for ever"), 0)
        self.months.setCurrentIndex(self.months.findData(max(kept, 0)))
        self.months.blockSignals(False)

    def _look(self) -> None:
        text = self.number.text()
        other = read(text).key or of_key(from_service(text)).key
        if not other:
            self._ask("")
            self._say(tr("This is no phone number."), "bad")
            return
        known = self._housekeeping.known(other)
        if known.is_nothing:
            self._ask("")
            self._say(
                tr("Nothing is known of %(number)s. ") % {"number": words.number(other)}
                + _stays(known)
            )
        else:
            self._ask(other)
            self._say(_question(other, known), "")

    def _erase(self) -> None:
        other = self._other
        if self._housekeeping.erase(other):
            self._ask("")
            self.number.clear()
            self._say(tr("%(number)s is erased.") % {"number": words.number(other)})

    def _failed(self, error: PhoneError) -> None:
        self._say(f"{error.title}. {error.message}", "bad")

    def _ask(self, other: str) -> None:
        """About this number; empty: nothing is asked."""
        self._other = other
        for button in (self.erase, self.leave):
            button.setVisible(bool(other))
        if not other:
            self._say("")

    def _say(self, text: str, role: str = "muted") -> None:
        self._status.setText(text.strip())
        self._status.setVisible(bool(text))
        give_role(self._status, role)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _question(other: str, known: Known) -> str:
    calls = ntr("%(n)d call", "%(n)d calls", known.calls)
    notes = ntr("%(n)d note", "%(n)d notes", known.notes)
    said = tr(
        "%(number)s: %(calls)s and %(notes)s, reminders, and what waits for your CRM go for good."
    ) % {"number": words.number(other), "calls": calls, "notes": notes}
    if known.recent:
        hidden = ntr(
            "%(n)d call of the last month is hidden until the service has forgotten it, then "
            "erased.",
            "%(n)d calls of the last month are hidden until the service has forgotten them, then "
            "erased.",
            known.recent,
        )
        said += " " + hidden
    return f"{said} {_stays(known)}"


def _stays(known: Known) -> str:
    stays = []
    if known.in_phonebook:
        stays.append(tr("Its entry in the company's phonebook stays: delete it there."))
    if known.elsewhere:
        stays.append(tr("Your own sources have it too."))
    return " ".join(stays)
