"""``desk-phone demo --pictures DIR``: a PNG of every window, card and tray icon, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

from desk_phone.app import dial
from desk_phone.app.office import now
from desk_phone.i18n import tr
from desk_phone.model.attention import Announcement
from desk_phone.model.calls import Notice, Outcome
from desk_phone.model.dialing import Source
from desk_phone.program import Program
from desk_phone.store.calls import CallFilter
from desk_phone.ui import look
from desk_phone.ui.cards import words as card_words
from desk_phone.ui.cards.caller_card import SummaryCard
from desk_phone.ui.dialling.ask_box import DEAF_MS
from desk_phone.ui.pictures import Scene, take_pictures
from desk_phone.ui.side_panel import Page

_ABROAD = "+358 40 123 4567"


class Picturing(QObject):
    """Takes the pictures when the first card is there, then ends the program.

    ``let_ring`` makes somebody call, once the month before is there.
    """

    def __init__(
        self,
        program: Program,
        folder: Path,
        let_ring: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(program)
        self._program, self._folder, self._say = program, folder, say
        self._let_ring, self._rings = let_ring, False
        program.controllers.calls.polled.connect(self._polled)
        program.controllers.calls.announced.connect(self._announced)

    def _polled(self) -> None:
        """The month is there; now somebody calls."""
        if not self._rings:
            self._rings = True
            self._let_ring()

    def _announced(self, announcement: Announcement) -> None:
        if not announcement.cards:
            return
        program = self._program
        program.controllers.calls.announced.disconnect(self._announced)
        program.windows.tell_tray(True)  # as most people have one
        files = take_pictures(self._folder, self._scenes(), self._wear)
        self._say(
            tr("%(n)d pictures are in %(folder)s") % {"n": len(files), "folder": str(self._folder)}
        )
        program.quit()

    def _scenes(self) -> tuple[Scene, ...]:
        windows, ask_box = self._program.windows, self._program.asking.box
        return (
            Scene("calls", lambda: windows.main, self._show_calls),
            Scene(
                "calls_missed", lambda: windows.main, lambda: windows.show_calls(CallFilter.MISSED)
            ),
            Scene("calls_week", lambda: windows.main, lambda: self._show_calls(week=True)),
            Scene("phonebook", lambda: windows.main, windows.show_phonebook),
            Scene("company", lambda: windows.main, lambda: windows.main.show_page(Page.COMPANY)),
            Scene("settings", lambda: windows.main, windows.show_settings),
            Scene("palette", lambda: windows.palette, windows.show_palette, free=True),
            Scene(
                "palette_search",
                lambda: windows.palette,
                lambda: windows.palette.open_with("ku"),
                free=True,
            ),
            Scene("ask", lambda: ask_box, self._ask, free=True),
            Scene("card", self._card, free=True),
            Scene("card_ringing", self._card, self._ring, free=True),
            Scene("card_summary", self._summary, free=True),
            Scene("setup", lambda: windows.wizard, windows.show_setup, free=True),
        )

    def _wear(self, tokens: look.Tokens) -> None:
        theme = look.Theme.DARK if tokens.dark else look.Theme.LIGHT
        self._program.preferences.change(theme=str(theme))

    def _ask(self) -> None:
        """The question, once its buttons can be pressed."""
        office, ask_box = self._program.controllers.office, self._program.asking.box
        own = self._program.preferences.settings.own_number
        ask_box.close()
        ask_box.ask(dial.plan(_ABROAD, Source.WINDOW, own, office.ledger, frozenset()))
        waiting = QEventLoop()
        QTimer.singleShot(DEAF_MS + 100, waiting.quit)
        waiting.exec()

    def _card(self) -> QWidget:
        cards = self._program.cards
        return cards.cards[-1] if cards is not None else self._summary()

    def _ring(self) -> None:
        """Somebody of the list calls now."""
        calls = self._program.controllers.calls
        known = next(c for c in calls.ledger.page() if c.name and c.outcome is Outcome.ANSWERED)
        calls.hear(Notice(known.own, known.other, now(), known.name, "Start", "No"))

    def _show_calls(self, week: bool = False) -> None:
        self._program.preferences.change(week_shown=week)
        self._program.windows.show_calls()

    def _summary(self) -> QWidget:
        missed = self._program.controllers.office.ledger.page(CallFilter.MISSED, limit=7)
        card = SummaryCard()
        since = min((call.start for call in missed), default=now() - timedelta(days=1))
        card.show_text(card_words.of_summary(missed, since, now()))
        return card
