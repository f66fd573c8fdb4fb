"""What the last requests to the service did: no numbers, no names, nothing of what they said."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from desk_phone.errors import PhoneError, Refused
from desk_phone.telco.operations import Operation
from desk_phone.telco.reply import Reply

KEPT = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``outcome`` is ``done``, or the kind of trouble with the service's code.

    ``seconds`` is how long it took, ``wire_bytes`` what travelled both ways and ``clock`` how many
    seconds the service's clock was ahead; 0 and None where no answer came.
    """

    operation: str
    at: datetime
    seconds: float
    outcome: str
    wire_bytes: int = 0
    clock: float | None = None


class Asking:
    """A request under way; it is told the reply once there is one."""

    def __init__(self) -> None:
        self.reply: Reply | None = None

    def heard(self, reply: Reply) -> Reply:
        self.reply = reply
        return reply


class Journal:
    """The last requests of this process, from any thread."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._asked: deque[Asked] = deque(maxlen=KEPT)  # whole values come and go at once

    def last(self) -> tuple[Asked, ...]:
        """Oldest first."""
        return tuple(self._asked.copy())

    @contextmanager
    def noting(self, operation: Operation) -> Iterator[Asking]:
        """Whatever is asked in here is written down when it ends, well or not."""
        asking, at, begun = Asking(), self._now(), time.monotonic()
        outcome = "unexpected"
        try:
            yield asking
            outcome = "done"
        except PhoneError as error:
            outcome = _kind(error)
            raise
        finally:
            reply, seconds = asking.reply, time.monotonic() - begun
            size, clock = (reply.wire_bytes, reply.clock) if reply is not None else (0, None)
            self._asked.append(Asked(operation.value, at, seconds, outcome, size, clock))


def _kind(error: PhoneError) -> str:
    name = type(error).__name__
    return f"{name} {error.code}".strip() if isinstance(error, Refused) else name
