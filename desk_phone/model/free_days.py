"""The public holidays of Estonia (Pühade ja tähtpäevade seadus, § 2).

Nine stand still and three hang on Easter. The library `holidays` says the same for 2012 to 2050
and costs 21 MB of memory and 370 ms, since it loads every country; so it was the model, not the
means.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (8, 20), (12, 24), (12, 25), (12, 26))
_GOOD_FRIDAY, _PENTECOST = timedelta(days=-2), timedelta(days=49)


def is_free(day: date) -> bool:
    """Whether it is a public holiday; weekends are another matter."""
    return day in _of_year(day.year)


@lru_cache(maxsize=8)
def _of_year(year: int) -> frozenset[date]:
    sunday = easter(year)
    moving = (sunday + _GOOD_FRIDAY, sunday, sunday + _PENTECOST)
    return frozenset((*(date(year, *day) for day in _FIXED), *moving))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leap_centuries, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, since_leap = divmod(of_century, 4)
    weekday = (32 + 2 * left + 2 * leaps - epact - since_leap) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
