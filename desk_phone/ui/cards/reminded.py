"""Tells whom a person wanted to call by now, where no missed call and so no card tells of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import tr
from desk_phone.model.follow_up import Reminder
from desk_phone.store.calls import CallLedger
from desk_phone.ui import words


class Reminded(QObject):
    """``tell`` shows a title and a text, such as the tray icon's balloon does; plain texts."""

    def __init__(
        self,
        follow_up: FollowUp,
        ledger: CallLedger,
        tell: Callable[[str, str], object],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._follow_up, self._ledger, self._tell, self._now = follow_up, ledger, tell, now
        follow_up.due.connect(self._due)

    def _due(self, reminders: tuple[Reminder, ...]) -> None:
        for reminder in reminders:
            if not self._ledger.follow_up.waiting(reminder.other):
                self._tell_of(reminder)

    def _tell_of(self, reminder: Reminder) -> None:
        name, _ = self._ledger.name_of(reminder.other)
        number = words.number(reminder.other)
        since = words.moment(reminder.since, self._now())
        lines = [tr("You put it off %(when)s") % {"when": since}]
        if words.plain(name):
            lines.insert(0, number)
        if (note := self._follow_up.last_note(reminder.other)) is not None:
            lines.append(tr("Note: %(text)s") % {"text": words.plain(note.text)})
        who = words.plain(name) or number
        self._tell(tr("To call back: %(who)s") % {"who": who}, "\n".join(lines))
