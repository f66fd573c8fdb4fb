"""Missed calls as the desktop's own notifications: beside our cards, or instead of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.attention import Announcement
from desk_phone.store.calls import CallFilter
from desk_phone.system.notifications import DEFAULT, Notification, Notifications
from desk_phone.ui import trouble, words
from desk_phone.ui.card_words import CardText
from desk_phone.ui.missed import Missed
from desk_phone.ui.pause import Pause

_SUMMARY = "missed calls"
_ONE = "missed "  # and the caller's number: the keys of the notifications
_CALL, _DONE = "call", "done"


class Notified(QObject):
    """``instead``: there are no cards (Wayland lets no window into a corner), so the notifications
    have buttons; else they only say what the card shows, for screen readers.
    """

    calls_wanted = Signal(object)  # CallFilter

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        preferences: Preferences,
        notifications: Notifications,
        instead: bool,
        presenting: Callable[[], bool] = lambda: False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._preferences = calls, dialler, preferences
        self._notifications, self._instead = notifications, instead
        self._missed = Missed(calls.ledger, presenting, now)
        self._pause = Pause(preferences, now, self)
        self._people: set[str] = set()  # whose notification is up, by the canonical number
        self._since: datetime | None = None  # the beginning of the summary that is up
        self._calling: str | None = None  # whose Call back is being asked for, while it is
        self._called: str | None = None  # whose Call back was the last: its outcome is told
        self._wire()

    def _wire(self) -> None:
        self._calls.announced.connect(self._announced)
        self._calls.changed.connect(self._withdraw_what_is_over)
        self._pause.changed.connect(self._pause_changed)
        self._notifications.closed.connect(self._forget)
        if self._instead:
            self._notifications.acted.connect(self._acted)
            self._dialler.progressed.connect(self._progressed)
            self._dialler.refused.connect(self._refused)

    def clear(self) -> None:
        """Take every notification away."""
        for key in (*map(_key, self._people), *((_SUMMARY,) if self._since else ())):
            self._notifications.close(key)
        self._people.clear()
        self._since = None

    # who is told

    def _announced(self, announcement: Announcement) -> None:
        if not self._pause.allows:
            return
        for call in announcement.cards:
            text = self._missed.of(call.other)
            if text is not None:
                self._people.add(call.other)
                self._show(_key(call.other), _title(text), _body(text), self._actions(call.other))
        if announcement.summary is not None:
            self._tell_summary(announcement.summary.since)

    def _tell_summary(self, since: datetime) -> None:
        since = min(since, self._since or since)
        text = self._missed.since(since)
        if text is not None:
            self._since = since
            actions = ((DEFAULT, tr("Show")),) if self._instead else ()
            self._show(_SUMMARY, text.title, text.heading, actions)

    def _actions(self, other: str) -> tuple[tuple[str, str], ...]:
        if not self._instead:
            return ()
        call = ((_CALL, tr("Call back")),) if other else ()
        return ((DEFAULT, tr("Show")), *call, (_DONE, tr("Done")))

    def _show(
        self, key: str, title: str, body: str, actions: tuple[tuple[str, str], ...] = ()
    ) -> None:
        stays = self._preferences.settings.missed_card_seconds * 1000
        self._notifications.show(
            Notification(
                key,
                title,
                body,
                actions,
                timeout_ms=stays if self._instead else -1,
                transient=not self._instead,
            )
        )

    # what becomes of them

    def _withdraw_what_is_over(self) -> None:
        """Calls that are seen, handled or corrected."""
        for other in tuple(self._people):
            if self._missed.of(other) is None:
                self._people.discard(other)
                self._notifications.close(_key(other))
        if self._since is not None and self._missed.since(self._since) is None:
            self._since = None
            self._notifications.close(_SUMMARY)

    def _pause_changed(self) -> None:
        if not self._pause.allows:
            self.clear()

    def _forget(self, key: str) -> None:
        """It is gone from the screen."""
        if key == _SUMMARY:
            self._since = None
        else:
            self._people.discard(key.removeprefix(_ONE))

    # what a person does

    def _acted(self, key: str, action: str) -> None:
        if key != _SUMMARY and not key.startswith(_ONE):
            return
        other = key.removeprefix(_ONE)
        if action == DEFAULT:
            self.calls_wanted.emit(CallFilter.MISSED)
        elif action == _CALL and key != _SUMMARY:
            self._calling = self._called = other
            self._dialler.dial_key(other)
            self._calling = None
        elif action == _DONE and key != _SUMMARY:
            self._calls.handle(other)

    def _refused(self, error: PhoneError) -> None:
        if self._calling is not None:
            self._show(_key(self._calling), error.title, error.message)

    def _progressed(self, dial: Dial) -> None:
        other = dial.plan.reading.key
        if other != self._called:  # a server closes what was acted on, so it is told anew
            return
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self._show(_key(other), dial.trouble.title, dial.trouble.message)
        elif dial.stage is Stage.RINGING:
            cancel = tr("To cancel, do not lift it.")
            self._show(_key(other), trouble.ringing(dial.plan.own), cancel)
        else:
            own = words.number(dial.plan.own)
            self._show(_key(other), tr("Ringing your phone %(number)s...") % {"number": own}, "")


def _key(other: str) -> str:
    return _ONE + other


def _title(text: CardText) -> str:
    return " ".join(part for part in (text.title, text.times) if part)


def _body(text: CardText) -> str:
    return "\n".join(part for part in (text.moment, text.detail, text.past) if part)
