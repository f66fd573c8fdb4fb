"""A code that works once: nothing that comes for it is lost, and nobody is told wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from desk_phone.app.acts import LaneName, perform
from desk_phone.app.kept_settings import KeptSettings, Locked
from desk_phone.app.no_password import NotEnrolled
from desk_phone.app.office import Office
from desk_phone.app.relay_acts import Enrolment, broker_item
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.company import company_of
from desk_phone.model.relayed import NotOurs
from desk_phone.model.secret import Secret
from desk_phone.settings import Preset, Settings
from desk_phone.system.keyring_trouble import locked, none_there
from desk_phone.telco.account import Account
from desk_phone.telco.enrolled import Enrolled, enrolled_of
from tests.offices import RIGHT, USER, Workplace
from tests.relayed import CODE, OTHER_LINE, OWN, RELAY, enrolled


@dataclass
class Relay:
    """Takes any code once; ``after`` happens when it was spent."""

    gives: Enrolled = field(default_factory=enrolled)
    trouble: PhoneError | None = None
    after: Callable[[], object] = lambda: None
    spent: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, url: str, code: Secret, proxy: str) -> Enrolled:
        if self.trouble is not None:
            raise self.trouble
        self.spent.append((url, code.reveal()))
        self.after()
        return self.gives


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path, settings=Settings())
    place.passwords["d1"] = Secret("token of d1")
    return place


@pytest.fixture
def relay() -> Relay:
    return Relay()


def joining(place: Workplace, office: Office, relay: Relay) -> Enrolment:
    return Enrolment(office.access, place.keyring, lambda: place.settings, place.change, relay)


def enrol(place: Workplace, relay: Relay, url: str = RELAY, code: Secret = CODE) -> None:
    with place.open() as office:
        perform(joining(place, office, relay).enrol(url, code))


# joining


def test_a_code_joins_in_one_go(place: Workplace, relay: Relay) -> None:
    enrol(place, relay, url=f" {RELAY}/ ", code=Secret(" abcd efgh\n"))
    assert relay.spent == [(RELAY, "abcdefgh")]
    settings = place.settings
    assert settings.relayed
    assert (settings.relay_url, settings.relay_device) == (RELAY, "d1")
    assert settings.relay_broker == "mqtts://d1@broker.company.example:8883"
    assert (settings.lines, settings.own_number) == ((OWN,), OWN)
    given = enrolled()
    assert company_of(settings.user, settings.service_url).is_same(
        company_of(given.user, given.service_url)
    )
    assert place.keyring.read("d1") == given.token
    assert place.keyring.read(broker_item("d1")) == given.broker_password


def test_of_several_numbers_a_person_chooses(place: Workplace, relay: Relay) -> None:
    relay.gives = enrolled(numbers=(OWN, OTHER_LINE))
    enrol(place, relay)
    assert place.settings.own_number == ""
    place.change(own_number=OTHER_LINE)
    enrol(place, relay)
    assert place.settings.own_number == OTHER_LINE  # what was chosen stays


def test_a_number_that_is_not_this_computers_is_let_go(place: Workplace, relay: Relay) -> None:
    place.change(own_number="+3726000000")
    enrol(place, relay)
    assert place.settings.own_number == OWN


def test_the_company_stays_the_same(place: Workplace, relay: Relay) -> None:
    place.change(user=USER)
    with place.open() as office:
        before = office.access.company
        perform(joining(place, office, relay).enrol(RELAY, CODE))
        assert before.is_same(office.access.company)


def test_the_company_s_password_has_no_business_here_any_more(
    place: Workplace, relay: Relay
) -> None:
    place.change(user=USER)
    place.keyring.keep(USER, RIGHT)
    enrol(place, relay)
    assert not place.keyring.read(USER)


def test_what_the_keyring_does_not_take_leaves_the_password_there(
    place: Workplace, relay: Relay
) -> None:
    place.change(user=USER)
    place.keyring.keep(USER, RIGHT)
    relay.after = lambda: setattr(place.keyring, "trouble", locked())
    enrol(place, relay)
    place.keyring.trouble = None
    assert place.keyring.read(USER) == RIGHT


def test_from_now_on_the_token_opens(place: Workplace, relay: Relay) -> None:
    place.change(user=USER)
    place.keyring.keep(USER, RIGHT)
    made: list[Account] = []
    connect = place.connect
    place.connect = lambda account: made.append(account) or connect(account)  # type: ignore[method-assign]
    place.passwords[USER] = Secret("token of d1")  # of whoever stands behind the relay
    with place.open() as office:
        perform(joining(place, office, relay).enrol(RELAY, CODE))
        perform(office.access.ask_numbers(LaneName.UPKEEP))
        assert office.access.password_known
        assert office.access.stored
    with place.open() as office:  # and after a restart
        perform(office.access.ask_numbers(LaneName.UPKEEP))
    assert [(one.relay_url, one.device) for one in made] == [(RELAY, "d1")] * 2
    assert {one.password for one in made} == {enrolled().token}


# what goes wrong before the code is used


@pytest.mark.parametrize(
    "url", ["", "relay", "http://relay.company.example", "ftp://x", "https://u:p@relay.example"]
)
def test_a_bad_address_uses_no_code(place: Workplace, relay: Relay, url: str) -> None:
    with pytest.raises(BadInput, match="address"):
        enrol(place, relay, url=url)
    assert relay.spent == []
    assert place.settings == Settings()


@pytest.mark.parametrize("code", ["", " \n", "a\x00b", "x" * 300])
def test_no_code_is_not_sent(place: Workplace, relay: Relay, code: str) -> None:
    with pytest.raises(BadInput, match="code is missing"):
        enrol(place, relay, code=Secret(code))
    assert relay.spent == []


@pytest.mark.parametrize("trouble", [locked(), none_there()], ids=["locked", "none"])
def test_without_a_keyring_the_code_is_not_used(
    place: Workplace, relay: Relay, trouble: BadCredentials
) -> None:
    place.keyring.trouble = trouble
    with pytest.raises(BadInput, match="code was not used"):
        enrol(place, relay)
    assert relay.spent == []
    assert not place.settings.relayed
    place.keyring.trouble = None
    enrol(place, relay)
    assert place.settings.relayed


@pytest.mark.parametrize("trouble", [Offline("no network"), Refused("unknown code")])
def test_a_relay_that_says_no_changes_nothing(
    place: Workplace, relay: Relay, trouble: PhoneError
) -> None:
    relay.trouble = trouble
    with pytest.raises(type(trouble)):
        enrol(place, relay)
    assert not place.settings.relayed
    assert place.settings.relay_url == RELAY  # need not be typed again


def test_one_enrolled_elsewhere_leaves_first(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    with pytest.raises(BadInput, match="another relay"):
        enrol(place, relay, url="https://other.example")
    assert len(relay.spent) == 1
    assert place.settings.relay_url == RELAY


def test_what_is_fixed_for_everybody_stays(tmp_path: Path, place: Workplace, relay: Relay) -> None:
    preset = Preset(locked={"relay_url": RELAY, "user": USER})
    kept = KeptSettings(preset.settings, tmp_path / "settings.json", preset=preset)
    with place.open() as office:
        enrolment = Enrolment(
            office.access, place.keyring, lambda: kept.current, kept.change, relay
        )
        with pytest.raises(Locked):
            perform(enrolment.enrol("https://other.example", CODE))
        assert relay.spent == []
        relay.gives = replace(enrolled(), user="somebody@else.example")
        perform(enrolment.enrol(RELAY, CODE))
    assert (kept.current.relay_device, kept.current.user) == ("d1", USER)


# what goes wrong when it was


def test_a_lost_answer_is_told_as_such(place: Workplace, relay: Relay) -> None:
    relay.trouble = Uncertain("The connection was closed without an answer")
    with pytest.raises(Uncertain, match="may be used up") as caught:
        enrol(place, relay)
    assert "new one" in caught.value.message
    assert not place.settings.relayed


def test_a_keyring_that_closes_meanwhile_loses_nothing(place: Workplace, relay: Relay) -> None:
    place.passwords[enrolled().user] = enrolled().token
    relay.after = lambda: setattr(place.keyring, "trouble", locked())
    with place.open() as office:
        enrolment = joining(place, office, relay)
        perform(enrolment.enrol(RELAY, CODE))
        assert place.settings.relayed
        assert office.access.keeping_trouble is place.keyring.trouble
        perform(office.access.ask_numbers(LaneName.UPKEEP))  # it holds for this run
        with pytest.raises(BadCredentials):
            perform(enrolment.keep_again())
        place.keyring.trouble = None
        perform(enrolment.keep_again())
        assert office.access.keeping_trouble is None
        assert office.access.stored
    assert place.keyring.read("d1") == enrolled().token
    assert place.keyring.read(broker_item("d1")) == enrolled().broker_password


# afterwards


def test_a_revoked_token_stops_all_traffic(place: Workplace, relay: Relay) -> None:
    place.passwords[enrolled().user] = Secret("another")
    with place.open() as office:
        perform(joining(place, office, relay).enrol(RELAY, CODE))
        for _ in range(3):
            with pytest.raises(BadCredentials):
                perform(office.access.ask_numbers(LaneName.UPKEEP))
        assert office.access.refusal is not None
    with place.open() as office, pytest.raises(BadCredentials):
        perform(office.access.ask_numbers(LaneName.UPKEEP))
    assert place.refused == 1


def test_a_new_code_ends_that(place: Workplace, relay: Relay) -> None:
    test_a_revoked_token_stops_all_traffic(place, relay)
    relay.gives = enrolled("d2")
    place.passwords[enrolled().user] = relay.gives.token
    enrol(place, relay)
    with place.open() as office:
        perform(office.access.ask_numbers(LaneName.UPKEEP))
    assert place.keyring.read("d1") == place.keyring.read(broker_item("d1")) == Secret("")


def test_without_its_token_a_computer_is_not_enrolled(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    place.keyring.forget("d1")
    with place.open() as office, pytest.raises(NotEnrolled, match="no longer enrolled"):
        perform(office.access.ask_numbers(LaneName.UPKEEP))


def test_leaving_forgets_both_secrets(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    with place.open() as office:
        perform(joining(place, office, relay).leave())
        assert not office.access.password_known
    settings = place.settings
    assert not settings.relayed
    assert (settings.relay_url, settings.user) == (RELAY, enrolled().user)
    assert place.keyring.read("d1") == place.keyring.read(broker_item("d1")) == Secret("")


def test_a_locked_keyring_lets_nobody_leave_by_half(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    place.keyring.trouble = locked()
    with place.open() as office, pytest.raises(BadCredentials):
        perform(joining(place, office, relay).leave())
    assert place.settings.relayed


def test_a_password_is_not_entered_beside_the_relay(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    with place.open() as office, pytest.raises(BadInput, match="Leave the relay"):
        perform(office.access.enter(USER, RIGHT))
    assert place.knocked == []


def test_a_password_from_standard_input_is_no_token(place: Workplace, relay: Relay) -> None:
    enrol(place, relay)
    with place.open(RIGHT) as office:
        perform(office.access.is_kept())
        place.passwords[enrolled().user] = enrolled().token
        perform(office.access.ask_numbers(LaneName.UPKEEP))
    assert [password for _, password in place.knocked] == [enrolled().token.reveal()]


# the answer


ANSWER: dict[str, object] = {
    "device": "d1",
    "token": "t" * 43,
    "numbers": ["+3726403231", "+3726401234"],
    "may_edit": False,
    "company": {"user": "P0000000@elion.ee", "service_url": "https://teenused.telia.ee/external/"},
    "broker": {"host": "b.example", "port": 8883, "tls": True, "user": "d1", "password": "p" * 43},
}


def test_the_answer_is_read() -> None:
    given = enrolled_of(ANSWER)
    assert (given.device, given.numbers, given.may_edit) == ("d1", (OWN, OTHER_LINE), False)
    assert str(given.broker) == "mqtts://d1@b.example:8883"
    assert "tttt" not in repr(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("device", ""), ("token", None), ("numbers", "x"), ("numbers", [1]), ("company", [])),
        *(("broker", {**ANSWER["broker"], "port": 0}), ("broker", {**ANSWER["broker"], "tls": 1})),  # type: ignore[dict-item]
    ],
)
def test_what_is_no_answer_is_refused(name: str, value: object) -> None:
    with pytest.raises(NotOurs):
        enrolled_of({**ANSWER, name: value})
