"""Tells in words what the tray program shows: for a terminal without a display, and for the log."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desk_phone.app.dialler import Dial, Stage
from desk_phone.i18n import tr
from desk_phone.model.attention import Announcement
from desk_phone.program import Program
from desk_phone.ui import trouble, words


class Narrator(QObject):
    """Says the tray's words when they change, each card as it comes, and what a dial becomes."""

    def __init__(self, program: Program, say: Callable[[str], object]) -> None:
        super().__init__(program)
        self._program, self._say = program, say
        self._tray_words = ""
        program.controllers.calls.line_changed.connect(self._tell_tray)
        program.controllers.calls.changed.connect(self._tell_tray)
        program.controllers.calls.announced.connect(self._tell_cards)
        program.controllers.dialler.progressed.connect(self._tell_dial)
        program.begun.connect(self._tell_tray)

    def end_after(self, seconds: float) -> None:
        """End the program after so long."""
        QTimer.singleShot(round(seconds * 1000), self, self._program.quit)

    def _tell_tray(self) -> None:
        said = ", ".join(self._program.tray.tooltip().splitlines())
        if said != self._tray_words:
            self._tray_words = said
            self._say(tr("Tray: %(words)s") % {"words": said})

    def _tell_cards(self, announcement: Announcement) -> None:
        for call in announcement.ringing:
            values = {"who": words.who(call), "number": words.number(call.other)}
            self._say(tr("Card: %(who)s is calling, %(number)s") % values)
        for call in announcement.cards:
            values = {"who": words.who(call), "number": words.number(call.other)}
            self._say(tr("Card: missed call from %(who)s, %(number)s") % values)
        if announcement.summary is not None:
            self._say(tr("Card: %(n)d missed calls") % {"n": announcement.summary.calls})

    def _tell_dial(self, dial: Dial) -> None:
        if dial.stage is Stage.RINGING:
            self._say(trouble.ringing(dial.plan.own))
        elif dial.trouble is not None:
            self._say(" ".join(str(dial.trouble).split()))
