"""The password leaves through the signed request to the right server, and by no other way."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from collections.abc import Iterator

import pytest

from desk_phone.errors import PhoneError, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.soap import SoapTelco
from desk_phone.web.limits import Limits
from tests.contract.server import Answer, Server, http, silence
from tests.replies import response, service_error, soap

PASSWORD = "geheim-gehe1m"
OWN = "+3726401234"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger there is speaks at DEBUG, whatever was set before."""
    caplog.set_level(logging.DEBUG)
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    before = [logger.level for logger in known]
    for logger in known:
        logger.setLevel(logging.DEBUG)
    yield caplog
    for logger, level in zip(known, before, strict=True):
        logger.setLevel(level)


def telco_at(server: Server) -> SoapTelco:
    return SoapTelco(Account("me", Secret(PASSWORD), server.url), Limits(read=0.1))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(response("clickToCall")), id="success"),
        pytest.param(http(soap(service_error("ERR001"))), id="ERR001"),
        pytest.param(http(soap(service_error("ERR1001"))), id="ERR1001"),
        pytest.param(http("<html/>", 503), id="503"),
        pytest.param(http("", 401), id="401"),
        pytest.param(http("", 307, "Location: http://127.0.0.1:9/"), id="redirect"),
        pytest.param(http(response("clickToCall"))[:-9], id="cut"),
        pytest.param(http("rubbish"), id="rubbish"),
        pytest.param(b"rubbish", id="no HTTP"),
        pytest.param(b"", id="closed"),
        pytest.param(silence, id="silence"),
    ],
)
def test_no_log_message_or_traceback_shows_the_password(
    everything_logged: pytest.LogCaptureFixture, answer: bytes | Answer
) -> None:
    told = []
    with Server(answer) as server:
        try:
            telco_at(server).call(OWN, "112")
        except PhoneError as error:
            told += [repr(error), *traceback.format_exception(error)]
        assert PASSWORD.encode() in server.heard[0].body
    told += [everything_logged.text, *(repr(vars(record)) for record in everything_logged.records)]
    for word in (PASSWORD, b64encode(PASSWORD.encode()).decode()):
        assert not any(word in text for text in told)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_carry_the_password_away(status: int) -> None:
    with Server(http(response("listOwnNumbers"))) as thief:
        with Server(http("", status, f"Location: {thief.url}")) as server:
            with pytest.raises(Uncertain, match="points elsewhere"):
                telco_at(server).numbers()
            assert server.visits == 1
        assert thief.visits == 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="closed"),
        pytest.param(silence, id="silence"),
        pytest.param(http("busy", 503, "Retry-After: 0"), id="busy"),
        pytest.param(http("", 200), id="empty"),
    ],
)
def test_what_rings_or_adds_is_never_sent_twice(answer: bytes | Answer) -> None:
    with Server(answer) as server:
        telco = telco_at(server)
        with pytest.raises(Uncertain, match="Your phone may ring"):
            telco.call(OWN, "112")
        assert server.visits == 1
        with pytest.raises(Uncertain, match="may have been added"):
            telco.add_entry("A", OWN, "")
        assert server.visits == 2
