"""When the service may be asked, and with which password: one ERR001 stops everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_phone.app import trials
from desk_phone.app.access import NoPassword
from desk_phone.app.acts import Act, Errand, LaneName, perform
from desk_phone.app.office import Office
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError
from desk_phone.model.secret import Secret
from desk_phone.store import memory
from desk_phone.system.keyring_trouble import locked, none_there, odd, silent
from desk_phone.system.secrets import KeyringLocked, KeyringTrouble, NoKeyring
from tests.offices import RIGHT, USER, WRONG, Workplace, full_disk

OTHER_USER = "P0000001@elion.ee"


@pytest.fixture(autouse=True)
def _marks_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mark is two bytes: another salt might not tell two of these passwords apart."""
    monkeypatch.setattr(trials.secrets, "token_hex", lambda _: "salt")
    words = ("correct horse", "battery staple", "stale", "wrong 1", "wrong 2", "wrong 3", "wrong 4")
    assert len({trials._mark("salt", Secret(word)) for word in words}) == len(words)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


@pytest.fixture
def kept(place: Workplace) -> Workplace:
    """The right password lies in the keyring."""
    place.keyring.keep(USER, RIGHT)
    return place


def refused(deed: Callable[[], object]) -> BadCredentials:
    """``deed`` fails for the password's sake, and for no other."""
    with pytest.raises(BadCredentials, match="does not accept") as caught:
        deed()
    return caught.value


# the keyring


def test_the_password_in_the_keyring_is_used(kept: Workplace) -> None:
    assert kept.ask() == kept.telco.numbers_
    assert kept.knocked == [(USER, RIGHT.reveal())]


def test_without_a_password_nothing_is_asked(place: Workplace) -> None:
    with pytest.raises(NoPassword):
        place.ask()
    assert place.knocked == []


def test_without_a_user_not_even_the_keyring_is_asked(kept: Workplace) -> None:
    kept.change(user="")
    kept.keyring.asked.clear()
    with pytest.raises(NoPassword):
        kept.ask()
    assert kept.keyring.asked == []


def test_a_computer_without_a_keyring_has_no_password(kept: Workplace) -> None:
    kept.keyring.trouble = none_there()
    with pytest.raises(NoPassword):
        kept.ask()


@pytest.mark.parametrize("trouble", [locked(), silent(), odd()], ids=["locked", "silent", "odd"])
def test_a_keyring_in_trouble_is_told_and_nothing_is_sent(
    kept: Workplace, trouble: KeyringTrouble
) -> None:
    kept.keyring.trouble = trouble
    with kept.open() as office:
        with pytest.raises(type(trouble)):
            perform(office.access.ask_numbers(LaneName.DIAL))
        assert office.access.keyring_trouble is trouble
        assert not office.access.password_known
        assert kept.knocked == []

        kept.keyring.trouble = None
        perform(office.access.ask_numbers(LaneName.DIAL))
        assert office.access.keyring_trouble is None
        assert office.access.stored


def test_trouble_with_the_keyring_counts_as_no_wrong_password(kept: Workplace) -> None:
    kept.keyring.trouble = locked()
    for _ in range(5):
        with pytest.raises(KeyringLocked):
            kept.ask()
    kept.keyring.trouble = None
    assert kept.ask()


# a refused password


def test_a_refused_password_is_sent_once_by_whichever_process(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    first = refused(place.ask)
    for _ in range(5):
        again = refused(place.ask)
        assert (again.title, again.message) == (first.title, first.message)
    place.clock.pass_(days=300)
    refused(place.ask)
    assert place.refused == 1


def test_a_refused_password_from_standard_input_is_sent_once_too(place: Workplace) -> None:
    refused(lambda: place.ask(WRONG))
    refused(lambda: place.ask(WRONG))
    assert place.refused == 1


def test_what_was_refused_is_no_text_that_a_password_could_be_found_by(place: Workplace) -> None:
    refused(lambda: place.ask(WRONG))
    for file in place.root.rglob("*"):
        if file.is_file():
            assert WRONG.reveal().encode() not in file.read_bytes()
    with place.open() as office:
        *_, salt, marks, stored = json.loads(office.memory.get(f"account refused {USER}"))
    assert (salt, stored) == ("salt", False)
    assert len(marks) == 1
    assert 0 <= marks[0] < 65536


def test_another_password_from_standard_input_may_be_tried(place: Workplace) -> None:
    place.keyring.keep(USER, Secret("stale"))
    refused(place.ask)
    refused(lambda: place.ask(WRONG))
    assert place.ask(RIGHT)
    assert place.refused == 2


def test_a_right_one_from_standard_input_does_not_let_the_stale_one_out_again(
    place: Workplace,
) -> None:
    place.keyring.keep(USER, Secret("stale"))
    for _ in range(4):
        refused(place.ask)
        assert place.ask(RIGHT)
    assert place.refused == 1


def test_a_wrong_one_from_standard_input_does_not_stop_the_stored_one(kept: Workplace) -> None:
    assert kept.ask()
    refused(lambda: kept.ask(WRONG))
    assert kept.ask()


def test_a_password_that_somebody_put_into_the_keyring_is_used(place: Workplace) -> None:
    place.keyring.keep(USER, Secret("stale"))
    refused(place.ask)
    place.keyring.keep(USER, RIGHT)
    assert place.ask()
    with place.open() as office:
        assert office.access.refusal is None


def test_a_password_that_ceased_to_work_stops_all_traffic(kept: Workplace) -> None:
    with kept.open() as office:
        perform(office.access.ask_numbers(LaneName.DIAL))
        assert office.access.refusal is None
        kept.passwords[USER] = Secret("new")
        refused(lambda: perform(office.access.ask_numbers(LaneName.UPKEEP)))
        asked = len(kept.knocked)
        for lane in LaneName:
            refused(lambda lane=lane: perform(office.access.ask_numbers(lane)))
        assert office.access.refusal is office.access.refusal is not None
    refused(kept.ask)
    assert len(kept.knocked) == asked


def test_a_full_disk_does_not_make_us_forget_a_refusal(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.keyring.keep(USER, WRONG)
    with place.open() as office:
        monkeypatch.setattr(memory, "writing", full_disk)
        refused(lambda: perform(office.access.ask_numbers(LaneName.DIAL)))
        refused(lambda: perform(office.access.ask_numbers(LaneName.DIAL)))
        assert office.access.refusal is not None
    assert place.refused == 1


# tries over time


def _enter(place: Workplace, password: Secret, user: str = USER) -> None:
    with place.open() as office:
        perform(office.access.enter(user, password))


def test_a_fourth_wrong_password_within_an_hour_is_not_sent(place: Workplace) -> None:
    for n in range(1, 4):
        refused(lambda n=n: _enter(place, Secret(f"wrong {n}")))
        place.clock.pass_(minutes=15)
    with pytest.raises(BadInput, match="Too many") as caught:
        _enter(place, RIGHT)
    assert "15 min" in caught.value.message or "16 min" in caught.value.message
    assert place.refused == len(place.knocked) == 3
    place.clock.pass_(minutes=15)
    refused(lambda: _enter(place, Secret("wrong 4")))  # the first is an hour ago
    with pytest.raises(BadInput, match="Too many"):
        _enter(place, RIGHT)
    place.clock.pass_(minutes=15)
    _enter(place, RIGHT)
    assert place.refused == 4


def test_standard_input_is_no_way_around_the_limit(place: Workplace) -> None:
    for n in range(1, 4):
        refused(lambda n=n: place.ask(Secret(f"wrong {n}")))
    with pytest.raises(BadInput, match="Too many"):
        place.ask(RIGHT)
    assert len(place.knocked) == 3


def test_nor_is_a_keyring_that_is_filled_again_and_again(place: Workplace) -> None:
    for n in range(1, 4):
        place.keyring.keep(USER, Secret(f"wrong {n}"))
        refused(place.ask)
    place.keyring.keep(USER, Secret("wrong 4"))
    with pytest.raises(BadInput, match="Too many"):
        place.ask()
    assert len(place.knocked) == 3


def test_a_stored_one_that_ceased_to_work_is_trusted_no_longer(kept: Workplace) -> None:
    assert kept.ask()
    kept.passwords[USER] = Secret("new")
    refused(kept.ask)
    for n in range(1, 3):
        kept.keyring.keep(USER, Secret(f"wrong {n}"))
        refused(kept.ask)
    kept.keyring.keep(USER, Secret("wrong 3"))
    with pytest.raises(BadInput, match="Too many"):
        kept.ask()
    assert kept.refused == 3 + 1  # the first was right when it was sent


def test_tries_at_a_new_password_do_not_stop_the_one_that_works(kept: Workplace) -> None:
    assert kept.ask()
    for n in range(1, 4):
        refused(lambda n=n: _enter(kept, Secret(f"wrong {n}")))
    assert kept.ask()


def test_a_clock_that_went_back_lets_nobody_wait_for_days(place: Workplace) -> None:
    for n in range(1, 4):
        refused(lambda n=n: _enter(place, Secret(f"wrong {n}")))
    place.clock.pass_(days=-3)
    _enter(place, RIGHT)


def test_asking_again_with_the_same_password_is_a_try(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    with place.open() as office:
        refused(lambda: perform(office.access.ask_numbers(LaneName.DIAL)))
        for _ in range(2):
            office.access.try_again()
            assert office.access.refusal is None
            refused(lambda: perform(office.access.ask_numbers(LaneName.DIAL)))
        with pytest.raises(BadInput, match="Too many"):
            office.access.try_again()
        assert place.refused == 3

        place.clock.pass_(hours=1)
        place.passwords[USER] = WRONG  # the service takes it now
        office.access.try_again()
        assert perform(office.access.ask_numbers(LaneName.DIAL))
    assert place.ask()


# a person enters a password


def test_a_password_that_works_is_kept_and_ends_the_stop(place: Workplace) -> None:
    place.keyring.keep(USER, Secret("stale"))
    refused(place.ask)
    with place.open() as office:
        perform(office.access.enter(USER, RIGHT))
        assert office.access.stored
        assert office.access.refusal is None
        assert office.access.numbers == place.telco.numbers_
    assert place.keyring.read(USER) == RIGHT
    assert place.ask()


def test_a_password_that_is_refused_is_kept_nowhere(kept: Workplace) -> None:
    with kept.open() as office:
        refused(lambda: perform(office.access.enter(USER, WRONG)))
        assert office.access.refusal is None  # the one there is was not refused
        assert perform(office.access.ask_numbers(LaneName.DIAL))
    assert kept.keyring.read(USER) == RIGHT


def test_one_that_could_not_be_tried_is_not_kept_either(place: Workplace) -> None:
    place.keyring.keep(USER, Secret("stale"))
    place.telco.trouble["numbers"].append(Offline("no network"))
    with pytest.raises(Offline):
        _enter(place, RIGHT)
    assert place.keyring.read(USER) == Secret("stale")


@pytest.mark.parametrize(
    ("user", "password"),
    [
        pytest.param("", RIGHT, id="no user"),
        pytest.param("  ", RIGHT, id="blank user"),
        pytest.param(USER, Secret(""), id="no password"),
    ],
)
def test_half_an_account_is_not_sent(place: Workplace, user: str, password: Secret) -> None:
    with pytest.raises(BadInput, match="missing"):
        _enter(place, password, user)
    assert place.knocked == []


@pytest.mark.parametrize(
    "trouble",
    [none_there(), locked(), silent(), BadInput("too long for the keyring")],
    ids=["absent", "locked", "silent", "too long"],
)
def test_what_works_is_used_though_the_keyring_does_not_keep_it(
    place: Workplace, trouble: PhoneError
) -> None:
    place.keyring.trouble = trouble  # type: ignore[assignment]
    with place.open() as office:
        perform(office.access.enter(USER, RIGHT))
        assert office.access.keeping_trouble is trouble
        assert office.access.password_known
        assert not office.access.stored
        assert perform(office.access.ask_numbers(LaneName.UPKEEP))


def test_the_stale_one_stays_stopped_where_the_new_one_could_not_be_kept(place: Workplace) -> None:
    place.keyring.keep(USER, Secret("stale"))
    refused(place.ask)
    place.keyring.trouble = locked()
    _enter(place, RIGHT)
    place.keyring.trouble = None
    refused(place.ask)
    assert place.refused == 1


def test_a_refused_password_that_the_service_takes_now_is_refused_no_more(
    place: Workplace,
) -> None:
    place.keyring.trouble = none_there()
    refused(lambda: place.ask(WRONG))
    place.passwords[USER] = WRONG
    _enter(place, WRONG)
    assert place.ask(WRONG)


def test_forgetting_forgets_the_refusal_too_but_not_the_tries(place: Workplace) -> None:
    for _ in range(3):
        place.keyring.keep(USER, WRONG)
        refused(place.ask)
        with place.open() as office:
            perform(office.access.forget())
            assert office.access.refusal is None
        assert not place.keyring.read(USER)
    place.keyring.keep(USER, WRONG)
    with pytest.raises(BadInput, match="Too many"):
        place.ask()
    assert place.refused == 3


def test_forgetting_where_there_is_no_keyring_forgets_what_is_in_hand(place: Workplace) -> None:
    place.keyring.trouble = none_there()
    with place.open(RIGHT) as office:
        perform(office.access.forget())
        assert not office.access.password_known


def test_forgetting_tells_when_the_keyring_kept_it(kept: Workplace) -> None:
    with kept.open() as office:
        kept.keyring.trouble = locked()
        with pytest.raises(KeyringLocked):
            perform(office.access.forget())


# two users


def test_one_user_does_not_pay_for_another(place: Workplace) -> None:
    place.passwords[OTHER_USER] = Secret("stale")
    place.keyring.keep(USER, WRONG)
    place.keyring.keep(OTHER_USER, Secret("stale"))
    refused(place.ask)
    place.change(user=OTHER_USER)
    assert place.ask()
    place.change(user=USER)
    refused(place.ask)
    assert place.refused == 1


def test_each_user_has_an_own_company(place: Workplace) -> None:
    place.passwords[OTHER_USER] = Secret("stale")
    place.keyring.keep(USER, RIGHT)
    place.keyring.keep(OTHER_USER, Secret("stale"))
    mine = place.ask()
    place.telco.numbers_ = ("+3726660000",)
    place.change(user=OTHER_USER)
    with place.open() as office:
        assert office.access.numbers == ()
        perform(office.access.ask_numbers(LaneName.DIAL))
        assert office.access.numbers == ("+3726660000",)
        place.change(user=USER)
        assert office.access.numbers == mine


def test_a_given_password_is_for_the_user_of_that_moment(place: Workplace) -> None:
    with place.open(RIGHT) as office:
        place.change(user=OTHER_USER)
        assert not office.access.password_known
        with pytest.raises(NoPassword):
            perform(office.access.ask_numbers(LaneName.DIAL))
    assert place.knocked == []


# while a request is under way


class Slowly:
    """An act whose errands are done when the test says so."""

    def __init__(self, act: Act[object]) -> None:
        self._act = act
        self.errand: Errand | None = next(act)
        self.outcome: object = None

    def work(self) -> None:
        """Do the errand, and go on to the next one or the end."""
        self.hear(self.ask())

    def ask(self) -> object:
        """Do the errand; a failure is an answer too."""
        assert self.errand is not None
        try:
            return self.errand.work()
        except PhoneError as error:
            return error

    def hear(self, answer: object) -> None:
        try:
            failed = isinstance(answer, PhoneError)
            self.errand = self._act.throw(answer) if failed else self._act.send(answer)
        except (StopIteration, PhoneError) as end:
            self.errand = None
            self.outcome = end.value if isinstance(end, StopIteration) else end


def _asking(office: Office, lane: LaneName = LaneName.UPKEEP) -> Slowly:
    return Slowly(office.access.ask_numbers(lane))


def test_an_old_password_that_is_refused_late_does_not_stop_the_new_one(kept: Workplace) -> None:
    with kept.open() as office:
        perform(office.access.ask_numbers(LaneName.UPKEEP))
        poll = _asking(office)
        kept.passwords[USER] = WRONG  # from now on the right one
        perform(office.access.enter(USER, WRONG))
        poll.work()
        assert isinstance(poll.outcome, BadCredentials)
        assert office.access.refusal is None
        assert perform(office.access.ask_numbers(LaneName.DIAL))
    with kept.open() as office:
        assert office.access.refusal is None  # what lies in the keyring is the new one
    assert kept.ask()


def test_an_old_password_that_is_taken_late_does_not_come_back(place: Workplace) -> None:
    place.keyring.trouble = none_there()
    with place.open(RIGHT) as office:
        poll = _asking(office)
        answer = poll.ask()
        for _ in range(2):
            refused(lambda: perform(office.access.enter(USER, Secret("stale"))))
        place.passwords[USER] = WRONG  # from now on the right one
        perform(office.access.enter(USER, WRONG))
        poll.hear(answer)
        assert poll.outcome == place.telco.numbers_
        refused(lambda: perform(office.access.enter(USER, Secret("stale"))))
        perform(office.access.ask_numbers(LaneName.DIAL))  # it is known to work: this is no try
        assert place.knocked[-1] == (USER, WRONG.reveal())


def test_what_stands_behind_a_refused_request_is_not_sent(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    with place.open() as office:
        perform(office.access.is_kept())
        waiting = [_asking(office, lane) for lane in (LaneName.UPKEEP, *LaneName)]
        for each in waiting:
            each.work()
            assert isinstance(each.outcome, BadCredentials)
        assert place.refused == 1
        office.access.try_again()
        refused(lambda: perform(office.access.ask_numbers(LaneName.DIAL)))
        assert place.refused == 2  # and the first three were one try
        office.access.try_again()


def test_while_the_keyring_thinks_the_old_user_is_not_mixed_up_with_the_new_one(
    kept: Workplace,
) -> None:
    kept.passwords[OTHER_USER] = Secret("stale")
    kept.keyring.trouble = none_there()
    with kept.open(RIGHT) as office:
        entering = Slowly(office.access.enter(OTHER_USER, Secret("stale")))
        entering.work()  # the service takes it
        perform(office.access.ask_numbers(LaneName.UPKEEP))  # a poll for the old user
        entering.work()  # the keyring does not
        assert entering.outcome == kept.telco.numbers_
        kept.change(user=OTHER_USER)
        assert perform(office.access.ask_numbers(LaneName.UPKEEP))
    assert [user for user, _ in kept.knocked] == [OTHER_USER, USER, OTHER_USER]


# small things


def test_each_lane_has_a_connection_of_its_own_and_keeps_it(
    kept: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    connect = kept.connect
    monkeypatch.setattr(kept, "connect", lambda account: made.append(account) or connect(account))
    with kept.open() as office:
        for _ in range(3):
            for lane in LaneName:
                perform(office.access.ask_numbers(lane))
        assert len(made) == len(LaneName)
        kept.change(service_url="https://other.example/")
        perform(office.access.ask_numbers(LaneName.DIAL))
        assert len(made) == len(LaneName) + 1


def test_other_trouble_is_no_refusal(kept: Workplace) -> None:
    kept.telco.trouble["numbers"].append(Offline("no network"))
    with pytest.raises(Offline):
        kept.ask()
    assert kept.ask()


def test_whether_there_is_a_password_can_be_asked_without_the_service(kept: Workplace) -> None:
    with kept.open() as office:
        assert perform(office.access.is_kept())
        assert office.access.password_known
    kept.keyring.forget(USER)
    with kept.open() as office:
        assert not perform(office.access.is_kept())
    kept.keyring.trouble = NoKeyring("none")
    with kept.open() as office:
        assert not perform(office.access.is_kept())
    assert kept.knocked == []
