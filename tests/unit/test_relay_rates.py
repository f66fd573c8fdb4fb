"""How often something is said of those who ask too much."""

from __future__ import annotations

from desk_phone.relay.gateway import rates
from desk_phone.relay.gateway.rates import Seldom


def test_the_same_thing_is_due_once_in_a_while() -> None:
    seldom = Seldom(60.0)
    asked = [("a", 0.0), ("a", 59.9), ("b", 59.9), ("a", 60.0), ("a", 61.0), ("b", 119.9)]
    assert [seldom.is_due(what, now) for what, now in asked] == [
        *(True, False, True, True, False, True),
    ]


def test_it_remembers_no_more_than_so_many() -> None:
    seldom = Seldom(60.0)
    for number in range(rates._REMEMBERED + 1):
        assert seldom.is_due(number, 0.0)
    assert not seldom.is_due(rates._REMEMBERED, 1.0)
    assert seldom.is_due(0, 1.0)  # forgotten, the oldest first
