"""The company's relay as the settings page sees it: joined with a code, left, and what it tells."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, Signal

from desk_phone.app.access import Access
from desk_phone.app.account import AccountDesk
from desk_phone.app.acts import Act
from desk_phone.app.lane import Lanes
from desk_phone.app.no_password import NotEnrolled
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay_acts import Enrolment
from desk_phone.app.relay_feed import RelayFeed
from desk_phone.app.relay_state import RelayState
from desk_phone.errors import PhoneError
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings

log = logging.getLogger(__name__)

_ASKED_EVERY = 24 * 3600.0  # seconds


class RelayDesk(QObject):
    """``account`` hears that the way to the company is another one."""

    changed = Signal()  # read `state` again

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        preferences: Preferences,
        enrolment: Enrolment,
        feed: RelayFeed,
        account: AccountDesk,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._preferences = lanes, access, preferences
        self.enrolment, self._account = enrolment, account
        self._device = preferences.settings.relay_device
        self._seen: float | None = None  # monotonic
        self.feed = feed
        self._busy = False
        self._trouble: PhoneError | None = None
        feed.changed.connect(self.changed)
        account.changed.connect(self.changed)
        preferences.changed.connect(self._settings_changed)

    @property
    def state(self) -> RelayState:
        settings, access = self._preferences.settings, self._access
        why_not, heard = self._why_not() if settings.relayed else None, self.feed.state
        return RelayState(
            settings.relay_url,
            settings.relay_device,
            settings.lines,
            self._busy,
            access.stored and settings.relayed,
            self._trouble or why_not,
            settings.relay_notices,
            heard,
            settings.relayed and (access.refusal is not None or _is_missing(heard.trouble)),
        )

    def enrol(self, url: str, code: Secret) -> None:
        """Spend a code; not while another one is spent."""
        self._do(self.enrolment.enrol(url, code))

    def try_again(self) -> None:
        """Ask once more with the token that was refused."""
        self._account.try_again()

    def keep_again(self) -> None:
        """The keyring could not keep what the relay gave; perhaps it can now."""
        self._do(self.enrolment.keep_again())

    def leave(self) -> None:
        self._do(self.enrolment.leave())

    def polled(self) -> None:
        """The relay has just answered: once a day it is asked for this computer's numbers, too."""
        seen = time.monotonic()
        due = self._seen is None or seen - self._seen >= _ASKED_EVERY
        if due and self._preferences.settings.relayed:
            self._seen = seen
            self._lanes.perform(self.enrolment.refresh(), otherwise=self._not_seen)

    def tell(self, on: bool) -> None:
        """Whether calls are heard of from the relay."""
        self._preferences.change(relay_notices=on)

    def _not_seen(self, error: PhoneError) -> None:
        log.info("this computer's numbers were not heard: %s", error.title)

    def _why_not(self) -> PhoneError | None:
        access, heard = self._access, self.feed.state
        missing = heard.trouble if _is_missing(heard.trouble) else None
        return access.refusal or access.keyring_trouble or access.keeping_trouble or missing

    def _do(self, act: Act[object]) -> None:
        if self._busy:
            return
        self._busy, self._trouble = True, None
        self.changed.emit()
        self._lanes.perform(act, lambda _: self._done(), self._failed)

    def _done(self) -> None:
        self._busy = False
        self._account.tell()
        self.changed.emit()

    def _settings_changed(self, settings: Settings) -> None:
        """Here, for a command may have joined or left as well."""
        before, self._device = self._device, settings.relay_device
        if settings.relayed and before != self._device:
            self._account.joined()
        self.changed.emit()

    def _failed(self, error: PhoneError) -> None:
        self._busy, self._trouble = False, error
        self.changed.emit()


def _is_missing(trouble: PhoneError | None) -> bool:
    return isinstance(trouble, NotEnrolled)
