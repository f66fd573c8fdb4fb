"""What SoapTelco catches before anything is sent, and what it makes of doubt. No socket."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest
from lxml import etree

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.operations import Operation, when_in_doubt
from desk_phone.telco.reply import Reply
from desk_phone.telco.service import Entry, History, Telco
from desk_phone.telco.soap import SoapTelco
from desk_phone.telco.values import sendable, wire_name
from tests.replies import reply, response, service_error, soap

OWN = "+3726401234"
ACCOUNT = Account("P0000000@elion.ee", Secret("geheim"), "https://telco.invalid/external/")

Deed = Callable[[Telco], object]
DEEDS: Mapping[Operation, Deed] = {
    Operation.CALL: lambda telco: telco.call(OWN, "+3726401235"),
    Operation.NUMBERS: lambda telco: telco.numbers(),
    Operation.HISTORY: lambda telco: telco.history(OWN),
    Operation.NAME_LINE: lambda telco: telco.name_line(OWN, "Mari", "Maasikas"),
    Operation.ACTIVATE_NOTICES: lambda telco: telco.activate_notices(OWN, "http://a.ee/"),
    Operation.DEACTIVATE_NOTICES: lambda telco: telco.deactivate_notices(OWN),
    Operation.ENTRIES: lambda telco: telco.entries(),
    Operation.ADD_ENTRY: lambda telco: telco.add_entry("A", OWN, ""),
    Operation.UPDATE_ENTRY: lambda telco: telco.update_entry(Entry("1", "A", OWN)),
    Operation.DELETE_ENTRY: lambda telco: telco.delete_entry("1"),
}


class Sent:
    """Takes the place of the wire: remembers what would have been posted."""

    def __init__(self, answer: Reply | PhoneError) -> None:
        self.bodies: list[bytes] = []
        self.answer = answer

    def post(self, _url: str, body: bytes, _headers: Mapping[str, str]) -> Reply:
        self.bodies.append(body)
        if isinstance(self.answer, PhoneError):
            raise self.answer
        return self.answer


def telco_with(answer: Reply | PhoneError, account: Account = ACCOUNT) -> tuple[SoapTelco, Sent]:
    telco, sent = SoapTelco(account), Sent(answer)
    telco._wire = sent  # type: ignore[assignment]
    return telco, sent


@pytest.fixture(scope="module")
def unanswered() -> tuple[SoapTelco, Sent]:
    return telco_with(Uncertain("Lost", "Look."))


def each_operation() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", DEEDS, ids=str)


def test_every_operation_is_here() -> None:
    assert set(DEEDS) == set(Operation)


# Before sending


@each_operation()
@pytest.mark.parametrize(("user", "password"), [("", "x"), ("me", ""), ("", ""), (" ", "x")])
def test_without_a_login_nothing_is_sent(operation: Operation, user: str, password: str) -> None:
    telco, sent = telco_with(reply(""), Account(user, Secret(password)))
    with pytest.raises(BadCredentials, match="missing"):
        DEEDS[operation](telco)
    assert not sent.bodies


@pytest.mark.parametrize(
    ("user", "password"), [("me\x00", "geheim"), ("me", "gehe\nim"), ("me", "\udcffgeheim")]
)
def test_a_login_that_xml_cannot_carry_is_not_sent(user: str, password: str) -> None:
    telco, sent = telco_with(reply(""), Account(user, Secret(password)))
    with pytest.raises(BadInput) as caught:
        telco.numbers()
    assert password not in str(caught.value)
    assert not sent.bodies


BAD = ["Mari\x00", "Mari\n", "Mari\x1b[1m", "Mari\x85", "half \ud83d", "\uffff", "a\tb"]


@pytest.mark.parametrize("text", [*BAD, "Šapiro", "Ольга", "Chloé", "naïve", "Åse", "Mari\u2026"])
def test_a_name_the_service_would_damage_is_not_sent(text: str) -> None:
    telco, sent = telco_with(reply(""))
    for deed in (
        lambda: telco.add_entry(text, OWN, ""),
        lambda: telco.update_entry(Entry("1", text, OWN)),
        lambda: telco.name_line(OWN, text, "Maasikas"),
        lambda: telco.name_line(OWN, "Mari", text),
    ):
        with pytest.raises(BadInput):
            deed()
    assert not sent.bodies


def test_the_letters_that_are_not_taken_are_named() -> None:
    with pytest.raises(BadInput) as caught:
        wire_name("Šaša Žukov %(odd)s")
    assert caught.value.message.endswith("but not: Š š Ž")


def test_names_are_composed_first() -> None:
    assert wire_name("O\u0303un Ju\u0308ri") == "Õun Jüri"
    assert wire_name("".join(map(chr, range(0x20, 0x7F)))) == "".join(map(chr, range(0x20, 0x7F)))
    assert wire_name("õüöäÕÜÖÄ") == "õüöäÕÜÖÄ"
    with pytest.raises(BadInput):
        wire_name("e\u0301")  # composes to a letter that is not taken


@pytest.mark.parametrize("text", [*BAD, "Ольга"])
def test_no_other_value_is_damaged_either(text: str) -> None:
    telco, sent = telco_with(reply(""))
    for deed in (
        lambda: telco.call(OWN, text),
        lambda: telco.call(text, OWN),
        lambda: telco.history(text),
        lambda: telco.activate_notices(OWN, "http://a.ee/" + text),
        lambda: telco.deactivate_notices(text),
        lambda: telco.add_entry("A", text, ""),
        lambda: telco.add_entry("A", OWN, text),
        lambda: telco.delete_entry(text),
    ):
        with pytest.raises(BadInput):
            deed()
    assert not sent.bodies


def test_what_passes_for_sendable_is_taken_by_the_xml_library() -> None:
    element = etree.Element("a")
    for code in (*range(0x3000), *range(0xD700, 0x10100)):
        if sendable(chr(code)):
            element.text = chr(code)


@pytest.mark.parametrize("url", ["http://telco.invalid/", "telco", "https://me:geheim@a.ee/"])
def test_an_address_that_cannot_be_used(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        SoapTelco(Account("me", Secret("geheim"), url)).numbers()
    assert "geheim" not in str(caught.value)


# What comes of it


@each_operation()
def test_doubt_comes_with_advice(operation: Operation, unanswered: tuple[SoapTelco, Sent]) -> None:
    telco, sent = unanswered
    before = len(sent.bodies)
    with pytest.raises(Uncertain) as caught:
        DEEDS[operation](telco)
    assert caught.value.title == "Lost"
    assert caught.value.message == f"Look. {when_in_doubt(operation)}".strip()
    assert len(sent.bodies) == before + 1  # and never again


def test_only_reading_needs_no_advice() -> None:
    silent = {operation for operation in Operation if not when_in_doubt(operation)}
    assert silent == {Operation.NUMBERS, Operation.HISTORY, Operation.ENTRIES}


def test_doubt_keeps_the_pause_that_was_asked_for() -> None:
    telco, _ = telco_with(Reply(503, "text/html", b"busy", retry_after=7.0))
    with pytest.raises(Uncertain) as caught:
        telco.call(OWN, "112")
    assert caught.value.retry_after == 7.0
    assert "Your phone may ring" in caught.value.message


@each_operation()
def test_every_operation_tells_refusals_and_a_wrong_login(operation: Operation) -> None:
    telco, sent = telco_with(reply(soap(service_error("ERR003"))))
    with pytest.raises(Refused) as caught:
        DEEDS[operation](telco)
    assert caught.value.code == "ERR003"
    sent.answer = reply(soap(service_error("ERR001")))
    with pytest.raises(BadCredentials):
        DEEDS[operation](telco)
    sent.answer = Offline("Nobody is there")
    with pytest.raises(Offline):
        DEEDS[operation](telco)
    assert len(sent.bodies) == 3


@each_operation()
def test_every_operation_wants_its_own_answer(operation: Operation) -> None:
    telco, sent = telco_with(reply(response(operation)))
    DEEDS[operation](telco)
    sent.answer = reply(response("other"))
    with pytest.raises(Uncertain):
        DEEDS[operation](telco)


# The digest of a history


def test_a_known_history_is_not_read_again() -> None:
    telco, sent = telco_with(Reply(200, "text/xml", response("getCallHistory").encode(), 123))
    first = telco.history(OWN)
    assert (first.records, first.wire_bytes) == ((), 123)
    again = telco.history(OWN, first.digest)
    assert again == History(None, first.digest, 123)
    sent.answer = reply(response("getCallHistory", "<Extra/>"))
    assert telco.history(OWN, first.digest).records == ()


def test_a_digest_makes_no_success_of_a_failure() -> None:
    body = response("getCallHistory").encode()
    telco, sent = telco_with(reply(body))
    digest = telco.history(OWN).digest
    sent.answer = reply(body, 500)
    with pytest.raises(Uncertain):
        telco.history(OWN, digest)


# Secrets and cost


def test_a_service_s_description_is_read_once() -> None:
    telco, _ = telco_with(reply(response("listOwnNumbers")))
    services = vars(telco)["_services"]
    telco.numbers()
    before = dict(services)
    telco.numbers()
    assert services == before
    assert len(before) == 1


def test_the_password_shows_nowhere_and_cannot_be_pickled(
    unanswered: tuple[SoapTelco, Sent],
) -> None:
    telco, _ = unanswered
    with pytest.raises(Uncertain):
        telco.entries()
    services = vars(telco)["_services"].values()
    for thing in (telco, vars(telco), ACCOUNT, *services, *(vars(each) for each in services)):
        assert "geheim" not in f"{thing} {thing!r}"
    for thing in (telco, ACCOUNT, *services):
        with pytest.raises((TypeError, pickle.PicklingError, AttributeError)):
            pickle.dumps(thing)


def test_neither_importing_nor_making_one_loads_zeep() -> None:
    code = (
        "import sys; from desk_phone.telco.soap import SoapTelco, Account;"
        "from desk_phone.model.secret import Secret; SoapTelco(Account('me', Secret('x')));"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert re.search("desk_phone", loaded.stdout)
    assert not re.search("'(zeep|requests|keyring|PySide6|sqlite3)'", loaded.stdout)
