"""The calls as the windows see them: what is known, what is new, and how the line stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.access import Access, NoPassword
from desk_phone.app.acts import Act, LaneName
from desk_phone.app.lane import Lanes
from desk_phone.app.no_password import NotEnrolled
from desk_phone.app.poll import Looked, Polled, poll
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadCredentials, PhoneError
from desk_phone.model.attention import Announcement, announce, still_ringing
from desk_phone.model.calls import Call, Change, Notice
from desk_phone.model.judging import RINGS_AT_MOST
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger

log = logging.getLogger(__name__)

GAP = timedelta(minutes=5)  # trouble that lasts longer is told in one summary afterwards
_RINGS_MS = 1000 * (RINGS_AT_MOST.seconds + 1)


class Calls(QObject):
    """Wraps the acts around the call history in signals; state is announced as change."""

    changed = Signal(object)  # tuple[Change, ...]: read again
    line_changed = Signal()
    announced = Signal(object)  # Announcement: what deserves attention now
    polled = Signal(object)  # Polled
    failed = Signal(object)  # PhoneError: the last poll did
    heard = Signal()  # a notice brought news: its record is soon to come

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        ledger: CallLedger,
        looked: Looked,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._looked = lanes, access, looked
        self._preferences, self._now = preferences, now
        self.ledger = ledger
        self._polling = False
        self._wanted_again = False
        self._ringing: frozenset[int] = frozenset()  # announced so, and not over
        self._ring_is_old = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._ring_is_old.setInterval(_RINGS_MS)
        self._ring_is_old.timeout.connect(self._end_old_rings)
        self._awake_since = now().replace(microsecond=0)  # records know whole seconds only
        own = preferences.settings.own_number
        self._line = LineState(Link.STARTING, own, updated=looked.at(own) if own else None)
        preferences.changed.connect(self._settings_changed)

    @property
    def line(self) -> LineState:
        return self._line

    @property
    def polling(self) -> bool:
        return self._polling

    def poll(self) -> None:
        """Look now; a second wish while one look is under way is granted once after it."""
        if self._polling:
            self._wanted_again = True
            return
        self._polling = True
        own = self._preferences.settings.own_number
        if own:
            self._lanes.perform(self._look(own), self._taken, self._failed)
        else:
            self._lanes.perform(self._ask_numbers(), self._no_line, self._failed)

    def hear(self, *notices: Notice) -> bool:
        """Take over what the service told by itself, and what is believed of it; one transaction.

        What was heard before is no news, over restarts too: it is not announced and asks for no
        look. False: there was no room for it on the disk, which was told.
        """
        try:
            changes = self.ledger.hear(*notices, now=self._now())
        except PhoneError as error:
            self._lanes.failed.emit(error)
            return False
        self.take(changes)
        if changes:
            self._ring_is_old.start()
            self.heard.emit()
        return True

    def close(self) -> None:
        """The program ends: nothing is looked at any more."""
        self._ring_is_old.stop()

    def woke(self) -> None:
        """The computer slept, or nobody could look for long: what was missed comes in a summary."""
        self._awake_since = self._now().replace(microsecond=0)

    def mark_seen(self) -> None:
        """A person saw the missed calls."""
        self._change(self.ledger.mark_seen)

    def handle(self, other: str) -> None:
        """The missed calls of this number are dealt with; empty: those with a withheld number."""
        self._change(lambda: self.ledger.follow_up.handle(other, self._now()))

    def take(self, changes: tuple[Change, ...]) -> None:
        """Tell what the ledger changed, whoever made it, and what of it deserves attention now."""
        if changes:
            self.changed.emit(changes)
        announcement = announce(changes, self._now(), self._awake_since, self._ringing)
        self._ringing = still_ringing(self._ringing, changes, announcement)
        if announcement:
            _log_announced(announcement, changes)
            self.announced.emit(announcement)

    def _change(self, deed: Callable[[], tuple[Change, ...]]) -> None:
        try:
            changes = deed()
        except PhoneError as error:  # no room on the disk
            self._lanes.failed.emit(error)
        else:
            self.take(changes)

    def _end_old_rings(self) -> None:
        """Nobody said how it went, and no look can: what rang a minute ago rings no more."""
        self._change(lambda: self.ledger.record(now=self._now()))

    def plan_next(self, at: datetime, thrifty: bool) -> None:
        """When the next look is due, for those who count down to it; ``thrifty``: it waits
        because the day's bytes run short."""
        self._say(replace(self._line, next_try=at, thrifty=thrifty))

    # what became of a look

    def _look(self, own: str) -> Act[Polled]:
        try:
            return (yield from poll(self._access, self.ledger, self._looked, own, self._now))
        finally:
            self._polling = False  # even where a bug ends it

    def _ask_numbers(self) -> Act[tuple[str, ...]]:
        """Without a line there is no history to ask for; does the password work at least?"""
        try:
            return (yield from self._access.ask_numbers(LaneName.UPKEEP))
        finally:
            self._polling = False

    def _taken(self, polled: Polled) -> None:
        if self._line.link is Link.TROUBLE and self._was_away(polled.at):
            self._awake_since = polled.at
        if polled.own == self._line.own:  # else another line was chosen meanwhile
            self._say(LineState(Link.READY, polled.own, None, polled.at))
        self.take(polled.changes)
        self.polled.emit(polled)
        self._maybe_again()

    def _was_away(self, at: datetime) -> bool:
        updated = self._line.updated
        return updated is None or at - updated > GAP

    def _no_line(self, _numbers: tuple[str, ...]) -> None:
        if not self._preferences.settings.own_number:
            self._say(LineState(Link.NO_LINE))
        self._maybe_again()

    def _failed(self, error: PhoneError) -> None:
        locked = isinstance(error, BadCredentials)
        not_set_up = isinstance(error, NoPassword) and not isinstance(error, NotEnrolled)
        trouble = None if not_set_up else error
        link = Link.LOCKED if locked else Link.TROUBLE
        self._say(replace(self._line, link=link, trouble=trouble, next_try=None))
        self.failed.emit(error)
        if locked:
            self._wanted_again = False
        self._maybe_again()

    def _maybe_again(self) -> None:
        if self._wanted_again:
            self._wanted_again = False
            self.poll()

    def _settings_changed(self, settings: Settings) -> None:
        if settings.own_number != self._line.own:
            own = settings.own_number
            self._say(LineState(Link.STARTING, own, updated=self._looked.at(own) if own else None))
            self.poll()

    def _say(self, line: LineState) -> None:
        if line != self._line:
            if (said := _in_the_log(line)) != _in_the_log(self._line):
                log.info("%s", said)
            self._line = line
            self.line_changed.emit()


def _log_announced(told: Announcement, changes: tuple[Change, ...]) -> None:
    """Which calls, by their ids alone."""
    if told.ringing:
        log.info("ringing: %s", _ids(told.ringing))
    if told.over:
        log.info("rings no more: %s", _ids(told.over))
    if told.cards or told.summary or told.corrected:
        log.info("announced: %s", _ids(c.after for c in changes if c.became_missed))


def _ids(calls: Iterable[Call]) -> str:
    return ", ".join(str(call.id) for call in calls)


def _in_the_log(line: LineState) -> str:
    """Without what changes at each look."""
    why = f": {line.trouble.title}" if line.trouble else ""
    return f"line {line.link}{why}"
