"""What every `Telco` does: SoapTelco against the simulator over HTTP, FakeTelco in memory, and
GatewayTelco by way of a stand-in and of the relay itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import OWN_NUMBERS
from desk_phone.telco.gateway import GatewayTelco
from desk_phone.telco.operations import when_in_doubt
from desk_phone.telco.service import Entry, Telco
from tests.contract.companies import OPERATIONS, Company, InMemory, OverHttp
from tests.contract.gateways import Gateway
from tests.contract.relays import ThroughRelay

OWN, OTHER_OWN, FOREIGN = "+3726401234", "+3726403231", "+3726999999"
CALLER = "+3725123456"


@pytest.fixture(params=["over HTTP", "in memory", "through a stand-in", "through the relay"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    if request.param == "in memory":
        yield InMemory()
        return
    if request.param == "through the relay":
        with ThroughRelay(tmp_path, (OWN, OTHER_OWN, FOREIGN)) as company:
            yield company
        return
    if request.param == "through a stand-in":
        with ExitStack() as stack:
            yield InMemory(lambda fake: stack.enter_context(Gateway(fake)).telco())
        return
    with Simulator(quiet=True, records=0) as simulator:
        yield OverHttp(simulator)


@pytest.fixture
def telco(company: Company) -> Telco:
    return company.telco


Deed = Callable[[Telco], object]
DEEDS: Mapping[str, Deed] = {
    "call": lambda telco: telco.call(OWN, CALLER),
    "numbers": lambda telco: telco.numbers(),
    "history": lambda telco: telco.history(OWN),
    "name_line": lambda telco: telco.name_line(OWN, "Mari", "Maasikas"),
    "activate_notices": lambda telco: telco.activate_notices(OWN, "http://127.0.0.1:9/a"),
    "deactivate_notices": lambda telco: telco.deactivate_notices(OWN),
    "entries": lambda telco: telco.entries(),
    "add_entry": lambda telco: telco.add_entry("Bob the second", CALLER, ""),
    "update_entry": lambda telco: telco.update_entry(Entry("1", "Bob", CALLER)),
    "delete_entry": lambda telco: telco.delete_entry("1"),
}


def refused_with(code: str, deed: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        deed()
    assert caught.value.code == code
    assert caught.value.title
    assert caught.value.message


# Numbers and calls


def test_the_numbers_are_canonical_and_in_order(telco: Telco) -> None:
    assert telco.numbers() == tuple(f"+{number}" for number in OWN_NUMBERS)


def test_a_line_without_calls_has_an_empty_history(telco: Telco) -> None:
    history = telco.history(OWN)
    assert history.records == ()
    assert history.digest
    assert history.wire_bytes > 0


def test_a_call_is_in_the_history_of_its_line_alone(company: Company, telco: Telco) -> None:
    company.misses(OWN, CALLER, "Mari")
    (record,) = telco.history(OWN).records or ()
    assert record == replace(
        record,
        calling="5123456",
        called="6401234",
        answered="No",
        direction="Terminating",
        name="Mari",
        answer="",
        release="",
    )
    assert record.id
    assert len(record.start) == len("2026-03-02T10:00:00")
    assert telco.history(OTHER_OWN).records == ()


def test_a_history_one_already_has_is_not_told_again(company: Company, telco: Telco) -> None:
    company.misses(OWN, CALLER, "Mari")
    first = telco.history(OWN)
    again = telco.history(OWN, first.digest)
    assert (again.records, again.digest) == (None, first.digest)
    assert again.wire_bytes > 0
    company.misses(OWN, CALLER, "Mari")
    new = telco.history(OWN, first.digest)
    assert new.digest != first.digest
    assert len(new.records or ()) == 2
    assert telco.history(OWN, "another").records == new.records


def test_a_phonebook_one_already_has_is_not_told_again(telco: Telco) -> None:
    first = telco.entries()
    again = telco.entries(first.digest)
    assert (again.entries, again.digest) == (None, first.digest)
    assert again.wire_bytes > 0
    telco.add_entry("Mari", CALLER, "")
    new = telco.entries(first.digest)
    assert new.digest != first.digest
    assert len(new.entries or ()) == len(first.entries or ()) + 1
    assert telco.entries("another").entries == new.entries


def test_a_call_is_dialled_once_for_each_wish(company: Company, telco: Telco) -> None:
    telco.call(OWN, CALLER)
    telco.call(OTHER_OWN, "+358401234567")
    assert company.dialled() == [(OWN, CALLER), (OTHER_OWN, "+358401234567")]


def test_what_cannot_be_dialled_is_refused(company: Company, telco: Telco) -> None:
    refused_with("ERR1001", lambda: telco.call(OWN, "12"))
    assert company.dialled() == []


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda telco: telco.call(FOREIGN, CALLER), id="call"),
        pytest.param(lambda telco: telco.history(FOREIGN), id="history"),
        pytest.param(lambda telco: telco.name_line(FOREIGN, "A", "B"), id="name_line"),
        pytest.param(lambda telco: telco.activate_notices(FOREIGN, "http://a.ee/"), id="activate"),
        pytest.param(lambda telco: telco.deactivate_notices(FOREIGN), id="deactivate"),
    ],
)
def test_a_line_of_somebody_else_is_refused(telco: Telco, deed: Deed) -> None:
    refused_with("ERR003", lambda: deed(telco))


# Lines


def test_a_line_is_named(company: Company, telco: Telco) -> None:
    telco.name_line(OWN, "Mari", "Ma\u0308gi")
    assert company.line_name(OWN) == ("Mari", "Mägi")


def test_notices_go_to_one_address_until_they_are_switched_off(
    company: Company, telco: Telco
) -> None:
    for url in ("http://127.0.0.1:9/a", "http://127.0.0.1:9/b"):
        telco.activate_notices(OWN, url)
        assert company.notices() == {OWN: url}
    telco.deactivate_notices(OWN)
    telco.deactivate_notices(OWN)
    assert company.notices() == {}


# The phonebook


def entry_named(telco: Telco, name: str) -> Entry:
    (entry,) = (entry for entry in telco.entries().entries or () if entry.name == name)
    return entry


def test_an_entry_lives_and_dies(telco: Telco) -> None:
    before = telco.entries().entries or ()
    telco.add_entry("Ju\u0308ri", CALLER, "+3726123455")
    added = entry_named(telco, "Jüri")
    assert added == Entry(added.id, "Jüri", CALLER, "+3726123455")
    assert added.id not in {entry.id for entry in before}
    changed = Entry(added.id, "Jüri Õun", "+358401234567")
    telco.update_entry(changed)
    assert entry_named(telco, "Jüri Õun") == changed
    assert len(telco.entries().entries or ()) == len(before) + 1
    telco.delete_entry(added.id)
    assert telco.entries().entries == before


def test_the_same_entry_can_be_added_twice(telco: Telco) -> None:
    """So nobody may do it without being asked to."""
    telco.add_entry("Bob2", CALLER, "")
    telco.add_entry("Bob2", CALLER, "")
    assert len({entry.id for entry in telco.entries().entries or () if entry.name == "Bob2"}) == 2


def test_an_entry_that_is_gone_is_refused(telco: Telco) -> None:
    refused_with("ERR1002", lambda: telco.update_entry(Entry("999", "A", CALLER)))
    refused_with("ERR1002", lambda: telco.delete_entry("999"))


def test_a_name_that_would_be_damaged_is_not_even_sent(company: Company, telco: Telco) -> None:
    for name in ("Šapiro", "Ольга", "Mari\n", "Mari\x00", "half \ud83d"):
        for deed in (
            lambda name=name: telco.add_entry(name, CALLER, ""),
            lambda name=name: telco.update_entry(Entry("1", name, CALLER)),
            lambda name=name: telco.name_line(OWN, name, "B"),
            lambda name=name: telco.name_line(OWN, "A", name),
        ):
            with pytest.raises(BadInput):
                deed()
    assert not any(map(company.asked, ("add_entry", "update_entry", "name_line")))


# Trouble


def test_every_request_may_be_refused(company: Company) -> None:
    for method, deed in DEEDS.items():
        company.refuse(method, "ERR9999")
        refused_with("ERR9999", lambda deed=deed: deed(company.telco))
        deed(company.telco)  # the trouble is over
        assert company.asked(method) == 2, method


def test_every_request_may_find_the_login_wrong(company: Company) -> None:
    """A relay's own login is not for this desk to mend: it is asked again later."""
    relayed = isinstance(company.telco, GatewayTelco)
    kind: type[PhoneError] = Offline if relayed else BadCredentials
    for method, deed in DEEDS.items():
        company.refuse(method, "ERR001")
        with pytest.raises(kind):
            deed(company.telco)


def test_an_answer_that_gets_lost_leaves_doubt_and_is_asked_for_once(company: Company) -> None:
    for method, deed in DEEDS.items():
        company.lose(method)
        with pytest.raises(Uncertain) as caught:
            deed(company.telco)
        assert caught.value.message.endswith(when_in_doubt(OPERATIONS[method])), method
        assert company.asked(method) == 1, method


def test_what_was_lost_may_have_been_done(company: Company, telco: Telco) -> None:
    for method in ("call", "add_entry", "activate_notices"):
        company.lose(method)
        with pytest.raises(PhoneError):
            DEEDS[method](telco)
    assert company.dialled() == [(OWN, CALLER)]
    assert entry_named(telco, "Bob the second").number1 == CALLER
    assert OWN in company.notices()
