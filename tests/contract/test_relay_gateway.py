"""The relay's gateway over HTTP: who is let in, what is believed, and what is said of trouble."""

from __future__ import annotations

import json

import pytest

from desk_phone.errors import BadInput, Offline, PhoneError, Uncertain
from desk_phone.relay.gateway import requests as gateway_requests
from desk_phone.relay.state import devices
from desk_phone.relay.state.devices import Rights
from desk_phone.telco.refusals import refusal
from tests.contract.asking import (
    ALL,
    CALL,
    CALLER,
    CHANGES,
    MATCH,
    NAMED,
    OTHER_OWN,
    OWN,
    READS,
    Ask,
    ask,
    kind,
    named,
    outcomes,
)
from tests.contract.relays import Desk, Relay
from tests.fakes import FakeTelco

# who is let in


@pytest.mark.parametrize("request_", [*READS, *CHANGES], ids=named)
def test_without_a_token_nothing_is_told_or_done(
    relay: Relay, desk: Desk, service: FakeTelco, request_: Ask
) -> None:
    token = desk.token
    for header in (
        "",
        "Bearer",
        "Bearer ",
        f"Basic {token}",
        f"Bearer {token}x",
        f"Bearer x {token}",
    ):
        said = ask(Desk(relay.url), request_, **({"Authorization": header} if header else {}))
        assert (said.status, said.body) == (401, b"")
        assert said.headers["WWW-Authenticate"] == "Bearer"
    assert service.asked == []


def test_a_token_that_stands_there_twice_is_none(desk: Desk) -> None:
    bearer = f"Authorization: Bearer {desk.token}\n"
    heads = f"GET /v1/me HTTP/1.1\nHost: x\nConnection: close\n{bearer}"
    assert desk.raw(heads + "\n").startswith(b"HTTP/1.1 200")
    assert desk.raw(f"{heads}{bearer}\n").startswith(b"HTTP/1.1 401")


def test_a_revoked_token_ends_at_once(relay: Relay) -> None:
    enrolled = relay.enrol(ALL)
    desk = Desk(relay.url, enrolled.token.reveal())
    assert desk.ask("GET", "/v1/me").status == 200
    relay.do(lambda db: devices.revoke(db, enrolled.device, relay.now))
    assert desk.ask("GET", "/v1/me").status == 401


@pytest.mark.parametrize(
    "request_", [one for one in (*READS, *CHANGES) if OWN in repr(one)], ids=named
)
def test_the_number_of_somebody_else_is_closed(
    relay: Relay, service: FakeTelco, request_: Ask
) -> None:
    desk = relay.plain_desk(Rights((OTHER_OWN,), True, True))
    assert ask(desk, request_).status == 403
    assert service.asked == []
    wrote = ["not allowed"] if request_[0] != "GET" else []
    assert [outcome for _, outcome in outcomes(relay, desk)[1:]] == wrote


@pytest.mark.parametrize("request_", CHANGES[2:], ids=named)
def test_what_a_device_has_no_right_to_is_not_done(
    relay: Relay, service: FakeTelco, request_: Ask
) -> None:
    desk = relay.plain_desk(Rights((OWN,)))
    assert ask(desk, request_).status == 403
    assert service.asked == []
    assert outcomes(relay, desk)[-1][1] == "not allowed"


def test_what_is_tried_again_and_again_is_written_down_once(
    relay: Relay, service: FakeTelco
) -> None:
    desk = relay.plain_desk(Rights((OWN,)))
    before = len(outcomes(relay, desk))
    for request_ in (CHANGES[2], CHANGES[2], CHANGES[3], CHANGES[2]):
        assert ask(desk, request_).status == 403
    assert len(outcomes(relay, desk)) == before + 2  # of each kind


@pytest.mark.parametrize("other", ["112", "+372112", "+88161234567"])
def test_emergency_and_satellite_numbers_are_dialled_for_nobody(
    desk: Desk, service: FakeTelco, other: str
) -> None:
    assert desk.ask("POST", "/v1/calls", {"own": OWN, "other": other}).status == 403
    assert service.asked == []


# what is believed


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"7", b"null", b'"x"', b"{}", b"\xff", b"[" * 60_000),
        json.dumps(CALL).encode("utf-16"),
        json.dumps({**CALL, "more": ""}).encode(),
        json.dumps({"own": OWN}).encode(),
        json.dumps({"own": OWN, "other": 5123456}).encode(),
        json.dumps({"own": OWN, "other": None}).encode(),
        json.dumps({"own": OWN, "other": [CALLER]}).encode(),
        json.dumps({"own": OWN, "other": ""}).encode(),
        json.dumps({"own": OWN, "other": "*21*5123456#"}).encode(),
        json.dumps({"own": OWN, "other": "5123456,,1"}).encode(),
        json.dumps({"own": OWN, "other": "٥١٢٣٤٥٦"}).encode(),
        json.dumps({"own": OWN, "other": "5" * 21}).encode(),
        json.dumps({"own": f"{OWN}\n", "other": CALLER}).encode(),
        f'{{"own":"{OWN}","own":"{OWN}","other":"{CALLER}"}}'.encode(),
        json.dumps(CALL).encode() + b" " * 65_536,
    ],
)
def test_a_body_that_is_not_exactly_right_does_nothing(
    desk: Desk, service: FakeTelco, body: bytes
) -> None:
    assert kind(desk.ask("POST", "/v1/calls", body)) == (400, "bad input", "")
    assert service.asked == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"/v1/numbers/{OWN}/name", {"first": "x" * 129, "last": ""}),
        ("PUT", f"/v1/numbers/{OWN}/name", {"first": "Šapiro", "last": ""}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": ""}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "ftp://a.ee/"}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://"}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://u:p@a.ee/"}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://a.ee/ x"}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://[a/"}),
        ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://a.ee/" + "x" * 512}),
        ("DELETE", f"/v1/numbers/{OWN}/target", {"url": "https://a.ee/"}),
        ("POST", "/v1/entries", {**NAMED, "id": "1"}),
        ("POST", "/v1/entries", {**NAMED, "number1": "a"}),
        ("POST", "/v1/entries", {**NAMED, "name": "x" * 129}),
    ],
)
def test_texts_that_do_not_fit_are_refused(
    desk: Desk, service: FakeTelco, method: str, path: str, body: dict[str, str]
) -> None:
    assert kind(desk.ask(method, path, body)) == (400, "bad input", "")
    assert service.asked == []


def test_texts_are_cleaned(desk: Desk, service: FakeTelco) -> None:
    names = {"first": " Mari\u202e\n", "last": "Ma\u0308gi  Õun"}
    assert desk.ask("PUT", f"/v1/numbers/{OWN}/name", names).status == 204
    assert service.line_names == {OWN: ("Mari", "Mägi Õun")}


def test_a_body_that_never_ends_is_not_waited_for(desk: Desk, service: FakeTelco) -> None:
    head = (
        f"POST /v1/calls HTTP/1.1\nHost: x\nAuthorization: Bearer {desk.token}\n"
        "Idempotency-Key: k\nContent-Length: 500\n\n"
    )
    desk.sending(head, json.dumps(CALL).encode()).close()
    assert desk.ask("GET", "/v1/me").status == 200
    assert service.asked == []


def test_a_body_that_comes_too_slowly_is_refused(
    desk: Desk, service: FakeTelco, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_requests, "_WITHIN", 0.05)
    head = (
        f"POST /v1/calls HTTP/1.1\nHost: x\nAuthorization: Bearer {desk.token}\n"
        "Idempotency-Key: k\nContent-Length: 500\n\n"
    )
    with desk.sending(head, b"{") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert service.asked == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/", 404), ("GET", "/v1", 404), ("GET", "/v2/me", 404), ("GET", "/v1/me/", 404)),
        *(("GET", "//v1/me", 404), ("GET", "/v1/../v1/me", 404), ("GET", "/v1/me%00", 404)),
        *(("GET", "/health", 404), ("GET", "/metrics", 404), ("GET", "/%FF%FE", 404)),
        *(("POST", "/v1/me", 405), ("GET", "/v1/calls", 405), ("GET", "/v1/enrol", 405)),
        *(("PATCH", "/v1/entries/1", 405), ("OPTIONS", "/v1/entries", 405)),
        *(("TRACE", "/v1/me", 405), ("BREW", "/v1/me", 405), ("GET", "/v1/entries/1", 405)),
        *(("PUT", "/v1/entries/1%2F2", 404), ("PUT", "/v1/entries/%2e%2e", 400)),
        *(("PUT", "/v1/entries/%00", 400), ("PUT", "/v1/entries/1%0A", 400)),
        *(("PUT", "/v1/entries/%FF", 400), ("PUT", "/v1/entries/%zz", 400)),
        *(("PUT", f"/v1/entries/{'1' * 65}", 400), ("GET", "/v1/numbers//history", 404)),
        *(("GET", "/v1/numbers/%2B372%00/history", 400), ("GET", "/v1/numbers/a/history", 400)),
        *(("HEAD", "/v1/me", 200), ("HEAD", "/v1/calls", 405)),
    ],
)
def test_odd_paths_and_methods_are_told_so(
    desk: Desk, service: FakeTelco, method: str, path: str, status: int
) -> None:
    body = NAMED if method == "PUT" else b""
    said = desk.ask(method, path, body, If_Match=MATCH)
    assert said.status == status
    assert b"Traceback" not in said.body
    assert service.asked == []
    if method == "HEAD":
        assert said.body == b""


def test_what_a_place_takes_is_said_whole(desk: Desk) -> None:
    said = desk.ask("PATCH", "/v1/entries/1")
    assert set(said.headers["Allow"].replace(" ", "").split(",")) == {"PUT", "DELETE"}


@pytest.mark.parametrize("request_", CHANGES, ids=named)
@pytest.mark.parametrize("key", [" ", "x" * 129, "with blank", "õ"])
def test_without_a_key_nothing_is_changed(
    desk: Desk, service: FakeTelco, request_: Ask, key: str
) -> None:
    assert kind(ask(desk, request_, key)) == (400, "bad input", "")
    assert service.asked == []


@pytest.mark.parametrize("match", ["", "*", "x", '"', 'W/"x"', '"a", "b"', '"ä"'])
def test_an_entry_is_changed_by_its_version_alone(
    desk: Desk, service: FakeTelco, match: str
) -> None:
    headers = {"If_Match": match} if match else {}
    for method, body in (("PUT", NAMED), ("DELETE", b"")):
        said = desk.ask(method, "/v1/entries/1", body, **headers)
        assert kind(said) == (400, "bad input", "")
    assert service.asked == []


@pytest.mark.parametrize(
    "query",
    [
        *("after=-1", "after=x", "after=1e3", f"after={'9' * 17}", "after=", "epoch=%00"),
        *("epoch=a-b", f"epoch={'a' * 65}", "epoch=a&epoch=b", "limit=9", "after=1&after=2"),
        "after=%D9%A1",
    ],
)
def test_odd_positions_are_refused(desk: Desk, query: str) -> None:
    said = desk.ask("GET", f"/v1/numbers/{OWN}/notices?{query}")
    assert kind(said) == (400, "bad input", "")


# trouble


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (refusal("ERR1001", ""), (409, "refused", "ERR1001")),
        (refusal("SOAP-ENV:Client", ""), (409, "refused", "SOAP-ENV:Client")),
        (Uncertain("Lost"), (502, "uncertain", "")),
        (Offline("No network", "", 6.5), (503, "offline", "")),
        (BadInput("Odd"), (400, "bad input", "")),
        (refusal("ERR001", ""), (423, "locked", "")),
    ],
)
def test_trouble_is_told_apart(
    relay: Relay, desk: Desk, service: FakeTelco, trouble: PhoneError, said: tuple[int, str, str]
) -> None:
    service.trouble["call"].append(trouble)
    answer = desk.ask("POST", "/v1/calls", CALL)
    assert kind(answer) == said
    assert answer.headers.get("Retry-After") == ("7" if said[0] == 503 else None)
    assert len(service.asked) == 1
    assert outcomes(relay)[-1] == ("call", f"{said[1]} {said[2]}".strip())


def test_once_the_login_was_refused_nobody_asks_until_the_administrator_acts(
    relay: Relay, desk: Desk, service: FakeTelco
) -> None:
    service.trouble["history"].append(refusal("ERR001", ""))
    assert ask(desk, READS[2]).status == 423
    for request in (*READS[1:3], READS[4], *CHANGES):
        assert kind(ask(desk, request)) == (423, "locked", "")
    assert len(service.asked) == 1
    assert {ask(desk, READS[0]).status, ask(desk, READS[3]).status} == {200}  # its own to tell
    relay.soon(relay.company.unlock)
    assert ask(desk, READS[2]).status == 200


def test_a_bug_says_nothing(
    desk: Desk, service: FakeTelco, caplog: pytest.LogCaptureFixture
) -> None:
    def call(_own: str, other: str) -> None:
        raise KeyError(other)

    service.call = call  # type: ignore[method-assign]
    said = desk.ask("POST", "/v1/calls", CALL, key="k1")
    assert (said.status, said.body) == (500, b"")
    assert desk.ask("POST", "/v1/calls", CALL, key="k1").status == 500
    assert "a bug: KeyError in call:" in caplog.text
    assert CALLER not in caplog.text
    service.records = None  # type: ignore[assignment]
    said = ask(desk, READS[2])
    assert (said.status, said.body) == (500, b"")


def test_where_nothing_can_be_written_down_nothing_is_done(
    fresh: Relay, service: FakeTelco
) -> None:
    desk = fresh.plain_desk(ALL)
    fresh.do(
        lambda db: db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON requests"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    )
    for request in CHANGES:
        assert kind(ask(desk, request)) == (503, "offline", "")
    assert service.asked == []
    assert ask(desk, READS[2]).status == 200
