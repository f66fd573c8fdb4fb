"""What the relay and the desks agree on: what comes next, and whom not to believe."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.broker import Broker, NoBroker, broker_of
from desk_phone.model.relayed import (
    LARGEST,
    NotOurs,
    Page,
    Position,
    Relayed,
    Step,
    as_json,
    lags,
    next_step,
    notices_topic,
    own_of,
    page_as_json,
    page_from_json,
    read,
    read_state,
    state_topic,
    write,
    write_state,
)
from tests.relayed import NOON, OWN, notice

NOWHERE = Position("", 0)


def relayed(seq: int = 1, epoch: str = "e1") -> Relayed:
    return Relayed(Position(epoch, seq), NOON + timedelta(milliseconds=250), notice(seq))


@pytest.mark.parametrize(
    ("known", "came", "step"),
    [
        (NOWHERE, Position("a", 1), Step.TAKE),
        (NOWHERE, Position("a", 2), Step.CATCH_UP),
        (Position("a", 0), Position("a", 1), Step.TAKE),
        (Position("a", 3), Position("a", 4), Step.TAKE),
        (Position("a", 3), Position("a", 3), Step.KNOWN),
        (Position("a", 3), Position("a", 1), Step.KNOWN),
        (Position("a", 3), Position("a", 5), Step.CATCH_UP),
        (Position("a", 3), Position("b", 1), Step.CATCH_UP),
        (Position("a", 3), Position("b", 4), Step.CATCH_UP),
    ],
)
def test_what_comes_next_decides(known: Position, came: Position, step: Step) -> None:
    assert next_step(known, came) is step


def test_a_heartbeat_tells_of_what_did_not_come() -> None:
    assert lags(NOWHERE, Position("a", 1))
    assert not lags(NOWHERE, Position("a", 0))
    assert not lags(Position("a", 3), Position("a", 3))
    assert lags(Position("a", 3), Position("a", 4))
    assert lags(Position("a", 3), Position("b", 1))  # all of another epoch are unknown


def test_what_is_written_is_read() -> None:
    one = relayed()
    assert read(write(one)) == one
    page = Page(Position("e1", 9), (one, relayed(2)), True)
    assert page_from_json(json.loads(json.dumps(page_as_json(page)))) == page
    assert read_state(write_state(Position("e1", 9), NOON)) == (Position("e1", 9), NOON)


def test_a_number_without_any_notice_is_read_too() -> None:
    assert read_state(write_state(NOWHERE, NOON)) == (NOWHERE, NOON)
    empty = Page(NOWHERE)
    assert page_from_json(page_as_json(empty)) == empty
    with pytest.raises(NotOurs):
        read(json.dumps({**as_json(relayed()), "epoch": "", "seq": 0}).encode())


def test_topics_are_of_numbers() -> None:
    assert own_of(notices_topic(OWN)) == own_of(state_topic(OWN)) == OWN
    for topic in (
        "",
        "x",
        "desk-phone/v1//notices",
        "desk-phone/v1/37251/x",
        "desk-phone/v1/٣/state",
    ):
        with pytest.raises(NotOurs):
            own_of(topic)


HOSTILE = {
    "no JSON": b"{",
    "deep": b"[" * 5000,
    "huge": b'{"v": 1, "x": "' + b"x" * LARGEST + b'"}',
    "a list": b"[]",
    "another form": json.dumps({**as_json(relayed()), "v": 2}).encode(),
    **{
        f"{name} {value!r:.12}": json.dumps({**as_json(relayed()), name: value}).encode()
        for name, value in (
            ("own", 5),
            ("epoch", "a b"),
            ("epoch", "e" * 100),
            ("epoch", "ё1"),
            ("seq", -1),
            ("seq", True),
            ("seq", 1.5),
            ("seq", 2**60),
            ("at", "now"),
            ("at", 10**30),
            ("heard", 10**400),
            ("name", None),
        )
    },
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_a_broker_is_not_believed_blindly(payload: bytes) -> None:
    with pytest.raises(NotOurs):
        read(payload)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(), st.lists))
def test_whatever_it_says_is_read_or_refused(value: object) -> None:
    for name in ("own", "epoch", "seq", "at", "heard", "other", "name", "type", "answer", "more"):
        for given_, reader in (
            ({**as_json(relayed()), name: value}, lambda one: read(json.dumps(one).encode())),
            ({"epoch": "e", "last": 1, "notices": value, "more": False}, page_from_json),
            ({"epoch": "e", "last": value, "notices": [], "more": value}, page_from_json),
        ):
            try:
                reader(given_)
            except NotOurs:
                continue


def test_texts_are_cleaned() -> None:
    dirty = {**as_json(relayed()), "name": "Eve\u202e\n\ud800"}
    assert read(json.dumps(dirty).encode()).notice.name == "Eve"


def test_a_broker_is_one_text_in_the_settings() -> None:
    for broker in (
        Broker("mq.company.example", 8883, True, "d-1"),
        Broker("127.0.0.1", 1884, False, "a:b@c/d"),
        Broker("::1", 8883, True, "ü"),
    ):
        assert broker_of(str(broker)) == broker
    assert broker_of("mqtts://d@h").port == 8883


@pytest.mark.parametrize(
    "text", ["", "https://d@h", "mqtts://h:1", "mqtt://d:p@h", "mqtts://d@h:99999", "mqtts://d@["]
)
def test_what_is_no_broker_is_none(text: str) -> None:
    with pytest.raises(NoBroker):
        broker_of(text)
