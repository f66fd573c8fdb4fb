"""How often publishing tries, and what it counts."""

from __future__ import annotations

import random
from dataclasses import dataclass

from desk_phone.telco.feed_events import Why


@dataclass(frozen=True, slots=True)
class Rhythm:
    """In seconds. Between two tries to connect: ``first`` to ``longest`` at random, ``refused``
    where a person has to act; a connection that held ``good_after`` begins anew with ``first``.

    ``again``: a notice that the broker refused is tried again. ``stalled``: so long an
    acknowledgement may take. A number's heartbeat comes every ``turns`` times ``turn``, and within
    one ``turn`` after its sequence has moved.
    """

    first: float = 1.0
    longest: float = 60.0
    refused: float = 60.0
    good_after: float = 60.0
    again: float = 5.0
    stalled: float = 20.0
    turn: float = 0.5
    turns: int = 100

    def pause(self, why: Why, before: float) -> float:
        """``before`` is the last one. Two relays of one name would throw each other out for ever
        if they hurried."""
        if why in (Why.REFUSED, Why.TAKEN_OVER):
            return self.refused
        return min(self.longest, random.uniform(self.first, 3 * max(self.first, before)))


RHYTHM = Rhythm()


@dataclass(slots=True)
class Published:
    """Notices, counted since the start. ``again``: of those sent, how many had been sent before
    and not been acknowledged; ``refused``: how often the broker said no; ``waiting``: how many the
    broker does not have yet, now."""

    sent: int = 0
    acknowledged: int = 0
    again: int = 0
    refused: int = 0
    waiting: int = 0
