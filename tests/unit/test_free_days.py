"""`model.free_days` against the library of the world's holidays, too dear to ship with it."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

from desk_phone.model.free_days import is_free


def test_it_says_what_the_library_says() -> None:
    years = range(2012, 2051)
    known = holidays.country_holidays("EE", years=years)
    day, wrong = date(years[0], 1, 1), []
    while day.year <= years[-1]:
        if is_free(day) != (day in known):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []
