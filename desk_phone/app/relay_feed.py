"""Hears of calls from the company's relay, and shows how it stands with that."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.any_feed import AnyFeed, MakeFeed, make_feed
from desk_phone.app.lane import Lanes
from desk_phone.app.no_password import no_token
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay_acts import broker_item
from desk_phone.app.relay_following import Following
from desk_phone.app.relay_state import Heard, Listening
from desk_phone.app.relay_trust import RelayTrust
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.broker import NoBroker, broker_of
from desk_phone.model.relayed import RELAY_TOPIC, UP, notices_topic
from desk_phone.model.secret import Secret
from desk_phone.system.secrets import Keyring
from desk_phone.telco.feed_events import Connected, Event, Lost, Message, Subscription

log = logging.getLogger(__name__)

_GRACE_MS = 5_000  # that the broker has for what a heartbeat tells of
_AGAIN_MS = 30_000  # after trouble
_AGAIN_AT_MOST_MS = 15 * 60_000


class RelayFeed(QObject):
    """`start` and `close` it. What arrives goes to the ledger by `following`, and is acknowledged
    once it is safe there."""

    changed = Signal()  # read `state` again
    up_changed = Signal()  # read `up` again
    caught_up = Signal()  # what had not come is here: the history knows the rest
    went_silent = Signal(object)  # PhoneError that says so; once until notices come again

    _arrived = Signal(object)  # (which feed, Event)

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        keyring: Keyring,
        preferences: Preferences,
        following: Following,
        trust: RelayTrust,
        make: MakeFeed = make_feed,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._keyring = lanes, access, keyring
        self._preferences, self._following, self._trust = preferences, following, trust
        self._make = make
        self._feed: AnyFeed | None = None
        self._feeds, self._which = count(1), 0
        self._obeyed: tuple[object, ...] = ()
        self._started, self._catching_up, self._was_up = False, False, False
        self._listening = Listening.OFF
        self._trouble: PhoneError | None = None
        self._waiting: deque[Message] = deque()  # notices that are not acknowledged
        self._soon = self._timer(self._take)
        self._grace = self._timer(self._catch_up)
        self._stale = self._timer(self._tell)
        self._pause = _AGAIN_MS
        self._arrived.connect(self._heard, Qt.ConnectionType.QueuedConnection)
        preferences.changed.connect(self.obey)

    @property
    def state(self) -> Heard:
        trust, behind = self._trust, bool(self._following.behind)
        return Heard(self._listening, self._trouble, trust.at, behind, trust.silent)

    @property
    def up(self) -> bool:
        """Whether notices come, as far as anybody can tell: looking may be rare then."""
        settings = self._preferences.settings
        own = settings.own_number
        return self._listening is Listening.UP and own in settings.lines and self._trust.holds(own)

    # life

    def start(self) -> None:
        """Listen, where this computer is enrolled."""
        self._started = True
        self.obey()

    def close(self) -> None:
        """What came and was not taken comes again."""
        self._started = False
        self._stop(for_good=False)

    def woke(self) -> None:
        """The computer slept: whatever connection there was is none any more."""
        self._trust.woke()
        if self._feed is not None:
            self._feed.again()

    def polled(self) -> None:
        """The history was looked at: did notices tell of what it knows?"""
        self.obey()
        if self._listening is Listening.UP and self._trust.look(self._preferences.settings.lines):
            log.warning("calls came that the relay did not tell of")
            self.went_silent.emit(_silence())
            self._tell()

    def obey(self) -> None:
        """The settings are others, or the company was asked: may we listen, and to what?"""
        settings, refusal = self._preferences.settings, self._access.refusal
        wanted = self._started and settings.relayed and settings.relay_notices and refusal is None
        place = (settings.relay_device, settings.relay_broker, settings.lines, wanted)
        if place == self._obeyed:
            return
        left = bool(self._obeyed) and self._obeyed[0] != settings.relay_device
        self._stop(for_good=left or not settings.relay_notices)
        self._obeyed = place
        self._trouble = refusal if settings.relayed else None
        if wanted:
            self._listening = Listening.TRYING
            device = settings.relay_device
            self._lanes.perform(
                self._read(device), lambda secret: self._listen(place, secret), self._no_secret
            )
        self._tell()

    # connecting

    def _read(self, device: str) -> Act[Secret]:
        return (yield from away(LaneName.UPKEEP, lambda: self._keyring.read(broker_item(device))))

    def _listen(self, place: tuple[object, ...], secret: Secret) -> None:
        settings = self._preferences.settings
        if place != self._obeyed or self._feed is not None:
            return
        if not secret:
            self._no_secret(no_token())
            return
        try:
            broker = broker_of(settings.relay_broker)
        except NoBroker:
            self._no_secret(no_token())
            return
        subscription = Subscription(broker, secret, settings.relay_device, settings.lines)
        which = self._which = next(self._feeds)
        self._feed = self._make(subscription, lambda event: self._arrived.emit((which, event)))
        self._feed.start()

    def _no_secret(self, error: PhoneError) -> None:
        """A keyring that is locked now may be open when the history is looked at next."""
        log.warning("the relay is not listened to: %s", error.title)
        self._trouble, self._obeyed = error, ()
        self._tell()

    def _stop(self, for_good: bool) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.close(for_good=for_good)
        for timer in (self._soon, self._grace, self._stale):
            timer.stop()
        self._waiting.clear()
        self._listening = Listening.OFF

    # what arrives

    @Slot(object)
    def _heard(self, arrived: tuple[int, Event]) -> None:
        which, event = arrived
        if self._feed is None or which != self._which:  # what an earlier one told late
            return
        match event:
            case Connected():
                self._connected(event)
            case Lost():
                self._waiting.clear()  # the broker sends them again
                self._soon.stop()
                self._listening, self._trouble = Listening.TRYING, event.trouble
            case Message():
                self._message(event)
        self._tell()

    def _connected(self, event: Connected) -> None:
        log.info("listening to the relay")
        self._trust.began()
        if self._listening is Listening.TRYING:  # else the relay's own word came first
            self._listening = Listening.NO_RELAY
        self._trouble = None
        own = self._preferences.settings.own_number
        if notices_topic(own) in event.denied:
            self._trouble = _denied()

    def _message(self, message: Message) -> None:
        if message.topic == RELAY_TOPIC:
            up = message.payload == UP
            self._listening = Listening.UP if up else Listening.NO_RELAY
        elif message.topic.endswith("/state"):
            if own := self._following.note_state(message):
                self._trust.beat(own, message)
                self._stale.start(self._trust.lasts_ms)
            if self._following.behind and not self._grace.isActive() and not self._catching_up:
                self._grace.start(_GRACE_MS)
        else:
            self._waiting.append(message)
            if not self._soon.isActive():
                self._soon.start(0)

    def _take(self) -> None:
        """What came in one go, in one go; where there is no room, all of it later again."""
        messages, feed = tuple(self._waiting), self._feed
        if feed is None or not messages:
            return
        if not self._following.take(messages):
            self._soon.start(_AGAIN_MS)
            return
        for message in messages:
            self._waiting.popleft()
            if message.receipt is not None:
                feed.accept(message.receipt)
        self._trust.heard()
        if self._following.behind and not self._catching_up:
            self._grace.start(0)
        self._tell()

    # catching up

    def _catch_up(self) -> None:
        behind = self._following.behind
        if self._catching_up or self._feed is None or not behind:
            return
        self._catching_up = True
        log.info("asking the relay for what did not come")
        act = self._catching(behind[0])
        self._lanes.perform(act, lambda _: self._caught_up(), self._not_caught_up)

    def _catching(self, own: str) -> Act[None]:
        try:
            yield from self._following.catch_up(self._access, own)
        finally:
            self._catching_up = False  # even where a bug ends it

    def _caught_up(self) -> None:
        self._pause = _AGAIN_MS
        self._tell()
        if self._following.behind:
            self._grace.start(0)
        else:
            self.caught_up.emit()

    def _not_caught_up(self, error: PhoneError) -> None:
        log.warning("what did not come could not be asked for: %s", error.title)
        if self._feed is not None:
            self._grace.start(self._pause)
        self._pause = min(2 * self._pause, _AGAIN_AT_MOST_MS)
        self.obey()
        self._tell()

    # telling

    def _tell(self) -> None:
        self.changed.emit()
        if self.up != self._was_up:
            self._was_up = not self._was_up
            self.up_changed.emit()

    def _timer(self, deed: Callable[[], object]) -> QTimer:
        timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        timer.timeout.connect(deed)
        return timer


def _silence() -> BadInput:
    return BadInput(
        tr("Calls came that the relay did not tell of"),
        tr("Desk Phone looks every few minutes again. Tell your administrator."),
    )


def _denied() -> BadInput:
    return BadInput(
        tr("The relay does not tell this computer of your line"),
        tr("Ask your administrator, or choose another line."),
    )
