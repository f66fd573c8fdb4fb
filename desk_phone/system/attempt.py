"""Work that may never come back, with an end to the waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Attempt(Generic[T]):
    """Runs ``work`` at once in a thread of its own, which neither the caller nor the program's end
    waits for longer than they like; what the system holds up cannot be stopped, only left.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._future: Future[T] = Future()
        threading.Thread(target=self._run, name="attempt", daemon=True).start()

    def outcome(self, seconds: float) -> T:
        """What the work returned; raises what it raised, or TimeoutError when it takes longer."""
        return self._future.result(seconds)

    def failure(self, seconds: float) -> BaseException | None:
        """What the work raised, if anything; raises TimeoutError when it takes longer."""
        return self._future.exception(seconds)

    @property
    def is_unfinished(self) -> bool:
        return not self._future.done()

    def _run(self) -> None:
        try:
            outcome = self._work()
        except BaseException as error:  # whatever it is, `outcome` raises it where it is awaited
            self._future.set_exception(error)
        else:
            self._future.set_result(outcome)
