"""Settings: saving them to a file, and bringing them back after a look at what that changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.app.settings_copy import Difference, differences, save
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.choosing_files import ask_where, ask_which
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.words import plain

_NAME = "desk-phone-settings.json"
_SHOWN_AT_MOST = 12  # lines of what changes
_LETTERS_AT_MOST = 60  # of a value
_RISKY = frozenset(("user", "proxy", "crm_program", "crm_url", "crm_webhook", "notices_callers"))


class SettingsCopyFields(QWidget):
    """Nothing changes before a person saw what would."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._wanted: tuple[Difference, ...] = ()
        self.save = push_button(tr("Save the settings..."), "download")
        self.restore = push_button(tr("Bring settings back..."), "upload")
        self.apply = push_button(tr("Change them"), kind="primary")
        self.leave = push_button(tr("Leave as it is"))
        self._status = plain_label(role="muted", wraps=True)
        self._changes = plain_label(wraps=True)
        self._caution = plain_label(role="warn", wraps=True)
        self._build()
        self.save.clicked.connect(lambda: ask_where(self, tr("Save"), _NAME, self.save_to))
        self.restore.clicked.connect(lambda: ask_which(self, tr("Open"), ".json", self.look_at))
        self.apply.clicked.connect(self._apply)
        self.leave.clicked.connect(self._leave)
        self._ask(())

    @property
    def status(self) -> str:
        return self._status.text()

    @property
    def changes(self) -> str:
        """What would change, a line each; empty while nothing is asked."""
        return self._changes.text()

    def save_to(self, file: Path) -> None:
        self._ask(())
        try:
            made = save(file, self._preferences.settings)
        except PhoneError as error:
            self._say(f"{error.title}. {error.message}", "bad")
            return
        said = tr("They are in %(file)s, without passwords.") % {"file": file}
        if made.left_out:
            names = ", ".join(made.left_out)
            said += " " + tr("Left out, they may hold a secret: %(names)s.") % {"names": names}
        self._say(said)

    def look_at(self, file: Path) -> None:
        """Show what bringing these back would change, and ask."""
        preferences = self._preferences
        try:
            wanted = differences(file, preferences.settings, preferences.locked)
        except PhoneError as error:
            self._ask(())
            self._say(f"{error.title}. {error.message}", "bad")
            return
        self._ask(wanted)
        if wanted:
            many = ntr("%(n)d setting would change:", "%(n)d settings would change:", len(wanted))
            self._say(many)
        else:
            self._say(tr("Nothing would change."))

    def _build(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (first, (self.save, self.restore)),
            (second, (self.apply, self.leave)),
        ):
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(tr("Settings as a file"), "strong"))
        column.addLayout(first)
        for label in (self._status, self._changes, self._caution):
            column.addWidget(label)
        column.addLayout(second)

    def _apply(self) -> None:
        wanted = self._wanted
        self._ask(())
        self._preferences.change(**{each.name: each.then for each in wanted})
        self._say(ntr("%(n)d setting was changed.", "%(n)d settings were changed.", len(wanted)))

    def _leave(self) -> None:
        self._ask(())
        self._say("")

    def _ask(self, wanted: tuple[Difference, ...]) -> None:
        self._wanted = wanted
        lines = [_line(each) for each in wanted[:_SHOWN_AT_MOST]]
        if more := len(wanted) - len(lines):
            lines.append(ntr("and %(n)d more", "and %(n)d more", more))
        self._changes.setText("\n".join(lines))
        risky = _RISKY & {each.name for each in wanted}
        self._caution.setText(
            tr(
                "Some of it says where your data goes or which program runs: only from a file of "
                "your own."
            )
            if risky
            else ""
        )
        for widget in (self._changes, self.apply, self.leave):
            widget.setVisible(bool(wanted))
        self._caution.setVisible(bool(risky))
        if not wanted:
            self._say("")

    def _say(self, text: str, role: str = "muted") -> None:
        self._status.setText(text)
        self._status.setVisible(bool(text))
        give_role(self._status, role)


def _line(each: Difference) -> str:
    return f"{each.name}: {_shown(each.now)} \u2192 {_shown(each.then)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return plain(str(value), _LETTERS_AT_MOST) or tr("empty")
