"""The simulator takes the text's own requests word for word and answers as its own answers are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from desk_phone.simulator import Simulator
from desk_phone.simulator.operations import SHAPES, Operation, Place
from tests.simulated import SAMPLES, StandingClock, post, sample, secured, security

REQUESTS = sorted(
    path.stem.removesuffix("_request")
    for path in SAMPLES.glob("*_request.xml")
    if not path.stem.startswith("RECONSTRUCTED")
)
RESPONSES = [
    ("listOwnNumbers", "listOwnNumbers_response_1"),
    ("listOwnNumbers", "listOwnNumbers_response_2"),
    ("getCallHistory", "getCallHistory_response"),
    ("listPhoneBookEntries", "listPhoneBookEntries_response"),
    ("clickToCall", "RECONSTRUCTED_clickToCall_response"),
    ("activateNotification", "activateNotification_response"),
    ("deactivateNotification", "deactivateNotification_response"),
    ("AddEntry", "AddEntry_response"),
    ("updateEntry", "updateEntry_response"),
    ("deleteEntry", "RECONSTRUCTED_deleteEntry_response"),
]

Shape = tuple[str, tuple[str, ...], tuple["Shape", ...]]


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with Simulator(seed=1, quiet=True, clock=StandingClock()) as running:
        yield running


def shape(element: etree._Element) -> Shape:
    """Names with namespaces, attributes' names, and children in order; values are ignored.

    Of a list's items each kind counts once, whatever the number and the order.
    """
    children = [shape(child) for child in element]
    if etree.QName(element).localname.startswith("listof"):
        children = sorted(set(children))
    return str(element.tag), tuple(sorted(map(str, element.attrib))), tuple(children)


def values(element: etree._Element) -> str:
    """The element whole, without the white space between elements."""
    for each in element.iter():
        each.text = (each.text or "").strip() or None
        each.tail = None
    return etree.tostring(element, method="c14n").decode()


def answer(sim: Simulator, operation: str, xml: str) -> etree._Element:
    said = post(sim, secured(xml), SHAPES[Operation(operation)].place.path)
    assert said.status == 200
    return said.root


def test_there_are_nine_samples() -> None:
    assert len(REQUESTS) == 9


@pytest.mark.parametrize("operation", REQUESTS)
def test_every_sample_request_is_accepted(sim: Simulator, operation: str) -> None:
    root = answer(sim, operation, sample(f"{operation}_request"))
    (response,) = root.iterfind("{*}Body/*")
    assert etree.QName(response).localname == f"{operation}Response"
    codes = [code.text for code in root.iter("{*}ErrorCode")]
    assert [code for code in codes if code] == []


@pytest.mark.parametrize(("operation", "answered"), RESPONSES)
def test_the_answer_is_built_like_the_sample(sim: Simulator, operation: str, answered: str) -> None:
    with Simulator(quiet=True, clock=StandingClock()) as fresh:
        root = answer(fresh, operation, sample(f"{operation}_request"))
    printed = etree.fromstring(sample(answered).strip())
    assert shape(root) == shape(printed)
    assert root.nsmap == printed.nsmap
    assert root.find("{*}Body/*").nsmap == printed.find("{*}Body/*").nsmap  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "operation",
    ["activateNotification", "deactivateNotification", "AddEntry", "updateEntry"],
)
def test_success_is_the_sample_answer_itself(operation: str) -> None:
    with Simulator(quiet=True, clock=StandingClock()) as fresh:
        root = answer(fresh, operation, sample(f"{operation}_request"))
    assert values(root) == values(etree.fromstring(sample(f"{operation}_response").strip()))


def test_a_missing_last_name_is_answered_as_printed(sim: Simulator) -> None:
    xml = sample("RECONSTRUCTED_updateCallingLineNameIdentity_request")
    xml = xml.replace("<ser:LastName>Maasikas</ser:LastName>", "")
    root = answer(sim, Operation.NAME_LINE, xml)
    printed = sample("updateCallingLineNameIdentity_response").strip()
    assert values(root) == values(etree.fromstring(printed))


@pytest.mark.parametrize("wrapper", ["UNKNOWN_WRAPPER", "updateCallingLineNameIdentity", "x"])
def test_a_line_is_named_in_whatever_wrapper(wrapper: str) -> None:
    xml = sample("RECONSTRUCTED_updateCallingLineNameIdentity_request")
    with Simulator(quiet=True, clock=StandingClock()) as fresh:
        root = answer(fresh, Operation.NAME_LINE, xml.replace("UNKNOWN_WRAPPER", wrapper))
        assert fresh.state()["line_names"] == {"3726401234": "Mari Maasikas"}
    printed = etree.fromstring(sample("activateNotification_response").strip())
    blank, as_printed = (whole.find(".//{*}ServiceError") for whole in (root, printed))
    assert blank is not None
    assert as_printed is not None
    assert shape(blank) == shape(as_printed)
    assert values(blank) == values(as_printed)


def test_a_bad_login_is_answered_with_the_printed_words(sim: Simulator) -> None:
    xml = secured(sample("listOwnNumbers_request"), security(password="guess"))
    said = post(sim, xml)
    printed = etree.fromstring(sample("error_response_1_wrapped_getUser").strip())
    assert (said.code, said.message) == ("ERR001", "Aiuthentication error")
    for error in (*said.root.iter("{*}ServiceError"), *printed.iter("{*}ServiceError")):
        assert [(etree.QName(child).localname, child.text) for child in error] == [
            ("ErrorCode", "ERR001"),
            ("ErrorMessage", "Aiuthentication error"),
            ("ErrorDescription", None),
        ]


def test_malformed_xml_is_answered_with_the_bare_error(sim: Simulator) -> None:
    said = post(sim, secured(sample("listOwnNumbers_request")).replace("</soapenv:Body>", ""))
    printed = etree.fromstring(sample("error_response_2_bare_ServiceError").strip())
    assert said.status == 200
    assert shape(said.root) == shape(printed)
    assert said.code == "SOAP-ENV:Client"
    assert said.message.startswith("error in msg parsing: XML error parsing SOAP payload on line ")
    assert said.message == said.texts("ErrorDescription")[0]


def test_an_undialable_number_is_answered_as_reconstructed(sim: Simulator) -> None:
    xml = sample("clickToCall_request").replace("6401235", "640 1235")
    root = answer(sim, Operation.CALL, xml)
    printed = sample("RECONSTRUCTED_clickToCall_response_error").strip()
    assert values(root) == values(etree.fromstring(printed))


def test_the_stray_bracket_of_the_text_is_nobodys_number(sim: Simulator) -> None:
    xml = secured(sample("deactivateNotification_request_asprinted"))
    assert post(sim, xml, Place.SERVICES.path).code == "ERR003"
