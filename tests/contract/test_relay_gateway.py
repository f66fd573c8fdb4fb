"""The relay's gateway over HTTP: who is let in, what is believed, what is done once."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.relayed import PAGE, Position
from desk_phone.model.secret import Secret
from desk_phone.relay import audit, devices, idempotency, outbox
from desk_phone.relay.company_told import version
from desk_phone.relay.configuration import Listen
from desk_phone.relay.devices import Rights
from desk_phone.relay.web_server import listening
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.telco.account import Account
from desk_phone.telco.enrolling import enrol
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, Telco
from desk_phone.telco.soap import SoapTelco
from tests.contract.relays import Desk, Relay, Said
from tests.fakes import FakeTelco
from tests.relayed import notice

OWN, OTHER_OWN, CALLER = "+3726401234", "+3726403231", "+3725123456"
ALICE = Entry("1", "Alice", "+3725550001")
ALL = Rights((OWN,), may_edit=True, may_target=True)
CALL = {"own": OWN, "other": CALLER}
NAMED = {"name": "Bob", "number1": CALLER, "number2": ""}
MATCH = f'"{version(ALICE)}"'

Ask = tuple[str, str, dict[str, str], dict[str, str]]
READS: list[Ask] = [
    ("GET", "/v1/me", {}, {}),
    ("GET", "/v1/numbers", {}, {}),
    ("GET", f"/v1/numbers/{OWN}/history", {}, {}),
    ("GET", f"/v1/numbers/{OWN}/notices?epoch=&after=0", {}, {}),
    ("GET", "/v1/entries", {}, {}),
]
CHANGES: list[Ask] = [
    ("POST", "/v1/calls", CALL, {}),
    ("PUT", f"/v1/numbers/{OWN}/name", {"first": "Mari", "last": "Maasikas"}, {}),
    ("PUT", f"/v1/numbers/{OWN}/target", {"url": "https://a.ee/x"}, {}),
    ("DELETE", f"/v1/numbers/{OWN}/target", {}, {}),
    ("POST", "/v1/entries", NAMED, {}),
    ("PUT", "/v1/entries/1", NAMED, {"If_Match": MATCH}),
    ("DELETE", "/v1/entries/1", {}, {"If_Match": MATCH}),
]


def named(ask: Ask) -> str:
    return f"{ask[0]} {ask[1].partition('?')[0]}"


@pytest.fixture
def service() -> FakeTelco:
    service = FakeTelco()
    service.entries_ = {"1": ALICE}
    return service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay"), FakeTelco, proxies=["127.0.0.2"]) as relay:
        yield relay


@pytest.fixture
def relay(running: Relay, service: FakeTelco) -> Relay:
    """For who neither ends it nor looks at all of its database."""
    running.begin_anew(lambda: service)
    return running


@pytest.fixture
def fresh(tmp_path: Path, service: FakeTelco) -> Iterator[Relay]:
    with Relay(tmp_path, lambda: service) as relay:
        yield relay


@pytest.fixture
def desk(relay: Relay) -> Desk:
    return relay.plain_desk(ALL)


def ask(desk: Desk, request: Ask, key: str = "", **headers: str) -> Said:
    method, path, body, own = request
    return desk.ask(method, path, body or b"", key, **own, **headers)


def outcomes(relay: Relay, desk: Desk | None = None) -> list[tuple[str, str]]:
    """What the audit log says that this device did, or all of them, oldest first."""
    assert relay.do(audit.check) == 0
    rows = reversed(relay.do(lambda db: audit.rows(db, 0, 10_000)))
    whose = desk.token.split(".")[1] if desk else "d-"
    return [(row.act.what.value, row.outcome) for row in rows if row.act.who.startswith(whose)]


def kind(said: Said) -> tuple[int, str, str]:
    given = said.json
    assert set(given) == {"kind", "code"}
    return said.status, given["kind"], given["code"]


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


# once


@pytest.mark.parametrize("request_", CHANGES, ids=named)
def test_under_one_key_a_thing_is_done_once(desk: Desk, service: FakeTelco, request_: Ask) -> None:
    first, again = (ask(desk, request_, "k1") for _ in range(2))
    assert first.status in (200, 204)
    assert (again.status, again.body) == (first.status, first.body)
    changed = [name for name, *_ in service.asked if name != "entries"]
    assert len(changed) == 1


@pytest.mark.parametrize(
    "trouble", [refusal("ERR1001", ""), Uncertain("Lost"), Offline("No network", "", 9.0)]
)
def test_trouble_under_a_key_is_told_again(
    desk: Desk, service: FakeTelco, trouble: PhoneError
) -> None:
    service.trouble["call"].append(trouble)
    first, again = (desk.ask("POST", "/v1/calls", CALL, "k1") for _ in range(2))
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers.get("Retry-After") == first.headers.get("Retry-After")
    assert len(service.asked) == 1


def test_a_key_is_for_one_request_and_one_device(
    relay: Relay, desk: Desk, service: FakeTelco
) -> None:
    assert desk.ask("POST", "/v1/calls", CALL, "k1").status == 204
    for method, path, body in (
        ("POST", "/v1/calls", {**CALL, "other": "+3725123457"}),
        ("PUT", f"/v1/numbers/{OWN}/name", {"first": "A", "last": "B"}),
    ):
        assert kind(desk.ask(method, path, body, "k1")) == (400, "bad input", "")
    assert relay.plain_desk(ALL).ask("POST", "/v1/calls", CALL, "k1").status == 204
    assert service.dialled == [(OWN, CALLER)] * 2


class Slow(FakeTelco):
    """A call waits until it is let go on; ``came`` says that one waits."""

    def __init__(self) -> None:
        super().__init__()
        self.came, self.go_on = threading.Event(), threading.Event()

    def call(self, own: str, other: str) -> None:
        self.came.set()
        assert self.go_on.wait(10)
        super().call(own, other)


def test_who_asks_again_meanwhile_waits_for_the_first(tmp_path: Path) -> None:
    slow = Slow()
    with Relay(tmp_path, lambda: slow) as relay, ThreadPoolExecutor(8) as threads:
        desk = relay.plain_desk(ALL)
        first = threads.submit(desk.ask, "POST", "/v1/calls", CALL, "k1")
        assert slow.came.wait(10)
        again = [threads.submit(desk.ask, "POST", "/v1/calls", CALL, "k1") for _ in range(3)]
        other = desk.ask("POST", "/v1/calls", {**CALL, "other": "+3725123457"}, "k1")
        assert other.status == 400
        slow.go_on.set()
        assert [one.result().status for one in (first, *again)] == [204] * 4
    assert slow.dialled == [(OWN, CALLER)]


def test_a_desk_that_hangs_up_stops_nothing(tmp_path: Path) -> None:
    slow = Slow()
    with Relay(tmp_path, lambda: slow) as relay:
        desk = relay.plain_desk(ALL)
        body = json.dumps(CALL).encode()
        head = (
            f"POST /v1/calls HTTP/1.1\nHost: x\nAuthorization: Bearer {desk.token}\n"
            f"Idempotency-Key: k1\nContent-Length: {len(body)}\n\n"
        )
        with desk.sending(head, body):
            assert slow.came.wait(10)
        slow.go_on.set()
        assert desk.ask("POST", "/v1/calls", CALL, "k1").status == 204
    assert slow.dialled == [(OWN, CALLER)]


def test_a_relay_that_ends_waits_for_what_is_under_way(tmp_path: Path) -> None:
    slow = Slow()
    with ThreadPoolExecutor(1) as threads:
        with Relay(tmp_path, lambda: slow) as relay:
            token = relay.plain_desk(ALL).token
            first = threads.submit(Desk(relay.url, token).ask, "POST", "/v1/calls", CALL, "k1")
            assert slow.came.wait(10)
            relay.stop()
            slow.go_on.set()
        assert first.result().status == 204
    with Relay(tmp_path, lambda: slow) as relay:
        assert Desk(relay.url, token).ask("POST", "/v1/calls", CALL, "k1").status == 204
    assert slow.dialled == [(OWN, CALLER)]


def test_what_the_relay_was_killed_in_is_in_doubt_for_ever(
    tmp_path: Path, service: FakeTelco
) -> None:
    with Relay(tmp_path, lambda: service) as relay:
        desk = relay.plain_desk(ALL)
        desk.ask("POST", "/v1/calls", CALL, "k1")
        # as a kill leaves it, between what has begun and its outcome
        relay.do(lambda db: db.execute("UPDATE requests SET status = 0, body = ''"))
    with Relay(tmp_path, lambda: service) as relay:
        again = Desk(relay.url, desk.token)
        assert kind(again.ask("POST", "/v1/calls", CALL, "k1")) == (502, "uncertain", "")
        relay.do(lambda db: idempotency.settle_interrupted(db, relay.now))
        assert kind(again.ask("POST", "/v1/calls", CALL, "k1")) == (502, "uncertain", "")
        assert outcomes(relay)[-1] == ("call", idempotency.INTERRUPTED)
        assert again.ask("POST", "/v1/calls", CALL, "k2").status == 204
    assert service.dialled == [(OWN, CALLER)] * 2


# the phonebook and what is shared


def test_who_has_an_answer_is_not_told_it_again(desk: Desk) -> None:
    for path in (f"/v1/numbers/{OWN}/history", "/v1/entries"):
        first = desk.ask("GET", path)
        name = first.headers["ETag"]
        for known in (name, f"W/{name}", f'"x", {name}'):
            said = desk.ask("GET", path, If_None_Match=known)
            assert (said.status, said.body, said.headers["ETag"]) == (304, b"", name)
        assert desk.ask("GET", path, If_None_Match='"x"').json == first.json


def test_a_long_answer_is_packed_for_who_takes_it(desk: Desk, service: FakeTelco) -> None:
    service.entries_ = {str(n): Entry(str(n), f"Name {n}", CALLER) for n in range(500)}
    plain = desk.ask("GET", "/v1/entries", Accept_Encoding="identity")
    packed = desk.ask("GET", "/v1/entries", Accept_Encoding="deflate, GZIP ;q=0.5")
    refused = desk.ask("GET", "/v1/entries", Accept_Encoding="gzip;q=0")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) * 3 < len(plain.body)
    assert refused.body == plain.body
    assert len(plain.json["entries"]) == 500


def test_an_entry_that_somebody_changed_is_not_written_over(
    relay: Relay, desk: Desk, service: FakeTelco
) -> None:
    said = desk.ask("PUT", "/v1/entries/1", NAMED, If_Match=MATCH)
    assert said.status == 200
    late = desk.ask("DELETE", "/v1/entries/1", If_Match=MATCH)
    assert kind(late) == (412, "refused", "CHANGED")
    assert outcomes(relay)[-1] == ("entry deleted", "changed meanwhile")
    gone = desk.ask("DELETE", "/v1/entries/1", If_Match=f'"{said.json["version"]}"')
    assert gone.status == 204
    assert service.entries_ == {}


def test_notices_come_page_by_page(fresh: Relay) -> None:
    desk = fresh.plain_desk(ALL)
    last = fresh.do(
        lambda db: [outbox.append(db, notice(n, OWN), fresh.now) for n in range(PAGE + 2)][-1]
    ).position
    path = f"/v1/numbers/{OWN}/notices?epoch={last.epoch}&after="
    first, second = desk.ask("GET", f"{path}0").json, desk.ask("GET", f"{path}{PAGE}").json
    assert (len(first["notices"]), first["more"], first["last"]) == (PAGE, True, last.seq)
    assert ([one["seq"] for one in second["notices"]], second["more"]) == ([501, 502], False)
    other = desk.ask("GET", f"/v1/numbers/{OWN}/notices?epoch=another&after=502").json
    assert other["notices"] == first["notices"]


def test_a_desk_reads_what_it_missed(fresh: Relay) -> None:
    telco = fresh.desk(ALL)
    assert telco.notices_after(OWN, Position("", 0)).last == Position("", 0)
    told = fresh.do(lambda db: outbox.append(db, notice(1, OWN), fresh.now))
    page = telco.notices_after(OWN, Position("", 0))
    assert (page.notices, page.last) == ((told,), told.position)


# codes


def test_a_desk_joins_and_is_told_what_it_needs(relay: Relay) -> None:
    enrolled = relay.enrol(Rights((OWN, OTHER_OWN), may_edit=True))
    assert (enrolled.numbers, enrolled.may_edit) == ((OWN, OTHER_OWN), True)
    assert str(enrolled.broker) == f"mqtts://{enrolled.device}@broker.company.example:8883"
    password, numbers = relay.accounts.held[enrolled.device]
    assert (password, numbers) == (enrolled.broker_password.reveal(), (OWN, OTHER_OWN))
    me = Desk(relay.url, enrolled.token.reveal()).ask("GET", "/v1/me").json
    assert me == {
        "device": enrolled.device,
        "name": "Mari's desk",
        "numbers": [OWN, OTHER_OWN],
        "may_edit": True,
        "company": {"user": enrolled.user, "service_url": enrolled.service_url},
    }
    assert relay.telco(enrolled).lines() == (OWN, OTHER_OWN)


def try_code(relay: Relay, code: str = "ABCD-EFGH-JKMN", **headers: str) -> Said:
    return Desk(relay.url).ask("POST", "/v1/enrol", {"code": code}, **headers)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"code": 7}', b'{"code": "A", "x": ""}', b"[]"])
def test_an_odd_request_for_a_token_is_refused(relay: Relay, body: bytes) -> None:
    assert Desk(relay.url).ask("POST", "/v1/enrol", body).status == 400


def test_a_code_works_once_and_a_wrong_one_never(relay: Relay) -> None:
    code = relay.code(ALL)
    enrol(relay.url, code)
    for wrong in (code, Secret("ABCD-EFGH-JKMN"), Secret("")):
        with pytest.raises(Refused, match="does not take"):
            enrol(relay.url, wrong)
    assert len(relay.accounts.held) == 1


def test_who_tries_codes_is_stopped(relay: Relay) -> None:
    assert [try_code(relay).status for _ in range(5)] == [409] * 5
    said = try_code(relay)
    assert (said.status, said.headers["Retry-After"]) == (429, "12")
    code = relay.code(ALL)
    with pytest.raises(Offline, match="Too many codes") as caught:
        enrol(relay.url, code)
    assert caught.value.retry_after == 12
    relay.time += 12
    enrol(relay.url, code)  # it was not used


def test_only_a_proxy_of_ours_says_for_whom_it_asks(tmp_path: Path, service: FakeTelco) -> None:
    def tries(relay: Relay) -> list[int]:
        return [try_code(relay, X_Forwarded_For=f"10.0.0.{n}").status for n in range(6)]

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with Relay(tmp_path / "a", lambda: service) as relay:
        assert tries(relay) == [409] * 5 + [429]
    with Relay(tmp_path / "b", lambda: service, proxies=["127.0.0.1"]) as relay:
        assert tries(relay) == [409] * 6
        assert [try_code(relay, X_Forwarded_For="10.0.0.9").status for _ in range(6)][-1] == 429
        assert try_code(relay, X_Forwarded_For="10.0.0.9, 10.0.0.10").status == 409


def test_all_together_try_sixty_a_minute_at_most(tmp_path: Path, service: FakeTelco) -> None:
    with Relay(tmp_path, lambda: service, proxies=["127.0.0.1"]) as relay:
        tried = [try_code(relay, X_Forwarded_For=f"10.0.1.{n}").status for n in range(62)]
    assert tried == [409] * 60 + [429] * 2


def test_right_codes_are_not_counted(relay: Relay) -> None:
    for n in range(8):
        relay.enrol(ALL, f"Desk {n}")


@pytest.mark.parametrize("trouble", [Offline("No broker"), Uncertain("Lost"), Refused("No")])
def test_without_the_broker_a_code_stays_usable(fresh: Relay, trouble: PhoneError) -> None:
    code = fresh.code(ALL)
    fresh.accounts.trouble.append(trouble)
    said = try_code(fresh, code.reveal())
    assert kind(said) == (503, "offline", "")
    assert fresh.do(devices.listed) == ()
    enrol(fresh.url, code)
    assert len(fresh.accounts.held) == 1


def test_a_device_that_cannot_be_written_down_has_no_account(fresh: Relay) -> None:
    code = fresh.code(ALL)
    fresh.do(
        lambda db: db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON devices BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    )
    assert try_code(fresh, code.reveal()).status == 503
    assert fresh.accounts.held == {}
    assert len(fresh.accounts.revoked) == 1
    fresh.do(lambda db: db.execute("DROP TRIGGER full"))
    enrol(fresh.url, code)  # all of it was taken back


def test_of_two_who_use_a_code_at_once_one_joins(fresh: Relay) -> None:
    code = fresh.code(ALL).reveal()
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda _: try_code(fresh, code).status, range(5)))
    assert Counter(said) == {201: 1, 409: 4}
    (device,) = fresh.do(devices.listed)
    assert set(fresh.accounts.held) == {device.id}


# how often


def test_a_device_dials_ten_times_a_minute(relay: Relay, desk: Desk, service: FakeTelco) -> None:
    said = [desk.ask("POST", "/v1/calls", CALL) for _ in range(11)]
    assert [one.status for one in said] == [204] * 10 + [429]
    assert said[-1].headers["Retry-After"] == "6"
    assert len(service.dialled) == 10
    assert relay.plain_desk(ALL).ask("POST", "/v1/calls", CALL).status == 204
    assert desk.ask("GET", "/v1/me").status == 200
    relay.time += 6
    assert desk.ask("POST", "/v1/calls", CALL).status == 204


@pytest.mark.parametrize("request_", [READS[0], CHANGES[1]], ids=named)
def test_a_device_reads_and_changes_120_times_a_minute(desk: Desk, request_: Ask) -> None:
    said = Counter(ask(desk, request_).status for _ in range(122))
    assert said[429] == 2


def test_an_answer_does_not_wait_for_more_to_send() -> None:
    """asyncio switches Nagle's waiting off for what says that it is TCP's."""
    with listening(Listen("127.0.0.1", 0)) as sock:
        assert sock.proto == socket.IPPROTO_TCP


# everybody at once


def test_fifty_desks_dial_and_edit_at_once(tmp_path: Path) -> None:
    """Each request is sent three times at once under its key, as where answers get lost."""
    desks_ = 50
    with Simulator(quiet=True, records=0) as simulator:

        def telco() -> Telco:
            return SoapTelco(Account(USER, Secret(PASSWORD), simulator.base_url))

        with Relay(tmp_path, telco) as relay, ThreadPoolExecutor(24) as threads:
            desks = [relay.plain_desk(ALL) for _ in range(desks_)]
            shared = desks[0].ask("GET", "/v1/entries").json["entries"][0]

            def work(n: int) -> list[int]:
                desk, nth = desks[n // 3], n // 3
                path = f"/v1/entries/{shared['id']}"
                named = {"name": f"Shared {nth}", "number1": CALLER, "number2": ""}
                match = f'"{shared["version"]}"'
                return [
                    desk.ask(
                        "POST", "/v1/calls", {"own": OWN, "other": f"+37251{nth:05}"}, "a"
                    ).status,
                    desk.ask("POST", "/v1/entries", {**NAMED, "name": f"Own {nth}"}, "b").status,
                    desk.ask("PUT", path, named, "c", If_Match=match).status,
                ]

            said = list(threads.map(work, range(3 * desks_)))
            listed = desks[0].ask("GET", "/v1/entries").json["entries"]
            log = Counter(outcomes(relay))
        dialled = Counter(each.other for each in simulator.company.dialled)
    assert dialled == {f"51{n:05}": 1 for n in range(desks_)}
    assert Counter(one["name"] for one in listed if one["name"].startswith("Own")) == {
        f"Own {n}": 1 for n in range(desks_)
    }
    assert {tuple(one[:2]) for one in said} == {(204, 204)}
    assert Counter(one[2] for one in said) == {200: 3, 412: 3 * (desks_ - 1)}
    assert sum(one["name"].startswith("Shared") for one in listed) == 1
    assert log == {
        ("enrolled", "done"): desks_,
        ("call", "done"): desks_,
        ("entry added", "done"): desks_,
        ("entry changed", "done"): 1,
        ("entry changed", "changed meanwhile"): desks_ - 1,
    }


def test_no_secret_and_no_number_is_in_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Simulator(quiet=True, records=0) as simulator:

        def telco() -> Telco:
            return SoapTelco(Account(USER, Secret(PASSWORD), simulator.base_url))

        with Relay(tmp_path, telco) as relay:
            code = relay.code(ALL)
            enrolled = enrol(relay.url, code)
            desk = Desk(relay.url, enrolled.token.reveal())
            for request in (*READS, *CHANGES):
                ask(desk, request)
            try_code(relay, "ABCD-EFGH-JKMN")
            simulator.fault("error", "ERR001", times=1)
            assert desk.ask("POST", "/v1/calls", CALL).status == 423
        disk = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    secrets = [one.reveal() for one in (code, enrolled.token, enrolled.broker_password)]
    assert PASSWORD not in secrets
    for secret in (*secrets, PASSWORD):
        assert secret not in caplog.text
        assert secret.encode() not in disk
    assert CALLER.encode() not in disk
    for number in (OWN, CALLER):
        assert number not in caplog.text
