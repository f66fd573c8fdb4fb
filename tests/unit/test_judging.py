from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.calls import CallRecord, Notice
from desk_phone.model.judging import decided, grown, opens, real_name
from tests.reported import OWN, T0

TIMES = st.sampled_from(["", "soon", "2026-06-01T12:00:00", "2026-06-01T12:00:09"])
VERSIONS = st.builds(
    CallRecord,
    id=st.just("1"),
    calling=st.sampled_from(["", "anonymous", "51234567", "6401234"]),
    called=st.sampled_from(["", "6401234"]),
    answered=st.sampled_from(["", "No", "Yes", "yes"]),
    direction=st.sampled_from(["", "Zigzag", "Terminating", "Originating"]),
    start=TIMES,
    name=st.sampled_from(["", "# #", "Anna", "Anna Kask"]),
    answer=TIMES,
    release=TIMES,
)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_versions_of_a_record_grow_together_in_any_order(
    one: CallRecord, two: CallRecord, three: CallRecord
) -> None:
    assert grown(one, two) == grown(two, one)
    assert grown(grown(one, two), three) == grown(one, grown(two, three))
    assert grown(one, one) == one


@pytest.mark.parametrize(
    ("member", "poorer", "better"),
    [
        pytest.param("calling", "zzz withheld", "51234567", id="a number"),
        pytest.param("answered", "no", "Yes", id="an answer"),
        pytest.param("direction", "Zigzag", "Terminating", id="a word we know"),
        pytest.param("start", "soon", "2026-06-01T12:00:00", id="a time"),
        pytest.param("name", "~ ~", "Anna", id="a name"),
        pytest.param("release", "", "2026-06-01T12:00:00", id="anything"),
    ],
)
def test_a_member_only_gets_better(member: str, poorer: str, better: str) -> None:
    empty = dict.fromkeys((f.name for f in fields(CallRecord)), "")
    poor, good = (CallRecord(**{**empty, member: text}) for text in (poorer, better))
    assert grown(poor, good) == grown(good, poor) == good


@pytest.mark.parametrize("text", ["", " ", "# #", "#", "- -", "\u200b", "?"])
def test_what_has_neither_letter_nor_digit_is_no_name(text: str) -> None:
    assert real_name(text) == ""


@pytest.mark.parametrize(
    ("type_", "answer", "begins"),
    [
        ("Start", "No", True),
        (" start ", "", True),
        ("", "No", True),
        ("Start", "Yes", False),
        ("End", "No", False),
        ("Foo", "", False),
    ],
)
def test_which_notice_says_that_a_phone_begins_to_ring(
    type_: str, answer: str, begins: bool
) -> None:
    assert opens(Notice(OWN, "", T0 + timedelta(), "", type_, answer)) is begins


@pytest.mark.parametrize(
    ("answered", "answer", "release", "says"),
    [
        ("No", "", "", False),
        ("", "soon", "later", False),
        ("YES", "", "", True),
        ("No", "2026-06-01T12:00:00", "", True),
        ("No", "", "2026-06-01T12:00:00", True),
    ],
)
def test_whether_a_record_says_what_became_of_its_call(
    answered: str, answer: str, release: str, says: bool
) -> None:
    assert decided(CallRecord("1", "", "", answered, "", "", "", answer, release)) is says
