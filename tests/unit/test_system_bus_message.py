"""What goes over D-Bus, as far as it needs no bus."""

from __future__ import annotations

import pytest

from desk_phone.system.bus_message import Heard, Rule, first, text

HEARD = Heard(":1.7", "/here", "org.example.One", "Rang", ("640", 7))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            Rule("org.example.One", "Rang"),
            "type='signal',interface='org.example.One',member='Rang'",
        ),
        (
            Rule("a.b", "C", "/d", "e.f", "g"),
            "type='signal',interface='a.b',member='C',path='/d',sender='e.f',arg0='g'",
        ),
    ],
)
def test_a_rule_in_the_daemon_s_words(rule: Rule, words: str) -> None:
    assert str(rule) == words


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule("org.example.One", "Rang"), True),
        (Rule("org.example.One", "Rang", "/here", "org.example", "640"), True),
        (Rule("org.example.Two", "Rang"), False),
        (Rule("org.example.One", "Stopped"), False),
        (Rule("org.example.One", "Rang", "/there"), False),
        (Rule("org.example.One", "Rang", first="641"), False),
    ],
)
def test_a_rule_fits(rule: Rule, fits: bool) -> None:
    assert rule.fits(HEARD) is fits


def test_what_is_no_text_is_none() -> None:
    assert [text(value) for value in ("a", 7, None, ("s", "a"))] == ["a", "", "", ""]
    assert [first(body) for body in ((), ("a", 7), (7, "a"))] == ["", "a", ""]
