"""The month before the simulator was started: pure, from the seed and the moment of starting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from desk_phone.simulator.calls import Fate, PhoneCall, Way, tallinn
from desk_phone.simulator.company import REMEMBERED
from desk_phone.simulator.people import Crowd, Person

BUSIEST_A_DAY = 30
OTHERS_A_DAY = 8
_PAUSE = timedelta(minutes=10)  # so long before the start nobody has called
_FIRST_MORNING_CALL = 8.5 * 3600
_LAST_CALL = 17.5 * 3600


def month(seed: int, own: Sequence[str], crowd: Crowd, now: datetime) -> tuple[PhoneCall, ...]:
    """31 days of calls in order; the first own number is the busiest. All are over by ``now``."""
    calls: list[PhoneCall] = []
    today = now.astimezone(tallinn()).date()
    for index, number in enumerate(own):
        for days_back in range(REMEMBERED.days + 1):
            rng = Random(f"{seed} past {index} {days_back}")
            day = today - timedelta(days=days_back)
            usual = OTHERS_A_DAY if index else BUSIEST_A_DAY
            calls.extend(_day(rng, number, crowd, day, usual))
    kept = [call for call in calls if now - REMEMBERED < call.start and call.over_at < now - _PAUSE]
    return tuple(sorted(kept, key=lambda call: (call.start, call.own)))


def records(
    seed: int, own: Sequence[str], crowd: Crowd, now: datetime, count: int
) -> tuple[PhoneCall, ...]:
    """``count`` calls of each own number, spread evenly over the month."""
    calls = []
    step = (REMEMBERED - timedelta(hours=2)) / max(count, 1)
    for index, number in enumerate(own):
        rng = Random(f"{seed} records {index}")
        for back in range(count, 0, -1):
            start = now - timedelta(hours=1) - step * back
            calls.append(_call(rng, number, crowd, start))
    return tuple(sorted(calls, key=lambda call: (call.start, call.own)))


def _day(rng: Random, own: str, crowd: Crowd, day: date, usual: int) -> Iterator[PhoneCall]:
    working = day.weekday() < 5
    count = round(rng.gauss(usual, usual / 8)) if working else rng.randrange(0, max(2, usual // 8))
    midnight = datetime.combine(day, time(), tallinn())
    for _ in range(count):
        wall = midnight + timedelta(seconds=round(_second_of_day(rng)))
        start = wall.astimezone(UTC)
        call = _call(rng, own, crowd, start)
        yield call
        if call.way is Way.INCOMING and call.talks is None and rng.random() < 0.15:
            yield from _again(rng, call)


def _second_of_day(rng: Random) -> float:
    """Office hours with a morning peak and one after lunch."""
    peak = rng.choice((10.0, 14.0)) * 3600
    return rng.triangular(_FIRST_MORNING_CALL, _LAST_CALL, peak)


def _again(rng: Random, call: PhoneCall) -> Iterator[PhoneCall]:
    """The same caller twice more within minutes; the last time may be answered."""
    second = replace(call, start=call.over_at + timedelta(seconds=rng.randint(30, 150)))
    talks = timedelta(seconds=rng.randint(40, 300)) if rng.random() < 0.4 else None
    after = second.over_at + timedelta(seconds=rng.randint(30, 200))
    yield second
    yield replace(call, start=after, talks=talks)


def _call(rng: Random, own: str, crowd: Crowd, start: datetime) -> PhoneCall:
    incoming = rng.random() < 0.65
    person: Person = crowd.anyone(rng) if incoming else crowd.reachable(rng)
    fate = Fate.ANSWERED if rng.random() < 0.78 else Fate.MISSED
    talks = timedelta(seconds=min(3000, round(rng.lognormvariate(4.6, 0.9))))
    return PhoneCall(
        id=0,
        own=own,
        other=person.number,
        name=person.name,
        way=Way.INCOMING if incoming else Way.OUTGOING,
        start=start,
        rings=timedelta(seconds=rng.randint(3, 25)),
        talks=talks if fate is Fate.ANSWERED else None,
    )
