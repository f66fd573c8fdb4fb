"""How often one may ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

_MINUTE = 60.0  # seconds
_REMEMBERED = 4096


class Seldom:
    """The same thing once in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last: OrderedDict[Hashable, float] = OrderedDict()

    def is_due(self, what: Hashable, now: float) -> bool:
        """It is noted then."""
        last = self._last.get(what)
        if last is not None and now - last < self._seconds:
            return False
        self._last.pop(what, None)
        self._last[what] = now
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return True


class Pace:
    """So many a minute for each: at once, or one after the other."""

    def __init__(self, a_minute: int) -> None:
        self._most, self._each = float(a_minute), _MINUTE / a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """0: it is counted. Else the seconds until there is room, and nothing is counted."""
        left = self._room(who, now)
        if left < 1.0:
            return (1.0 - left) * self._each
        self._note(who, left - 1.0, now)
        return 0.0

    def give_back(self, who: str, now: float) -> None:
        """It was none of what is counted."""
        self._note(who, self._room(who, now) + 1.0, now)

    def _room(self, who: str, now: float) -> float:
        left, at = self._left.get(who, (self._most, now))
        return min(self._most, left + (now - at) / self._each)

    def _note(self, who: str, left: float, now: float) -> None:
        self._left.pop(who, None)
        self._left[who] = (min(self._most, left), now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
