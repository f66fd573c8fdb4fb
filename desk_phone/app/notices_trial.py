"""A test of the whole way from the service to this program, which only a real call can walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.lane import Lanes
from desk_phone.app.notices_probe import answers
from desk_phone.app.notices_state import Stage, Trial
from desk_phone.model.notices import (
    TEST_LASTS,
    Arrival,
    Finding,
    Refusal,
    TurnedAway,
    diagnose,
    settles,
)


class NoticeTrial(QObject):
    """First our own port is asked; then a person calls, and what arrives is judged. The service
    cannot be asked to send a notice."""

    changed = Signal()

    def __init__(
        self, lanes: Lanes, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lanes, self._now = lanes, now
        self._came: list[Arrival] = []
        self._begun = 0
        self.state = Trial()
        self._over = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._over.setInterval(int(TEST_LASTS.total_seconds() * 1000))
        self._over.timeout.connect(self.finish)

    def begin(self, address: str, port: int) -> None:
        """``port`` 0: nobody listens. Not while one is under way."""
        if self.state.under_way:
            return
        self._came.clear()
        self._begun += 1
        if not port:
            self._say(Trial(Stage.DONE, None, Finding.PORT))
            return
        self._say(Trial(Stage.PROBING))
        self._lanes.perform(self._probe(address, port), self._probed)

    def finish(self) -> None:
        """The time is over: say what it looks like."""
        self._over.stop()
        self._say(Trial(Stage.DONE, None, diagnose(port_answers=True, arrived=self._came)))

    def stop(self) -> None:
        """A person does not want to know any more."""
        self._over.stop()
        self._begun += 1
        if self.state != Trial():
            self._say(Trial())

    def is_probe(self, arrival: TurnedAway) -> bool:
        """Whether this was ourselves, knocking at our own door."""
        return self.state.under_way and arrival.why is Refusal.PATH

    def take(self, came: Iterable[Arrival]) -> None:
        if not self.state.under_way:
            return
        for arrival in came:
            self._came.append(arrival)
            if settles(arrival):
                self.finish()
                return

    def _probe(self, address: str, port: int) -> Act[tuple[int, bool]]:
        number = self._begun
        answered = yield from away(LaneName.DIAL, lambda: answers(address, port))
        return number, answered

    def _probed(self, given: tuple[int, bool]) -> None:
        number, answered = given
        if number != self._begun or self.state.stage is not Stage.PROBING:
            return
        if answered:
            self._over.start()
            self._say(Trial(Stage.WAITING, self._now() + TEST_LASTS))
        else:
            self._say(Trial(Stage.DONE, None, Finding.PORT))

    def _say(self, state: Trial) -> None:
        self.state = state
        self.changed.emit()
