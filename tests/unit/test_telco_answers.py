"""Done, refused or unknown: what an answer means, whatever shape it comes in."""

from __future__ import annotations

import pytest

from desk_phone.errors import BadCredentials, PhoneError, Refused, Uncertain
from desk_phone.telco import answers
from desk_phone.telco.operations import Operation
from desk_phone.telco.refusals import refusal
from tests.replies import PHONEBOOK, reply, response, sample, service_error, soap

FAULT_11 = (
    "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode>"
    "<faultstring>Out of order</faultstring></SOAP-ENV:Fault>"
)
FAULT_12 = (
    '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>'
    "<env:Code><env:Value>env:Sender</env:Value></env:Code>"
    '<env:Reason><env:Text xml:lang="en">Out of order</env:Text></env:Reason>'
    "</env:Fault></env:Body></env:Envelope>"
)
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><br></body></html>"
OLD_PAGE = "<html><body><h1>It works!</h1></body></html>"


def call(body: str | bytes, status: int = 200) -> None:
    answers.read_done(Operation.CALL, reply(body, status))


# Done


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        pytest.param(op, sample(f"{name}_response"), id=name)
        for op, name in (
            (Operation.ACTIVATE_NOTICES, "activateNotification"),
            (Operation.DEACTIVATE_NOTICES, "deactivateNotification"),
            (Operation.ADD_ENTRY, "AddEntry"),
            (Operation.UPDATE_ENTRY, "updateEntry"),
            (Operation.CALL, "RECONSTRUCTED_clickToCall"),
            (Operation.DELETE_ENTRY, "RECONSTRUCTED_deleteEntry"),
        )
    ],
)
def test_the_printed_successes_are_successes(operation: Operation, body: bytes) -> None:
    answers.read_done(operation, reply(body))


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("", id="none"),
        pytest.param("<ServiceError/>", id="empty"),
        pytest.param("<ServiceError> \n </ServiceError>", id="white space"),
        pytest.param(service_error(), id="empty members"),
        pytest.param(service_error(" \n", "\t"), id="blank members"),
        pytest.param(service_error(description="all is well"), id="only a description"),
        pytest.param('<ServiceError xmlns=""><ErrorCode/></ServiceError>', id="no namespace"),
        pytest.param('<ServiceError xsi:nil="true"/>', id="nil"),
        pytest.param("<Extra>ERR001</Extra><ServiceError/><More><Deep/></More>", id="unknown"),
        pytest.param("text in between<ServiceError/>", id="stray text"),
    ],
)
def test_a_blank_service_error_is_success(inner: str) -> None:
    call(response("clickToCall", inner))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(response("clickToCall", namespace="urn:something:else"), id="namespace"),
        pytest.param(soap("<clickToCallResponse/>"), id="no namespace"),
        pytest.param("<Envelope><Body><clickToCallResponse/></Body></Envelope>", id="none at all"),
        pytest.param(
            soap("<clickToCallResponse/>").replace("<SOAP-ENV:Body>", "<Header/><SOAP-ENV:Body>"),
            id="header",
        ),
        pytest.param(soap("<!-- hm --><clickToCallResponse/><?php ?>"), id="comments"),
        pytest.param(soap("\n <clickToCallResponse/>\n "), id="white space"),
    ],
)
def test_only_local_names_count(body: str) -> None:
    call(body)


# Refused


def refused(body: str | bytes, status: int = 200) -> Refused:
    with pytest.raises(Refused) as caught:
        call(body, status)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(response("clickToCall", service_error("ERR1001")), id="own wrapper"),
        pytest.param(response("getUser", service_error("ERR1001")), id="other wrapper"),
        pytest.param(soap(service_error("ERR1001")), id="bare"),
        pytest.param(response("AddEntry", service_error("ERR1001"), PHONEBOOK), id="phonebook"),
        pytest.param(
            response("clickToCall", service_error("ERR1001")).replace(
                "<ServiceError>", '<ServiceError xmlns="">'
            ),
            id="no namespace",
        ),
        pytest.param(
            response("clickToCall", service_error("ERR1001")).replace(
                "<ErrorCode>", '<ErrorCode xsi:type="xsd:string">'
            ),
            id="typed",
        ),
        pytest.param(response("clickToCall", "<A/>" + service_error("ERR1001")), id="second"),
        pytest.param(response("clickToCall", service_error("\n ERR1001 ")), id="white space"),
        pytest.param(
            soap("<clickToCall>" + service_error("ERR1001") + "</clickToCall>"), id="odd wrapper"
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_service_error_is_a_refusal_wherever_it_stands(body: str, status: int) -> None:
    assert refused(body, status).code == "ERR1001"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(soap(FAULT_11), id="1.1"),
        pytest.param(FAULT_12, id="1.2"),
        pytest.param(soap("<Fault/>"), id="empty"),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_a_fault_is_a_refusal(body: str, status: int) -> None:
    error = refused(body, status)
    if body != soap("<Fault/>"):
        assert error.code in ("SOAP-ENV:Server", "env:Sender")
        assert "Out of order" in str(error)


def test_the_text_s_own_error_answers() -> None:
    with pytest.raises(BadCredentials):
        call(sample("error_response_1_wrapped_getUser"))
    bare = refused(sample("error_response_2_bare_ServiceError"))
    assert bare.code == "SOAP-ENV:Client"
    assert "Mismatched tag" in str(bare)
    with pytest.raises(Refused) as caught:
        answers.read_done(
            Operation.NAME_LINE, reply(sample("updateCallingLineNameIdentity_response"))
        )
    assert caught.value.code == "ERR002"
    assert "LastName" in str(caught.value)


def test_a_message_without_a_code_is_a_refusal_too() -> None:
    error = refused(response("clickToCall", service_error(message="Authentication failed")))
    assert error.code == ""
    assert "Authentication failed" in str(error)


def test_lists_are_refused_like_acts_and_never_read_as_empty() -> None:
    for read in (answers.read_numbers, answers.read_history, answers.read_entries):
        for body in (
            soap(service_error("ERR003")),
            response("getUser", service_error("ERR003")),
            soap(FAULT_11),
        ):
            with pytest.raises(Refused):
                read(reply(body))


# Unknown


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param("", 200, "empty answer", id="empty 200"),
        pytest.param("", 202, "empty answer", id="empty 202"),
        pytest.param(" \r\n", 200, "empty answer", id="blank"),
        pytest.param("", 500, "fault of its own", id="empty 500"),
        pytest.param(LOGIN_PAGE, 200, "web page", id="login page"),
        pytest.param(OLD_PAGE, 200, "web page", id="page that is XML"),
        pytest.param("\n" + LOGIN_PAGE.lower(), 200, "web page", id="lower case page"),
        pytest.param("<center><body>moved</body>", 200, "web page", id="broken page"),
        pytest.param(LOGIN_PAGE, 403, "does not let this computer in", id="page 403"),
        pytest.param(LOGIN_PAGE, 404, "not at this address", id="page 404"),
        pytest.param(OLD_PAGE, 405, "not at this address", id="page 405"),
        pytest.param(LOGIN_PAGE, 503, "busy", id="page 503"),
        pytest.param(LOGIN_PAGE, 502, "fault of its own", id="page 502"),
        pytest.param("hello", 200, "not the service", id="words"),
        pytest.param("\x00\x01\x02", 200, "not the service", id="bytes"),
        pytest.param("{}", 200, "not the service", id="JSON"),
        pytest.param(response("getCallHistory"), 200, "another question", id="other wrapper"),
        pytest.param(soap("<clickToCall/>"), 200, "another question", id="our own request"),
        pytest.param(soap(""), 200, "not the service", id="empty body"),
        pytest.param(soap("<clickToCallResponse/><More/>"), 200, "not the service", id="two"),
        pytest.param("<Envelope/>", 200, "not the service", id="no body"),
        pytest.param("<clickToCallResponse/>", 200, "not the service", id="no envelope"),
        pytest.param(response("clickToCall"), 201, "not the service", id="201"),
        pytest.param(response("clickToCall"), 500, "fault of its own", id="success with 500"),
        pytest.param(
            response("clickToCall", service_error()), 503, "busy", id="blank error with 503"
        ),
    ],
)
def test_everything_else_leaves_doubt(body: str, status: int, words: str) -> None:
    with pytest.raises(Uncertain) as caught:
        call(body, status)
    assert words in str(caught.value)
    assert caught.value.message


def test_http_401_stops_all_traffic() -> None:
    with pytest.raises(BadCredentials):
        call(LOGIN_PAGE, 401)


def test_a_busy_server_says_for_how_long() -> None:
    busy = answers.Reply(503, "text/html", LOGIN_PAGE.encode(), retry_after=30.0)
    with pytest.raises(Uncertain) as caught:
        answers.read_done(Operation.CALL, busy)
    assert caught.value.retry_after == 30.0


# The codes


@pytest.mark.parametrize("code", ["ERR001", " ERR001\n", "wsse:FailedAuthentication"])
@pytest.mark.parametrize("said", ["Authentication failed", "Aiuthentication error", ""])
def test_a_wrong_login_is_known_by_its_code_alone(code: str, said: str) -> None:
    with pytest.raises(BadCredentials):
        call(soap(service_error(code, said)))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ERR002", "misses something"),
        ("ERR003", "does not allow this number"),
        ("ERR1001", "could not be made"),
        ("ERR1002", "entry is gone"),
        ("ERR1003", "character of this name"),
        ("ERR9999", "refused (ERR9999)"),
        ("SOAP-ENV:Client", "refused (SOAP-ENV:Client)"),
        ("err001", "refused (err001)"),
        ("ERR0010", "refused (ERR0010)"),
    ],
)
def test_each_code_has_its_words(code: str, words: str) -> None:
    error = refused(soap(service_error(code, "Whatever it says")))
    assert error.code == code
    assert words in error.title
    assert error.message


def test_what_the_service_says_is_cleaned_and_is_no_format_string() -> None:
    error = refused(soap(service_error("ERR9%s", "a\nb %(code)s \u202e" + "x" * 500)))
    assert error.code == "ERR9%s"
    assert "a b %(code)s" in error.message
    assert "\u202e" not in error.message
    assert len(error.message) < 200


def test_a_refusal_cleans_what_it_is_given() -> None:
    assert isinstance(refusal(" ERR001\n", ""), BadCredentials)
    error = refusal("ERR9\u202e", "one\ntwo")
    assert isinstance(error, Refused)
    assert error.code == "ERR9"
    assert "one two" in error.message


def test_every_outcome_is_a_phone_error() -> None:
    """Nothing that a server can send may look like a bug of ours."""
    whole = response("clickToCall", service_error("ERR1001", "Dialing Error")).encode()
    for place in range(len(whole)):
        for byte in (b"<", b"&", b"\x00", b"\xff", b""):
            spoiled = whole[:place] + byte + whole[place + 1 :]
            try:
                answers.read_done(Operation.CALL, reply(spoiled))
            except PhoneError:
                continue
