"""Sends what waits for the webhook: in order, one at a time, again and again until it is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.crm_acts import Delivered, Step, Webhook
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.model.crm_delivery import pause
from desk_phone.store.deliveries import Deliveries


class CrmQueue(QObject):
    """``dice`` like `random.random`. ``trouble`` is why the last try failed, ``next_try`` when the
    next one is due; None when nothing is wrong."""

    changed = Signal()
    failed = Signal(object)  # PhoneError that waiting will not mend

    def __init__(
        self,
        lanes: Lanes,
        deliveries: Deliveries,
        webhook: Webhook,
        preferences: Preferences,
        now: Callable[[], datetime],
        dice: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._deliveries, self._webhook = lanes, deliveries, webhook
        self._preferences, self._now, self._dice = preferences, now, dice
        self._sending = self._wanted = False
        self._stopped = True
        self._pause = 0.0
        self.trouble: PhoneError | None = None
        self.next_try: datetime | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._try)

    def start(self) -> None:
        self._stopped = False
        self.send()

    def stop(self) -> None:
        self._stopped = True
        self._timer.stop()

    def send(self) -> None:
        """Something came into the queue; while the receiver is given a pause it waits too."""
        if not self._timer.isActive():
            self._try()
        self.changed.emit()

    def begin_anew(self) -> None:
        """There is another receiver, or none: what was wrong with the old one is past."""
        self._timer.stop()
        self._pause, self.trouble, self.next_try = 0.0, None, None
        self.send()

    def _try(self) -> None:
        self._wanted = self._sending
        if self._sending or self._stopped or not self._preferences.settings.crm_webhook:
            return
        self._sending = True
        self._lanes.perform(
            self._webhook.deliver(self._deliveries), self._delivered, self._not_delivered
        )

    def _delivered(self, delivered: Delivered) -> None:
        self._sending = False
        self.trouble = delivered.trouble or (self.trouble if delivered.step is Step.EMPTY else None)
        if delivered.step is Step.LATER:
            self._wait(delivered.retry_after)
            return
        self._pause, self.next_try = 0.0, None
        if delivered.trouble is not None:
            self.failed.emit(delivered.trouble)
        if delivered.step is not Step.EMPTY or self._wanted:
            self._try()
        self.changed.emit()

    def _not_delivered(self, error: PhoneError) -> None:
        """The keyring, or the disk: nothing was sent."""
        self._sending = False
        self.trouble = error
        self.failed.emit(error)
        self._wait(None)

    def _wait(self, asked: float | None) -> None:
        self._pause = pause(self._pause, self._dice, asked)
        self.next_try = self._now() + timedelta(seconds=self._pause)
        if not self._stopped:
            self._timer.start(round(self._pause * 1000))
        self.changed.emit()
