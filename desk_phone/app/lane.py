"""The one way to leave the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desk_phone.app.acts import Act, Errand, LaneName
from desk_phone.errors import PhoneError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of an errand: exactly one of the two counts."""

    answer: object = None
    error: Exception | None = None


class _Lane:
    """One thread that makes blocking calls in turn; made with its first errand.

    A daemon thread, unlike a ThreadPoolExecutor's: a program that ends does not wait a minute for
    an answer that nobody will read.
    """

    def __init__(self, name: LaneName, report: Callable[[int, _Done], None]) -> None:
        self._errands: SimpleQueue[tuple[int, Errand] | None] = SimpleQueue()
        self._report = report
        self._thread = threading.Thread(target=self._run, name=f"lane {name}", daemon=True)
        self._thread.start()

    def send(self, ticket: int, errand: Errand) -> None:
        self._errands.put((ticket, errand))

    def close(self, patience: float) -> None:
        self._errands.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        while (given := self._errands.get()) is not None:
            ticket, errand = given
            try:
                done = _Done(errand.work())
            except Exception as error:  # whatever it is belongs to the act
                done = _Done(error=error)
            self._report(ticket, done)
            del given, errand, done  # else they live until the next errand comes


class Lanes(QObject):
    """Performs acts: they run on the main thread, their errands each on the thread of a lane.

    ``failed`` tells a PhoneError that nobody takes; any other exception is a bug and is raised on
    the main thread. A lane holds an errand and a number, nothing of the main thread's: what is let
    go of last on a lane would be destroyed there, widgets too.
    """

    failed = Signal(object)  # PhoneError

    _answered = Signal(object)  # (ticket, _Done)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[LaneName, _Lane] = {}
        self._waiting: dict[int, Callable[[_Done], None]] = {}
        self._tickets = count()
        self._closed = False
        self._answered.connect(self._go_on, Qt.ConnectionType.QueuedConnection)

    def perform(
        self,
        act: Act[T],
        then: Callable[[T], object] = lambda _: None,
        otherwise: Callable[[PhoneError], object] | None = None,
    ) -> None:
        """Begin the act now; ``then`` or ``otherwise`` hears of its end on the main thread."""
        self._advance(act, lambda: next(act), then, otherwise or self.failed.emit)

    def close(self, patience: float = 0.5) -> None:
        """Answer no errand any more; one under way is given ``patience`` seconds to end."""
        self._closed = True
        self._waiting.clear()
        for lane in self._lanes.values():
            lane.close(patience)

    def _advance(
        self,
        act: Act[T],
        step: Callable[[], Errand],
        then: Callable[[T], object],
        otherwise: Callable[[PhoneError], object],
    ) -> None:
        trouble: PhoneError | None = None
        try:
            errand = step()
        except StopIteration as end:
            result = cast("T", end.value)
        except PhoneError as error:
            trouble = error
        else:
            self._send(errand, lambda done: self._back(act, done, then, otherwise))
            return
        # Here, for what goes wrong in them has nothing to do with the act.
        if trouble is None:
            then(result)
        else:
            otherwise(trouble)

    def _back(
        self,
        act: Act[T],
        done: _Done,
        then: Callable[[T], object],
        otherwise: Callable[[PhoneError], object],
    ) -> None:
        error = done.error
        if error is None:
            self._advance(act, lambda: act.send(done.answer), then, otherwise)
        else:
            self._advance(act, lambda: act.throw(error), then, otherwise)

    def _send(self, errand: Errand, back: Callable[[_Done], None]) -> None:
        if self._closed:
            return
        if errand.lane not in self._lanes:
            self._lanes[errand.lane] = _Lane(errand.lane, self._report)
        ticket = next(self._tickets)
        self._waiting[ticket] = back
        self._lanes[errand.lane].send(ticket, errand)

    def _report(self, ticket: int, done: _Done) -> None:
        """On the lane's thread."""
        if not self._closed:
            self._answered.emit((ticket, done))

    @Slot(object)
    def _go_on(self, answer: tuple[int, _Done]) -> None:
        ticket, done = answer
        back = self._waiting.pop(ticket, None)
        if back is not None:
            back(done)
