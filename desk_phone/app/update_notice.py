"""Whether there is a newer version: asked at an address of the settings, told quietly.

Nobody is asked where no address is set, and nothing is ever downloaded or installed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone import __version__
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.release import LARGEST, NONE, NoRelease, Release, is_newer, read
from desk_phone.settings import Settings
from desk_phone.store.memory import Memory

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
_LOOK_EVERY_MS = 3600 * 1000
_FIRST_AFTER_MS = 120_000
_OK = 200
_ASKED, _HEARD, _PASSED_OVER = "update asked", "update heard", "update passed over"


@dataclass(frozen=True, slots=True)
class UpdateState:
    """``news`` is a newer version, its version empty where there is none or a person wants to hear
    no more of it. ``asked``: when somebody answered last. ``trouble``: why the last look failed."""

    address: str = ""
    news: Release = NONE
    asked: datetime | None = None
    busy: bool = False
    trouble: PhoneError | None = None


class UpdateNotice(QObject):
    """`start` and `stop` it. ``ask`` gives the document at an address, by way of a proxy; it works
    on a lane, and raises PhoneError."""

    changed = Signal()

    def __init__(
        self,
        lanes: Lanes,
        memory: Memory,
        preferences: Preferences,
        now: Callable[[], datetime],
        ask: Callable[[str, str], bytes] | None = None,
        version: str = __version__,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._memory, self._preferences, self._now = lanes, memory, preferences, now
        self._ask, self._version = ask or _fetch, version
        self._busy = False
        self._trouble: PhoneError | None = None
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look_if_due)
        self._address = preferences.settings.update_url
        preferences.changed.connect(self._settings_changed)

    @property
    def state(self) -> UpdateState:
        address = self._preferences.settings.update_url
        return UpdateState(address, self._news(), self._asked(), self._busy, self._trouble)

    def start(self) -> None:
        self._timer.start()
        QTimer.singleShot(_FIRST_AFTER_MS, self._timer, self.look_if_due)

    def stop(self) -> None:
        self._timer.stop()

    def look_if_due(self) -> None:
        """Once a day, where an address is set."""
        asked, now = self._asked(), self._now()
        if self._address and not (asked and timedelta(0) <= now - asked < EVERY):
            self.look()

    def look(self) -> None:
        """Ask now: a person wants to know."""
        if self._busy or not self._address:
            return
        self._busy, self._trouble = True, None
        self.changed.emit()
        self._lanes.perform(self._heard(self._address), lambda _: self._end(), self._failed)

    def pass_over(self) -> None:
        """Say no more of the version that there is."""
        self._put(_PASSED_OVER, self._news().version)
        self.changed.emit()

    def _heard(self, address: str) -> Act[None]:
        proxy, ask = self._preferences.settings.proxy, self._ask
        document = yield from away(LaneName.UPKEEP, lambda: ask(address, proxy))
        try:
            release = read(document)
        except NoRelease as error:
            raise _tells_of_none() from error
        if address == self._address:  # else the settings changed meanwhile
            self._put(_HEARD, f"{release.version} {release.url}")
            self._put(_ASKED, self._now().isoformat())

    def _end(self) -> None:
        self._busy = False
        self.changed.emit()

    def _failed(self, error: PhoneError) -> None:
        """Nobody's news but of who looks at the settings; it is tried again in an hour."""
        log.info("no word of new versions: %s", error.title)
        self._trouble = error
        self._end()

    def _settings_changed(self, settings: Settings) -> None:
        if settings.update_url != self._address:
            self._address, self._trouble = settings.update_url, None
            for name in (_ASKED, _HEARD):
                with suppress(BadInput):
                    self._memory.forget(name)
            self.changed.emit()
            self.look_if_due()

    def _news(self) -> Release:
        version, _, url = self._memory.get(_HEARD).partition(" ")
        wanted = self._address and version != self._memory.get(_PASSED_OVER)
        return Release(version, url) if wanted and is_newer(version, self._version) else NONE

    def _asked(self) -> datetime | None:
        with suppress(ValueError):
            return datetime.fromisoformat(self._memory.get(_ASKED))
        return None

    def _put(self, name: str, value: str) -> None:
        with suppress(BadInput):  # no room: it is heard again
            self._memory.put(name, value)


def _tells_of_none() -> BadInput:
    return BadInput(
        tr("What is at this address tells of no version"),
        tr("Check the address of new versions in the settings."),
    )


def _fetch(address: str, proxy: str) -> bytes:
    from desk_phone.elsewhere import refusals
    from desk_phone.elsewhere.fetch import Web
    from desk_phone.web.limits import Limits

    limits = Limits(connect=10.0, read=15.0, whole=30.0, answer_bytes=LARGEST)
    try:
        page = Web(proxy=proxy, limits=limits).ask(address)
    except refusals.TooLarge as error:
        raise _tells_of_none() from error
    if page.status != _OK:
        raise refusals.by_status(page.status, page.url.split("/")[2])
    return page.body
