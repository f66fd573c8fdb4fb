"""How often publishing tries, what it complains of, and what it counts."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass

from desk_phone.telco.feed_events import Why

_COMPLAINTS = {
    Why.REFUSED: "the broker does not let the relay in: no desk hears of calls",
    Why.TAKEN_OVER: "another relay has this one's name at the broker",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """In seconds. Between two tries to connect: ``first`` to ``longest`` at random, ``refused``
    where a person has to act, and up to ``refused_longest`` for a name and password that stay
    refused: brokers may lock accounts; a connection that held ``good_after`` begins anew with
    ``first``.

    ``again``: a notice that the broker refused is tried again. ``stalled``: so long an
    acknowledgement may take. A number's heartbeat comes every ``turns`` times ``turn``, and within
    one ``turn`` after its sequence has moved.
    """

    first: float = 1.0
    longest: float = 60.0
    refused: float = 60.0
    refused_longest: float = 600.0
    good_after: float = 60.0
    again: float = 5.0
    stalled: float = 20.0
    turn: float = 0.5
    turns: int = 100

    def pause(self, why: Why, before: float) -> float:
        """``before`` is the last one. Two relays of one name would throw each other out for ever
        if they hurried."""
        if why is Why.TAKEN_OVER:
            return self.refused
        if why is Why.REFUSED:
            return max(self.refused, min(self.refused_longest, 2 * before))
        return min(self.longest, random.uniform(self.first, 3 * max(self.first, before)))


RHYTHM = Rhythm()


def complained(why: Why, before: str) -> str:
    """What a person has to mend at the broker, said once; ``before`` is what was said last, until
    it is well again."""
    now = _COMPLAINTS.get(why, before)
    if now != before:
        log.error(now)
    return now


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
