from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk_phone.model.entries import Contact, Content, Flight, FlightState, GoneHow, Hold, Kind
from desk_phone.model.verdict import Suspicion, Trust, Verdict, bearable, judge, suspect
from tests.phonebook import T0, after

Pairs = list[tuple[str, Content]]


def content(number: int) -> Content:
    return Content(f"Entry {number}", f"+37264{number:05}")


def agreed(count: int) -> list[Contact]:
    return [Contact(n, str(n), content(n)) for n in range(1, count + 1)]


def listed(count: int, without: int = 0) -> Pairs:
    """The list that ``agreed`` agrees with, the last few entries left out."""
    return [(str(n), content(n)) for n in range(1, count + 1 - without)]


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([("1", content(1)), ("1", content(2))], id="an-id-twice"),
        pytest.param([("1", content(1)), ("1", content(1))], id="an-entry-twice"),
        pytest.param([("", content(1))], id="no-id"),
        pytest.param([("x7", content(1))], id="not-an-integer"),
        pytest.param([("-1", content(1))], id="negative"),
        pytest.param([("1.0", content(1))], id="a-fraction"),
        pytest.param([("\u0661", content(1))], id="a-digit-of-another-script"),
    ],
)
def test_a_list_that_is_none_is_rejected(entries: Pairs) -> None:
    assert judge(agreed(1), entries, T0).trust is Trust.REJECTED


@pytest.mark.parametrize(
    ("count", "without", "trust"),
    [
        pytest.param(0, 0, Trust.TRUSTED, id="nothing-agreed-nothing-there"),
        pytest.param(1, 1, Trust.SUSPICIOUS, id="empty-although-one-is-agreed"),
        pytest.param(2, 2, Trust.SUSPICIOUS, id="empty-although-two-are-agreed"),
        pytest.param(3, 2, Trust.TRUSTED, id="two-may-always-go"),
        pytest.param(4, 3, Trust.SUSPICIOUS, id="three-of-four"),
        pytest.param(15, 3, Trust.TRUSTED, id="a-fifth"),
        pytest.param(15, 4, Trust.SUSPICIOUS, id="over-a-fifth"),
        pytest.param(400, 20, Trust.TRUSTED, id="twenty-of-many"),
        pytest.param(400, 21, Trust.SUSPICIOUS, id="over-twenty-of-many"),
    ],
)
def test_how_many_may_be_missing(count: int, without: int, trust: Trust) -> None:
    verdict = judge(agreed(count), listed(count, without), T0)
    assert verdict.trust is trust
    assert len(verdict.missing) == without


def test_the_thresholds_as_the_design_states_them() -> None:
    assert [bearable(n) for n in (1, 10, 50, 100, 1000)] == [2, 2, 10, 20, 20]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"want_deleted": True}, id="deleted-here"),
        pytest.param({"hold": Hold.GONE}, id="somebody-said-so"),
        pytest.param({"may_add": True}, id="to-be-put-back"),
        pytest.param({"gone_at": T0}, id="in-the-trash"),
        pytest.param(
            {"flight": Flight(Kind.DELETE, content(1), None, FlightState.UNKNOWN, T0)},
            id="a-delete-is-under-way",
        ),
    ],
)
def test_what_is_expected_to_go_is_not_missed(change: dict[str, object]) -> None:
    contacts = [replace(contact, **change) for contact in agreed(9)]  # type: ignore[arg-type]
    assert judge(contacts, [], T0) == Verdict(Trust.TRUSTED)


def test_what_vanished_within_a_day_counts_together() -> None:
    lost = [
        replace(contact, gone_at=after(-3600 * hours), gone_how=GoneHow.ABSENT)
        for contact, hours in zip(agreed(10)[6:], (1, 5, 12, 23), strict=True)
    ]
    contacts = [*agreed(6), *lost]
    assert judge(contacts, listed(6), T0).trust is Trust.TRUSTED
    assert judge(contacts, listed(6, 1), T0) == Verdict(Trust.SUSPICIOUS, (6,))


@pytest.mark.parametrize(
    ("how", "hours"),
    [
        pytest.param(GoneHow.ABSENT, 25, id="longer-ago"),
        pytest.param(GoneHow.TOLD, 1, id="somebody-said-so"),
        pytest.param(GoneHow.DELETED, 1, id="deleted-here"),
        pytest.param(GoneHow.DISCARDED, 1, id="an-add-that-never-came-about"),
    ],
)
def test_what_went_for_a_reason_or_long_ago_does_not_count(how: GoneHow, hours: int) -> None:
    gone = [replace(c, gone_at=after(-3600 * hours), gone_how=how) for c in agreed(10)[6:]]
    assert judge([*agreed(6), *gone], listed(6, 2), T0).trust is Trust.TRUSTED


def test_the_same_content_under_a_new_id_is_not_missing() -> None:
    entries = [*listed(5, 1), ("77", content(5))]
    assert judge(agreed(5), entries, T0) == Verdict(Trust.TRUSTED)


def test_one_new_entry_stands_for_one_missing_entry_only() -> None:
    contacts = [
        Contact(1, "1", content(1)),
        Contact(2, "2", content(1)),
        Contact(3, "3", content(3)),
    ]
    verdict = judge(contacts, [("3", content(3)), ("77", content(1))], T0)
    assert verdict.missing == (2,)


@pytest.mark.parametrize(
    ("ids", "trust"),
    [
        pytest.param("2 3 4 5 1", Trust.RENUMBERED, id="each-has-its-neighbours"),
        pytest.param("101 102 103 104 105", Trust.RENUMBERED, id="all-new"),
        pytest.param("2 1 3 4 5", Trust.RENUMBERED, id="two-of-five-changed-places"),
        pytest.param("1 2 3 4 105", Trust.TRUSTED, id="one-was-made-anew"),
    ],
)
def test_new_ids_for_old_contents_raise_an_alarm(ids: str, trust: Trust) -> None:
    entries = [(server_id, content(n)) for n, server_id in enumerate(ids.split(), start=1)]
    assert judge(agreed(5), entries, T0).trust is trust


def test_many_changed_names_are_no_renumbering() -> None:
    entries = [(str(n), content(n + 100)) for n in range(1, 6)]
    assert judge(agreed(5), entries, T0).trust is Trust.TRUSTED


def test_what_we_sent_counts_as_at_its_place() -> None:
    flight = Flight(Kind.UPDATE, content(9), content(1), FlightState.UNKNOWN, T0)
    contacts = [replace(c, flight=replace(flight, payload=content(c.id + 90))) for c in agreed(5)]
    entries = [(str(n), content(n + 90)) for n in range(1, 6)]
    assert judge(contacts, entries, T0) == Verdict(Trust.TRUSTED)


def test_the_third_suspicious_list_that_lacks_the_same_asks_a_person() -> None:
    suspicion, pauses, asks = None, [], []
    for minute in range(4):
        suspicion = suspect(suspicion, (1, 2), after(60 * minute))
        pauses.append(suspicion.look_again // timedelta(minutes=1))
        asks.append(suspicion.asks)
    assert pauses == [1, 3, 10, 10]
    assert asks == [False, False, True, True]
    assert suspicion is not None
    assert suspicion.since == T0


def test_a_suspicion_of_something_else_begins_anew() -> None:
    asking = Suspicion(T0, (1, 2), times=3)
    assert suspect(asking, (1, 2, 3), after(60)) == Suspicion(after(60), (1, 2, 3), times=1)
