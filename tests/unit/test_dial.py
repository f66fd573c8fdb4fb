"""One dial, and all that can end it: what was surely not sent leaves no row, and nothing is sent
twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.app import dial
from desk_phone.app.acts import Act, LaneName, perform
from desk_phone.app.dial import Plan, TooSoon, plan, plan_key
from desk_phone.app.office import Office
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.calls import Change, Direction, Outcome, Record
from desk_phone.model.dialing import Source, Verdict, Why
from desk_phone.store import changing
from desk_phone.system.keyring_trouble import locked
from tests.offices import COLLEAGUE, OWN, RIGHT, USER, WRONG, Workplace, full_disk, told

MOBILE = "+37251234567"
OTHERS = ("51234567", "51234568", "51234569", "6011111", "6011112", "6011113", "6011114")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    return place


def planned(office: Office, text: str = MOBILE, own: str = OWN) -> Plan:
    return plan(text, Source.WINDOW, own, office.ledger, frozenset())


def dialling(
    place: Workplace,
    office: Office,
    text: str = MOBILE,
    told: Callable[[tuple[Change, ...]], object] = lambda _: None,
) -> Act[None]:
    return dial.dial(planned(office, text), office.access, office.ledger, place.clock(), told)


def rows(office: Office) -> list[tuple[str, Outcome]]:
    return [(call.other, call.outcome) for call in office.ledger.page()]


# what ends a dial


def test_a_dial_is_sent_once_and_leaves_a_row(place: Workplace) -> None:
    with place.open() as office:
        perform(dialling(place, office))
        (call,) = office.ledger.page()
    assert place.telco.dialled == [(OWN, MOBILE)]
    assert (call.own, call.other, call.direction) == (OWN, MOBILE, Direction.OUTGOING)
    assert (call.start, call.outcome) == (place.clock(), Outcome.RINGING)


NOT_MADE = [
    pytest.param(Offline("no network"), id="offline"),
    pytest.param(Refused("busy", "", "ERR1001"), id="refused"),
    pytest.param(BadInput("a character cannot be sent"), id="bad input"),
]


@pytest.mark.parametrize("error", NOT_MADE)
def test_a_dial_that_surely_was_not_made_leaves_no_row(place: Workplace, error: PhoneError) -> None:
    heard: list[tuple[Change, ...]] = []
    place.telco.trouble["call"].append(error)
    with place.open() as office:
        with pytest.raises(type(error), match=error.title):
            perform(dialling(place, office, told=heard.append))
        assert rows(office) == []
        assert len(heard) == 2  # it came, and who shows it must look again now that it went
        perform(dialling(place, office))  # nothing holds the next one back
    assert place.telco.dialled == [(OWN, MOBILE)]


def test_a_refused_password_leaves_no_row(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    with place.open() as office:
        for _ in range(2):
            with pytest.raises(BadCredentials):
                perform(dialling(place, office))
            assert rows(office) == []
    assert place.refused == 1


def test_a_locked_keyring_leaves_no_row(place: Workplace) -> None:
    place.keyring.trouble = locked()
    with place.open() as office:
        with pytest.raises(BadCredentials):
            perform(dialling(place, office))
        assert rows(office) == []


def test_an_answer_that_got_lost_leaves_the_row_and_is_not_sent_again(place: Workplace) -> None:
    place.telco.trouble["call"].append(Uncertain("no answer", "look before you call again"))
    with place.open() as office:
        with pytest.raises(Uncertain):
            perform(dialling(place, office))
        assert rows(office) == [(MOBILE, Outcome.RINGING)]
        with pytest.raises(TooSoon):
            perform(dialling(place, office))
    assert place.telco.dialled == [(OWN, MOBILE)]


@pytest.mark.parametrize("end", [KeyboardInterrupt(), MemoryError()], ids=["Ctrl+C", "a bug"])
def test_what_breaks_in_while_it_is_sent_leaves_the_row(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    """Nobody can say whether it was sent."""

    def broken(_own: str, _other: str) -> None:
        raise end

    monkeypatch.setattr(place.telco, "call", broken)
    with place.open() as office:
        with pytest.raises(type(end)):
            perform(dialling(place, office))
        assert rows(office) == [(MOBILE, Outcome.RINGING)]


def test_an_act_that_nobody_goes_on_with_leaves_the_row(place: Workplace) -> None:
    """The tray program was quit while its lane waited for the answer."""
    with place.open() as office:
        act = dialling(place, office)
        next(act)  # reads the keyring
        act.send(RIGHT)  # sends
        act.close()
        assert rows(office) == [(MOBILE, Outcome.RINGING)]


def test_the_row_is_there_before_anything_is_sent(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    with place.open() as office:
        monkeypatch.setattr(place.telco, "call", lambda *_: seen.append(rows(office)))
        perform(dialling(place, office, told=seen.append))
    changes, then = seen
    assert isinstance(changes, tuple)
    assert changes[0].after.other == MOBILE
    assert then == [(MOBILE, Outcome.RINGING)]


def test_without_room_for_the_row_nothing_is_sent(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.open() as office:
        monkeypatch.setattr(changing, "writing", full_disk)
        with pytest.raises(BadInput, match="No room"):
            perform(dialling(place, office))
        assert rows(office) == []
    assert place.knocked == []


def test_without_room_to_take_the_row_back_the_first_reason_is_told(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.telco.trouble["call"].append(Refused("busy", "", "ERR1001"))
    with place.open() as office:
        act = dialling(place, office)
        errand = next(act)
        errand = act.send(errand.work())
        monkeypatch.setattr(changing, "writing", full_disk)
        with pytest.raises(Refused) as caught:
            errand.work()
        with pytest.raises(Refused, match="busy"):
            act.throw(caught.value)


def test_without_a_line_nothing_is_sent(place: Workplace) -> None:
    with place.open() as office:
        with pytest.raises(BadInput, match="line is not chosen"):
            perform(dial.dial(planned(office, own=""), office.access, office.ledger, place.clock()))
        assert rows(office) == []
    assert place.knocked == []


# a call that was there before


def test_a_dial_joined_to_a_call_of_the_handset_is_taken_back_from_it(place: Workplace) -> None:
    """Somebody lifted the handset, dialled, and clicked as well: the phone is busy."""
    with place.open() as office:
        record = told(1, outgoing=True, ago=timedelta(seconds=3))
        office.ledger.record(Record(OWN, record), now=place.clock())
        place.telco.trouble["call"].append(Refused("busy", "", "ERR1001"))
        with pytest.raises(Refused):
            perform(dialling(place, office))
        (call,) = office.ledger.page()
        assert call.record_id == "1"
        assert office.ledger.dialled_since(place.clock() - timedelta(minutes=1)) == []


def test_only_the_dial_that_failed_is_taken_back(place: Workplace) -> None:
    with place.open() as office:
        perform(dialling(place, office))
        first = place.clock()
        place.clock.pass_(seconds=11)
        place.telco.trouble["call"].append(Refused("busy", "", "ERR1001"))
        with pytest.raises(Refused):
            perform(dialling(place, office))
        assert office.ledger.dialled_since(first) == [(MOBILE, first)]


def test_also_where_noting_it_sorts_an_earlier_dial_anew(place: Workplace) -> None:
    """The earlier one had taken the record of a call that is nearer to the later one."""
    with place.open() as office:
        perform(dialling(place, office))
        first = place.clock()
        place.clock.pass_(seconds=11)
        record = told(1, outgoing=True, ago=timedelta(seconds=0), now=place.clock())
        office.ledger.record(Record(OWN, record), now=place.clock())
        assert len(office.ledger.page()) == 1
        place.telco.trouble["call"].append(Refused("busy", "", "ERR1001"))
        with pytest.raises(Refused):
            perform(dialling(place, office))
        assert office.ledger.dialled_since(first) == [(MOBILE, first)]


# limits, over processes


def test_the_same_number_within_ten_seconds_is_held_back(place: Workplace) -> None:
    with place.open() as office:
        perform(dialling(place, office))
    place.clock.pass_(seconds=9.9)
    with place.open() as office:
        with pytest.raises(TooSoon, match="5123 4567 was dialled just now") as caught:
            perform(dialling(place, office))
        assert caught.value.same
        place.clock.pass_(seconds=0.1)
        perform(dialling(place, office))
    assert len(place.telco.dialled) == 2


def test_however_it_is_written(place: Workplace) -> None:
    with place.open() as office:
        perform(dialling(place, office, "5123 4567"))
        for text in ("tel:+372-5123-4567", "00372 51234567", "+37251234567"):
            with pytest.raises(TooSoon):
                perform(dialling(place, office, text))


def test_a_seventh_call_within_a_minute_is_held_back(place: Workplace) -> None:
    for other in OTHERS[:6]:
        with place.open() as office:
            perform(dialling(place, office, other))
        place.clock.pass_(seconds=5)
    with place.open() as office:
        with pytest.raises(TooSoon, match="Six calls a minute") as caught:
            perform(dialling(place, office, OTHERS[6]))
        assert not caught.value.same
        place.clock.pass_(seconds=30)
        perform(dialling(place, office, OTHERS[6]))
    assert len(place.telco.dialled) == 7


def test_what_was_not_made_does_not_count(place: Workplace) -> None:
    with place.open() as office:
        for other in OTHERS * 2:
            place.telco.trouble["call"].append(Offline("no network"))
            with pytest.raises(Offline):
                perform(dialling(place, office, other))


def test_a_clock_that_went_back_holds_nobody_back(place: Workplace) -> None:
    with place.open() as office:
        perform(dialling(place, office))
        place.clock.pass_(hours=-1)
        perform(dialling(place, office))


# plans


def test_a_plan_knows_who_it_is(place: Workplace) -> None:
    with place.open() as office:
        record = told(1, talked=timedelta(minutes=1))
        named = type(record)(*(*(getattr(record, f) for f in _FIELDS[:6]), "Jaan", "", ""))
        office.ledger.record(Record(OWN, named), now=place.clock())
        assert planned(office).name == "Jaan"
        assert plan("7123456", Source.WINDOW, OWN, office.ledger, frozenset()).name == ""


_FIELDS = ("id", "calling", "called", "answered", "direction", "start")


def test_a_number_of_the_history_can_be_planned_however_odd(place: Workplace) -> None:
    with place.open() as office:
        odd = plan_key("555111222", Source.WINDOW, OWN, office.ledger, frozenset())
        typed = plan("555111222", Source.WINDOW, OWN, office.ledger, frozenset())
    assert (odd.decision.verdict, odd.decision.why) == (Verdict.ASK, Why.UNPLANNED)
    assert typed.decision.verdict is Verdict.REFUSE


def test_a_colleague_is_known(place: Workplace) -> None:
    with place.open() as office:
        perform(office.access.ask_numbers(LaneName.DIAL))
        colleagues = frozenset(office.access.numbers)
        planned = plan(COLLEAGUE, Source.WINDOW, OWN, office.ledger, colleagues)
    assert planned.decision.colleague


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("112", "Lift the handset", id="emergency"),
        pytest.param("+881612345678", "too much", id="satellite"),
        pytest.param(OWN, "your own phone", id="own"),
        pytest.param("", "no number", id="empty"),
        pytest.param("Mari 5123 4567, tuba 12", "no letters", id="letters"),
        pytest.param("*21*5123456#", "switch services", id="codes"),
        pytest.param("51234567,,12", "Pauses", id="pauses"),
        pytest.param("12", "Too short", id="short"),
        pytest.param("1" * 300, "Too long", id="long"),
        pytest.param("640 3231-33", "range", id="range"),
        pytest.param("24.12.2026", "date", id="date"),
    ],
)
def test_why_a_text_is_not_dialled(place: Workplace, text: str, said: str) -> None:
    with place.open() as office:
        refused = planned(office, text)
        assert refused.decision.verdict is Verdict.REFUSE
        error = dial.refusal(refused)
    assert said in error.message
    assert len(error.title) < 70
