"""One look at the history: what it brings, what it forgets, and what may end it halfway."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.app.acts import Errand, LaneName, perform
from desk_phone.app.office import Office
from desk_phone.app.poll import Polled, poll
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.attention import announce
from desk_phone.model.calls import Attention, Outcome
from desk_phone.store import changing
from desk_phone.store.backups import every
from desk_phone.store.calls import Gap
from desk_phone.system.keyring_trouble import locked
from tests.offices import COLLEAGUE, OWN, RIGHT, USER, WRONG, Workplace, full_disk, told


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    return place


def look(place: Workplace, office: Office, own: str = OWN) -> Polled:
    return perform(poll(office.access, office.ledger, office.looked, own, place.clock))


def looked(place: Workplace, own: str = OWN) -> Polled:
    """As a process of its own."""
    with place.open() as office:
        return look(place, office, own)


def outcomes(office: Office) -> list[Outcome]:
    return [call.outcome for call in office.ledger.page()]


def announced(polled: Polled, awake_since: datetime) -> bool:
    return bool(announce(polled.changes, polled.at, awake_since))


# the first look


def test_the_first_look_takes_the_month_in_silently(place: Workplace) -> None:
    since = place.clock() - timedelta(days=1)
    place.telco.records[OWN] = (told(1), told(2, ago=timedelta(days=3)))
    with place.open() as office:
        polled = look(place, office)
        assert polled.first
        assert (polled.own, polled.at) == (OWN, place.clock())
        assert [c.attention for c in office.ledger.page()] == [Attention.SEEN] * 2
        assert office.ledger.missed_people() == 0
    assert not announced(polled, since)


def test_a_first_look_of_many_pieces_brings_every_call(place: Workplace) -> None:
    place.telco.records[OWN] = tuple(told(n, ago=timedelta(minutes=n)) for n in range(1, 131))
    with place.open() as office:
        polled = look(place, office)
        assert len(polled.changes) == 130
        assert len(office.ledger.page(limit=200)) == 130
        assert office.ledger.missed_people() == 0
        (writes,) = office.opened.db.execute("PRAGMA synchronous").fetchone()
        assert writes == 2  # what comes next waits for the disk again


def test_the_day_s_copy_is_made_beside_whoever_owns_the_data(place: Workplace) -> None:
    place.telco.records[OWN] = (told(1),)
    with place.open() as office:
        look(place, office)
        (errand,) = list(_errands(office))
        assert errand.lane is LaneName.UPKEEP
        assert [backup.file.exists() for backup in every(office.paths.backups)] == [True]


def _errands(office: Office) -> Iterator[Errand]:
    """Each, done in a thread of its own."""
    act = office.back_up()
    with ThreadPoolExecutor(1) as thread, suppress(StopIteration):
        errand = next(act)
        while True:
            yield errand
            errand = act.send(thread.submit(errand.work).result())


def test_each_line_has_a_first_look_of_its_own(place: Workplace) -> None:
    assert looked(place).first
    place.telco.records[COLLEAGUE] = (told(1, own=COLLEAGUE),)
    polled = looked(place, COLLEAGUE)
    assert polled.first
    assert not announced(polled, place.clock() - timedelta(days=1))


def test_what_comes_after_the_first_look_is_news(place: Workplace) -> None:
    since = place.clock()
    looked(place)
    place.clock.pass_(minutes=5)
    place.telco.records[OWN] = (told(1, now=place.clock()),)
    polled = looked(place)
    assert not polled.first
    assert [change.after.attention for change in polled.changes] == [Attention.NEW]
    assert announced(polled, since)


def test_the_same_again_is_no_news(place: Workplace) -> None:
    looked(place)
    place.clock.pass_(minutes=5)
    place.telco.records[OWN] = (told(1, now=place.clock()),)
    assert looked(place).changes
    for _ in range(3):
        place.clock.pass_(minutes=2)
        assert looked(place).changes == ()


# the same bytes


def test_the_digest_of_the_last_answer_goes_along(place: Workplace) -> None:
    looked(place)
    looked(place)
    (_, _, first), (_, _, second) = place.telco.asked
    assert first == ""
    assert len(second) == 64


def test_the_same_answer_twice_says_that_a_call_which_rang_was_missed(place: Workplace) -> None:
    looked(place)
    place.clock.pass_(minutes=5)
    ringing = replace(told(1, ago=timedelta(seconds=5), now=place.clock()), release="")
    place.telco.records[OWN] = (ringing,)
    with place.open() as office:
        look(place, office)
        assert outcomes(office) == [Outcome.RINGING]
    place.clock.pass_(seconds=15)
    polled = looked(place)
    assert [c.after.outcome for c in polled.changes] == [Outcome.MISSED]
    assert announced(polled, place.clock() - timedelta(hours=1))
    place.clock.pass_(seconds=15)
    assert looked(place).changes == ()


def test_a_look_that_brings_nothing_new_writes_at_most_every_ten_minutes(place: Workplace) -> None:
    with place.open() as office:
        look(place, office)
        changes = office.opened.db.total_changes
        for _ in range(4):
            place.clock.pass_(minutes=2)
            look(place, office)
        assert office.opened.db.total_changes == changes
        place.clock.pass_(minutes=2)
        look(place, office)
        assert office.opened.db.total_changes == changes + 1
        assert office.looked.at(OWN) == place.clock()
    with place.open() as office:
        assert office.looked.at(OWN) == place.clock()


# looks that fail


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Offline("no network"), id="offline"),
        pytest.param(Uncertain("an HTML page"), id="uncertain"),
        pytest.param(Refused("none of yours", "", "ERR003"), id="refused"),
    ],
)
def test_a_look_that_fails_changes_nothing(place: Workplace, error: PhoneError) -> None:
    looked(place)
    place.clock.pass_(minutes=30)
    place.telco.records[OWN] = (told(1, now=place.clock()),)
    place.telco.trouble["history"].append(error)
    with place.open() as office:
        before = office.looked.at(OWN)
        with pytest.raises(type(error), match=error.title):
            look(place, office)
        assert outcomes(office) == []
        assert office.looked.at(OWN) == before
    assert looked(place).changes


def test_a_refused_password_is_not_sent_by_the_next_look(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    for _ in range(3):
        with pytest.raises(BadCredentials):
            looked(place)
    assert place.refused == 1


def test_a_locked_keyring_ends_a_look(place: Workplace) -> None:
    place.keyring.trouble = locked()
    with pytest.raises(BadCredentials):
        looked(place)
    assert place.knocked == []


def test_a_full_disk_ends_a_look_and_the_next_one_brings_it_all(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(place)
    place.clock.pass_(minutes=5)
    place.telco.records[OWN] = (told(1, now=place.clock()),)
    with place.open() as office:
        monkeypatch.setattr(changing, "writing", full_disk)
        with pytest.raises(BadInput, match="No room"):
            look(place, office)
        assert outcomes(office) == []
        monkeypatch.undo()
        polled = look(place, office)
    assert [c.after.attention for c in polled.changes] == [Attention.NEW]


def test_killed_after_the_calls_were_written_the_next_look_tells_nothing_twice(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(place)
    place.clock.pass_(minutes=5)
    place.telco.records[OWN] = (told(1, now=place.clock()),)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with place.open() as office:
        monkeypatch.setattr(type(office.looked), "note", killed)
        with pytest.raises(KeyboardInterrupt):
            look(place, office)
        monkeypatch.undo()
    polled = looked(place)
    assert place.telco.asked[-1][2] == place.telco.asked[-2][2]  # it did not know the answer yet
    assert polled.changes == ()
    with place.open() as office:
        assert [c.attention for c in office.ledger.page()] == [Attention.NEW]
    looked(place)
    assert place.telco.asked[-1][2] != place.telco.asked[-2][2]


# long away


@pytest.mark.parametrize("news", [True, False], ids=["with news", "with the same answer"])
def test_what_nobody_can_tell_any_more_is_noted_as_a_gap(place: Workplace, news: bool) -> None:
    looked(place)
    before = place.clock()
    place.clock.pass_(days=40)
    if news:
        place.telco.records[OWN] = (told(1, now=place.clock()),)
    looked(place)
    with place.open() as office:
        until = place.clock() - timedelta(days=31)
        assert office.ledger.gaps(OWN) == [Gap(OWN, before, until)]
        assert office.ledger.gaps(COLLEAGUE) == []
    looked(place)
    with place.open() as office:
        assert len(office.ledger.gaps(OWN)) == 1


def test_a_month_away_is_no_gap(place: Workplace) -> None:
    looked(place)
    place.clock.pass_(days=31)
    looked(place)
    with place.open() as office:
        assert office.ledger.gaps(OWN) == []


def test_a_gap_is_noted_though_the_look_is_killed_halfway(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(place)
    place.clock.pass_(days=40)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with place.open() as office:
        monkeypatch.setattr(type(office.ledger), "note_gap", killed)
        with pytest.raises(KeyboardInterrupt):
            look(place, office)
    monkeypatch.undo()
    looked(place)
    with place.open() as office:
        assert len(office.ledger.gaps(OWN)) == 1


def test_calls_of_the_time_away_are_news_but_come_in_a_summary(place: Workplace) -> None:
    looked(place)
    place.clock.pass_(days=2)
    place.telco.records[OWN] = (
        told(1, ago=timedelta(hours=30), now=place.clock()),
        told(2, "6011111", ago=timedelta(minutes=1), now=place.clock()),
    )
    polled = looked(place)
    announcement = announce(polled.changes, polled.at, place.clock())
    assert announcement.cards == ()
    assert announcement.summary is not None
    assert (announcement.summary.calls, announcement.summary.people) == (2, 2)
