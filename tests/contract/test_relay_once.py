"""What a desk has done at the relay is done once; what all desks read is shared."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.model.relayed import PAGE, Position
from desk_phone.model.secret import Secret
from desk_phone.relay.company.phonebook import DOUBTFUL
from desk_phone.relay.configuration import Listen
from desk_phone.relay.state import devices, idempotency, outbox
from desk_phone.relay.state.devices import Rights
from desk_phone.relay.web_server import listening
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.telco.account import Account
from desk_phone.telco.enrolling import enrol
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, Telco
from desk_phone.telco.soap import SoapTelco
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
from tests.contract.brokers import wait_for
from tests.contract.relays import Desk, Relay
from tests.fakes import FakeTelco
from tests.relayed import notice

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


def call_of(desk: Desk) -> tuple[str, bytes]:
    """Head and body of a call under the key ``k1``."""
    body = json.dumps(CALL).encode()
    head = (
        f"POST /v1/calls HTTP/1.1\nHost: x\nAuthorization: Bearer {desk.token}\n"
        f"Idempotency-Key: k1\nContent-Length: {len(body)}\n\n"
    )
    return head, body


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


@pytest.mark.parametrize("gone", [True, False])
def test_who_is_put_out_while_waiting_in_a_lane_is_not_dialled_for(
    tmp_path: Path, gone: bool
) -> None:
    """Its line alone, or all of it: the first call proves the login, so the second one waits."""
    slow, none = Slow(), Rights((OTHER_OWN,))
    with Relay(tmp_path, lambda: slow) as relay, ThreadPoolExecutor(2) as threads:
        one, enrolled = relay.plain_desk(ALL), relay.enrol(ALL)
        other, device = Desk(relay.url, enrolled.token.reveal()), enrolled.device
        first = threads.submit(one.ask, "POST", "/v1/calls", CALL)
        assert slow.came.wait(10)
        second = threads.submit(other.ask, "POST", "/v1/calls", CALL)
        begun = "SELECT count(*) FROM requests WHERE device = ?"
        wait_for(lambda: relay.do(lambda db: db.execute(begun, (device,)).fetchone()) == (1,))
        if gone:
            relay.do(lambda db: devices.revoke(db, device, relay.now))
        else:
            relay.do(lambda db: devices.grant(db, device, none, relay.now))
        slow.go_on.set()
        assert first.result().status == 204
        assert second.result().status == (401 if gone else 403)
    assert slow.dialled == [(OWN, CALLER)]


def test_a_desk_that_hangs_up_stops_nothing(tmp_path: Path) -> None:
    slow = Slow()
    with Relay(tmp_path, lambda: slow) as relay:
        desk = relay.plain_desk(ALL)
        with desk.sending(*call_of(desk)):
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


def test_what_nobody_waits_for_any_more_is_waited_for_at_the_end(tmp_path: Path) -> None:
    slow = Slow()
    with Relay(tmp_path, lambda: slow) as relay:
        desk = relay.plain_desk(ALL)
        with desk.sending(*call_of(desk)):
            assert slow.came.wait(10)
        relay.stop()
        slow.go_on.set()
    with Relay(tmp_path, lambda: slow) as relay:
        assert Desk(relay.url, desk.token).ask("POST", "/v1/calls", CALL, "k1").status == 204
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
            relay.time += DOUBTFUL
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
            Desk(relay.url).ask("POST", "/v1/enrol", {"code": "ABCD-EFGH-JKMN"})
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
