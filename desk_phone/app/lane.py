"""The one way to leave the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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

    def __init__(self, name: LaneName) -> None:
        self._errands: SimpleQueue[tuple[Errand, Callable[[_Done], None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"lane {name}", daemon=True)
        self._thread.start()

    def send(self, errand: Errand, report: Callable[[_Done], None]) -> None:
        self._errands.put((errand, report))

    def close(self, patience: float) -> None:
        self._errands.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        while (given := self._errands.get()) is not None:
            errand, report = given
            try:
                done = _Done(errand.work())
            except Exception as error:  # whatever it is belongs to the act
                done = _Done(error=error)
            report(done)


class Lanes(QObject):
    """Performs acts: they run on the main thread, their errands each on the thread of a lane.

    ``failed`` tells a PhoneError that nobody takes; any other exception is a bug and is raised on
    the main thread.
    """

    failed = Signal(object)  # PhoneError

    _answered = Signal(object)  # what to do on the main thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[LaneName, _Lane] = {}
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
            self._lanes[errand.lane] = _Lane(errand.lane)
        self._lanes[errand.lane].send(errand, lambda done: self._report(partial(back, done)))

    def _report(self, deed: Callable[[], None]) -> None:
        """On the lane's thread."""
        if not self._closed:
            self._answered.emit(deed)

    @Slot(object)
    def _go_on(self, deed: Callable[[], None]) -> None:
        if not self._closed:
            deed()
