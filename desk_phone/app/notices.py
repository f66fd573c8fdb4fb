"""Listens for what the service tells of calls, and shows how it stands with that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.acts import Act
from desk_phone.app.lane import Lanes
from desk_phone.app.notices_activation import Activation
from desk_phone.app.notices_state import NoticesState, Seen
from desk_phone.app.notices_trial import NoticeTrial
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.calls import Notice
from desk_phone.model.notices import Arrival, Heard, TurnedAway, are_up, is_silent
from desk_phone.settings import Settings
from desk_phone.store.notices import ToldCalls

if TYPE_CHECKING:
    from desk_phone.system.notice_server import NoticeServer
    from desk_phone.telco.notices import Reception, Rules

log = logging.getLogger(__name__)

_REFUSALS_TOLD_EVERY_MS = 250  # whatever a flood of strangers does
_MAY_BE_LATE = timedelta(seconds=60)  # so long a notice may come after the record of its call


class NoticeDesk(QObject):
    """`start` and `close` it. ``hear`` takes over what is believed, in one transaction, after the
    service has been answered. Nothing is sent to the service but by `activate`, `deactivate`."""

    changed = Signal()  # read `state` again
    went_silent = Signal(object)  # PhoneError that says so; once until notices come again
    up_changed = Signal()  # read `up` again

    def __init__(
        self,
        lanes: Lanes,
        activation: Activation,
        preferences: Preferences,
        hear: Callable[[tuple[Notice, ...]], object],
        told: ToldCalls,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._activation, self._preferences = lanes, activation, preferences
        self._hear, self._told, self._now = hear, told, now
        self._reception: Reception | None = None
        self._server: NoticeServer | None = None
        self._came: list[Arrival] = []
        self._soon = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._soon.timeout.connect(self._take)
        self._awake_since = now()
        self._busy, self._silent, self._was_up = False, False, False
        self._trouble: PhoneError | None = None
        self._last_event: Seen | None = None
        self._last_refused: Seen | None = None
        self.trial = NoticeTrial(lanes, now, self)
        self.trial.changed.connect(self.changed)
        preferences.changed.connect(self._settings_changed)
        self._obeyed: tuple[object, ...] = ()
        activation.watch(lambda: self.state, self._obey_anew)

    @property
    def state(self) -> NoticesState:
        settings, activation = self._preferences.settings, self._activation
        port = self._server.port if self._server is not None else 0
        return NoticesState(
            settings.notices_on,
            _place(settings.notices_address, port) if port else "",
            activation.target,
            activation.active,
            activation.outdated,
            self._busy,
            self._trouble,
            self._last_event,
            self._last_refused,
            self._silent,
            self.trial.state,
            activation.waiting,
        )

    @property
    def up(self) -> bool:
        """Whether notices come, as far as anybody can tell: looking may be rare then."""
        if not self._preferences.settings.notices_on or self._silent:
            return False
        listening = self._server is not None and self._server.port != 0
        in_force = listening and self._activation.in_force
        return are_up(listening, in_force, self._activation.heard, self._now())

    # life

    def start(self) -> None:
        """Listen, if a person chose so."""
        self._obey(self._preferences.settings)

    def close(self) -> None:
        """Listen no more; what came is handed over."""
        self.trial.stop()
        if self._server is not None:
            self._server.close()
        self._take()

    def woke(self) -> None:
        """The computer slept: what was not told meanwhile is no silence."""
        self._awake_since = self._now()

    def polled(self) -> None:
        """The history was looked at: did notices tell of what it knows? Where listening failed, a
        network may be there by now; and what the service could not be told can be told now."""
        if self._preferences.settings.notices_on and not self.state.listening:
            self._obey_anew()
        if self._activation.waiting:
            self._perform(self._activation.activate_waiting())
        since = self._activation.since
        if since is None or not self.state.listening or not self._activation.in_force:
            return
        now = self._now()
        told = self._told.since(
            self._activation.numbers, max(since, self._awake_since), now - _MAY_BE_LATE
        )
        if is_silent(told) and not self._silent:
            log.warning("calls came that no notice told of")
            self._silent = True
            self.went_silent.emit(_silence())
            self._tell()

    # what a person does

    def activate(self) -> None:
        """Tell the service to call us about the own line. A person was warned and said yes: the
        address that the company's CRM had there is replaced."""
        own = self._preferences.settings.own_number
        if not own:
            self._failed(BadInput(tr("Your line is not chosen yet"), tr("Choose it first.")))
        else:
            self._perform(self._activation.activate(own))

    def deactivate(self) -> None:
        """Tell the service to call nobody."""
        self._perform(self._activation.deactivate_all())

    def renew_secret(self) -> None:
        """Another address from now on; the service must be told it, by `activate`."""
        try:
            self._activation.renew_secret()
        except BadInput as error:  # no room on the disk
            self._failed(error)

    def test(self) -> None:
        """Does our port answer, and does a call that a person makes now arrive here?"""
        settings = self._preferences.settings
        port = self._server.port if self._server is not None else 0
        self.trial.begin(settings.notices_address, port)

    # telling the service

    def _perform(self, act: Act[None]) -> None:
        if self._busy:
            return
        self._busy, self._trouble = True, None
        self._tell()
        self._lanes.perform(act, lambda _: self._done(), self._failed)

    def _done(self) -> None:
        self._busy, self._silent = False, False
        self._tell()

    def _failed(self, error: PhoneError) -> None:
        self._busy, self._trouble = False, error
        self._tell()

    # listening

    def _settings_changed(self, settings: Settings) -> None:
        self._obey(settings)

    def _obey_anew(self) -> None:
        self._obeyed = ()
        self._obey(self._preferences.settings)

    def _obey(self, settings: Settings) -> None:
        obeyed = (
            *(settings.notices_on, settings.notices_address, settings.notices_port),
            *(settings.notices_proxies, settings.notices_callers, settings.notices_url),
            settings.own_number,
        )
        if obeyed == self._obeyed:
            return
        self._obeyed, self._trouble = obeyed, None
        try:
            self._listen(settings) if settings.notices_on else self._listen_no_more()
        except BadInput as error:
            log.warning("no notices: %s", error.title)
            self._listen_no_more()
            self._trouble = error
        self._tell()

    def _listen(self, settings: Settings) -> None:
        rules = self._rules(settings)
        if self._server is None or self._reception is None:
            from desk_phone.system.notice_server import NoticeServer
            from desk_phone.telco.notices import Reception

            self._reception = Reception(rules, self._arrived, now=self._now)
            self._server = NoticeServer(self._reception, self)
        self._reception.rules = rules
        place = (settings.notices_address, settings.notices_port)
        if not self._server.port or self._server.place != place:
            self._server.listen(*place)
            log.info("listening for notices at %s", _place(place[0], self._server.port))

    def _rules(self, settings: Settings) -> Rules:
        from desk_phone.app.notices_rules import rules_of

        return rules_of(settings, self._activation)

    def _listen_no_more(self) -> None:
        if self._server is not None:
            self._server.close()

    # what arrives

    def _arrived(self, arrival: Arrival) -> None:
        """The answer is not sent yet: the rest can wait."""
        self._came.append(arrival)
        if isinstance(arrival, Heard):
            self._soon.start(0)
        elif not self._soon.isActive():
            self._soon.start(_REFUSALS_TOLD_EVERY_MS)

    def _take(self) -> None:
        came, self._came = tuple(self._came), []
        self._soon.stop()
        if not came:
            return
        heard = [arrival for arrival in came if isinstance(arrival, Heard)]
        refused = [arrival for arrival in came if isinstance(arrival, TurnedAway)]
        if refused and not self.trial.is_probe(refused[-1]):
            self._last_refused = Seen(self._now(), refused[-1])
            log.info("turned away %d, the last: %s", len(refused), refused[-1].why)
        if heard:
            self._last_event = Seen(self._now(), heard[-1])
            self._silent = False
            self._activation.note_heard()
            log.info("%d notices, the last: %s", len(heard), heard[-1].freshness)
            self._hear(tuple(arrival.notice for arrival in heard))
        self.trial.take(came)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        if self.up != self._was_up:
            self._was_up = not self._was_up
            self.up_changed.emit()


def _silence() -> BadInput:
    return BadInput(
        tr("Calls came that the service did not tell of"),
        tr("Desk Phone looks every few minutes again. Test notices in the settings."),
    )


def _place(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
