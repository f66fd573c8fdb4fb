"""An act performed in place: the command line's way."""

from __future__ import annotations

import pytest

from desk_phone.app.acts import Act, Errand, LaneName, away, perform
from desk_phone.errors import Offline


def _sum(*numbers: int) -> Act[int]:
    total = 0
    for number in numbers:
        total += yield from away(LaneName.UPKEEP, lambda n=number: n)
    return total


def test_an_act_gives_what_its_errands_answered() -> None:
    assert perform(_sum(1, 2, 3)) == 6


def test_an_act_without_errands_ends_at_once() -> None:
    assert perform(_sum()) == 0


def _fails() -> int:
    raise Offline("nobody there")


def test_a_failure_is_raised_inside_the_act_which_may_mend_it() -> None:
    def mended() -> Act[str]:
        try:
            yield from away(LaneName.DIAL, _fails)
        except Offline as error:
            return error.title
        return "not reached"

    assert perform(mended()) == "nobody there"


def test_a_failure_that_the_act_does_not_take_reaches_its_maker() -> None:
    def act() -> Act[int]:
        return (yield from away(LaneName.DIAL, _fails))

    with pytest.raises(Offline, match="nobody there"):
        perform(act())


def test_an_interrupt_ends_the_act_before_anything_else_ends() -> None:
    """Its data is still open then: later it could put nothing in order."""
    ended: list[str] = []

    def interrupted() -> None:
        raise KeyboardInterrupt

    def act() -> Act[None]:
        try:
            yield from away(LaneName.DIAL, interrupted)
        finally:
            ended.append("the act")

    kept = act()  # so that nothing but `perform` ends it
    with pytest.raises(KeyboardInterrupt):
        perform(kept)
    assert ended == ["the act"]


def test_an_errand_says_which_lane_it_is_for() -> None:
    errand = next(_sum(1))
    assert isinstance(errand, Errand)
    assert errand.lane is LaneName.UPKEEP
