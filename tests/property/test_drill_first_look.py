"""The first look at a busy line comes in pieces, and may end between any two of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.app.acts import Act, perform
from desk_phone.app.office import Office
from desk_phone.app.poll import Polled, poll
from desk_phone.model.attention import announce
from desk_phone.model.calls import Attention
from tests.offices import OWN, RIGHT, USER, Workplace, told

RECORDS = 450


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    records = tuple(told(n, ago=timedelta(minutes=5 * n)) for n in range(1, RECORDS + 1))
    place.telco.records[OWN] = records
    return place


def _look(place: Workplace, office: Office) -> Act[Polled]:
    return poll(office.access, office.ledger, office.looked, OWN, place.clock)


@pytest.mark.parametrize("pieces", [1, 2, 4])
def test_killed_between_two_pieces_it_begins_anew_as_silently(
    place: Workplace, pieces: int
) -> None:
    with place.open() as office:
        act = _look(place, office)
        errand = next(act)
        while not (known := len(office.ledger.page(limit=2 * RECORDS))):
            errand = act.send(errand.work())
        for _ in range(pieces - 1):
            errand = act.send(errand.work())
        act.close()
    assert 0 < known < RECORDS
    with place.open() as office:
        polled = perform(_look(place, office))
        calls = office.ledger.page(limit=2 * RECORDS)
    assert polled.first
    assert len(calls) == RECORDS
    assert {call.attention for call in calls} == {Attention.SEEN}
    assert not announce(polled.changes, polled.at, place.clock() - timedelta(days=9))


def test_others_have_their_turn_between_the_pieces(place: Workplace) -> None:
    with place.open() as office:
        act, turns = _look(place, office), 0
        errand = next(act)
        while True:
            try:
                errand = act.send(errand.work())
            except StopIteration as end:
                polled = end.value
                break
            turns += bool(office.ledger.page(limit=1))
    assert turns == RECORDS // 50
    assert len(polled.changes) == RECORDS
