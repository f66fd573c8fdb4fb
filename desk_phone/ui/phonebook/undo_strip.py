"""What a person did to missed calls a moment ago, with Undo beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import ntr, tr
from desk_phone.model.follow_up import Deed, What
from desk_phone.store.calls import CallLedger
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button, tool_button
from desk_phone.ui.calls import follow_up_words
from desk_phone.ui.elided_label import ElidedLabel

SHOWN_MS = 15_000
_FRESH = timedelta(seconds=10)  # what was done before is not told when a window opens
_TOLD = (What.HANDLED, What.SNOOZED)  # what takes somebody out of a list


class UndoStrip(QFrame):
    """It comes by itself, also for what was done on a card, and goes after a while."""

    def __init__(
        self,
        follow_up: FollowUp,
        ledger: CallLedger,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._follow_up, self._ledger, self._now = follow_up, ledger, now
        self._told = follow_up.last_deed()
        self.text = ElidedLabel()
        self.undo = push_button(tr("Undo"), "undo-2", kind="quiet")
        close = tool_button(icon_name="x", said=tr("Close"))
        self._going = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self.setProperty("role", "banner-info")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(close)
        self.hide()
        self.undo.clicked.connect(self._undo)
        close.clicked.connect(self.hide)
        self._going.timeout.connect(self.hide)
        follow_up.changed.connect(self._look)

    def _look(self) -> None:
        deed = self._follow_up.last_deed()
        if deed == self._told:
            return
        self._told = deed
        if deed is None or deed.what not in _TOLD or self._now() - deed.at > _FRESH:
            self.hide()
            return
        self.text.setText(self._words(deed))
        self.show()
        self._going.start()

    def _words(self, deed: Deed) -> str:
        if deed.people > 1:
            said = ntr("%(n)d person", "%(n)d people", deed.people)
            return follow_up_words.deed(deed, said, "")
        name, _ = self._ledger.name_of(deed.other) if deed.other else ("", None)
        who = words.plain(name) or words.number(deed.other)
        reminder = self._follow_up.reminder(deed.other)
        until = follow_up_words.soon(reminder.due, self._now()) if reminder else ""
        return follow_up_words.deed(deed, who, until)

    def _undo(self) -> None:
        self.hide()
        self._follow_up.undo()
