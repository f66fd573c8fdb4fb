"""Settings: what the company's relay tells of calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QCheckBox, QWidget

from desk_phone.app.relay import RelayDesk
from desk_phone.i18n import tr
from desk_phone.ui.label import give_role
from desk_phone.ui.settings import relay_words as said
from desk_phone.ui.settings.section import SectionFrame


class RelayNotices(SectionFrame):
    """Seen where this computer is enrolled; it lies in the section of the notices."""

    def __init__(
        self, relay: RelayDesk, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.setProperty("role", "")
        self.column.setContentsMargins(0, 0, 0, 0)
        self._relay, self._now = relay, now
        self.add_sentence(
            tr("The company's relay hears of calls for all, and tells this computer of yours.")
        )
        self.on = QCheckBox(tr("Hear of calls from the relay"))
        self.column.addWidget(self.on)
        self._listening = self.add_sentence("", "small")
        self.on.clicked.connect(relay.tell)
        relay.changed.connect(self._show)
        self._show()

    @property
    def status(self) -> str:
        return self._listening.text()

    def _show(self) -> None:
        state = self._relay.state
        self.on.setChecked(state.notices)
        self._listening.setText(said.listening(state, self._now()))
        bad = state.notices and (state.heard.trouble is not None or state.heard.silent)
        give_role(self._listening, "bad" if bad else "small")
