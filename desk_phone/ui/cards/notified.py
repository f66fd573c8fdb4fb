"""Callers as the desktop's own notifications: beside our cards, or instead of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, Signal

from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.attention import Announcement
from desk_phone.model.calls import Call, Change, Outcome
from desk_phone.store.calls import CallFilter
from desk_phone.system.notifications import DEFAULT, Notification, Notifications
from desk_phone.ui import trouble, words
from desk_phone.ui.allowed import Allowed
from desk_phone.ui.cards.deeds import Deeds
from desk_phone.ui.cards.texts import CardTexts
from desk_phone.ui.cards.words import CardText, State

_SUMMARY = "missed calls"
_ONE = "missed "  # and the caller's number: the keys of the notifications
_CALL, _DONE, _LATER, _CRM = "call", "done", "later", "crm"
_PUT_OFF = timedelta(minutes=30)
_CATEGORIES = {State.RINGING: "call.incoming", State.MISSED: "call.unanswered"}

Actions = tuple[tuple[str, str], ...]


class Notified(QObject):
    """``instead``: there are no cards (Wayland lets no window into a corner), so the notifications
    have buttons; else they only say what the card shows, for screen readers.

    ``deeds`` and ``has_crm`` as `ui.cards.stack.CardStack` has them.
    """

    calls_wanted = Signal(object)  # CallFilter
    crm_wanted = Signal(object)  # Call: open the caller there

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        preferences: Preferences,
        notifications: Notifications,
        instead: bool,
        presenting: Callable[[], bool] = lambda: False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        deeds: Deeds | None = None,
        has_crm: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._preferences = calls, dialler, preferences
        self._notifications, self._instead = notifications, instead
        self._now, self._deeds, self._has_crm = now, deeds, has_crm
        self._texts = CardTexts(
            calls.ledger,
            lambda: preferences.settings.hide_while_presenting and presenting(),
            deeds.last_note if deeds is not None else lambda _: "",
            now,
        )
        self._allowed = Allowed(calls, preferences, now, self)
        self._people: dict[str, int] = {}  # whose are up, by the number: the call told last
        self._ringing: set[str] = set()  # those of them that ring
        self._since: datetime | None = None  # the beginning of the summary that is up
        self._calling: str | None = None  # whose Call back is being asked for, while it is
        self._called: str | None = None  # whose Call back was the last: its outcome is told
        self._wire()

    def _wire(self) -> None:
        self._allowed.announced.connect(self._announced)
        self._allowed.summed_up.connect(self._tell_summary)
        self._allowed.stopped.connect(self.clear)
        self._calls.changed.connect(self._changed)
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
        self._ringing.clear()
        self._since = None

    # who is told

    def _announced(self, told: Announcement) -> None:
        for call in told.ringing:
            self._people[call.other] = call.id
            self._ringing.add(call.other)
            self._tell(call, self._texts.ringing(call))
        for call in told.cards:
            if (text := self._texts.missed(call.other)) is not None:
                self._people[call.other] = call.id
                self._ringing.discard(call.other)
                self._tell(call, text)
        if told.summary is not None:
            self._withdraw_rung()
            self._tell_summary(told.summary.since)

    def _withdraw_rung(self) -> None:
        """The summary tells of those that rang and were missed: nobody else says that they rang."""
        for other in tuple(self._ringing):
            call = self._calls.ledger.call(self._people[other])
            if call is None or call.outcome is not Outcome.RINGING:
                self._notifications.close(_key(other))
                self._forget(_key(other))

    def _tell(self, call: Call, text: CardText) -> None:
        settings = self._preferences.settings
        is_ringing = text.state is State.RINGING
        seconds = settings.ringing_card_seconds if is_ringing else settings.missed_card_seconds
        actions = self._actions(text) if self._instead else ()
        category = _CATEGORIES.get(text.state, "call")
        self._show(_key(call.other), _title(text), _body(text), actions, seconds, category)

    def _tell_summary(self, since: datetime) -> None:
        since = min(since, self._since or since)
        text = self._texts.since(since)
        if text is not None:
            self._since = since
            actions = ((DEFAULT, tr("Show")),) if self._instead else ()
            body = "\n".join(filter(None, (text.heading, text.detail)))
            self._show(_SUMMARY, _title(text), body, actions)

    def _actions(self, text: CardText) -> Actions:
        """In the order of the card's buttons; a notification has room for few."""
        show, number = (DEFAULT, tr("Show")), bool(text.number)
        if text.state is State.RINGING:
            crm = number and self._has_crm()
            return (show, *(((_CRM, tr("Open in CRM")),) if crm else ()))
        later = number and self._deeds is not None
        return (
            show,
            *(((_CALL, tr("Call back")),) if number else ()),
            *(((_LATER, tr("Later (30 min)")),) if later else ()),
            (_DONE, tr("Done")),
        )

    def _show(
        self,
        key: str,
        title: str,
        body: str,
        actions: Actions = (),
        seconds: int | None = None,
        category: str = "call",
    ) -> None:
        stays = self._preferences.settings.missed_card_seconds if seconds is None else seconds
        self._notifications.show(
            Notification(
                key,
                title,
                body,
                actions,
                timeout_ms=stays * 1000 if self._instead else -1,
                category=category,
                transient=not self._instead,
            )
        )

    # what becomes of them

    def _changed(self, changes: tuple[Change, ...]) -> None:
        """Withdraw what is over: calls that ring no more, are seen, handled or corrected."""
        became = {c.before.id: c.after.id for c in changes if c.before is not None}
        for other, call_id in tuple(self._people.items()):
            self._people[other] = call_id = became.get(call_id, call_id)
            if not self._holds(other, call_id):
                self._notifications.close(_key(other))
                self._forget(_key(other))
        if self._since is not None and self._texts.since(self._since) is None:
            self._since = None
            self._notifications.close(_SUMMARY)

    def _holds(self, other: str, call_id: int) -> bool:
        """Whether what is up is true; of a call that rang and was missed it will be told anew."""
        if other not in self._ringing:
            return self._texts.missed(other) is not None
        call = self._calls.ledger.call(call_id)
        if call is None or call.other != other:
            return False
        was_missed = call.outcome is Outcome.MISSED and self._texts.missed(other) is not None
        return was_missed or call.outcome is Outcome.RINGING

    def _forget(self, key: str) -> None:
        """It is gone from the screen."""
        if key == _SUMMARY:
            self._since = None
        else:
            other = key.removeprefix(_ONE)
            self._people.pop(other, None)
            self._ringing.discard(other)

    # what a person does

    def _acted(self, key: str, action: str) -> None:
        if key != _SUMMARY and not key.startswith(_ONE):
            return
        if action == DEFAULT:
            rings = key.removeprefix(_ONE) in self._ringing
            self.calls_wanted.emit(CallFilter.ALL if rings else CallFilter.MISSED)
        elif key != _SUMMARY:
            self._act(key.removeprefix(_ONE), action)

    def _act(self, other: str, action: str) -> None:
        if action == _CALL:
            self._calling = self._called = other
            self._dialler.dial_key(other)
            self._calling = None
        elif action == _DONE:
            (self._calls.handle if self._deeds is None else self._deeds.handle)(other)
        elif action == _LATER and self._deeds is not None:
            self._deeds.snooze(other, self._now() + _PUT_OFF)
        elif action == _CRM:
            call = self._calls.ledger.call(self._people.get(other, 0))
            if call is not None:
                self.crm_wanted.emit(call)

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
    return "\n".join(part for part in (text.moment, text.detail, text.past, text.note) if part)
