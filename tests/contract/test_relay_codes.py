"""A code for a token, at the relay as it is."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk_phone.errors import Offline, PhoneError, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.relay.state import devices
from desk_phone.relay.state.devices import Rights
from desk_phone.telco.enrolling import enrol
from tests.contract.asking import ALL, OTHER_OWN, OWN, kind
from tests.contract.relays import Desk, Relay, Said
from tests.fakes import FakeTelco

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


def test_a_whole_office_joins_at_once(relay: Relay) -> None:
    codes = [relay.code(ALL) for _ in range(30)]
    with ThreadPoolExecutor(len(codes)) as desks:
        said = list(desks.map(lambda code: try_code(relay, code.reveal()), codes))
    assert Counter(each.status for each in said) == {201: len(codes)}
    assert [try_code(relay).status for _ in range(6)] == [409] * 5 + [429]


def test_who_tries_codes_at_once_gets_no_further(relay: Relay) -> None:
    with ThreadPoolExecutor(20) as tries:
        said = list(tries.map(lambda _: try_code(relay), range(20)))
    assert Counter(each.status for each in said) == {409: 5, 429: 15}


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
