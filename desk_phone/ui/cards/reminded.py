"""Tells whom a person wanted to call by now, where no missed call and so no card tells of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import ntr, tr
from desk_phone.model.attention import CARDS_AT_ONCE
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
        waiting = self._ledger.follow_up.waiting
        without_card = [each for each in reminders if not waiting(each.other)]
        if len(without_card) > CARDS_AT_ONCE:
            self._tell_of_all(without_card)
            return
        for reminder in without_card:
            self._tell_of(reminder)

    def _tell_of_all(self, reminders: Sequence[Reminder]) -> None:
        """After a holiday there may be many: the list of whom to call back has them all."""
        some = [self._who(reminder.other) for reminder in reminders[:CARDS_AT_ONCE]]
        more = len(reminders) - len(some)
        some.append(ntr("and %(n)d more", "and %(n)d more", more))
        title = ntr("%(n)d person to call back", "%(n)d people to call back", len(reminders))
        self._tell(title, "\n".join(some))

    def _who(self, other: str) -> str:
        name, _ = self._ledger.name_of(other)
        return words.plain(name) or words.number(other)

    def _tell_of(self, reminder: Reminder) -> None:
        name, _ = self._ledger.name_of(reminder.other)
        number = words.number(reminder.other)
        since = words.moment(reminder.since, self._now())
        lines = [tr("You put it off %(when)s") % {"when": since}]
        if words.plain(name):
            lines.insert(0, number)
        if (note := self._follow_up.last_note(reminder.other)) is not None:
            lines.append(tr("Note: %(text)s") % {"text": words.plain(note.text)})
        who = {"who": self._who(reminder.other)}
        self._tell(tr("To call back: %(who)s") % who, "\n".join(lines))
