"""``account enrol`` and ``account leave``: the code is no argument and goes through no socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.commands import run
from desk_phone.app.relay_acts import Enrolment, broker_item
from desk_phone.cli.relay import enrols, with_code_kept
from desk_phone.errors import BadInput, PhoneError, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.options import Options, read
from desk_phone.said import Said, Status
from desk_phone.settings import Settings
from desk_phone.system.keyring_trouble import locked, none_there
from desk_phone.telco.enrolled import Enrolled
from tests.offices import FailingKeyring, Workplace
from tests.relayed import CODE, OTHER_LINE, OWN, RELAY, enrolled


class Place(Workplace):
    """With a relay that takes `CODE`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, settings=Settings())
        self.gives: Enrolled | PhoneError = enrolled()
        self.spent: list[str] = []

    def ask(self, _url: str, code: Secret, _proxy: str) -> Enrolled:  # type: ignore[override]
        self.spent.append(code.reveal())
        if isinstance(self.gives, PhoneError):
            raise self.gives
        return self.gives

    def do(self, *words: str) -> Said:
        """As the process that has the data."""
        with self.open() as office:
            enrolment = Enrolment(
                office.access, self.keyring, lambda: self.settings, self.change, self.ask
            )
            desk = self.desk(office).__class__(
                *(office.access, office.ledger, office.looked, office.phonebook),
                *(lambda: self.settings, self.change, self.clock),
                root=self.root,
                keyring=self.keyring,
                enrolment=enrolment,
            )
            return perform(run(desk, read(words)))

    def enrol(self, *words: str) -> Said:
        """As the process of the command, code and all."""
        given = ("account", "enrol", *words)
        return with_code_kept(
            read(given), given, CODE, self.keyring, lambda _options, words: self.do(*words)
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_code_enrols(place: Place) -> None:
    said = place.enrol(RELAY)
    assert (said.status, said.out) == (0, "This computer is enrolled, for 640 3231.\n")
    assert place.spent == [CODE.reveal()]
    assert place.settings.relayed
    assert place.keyring._secrets.keys() == {"d1", broker_item("d1")}  # the code is gone


def test_as_json(place: Place) -> None:
    place.gives = enrolled(numbers=(OWN, OTHER_LINE))
    said = place.enrol(RELAY, "--json")
    assert '"own": null' in said.out
    assert '"device": "d1"' in said.out
    assert "token" not in said.out


def test_of_several_lines_one_must_be_chosen(place: Place) -> None:
    place.gives = enrolled(numbers=(OWN, OTHER_LINE))
    assert "Choose one" in place.enrol(RELAY).out


def test_an_address_for_everybody_need_not_be_given(place: Place) -> None:
    place.change(relay_url=RELAY)
    assert place.enrol().status == Status.DONE
    assert place.settings.relay_device == "d1"


def test_without_any_address_nothing_is_sent(place: Place) -> None:
    assert place.enrol().status == Status.BAD_INPUT
    assert place.spent == []


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Refused("no"), Status.REFUSED), (Uncertain("?"), Status.UNKNOWN)],
)
def test_trouble_has_its_status(place: Place, trouble: PhoneError, status: Status) -> None:
    place.gives = trouble
    assert place.enrol(RELAY).status == status
    assert place.keyring._secrets == {}


def test_without_a_keyring_the_code_stays_unused(place: Place) -> None:
    place.keyring.trouble = none_there()
    with pytest.raises(PhoneError):
        place.enrol(RELAY)
    assert place.spent == []


def test_a_handed_over_command_without_the_code_says_so(place: Place) -> None:
    said = place.do("account", "enrol", RELAY)
    assert said.status == Status.BAD_INPUT
    assert "code is missing" in said.err


def test_leaving(place: Place) -> None:
    place.enrol(RELAY)
    assert place.do("account", "leave").out == "This computer has left the relay.\n"
    assert not place.settings.relayed
    assert place.keyring._secrets == {}
    assert place.do("account", "leave").status == Status.BAD_INPUT


def test_forgetting_is_leaving(place: Place) -> None:
    place.enrol(RELAY)
    place.do("account", "forget")
    assert place.keyring._secrets == {}
    assert not place.settings.relayed


def test_who_is_enrolled_sets_no_password(place: Place) -> None:
    place.enrol(RELAY)
    said = place.do("account", "may", "--user", "somebody")
    assert said.status == Status.BAD_INPUT
    assert "Leave the relay" in said.err


def test_it_is_shown(place: Place) -> None:
    place.enrol(RELAY)
    assert f"Relay: {RELAY}\n" in place.do("account", "show").out
    assert f'"relay": "{RELAY}"' in place.do("account", "show", "--json").out


# words


def test_where_the_code_lies_is_not_for_a_person() -> None:
    options = read(("account", "enrol", RELAY, "--kept", "x"))
    with pytest.raises(BadInput, match="--kept"):
        with_code_kept(options, (), CODE, FailingKeyring(), lambda *_: Said())


def test_a_code_goes_even_where_the_command_fails() -> None:
    keyring = FailingKeyring()

    def fails(*_: object) -> Said:
        keyring.trouble = locked()
        raise BadInput("no")

    options = read(("account", "enrol", RELAY))
    with pytest.raises(BadInput):
        with_code_kept(options, (), CODE, keyring, fails)
    assert keyring.asked == ["keep", "forget"]


def test_only_enrol_takes_an_address() -> None:
    assert enrols(read(("account", "enrol", RELAY, "--code-stdin")))
    assert read(("account", "enrol", RELAY)) == Options("account", deed="enrol", url=RELAY)
    for deed in ("set", "show", "forget", "leave"):
        with pytest.raises(BadInput):
            read(("account", deed, RELAY))
