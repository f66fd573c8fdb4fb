"""What the simulated service refuses, in the documented words, and what it does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER, Company
from desk_phone.simulator.operations import SHAPES, Operation, Place
from tests.simulated import (
    DIGEST,
    OWN,
    StandingClock,
    ask,
    message,
    post,
    security,
)

MEMBERS: dict[Operation, dict[str, str]] = {
    Operation.CALL: {"Anumber": OWN, "Bnumber": "6401235"},
    Operation.ACTIVATE: {"Anumber": OWN, "TargetURL": "http://127.0.0.1:9/x"},
    Operation.DEACTIVATE: {"Anumber": OWN},
    Operation.NUMBERS: {},
    Operation.NAME_LINE: {"Anumber": OWN, "FirstName": "Mari", "LastName": "Maasikas"},
    Operation.HISTORY: {"Anumber": OWN},
    Operation.ADD_ENTRY: {
        "DisplayName": "Jhon", "PhoneNumber1": "55512345", "PhoneNumber2": "", "id": "?",
    },
    Operation.UPDATE_ENTRY: {
        "DisplayName": "Jhon", "PhoneNumber1": "55512345", "PhoneNumber2": "", "id": "1",
    },
    Operation.DELETE_ENTRY: {"id": "1"},
    Operation.ENTRIES: {},
}  # fmt: skip
ABOUT_A_NUMBER = [operation for operation in Operation if "Anumber" in MEMBERS[operation]]
SHA = hashlib.sha1(PASSWORD.encode()).hexdigest()


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0, clock=StandingClock()) as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """For requests that change nothing."""
    with Simulator(quiet=True, clock=StandingClock()) as running:
        yield running


def names(sim: Simulator) -> dict[str, str]:
    said = ask(sim, Operation.ENTRIES)
    return dict(zip(said.texts("id"), said.texts("DisplayName"), strict=True))


# the login


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param(security(password="Secret"), id="wrong"),
        pytest.param(security(password=""), id="empty"),
        pytest.param(security(password=PASSWORD + " "), id="with a space"),
        pytest.param(security(user="P0000001@elion.ee"), id="another user"),
        pytest.param(security(user=""), id="no user"),
        pytest.param(security(password="õ", user="Ж"), id="not ASCII"),
        pytest.param(security(password=SHA, kind=DIGEST), id="digest"),
        pytest.param(security(kind=DIGEST), id="a digest that is the password"),
        pytest.param(
            security().replace("wsse:Password ", "wsse:P ").replace("/wsse:Password", "/wsse:P"),
            id="no password",
        ),
        pytest.param(
            "<w:UsernameToken xmlns:w='x'><w:Username>" + USER + "</w:Username></w:UsernameToken>",
            id="no Security",
        ),
    ],
)  # fmt: skip
def test_without_the_right_login_nothing_is_done(
    shared: Simulator, operation: Operation, header: str
) -> None:
    before = {**shared.state(), "requests": None}
    said = ask(shared, operation, header, **MEMBERS[operation])
    assert (said.status, said.code, said.message) == (200, "ERR001", "Aiuthentication error")
    assert said.root.find("{*}Body")[0].tag.endswith(f"}}{operation}Response")  # type: ignore[index]
    assert {**shared.state(), "requests": None} == before


def test_the_login_comes_before_everything_else(shared: Simulator) -> None:
    assert ask(shared, Operation.CALL, "", Anumber="3725").code == "ERR001"
    assert ask(shared, Operation.DELETE_ENTRY, "", id="99").code == "ERR001"


def test_a_password_without_a_type_is_plain_text(shared: Simulator) -> None:
    header = security().replace("Type=", "Kind=")
    assert ask(shared, Operation.NUMBERS, header).texts("Number") == [
        "6401234", "64012345", "64012347", "6403231", "6403232",
    ]  # fmt: skip


def test_even_without_a_password_a_digest_is_none() -> None:
    company = Company()
    company.password = ""
    with Simulator(quiet=True, records=0, clock=StandingClock(), company=company) as sim:
        assert ask(sim, Operation.NUMBERS, security(password="", kind=DIGEST)).code == "ERR001"
        assert ask(sim, Operation.NUMBERS, security(password="")).code == ""


def test_a_password_may_hold_what_xml_escapes() -> None:
    company = Company()
    company.password = "<&>\"'õ"
    with Simulator(quiet=True, clock=StandingClock(), company=company) as sim:
        assert ask(sim, Operation.NUMBERS, security(password="<&>\"'õ")).code == ""
        assert ask(sim, Operation.NUMBERS).code == "ERR001"


# whose numbers


@pytest.mark.parametrize("operation", ABOUT_A_NUMBER)
@pytest.mark.parametrize(
    "number",
    ["3726000001", "5123456", "+3726401234", "003726401234", "640 1234", "640123", "%", "'--"],
)
def test_a_foreign_number_is_not_permitted(
    shared: Simulator, operation: Operation, number: str
) -> None:
    said = ask(shared, operation, None, **{**MEMBERS[operation], "Anumber": number})
    assert (said.code, said.message) == ("ERR003", "Authorization Error")
    assert said.texts("ErrorDescription") == ["Requested operation is not permitted"]


@pytest.mark.parametrize("number", ["3726401234", "6401234", "37264012347", "64012347"])
def test_both_forms_of_the_text_are_taken_for_an_own_number(shared: Simulator, number: str) -> None:
    assert ask(shared, Operation.HISTORY, Anumber=number).code == ""


# what is missing


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (operation, name)
        for operation, shape in SHAPES.items()
        for name in (*shape.filled, *shape.present)
    ],
)
def test_a_missing_member_is_named(shared: Simulator, operation: Operation, name: str) -> None:
    members = {key: text for key, text in MEMBERS[operation].items() if key != name}
    said = ask(shared, operation, **members)
    # without any member there is no wrapper either, and that is what is missed first
    missed = name if members else SHAPES[operation].wrapper
    assert (said.code, said.message) == ("ERR002", f"Missin Element: {missed}")
    assert said.texts("ErrorDescription") == [""]


@pytest.mark.parametrize(
    ("operation", "name"), [(op, name) for op, shape in SHAPES.items() for name in shape.filled]
)
@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_an_empty_member_is_missing(
    shared: Simulator, operation: Operation, name: str, blank: str
) -> None:
    said = ask(shared, operation, **{**MEMBERS[operation], name: blank})
    assert (said.code, said.message) == ("ERR002", f"Missin Element: {name}")


@pytest.mark.parametrize("operation", [op for op, shape in SHAPES.items() if shape.wrapper])
def test_members_without_their_wrapper_are_missing(shared: Simulator, operation: Operation) -> None:
    bare = "".join(f"<s:{k}>{v}</s:{k}>" for k, v in MEMBERS[operation].items())
    whole = message(operation).replace(
        f"<s:{operation}></s:{operation}>", f"<s:{operation}>{bare}</s:{operation}>"
    )
    assert bare in whole
    assert post(shared, whole, SHAPES[operation].place.path).code == "ERR002"


def test_another_wrapper_than_the_documented_one_is_none(shared: Simulator) -> None:
    said = post(shared, message(Operation.CALL, wrapper="call", **MEMBERS[Operation.CALL]))
    assert (said.code, said.message) == ("ERR002", "Missin Element: clickToCall")


def test_add_entry_needs_no_id(sim: Simulator) -> None:
    members = {k: v for k, v in MEMBERS[Operation.ADD_ENTRY].items() if k != "id"}
    assert ask(sim, Operation.ADD_ENTRY, **members).code == ""


# ids and characters


@pytest.mark.parametrize("operation", [Operation.UPDATE_ENTRY, Operation.DELETE_ENTRY])
@pytest.mark.parametrize("unknown", ["3", "0", "-1", "?", "01", "x", "1' OR '1'='1"])
def test_an_unknown_id_is_refused(shared: Simulator, operation: Operation, unknown: str) -> None:
    said = ask(shared, operation, **{**MEMBERS[operation], "id": unknown})
    assert (said.code, said.message) == ("ERR1002", "Unknown ID")
    assert said.texts("ErrorDescription") == ["In operation a nonexistent element ID was used"]


@pytest.mark.parametrize("letters", ["š", "ž", "Ж", "é", "ñ", "€", "😀", "A\u0303", "a\u200bb"])
@pytest.mark.parametrize(
    ("operation", "member"),
    [
        (Operation.ADD_ENTRY, "DisplayName"),
        (Operation.UPDATE_ENTRY, "DisplayName"),
        (Operation.NAME_LINE, "FirstName"),
        (Operation.NAME_LINE, "LastName"),
    ],
)
def test_an_unallowed_character_is_refused(
    shared: Simulator, operation: Operation, member: str, letters: str
) -> None:
    said = ask(shared, operation, **{**MEMBERS[operation], member: f"Nimi {letters}"})
    assert (said.code, said.message) == ("ERR1003", "Unallowed Character")


def test_ascii_and_four_letters_are_allowed(sim: Simulator) -> None:
    name = "Õie Ülle Ööbik-Äär õüöä <b>&amp; \"'~#%"
    said = ask(sim, Operation.ADD_ENTRY, **{**MEMBERS[Operation.ADD_ENTRY], "DisplayName": name})
    assert said.code == ""
    assert names(sim)["13"] == name


def test_nothing_of_a_refused_change_stays(sim: Simulator) -> None:
    before = names(sim)
    bad = {**MEMBERS[Operation.UPDATE_ENTRY], "DisplayName": "Ж"}
    ask(sim, Operation.UPDATE_ENTRY, **bad)
    ask(sim, Operation.ADD_ENTRY, **bad)
    ask(sim, Operation.NAME_LINE, Anumber=OWN, FirstName="Mari", LastName="Ж")
    assert names(sim) == before
    assert sim.state()["line_names"] == {}


# what is no request


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "error in msg parsing"),
        ("no XML", "error in msg parsing: XML error parsing SOAP payload on line 1"),
        ("<a><b></a>", "Opening and ending tag mismatch"),
        ("<a>&undefined;</a>", "error in msg parsing"),
        ("<html/>", "no SOAP envelope"),
        ("<Envelope/>", "empty SOAP body"),
        ("<Envelope><Body/></Envelope>", "empty SOAP body"),
        ("<Envelope><Body>text</Body></Envelope>", "empty SOAP body"),
        ("<Envelope><Body><rename/></Body></Envelope>", "Operation 'rename' is not defined"),
        ("<Envelope><Body><addEntry/></Body></Envelope>", "Operation 'addEntry' is not defined"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "error in msg parsing"),
        ('<?xml version="1.0" encoding="utf-8"?><a>\udcff</a>', "error in msg parsing"),
        ("<!DOCTYPE a><a/>", "a DOCTYPE is not allowed"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "a DOCTYPE is not allowed"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "a DOCTYPE is not"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><Envelope><Body>&x;</Body></Envelope>", "a DOCTYPE is"),
        ("<a>" * 300 + "</a>" * 300, "error in msg parsing"),
        ("<a>\x00</a>", "error in msg parsing"),
    ],
)  # fmt: skip
def test_what_is_no_request_gets_the_bare_error(shared: Simulator, body: str, said: str) -> None:
    before = shared.requests("unreadable")
    answer = post(shared, body.encode("utf-8", "surrogateescape"))
    assert answer.status == 200
    assert answer.root.find("{*}Body")[0].tag == "ServiceError"  # type: ignore[index]
    assert answer.code == "SOAP-ENV:Client"
    assert said in answer.message
    assert "root:" not in answer.message
    assert shared.requests("unreadable") == before + 1


@pytest.mark.parametrize("operation", Operation)
def test_each_service_knows_its_own_operations_only(
    shared: Simulator, operation: Operation
) -> None:
    here = SHAPES[operation].place
    (other,) = set(Place) - {here}
    said = post(shared, message(operation, **MEMBERS[operation]), other.path)
    assert said.code == "SOAP-ENV:Client"
    assert f"Operation '{operation}' is not defined" in said.message


def test_entities_do_not_grow(shared: Simulator) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]>' + message(Operation.NUMBERS)
    said = post(shared, body.replace("</s:listOwnNumbers>", "&a9;</s:listOwnNumbers>"))
    assert said.code == "SOAP-ENV:Client"
    assert len(said.body) < 2000


# in which letters


@pytest.mark.parametrize(
    ("prefix", "codec", "content_type"),
    [
        pytest.param("", "utf-8", "text/xml; charset=utf-8", id="UTF-8 in the header"),
        pytest.param("", "utf-8", "text/xml", id="UTF-8 by default"),
        pytest.param("", "iso-8859-1", "text/xml; charset=ISO-8859-1", id="header"),
        pytest.param(
            "<?xml version='1.0' encoding='ISO-8859-1'?>", "iso-8859-1", "text/xml", id="declared"
        ),
        pytest.param(
            "<?xml version='1.0' encoding='UTF-8'?>", "utf-8", "text/xml; charset=iso-8859-1",
            id="the declaration wins",
        ),
        pytest.param("\ufeff", "utf-8", "text/xml", id="byte order mark"),
    ],
)  # fmt: skip
def test_requests_may_come_in_any_encoding(
    sim: Simulator, prefix: str, codec: str, content_type: str
) -> None:
    members = {**MEMBERS[Operation.ADD_ENTRY], "DisplayName": "Õnne Pärn"}
    body = (prefix + message(Operation.ADD_ENTRY, **members)).encode(codec)
    said = post(sim, body, Place.PHONEBOOK.path, Content_Type=content_type)
    assert said.code == ""
    assert names(sim)["13"] == "Õnne Pärn"


def test_an_unknown_charset_is_no_bug(shared: Simulator) -> None:
    said = post(shared, message(Operation.NUMBERS), Content_Type="text/xml; charset=klingon")
    assert said.code == "SOAP-ENV:Client"


def test_prefixes_order_comments_and_unknown_members_do_not_matter(sim: Simulator) -> None:
    body = (
        f'<e:Envelope xmlns:e="x"><e:Header>{security()}</e:Header><e:Body><clickToCall>'
        "<clickToCall><!-- a --><New>1</New><Bnumber>640<!-- b -->1235</Bnumber>"
        f"<Anumber><![CDATA[{OWN}]]></Anumber></clickToCall></clickToCall></e:Body></e:Envelope>"
    )
    assert post(sim, body).code == ""
    assert [call["other"] for call in sim.state()["dialled"]] == ["6401235"]  # type: ignore[attr-defined]
