"""A code that works once, over HTTP as it can be: what is surely unused, and what leaves doubt."""

from __future__ import annotations

import json

import pytest

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.telco.account import Account
from desk_phone.telco.enrolling import enrol
from desk_phone.telco.gateway import GatewayTelco
from tests.contract.server import Answer, Server, http, silence
from tests.relayed import OTHER_LINE, OWN

CODE = Secret("ABCDEFGH")
GIVEN = {
    "device": "d1",
    "token": "t" * 43,
    "numbers": [OWN, OTHER_LINE],
    "may_edit": True,
    "company": {"user": "P0000000@elion.ee", "service_url": "https://teenused.telia.ee/external/"},
    "broker": {"host": "b.example", "port": 8883, "tls": True, "user": "d1", "password": "p" * 43},
}


def answer(body: object, status: int = 201, *headers: str) -> bytes:
    return http(json.dumps(body), status, *headers, content_type="application/json")


def place(server: Server) -> str:
    return server.url.removesuffix("/external/")


def test_a_code_is_sent_once_and_the_answer_is_read() -> None:
    with Server(answer(GIVEN)) as server:
        given = enrol(place(server), CODE)
        (heard,) = server.heard
    assert heard.request_line == "POST /v1/enrol HTTP/1.1"
    assert json.loads(heard.body) == {"code": "ABCDEFGH"}
    assert heard.header("Content-Type") == "application/json"
    assert heard.header("Authorization") is None
    assert (given.device, given.numbers) == ("d1", (OWN, OTHER_LINE))
    assert given.token == Secret("t" * 43)


@pytest.mark.parametrize(
    ("said", "trouble", "words"),
    [
        pytest.param(answer({}, 404), Refused, "does not take", id="unknown"),
        pytest.param(answer({}, 410), Refused, "does not take", id="used"),
        pytest.param(answer({}, 429, "Retry-After: 60"), Offline, "Too many", id="too many"),
        pytest.param(answer({}, 500), Uncertain, "problem of its own", id="broken"),
        pytest.param(http("<p>hello"), Uncertain, "no relay", id="a web page"),
        pytest.param(answer([]), Uncertain, "no relay", id="a list"),
        pytest.param(answer({**GIVEN, "token": 5}), Uncertain, "no relay", id="no token"),
        pytest.param(answer({}, 302, "Location: https://x"), Uncertain, "elsewhere", id="redirect"),
        pytest.param(b"", Uncertain, "without an answer", id="closed"),
        pytest.param(answer(GIVEN)[:-20], Uncertain, "cut short", id="cut short"),
        pytest.param(
            answer({"kind": "offline", "code": ""}, 503, "Retry-After: 60"),
            Offline,
            "was not used",
            id="its broker is away",
        ),
        pytest.param(answer({}, 503), Uncertain, "of its own", id="what is before it is ill"),
    ],
)
def test_what_goes_wrong_is_told_apart(
    said: bytes | Answer, trouble: type[PhoneError], words: str
) -> None:
    with Server(said) as server, pytest.raises(trouble, match=words) as caught:
        enrol(place(server), CODE)
    assert server.visits == 1
    assert "ABCDEFGH" not in str(caught.value)
    assert isinstance(caught.value, trouble)
    if isinstance(caught.value, Offline):
        assert caught.value.retry_after == 60


def test_nobody_is_there() -> None:
    with Server(silence) as server:
        url = place(server)
    with pytest.raises(Offline):
        enrol(url, CODE)


def test_a_code_goes_to_no_plain_address() -> None:
    with pytest.raises(BadInput):
        enrol("http://relay.company.example", CODE)


# afterwards


def lines(server: Server) -> tuple[str, ...]:
    token = Secret("t" * 43)
    return GatewayTelco(Account("P", token, relay_url=place(server), device="d1")).lines()


def test_the_relay_says_which_numbers_are_this_computers() -> None:
    with Server(answer({**GIVEN, "name": "Mari's desk"}, 200)) as server:
        assert lines(server) == (OWN, OTHER_LINE)
        (heard,) = server.heard
    assert heard.request_line == "GET /v1/me HTTP/1.1"
    assert heard.header("Authorization") == f"Bearer {'t' * 43}"


@pytest.mark.parametrize(
    ("said", "trouble"),
    [(answer({}, 401), BadCredentials), (answer({"numbers": "x"}, 200), Uncertain)],
)
def test_or_why_it_does_not(said: bytes, trouble: type[PhoneError]) -> None:
    with Server(said) as server, pytest.raises(trouble):
        lines(server)
