"""How long and how much one waits for."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Durations in seconds, sizes in bytes.

    ``connect`` bounds each step of connecting (one address, the proxy's answer, the TLS
    handshake), ``read`` one silence of the other side, ``whole`` everything together: a byte a
    second beats ``read``. ``answer_bytes`` is the unpacked body.
    """

    connect: float = 5.0
    read: float = 30.0
    whole: float = 60.0
    answer_bytes: int = 20_000_000


LIMITS = Limits()


class Deadline:
    """A moment from now on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._end

    def timeout(self, at_most: float) -> float:
        """The timeout of the next step: ``at_most``, or what is left. TimeoutError: nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole call took too long")
        return min(at_most, left)
