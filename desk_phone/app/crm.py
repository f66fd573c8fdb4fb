"""The CRM connection as the windows see it: what opens, what is told, and what still waits."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from desk_phone.app.crm_acts import (
    Webhook,
    example,
    new_delivery,
    page_of,
    program_of,
)
from desk_phone.app.crm_queue import CrmQueue
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change
from desk_phone.model.crm import (
    OPENED_A_MINUTE,
    TOLD_FOR,
    CrmCall,
    Filter,
    Happening,
    OpenOn,
    events,
    opens,
)
from desk_phone.model.crm_delivery import Delivery
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.deliveries import Deliveries, Losses
from desk_phone.system.opening import run_program

log = logging.getLogger(__name__)

_FIRST_SEEN = timedelta(minutes=1)  # a line that nobody began: what rings now is its first call


@dataclass(frozen=True, slots=True)
class CrmState:
    """``trouble`` is why the last try failed, None when it did not; ``unopened`` pages did not open
    by themselves, since there were too many at once."""

    waiting: int = 0
    losses: Losses = field(default_factory=Losses)
    trouble: PhoneError | None = None
    next_try: datetime | None = None
    unopened: int = 0


class Crm(QObject):
    """``show`` opens an address in the browser and says whether it could; ``run`` starts a program,
    or raises BadInput; ``note_of`` gives the note of a call by its id."""

    changed = Signal()  # the state
    failed = Signal(object)  # PhoneError: what a person should hear, each thing once
    tested = Signal(object)  # int, the receiver's HTTP status; or PhoneError

    def __init__(
        self,
        lanes: Lanes,
        deliveries: Deliveries,
        ledger: CallLedger,
        webhook: Webhook,
        preferences: Preferences,
        now: Callable[[], datetime],
        show: Callable[[str], bool],
        run: Callable[[tuple[str, ...]], None] = run_program,
        note_of: Callable[[int], str] = lambda _: "",
        dice: Callable[[], float] = random.random,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._deliveries, self._ledger = lanes, deliveries, ledger
        self._webhook, self._preferences, self._now = webhook, preferences, now
        self._show, self._run, self._note_of = show, run, note_of
        self._stopped = False
        self._unopened = 0
        self._told_of: set[str] = set()  # troubles, by their titles
        self._known = _of_ours(preferences.settings)
        self._queue = CrmQueue(lanes, deliveries, webhook, preferences, now, dice, self)
        self._queue.changed.connect(self.changed)
        self._queue.failed.connect(self._tell_once)
        preferences.changed.connect(self._settings_changed)

    # what is so

    @property
    def state(self) -> CrmState:
        queue = self._queue
        waiting, losses = self._deliveries.waiting, self._deliveries.losses
        return CrmState(waiting, losses, queue.trouble, queue.next_try, self._unopened)

    @property
    def can_open(self) -> bool:
        """Whether there is anything to open for a call: else no button says so."""
        settings = self._preferences.settings
        return bool(settings.crm_url.strip() or settings.crm_program.strip())

    # life

    def start(self) -> None:
        """Tell what nobody was told while the program was away or was killed, and go on sending."""
        self._stopped = False
        self._guard(self._begin)
        if self._preferences.settings.crm_webhook:
            self._guard(self._catch_up)
        self._queue.start()

    def stop(self) -> None:
        """Nothing opens and nothing is sent any more; what waits, waits."""
        self._stopped = True
        self._queue.stop()

    def try_now(self) -> None:
        """The network may be back: what waits is tried at once."""
        self._queue.begin_anew()

    # a person acts

    def open(self, call: Call) -> None:
        """Open the page, and run the program, for a call; `failed` says why not."""
        try:
            if not call.other:
                raise BadInput(
                    tr("The number is withheld"), tr("There is nothing to look up by it.")
                )
            self._open(self._with_note(call))
        except PhoneError as error:
            self.failed.emit(error)

    def test(self) -> None:
        """Send a test event now; `tested` says what became of it."""
        call = example(self._now(), self._preferences.settings.own_number)
        self._lanes.perform(self._webhook.test(call), self.tested.emit, self.tested.emit)

    def keep_secret(self, secret: Secret) -> None:
        """Sign with it from now on; empty: no more."""

        def kept(_: None) -> None:
            self._preferences.change(crm_signed=bool(secret))
            self._queue.begin_anew()

        self._lanes.perform(self._webhook.keep_secret(secret), kept, self.failed.emit)

    # calls

    def take(self, changes: tuple[Change, ...]) -> None:
        """What the ledger changed, whoever made it."""
        if changes and self._is_wanted and not self._stopped:
            self._guard(lambda: self._take(changes))

    @property
    def _is_wanted(self) -> bool:
        """Whether anybody is told of calls, or anything opens by itself."""
        settings = self._preferences.settings
        return bool(settings.crm_webhook) or (self.can_open and _chosen(settings) != OpenOn.CLICK)

    def _take(self, changes: tuple[Change, ...]) -> None:
        now = self._now()
        for own in sorted({change.after.own for change in changes}):
            self._deliveries.begin(own, now - _FIRST_SEEN)
        since = self._deliveries.since()
        recent = tuple(c for c in changes if c.after.start >= since[c.after.own])  # few of a month
        told = self._deliveries.told(change.after for change in recent)
        news = events(recent, now, told, since)
        if not news:
            return
        waiting = []
        if self._preferences.settings.crm_webhook:
            waiting = [self._delivery(happening, now) for happening in news]
        self._deliveries.tell(news, waiting, now)
        for happening in news:
            self._maybe_open(happening, now)
        self._queue.send()

    def _catch_up(self) -> None:
        """From the ledger: what was recorded before a crash, and never told."""
        since = self._deliveries.since()
        horizon = max(min(since.values(), default=self._now()), self._now() - TOLD_FOR)
        found: list[Call] = []
        while page := self._ledger.page(after=found[-1] if found else None):
            found += page
            if page[-1].start < horizon:
                break
        if recent := tuple(Change(None, call) for call in found if call.start >= horizon):
            self._take(recent)

    def _begin(self) -> None:
        own = self._preferences.settings.own_number
        if own and self._is_wanted:
            # Notices and records tell whole seconds.
            self._deliveries.begin(own, self._now().replace(microsecond=0))

    # opening

    def _maybe_open(self, happening: Happening, now: datetime) -> None:
        settings = self._preferences.settings
        if not self.can_open or not opens(happening, _filter(settings), now):
            return
        if not self._deliveries.open(happening.call, now, OPENED_A_MINUTE):
            self._unopened += 1
            log.warning("a page was not opened: too many at once, or a second time")
            return
        self._guard(lambda: self._open(self._with_note(happening.call)))

    def _open(self, call: CrmCall) -> None:
        """Raises BadInput."""
        settings = self._preferences.settings
        page, program = page_of(settings, call), program_of(settings, call)
        if not page and not program:
            raise BadInput(
                tr("No page of a CRM is set"), tr("Enter its address in the settings, under CRM.")
            )
        if page and not self._show(page):
            raise BadInput(
                tr("The page of the CRM could not be opened"),
                tr("Check its address in the settings, and that this computer has a browser."),
            )
        if program:
            self._run(program)

    def _with_note(self, call: Call) -> CrmCall:
        return CrmCall(self._of_one(call), self._note_of(call.id))

    def _delivery(self, happening: Happening, now: datetime) -> Delivery:
        told = replace(happening, call=self._of_one(happening.call))
        return new_delivery(told, self._note_of(happening.call.id), now)

    def _of_one(self, call: Call) -> Call:
        """Another program looks for one name: the first entry's, where several have the number."""
        entries = self._ledger.entries_named(call.other) if call.other else ()
        return replace(call, name=entries[0]) if len(entries) > 1 else call

    # inside

    def _guard(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except PhoneError as error:
            log.warning("%s", error.title)
            self._tell_once(error)

    def _tell_once(self, error: PhoneError) -> None:
        """A program that is not there would else be told at each call."""
        if error.title not in self._told_of:
            self._told_of.add(error.title)
            self.failed.emit(error)

    def _settings_changed(self, settings: Settings) -> None:
        before, self._known = self._known, _of_ours(settings)
        if before == self._known:
            return
        self._told_of.clear()
        self._guard(self._begin if self._is_wanted else self._deliveries.cease)
        if before[0] != settings.crm_webhook:
            if not settings.crm_webhook:
                self._guard(self._deliveries.empty)
            self._queue.begin_anew()
        self.changed.emit()


def _of_ours(settings: Settings) -> tuple[str, ...]:
    """What matters here; first of all the webhook."""
    opening = (settings.crm_url, settings.crm_program, settings.crm_open)
    return (settings.crm_webhook, settings.own_number, *opening)


def _chosen(settings: Settings) -> OpenOn:
    known = settings.crm_open in set(OpenOn)
    return OpenOn(settings.crm_open) if known else OpenOn.CLICK


def _filter(settings: Settings) -> Filter:
    own = settings.own_number if settings.crm_my_line_only else ""
    return Filter(_chosen(settings), settings.crm_unknown_only, settings.crm_incoming_only, own)
