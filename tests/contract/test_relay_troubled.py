"""The relay's process where disk, signals and callers are at their worst."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from desk_phone.model.secret import Secret
from desk_phone.relay import web_server
from desk_phone.relay.configuration import read
from desk_phone.relay.state import beside
from desk_phone.simulator import Simulator
from desk_phone.telco.enrolling import enrol
from tests.contract.brokers import wait_for
from tests.contract.relay_server import RelayServer
from tests.contract.relays import Desk, Relay
from tests.fakes import FakeTelco

WIRE_OWN = "3726403231"
_ALL = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def service() -> Iterator[Simulator]:
    with Simulator(quiet=True) as simulator:
        yield simulator


@pytest.fixture
def relay(tmp_path: Path, service: Simulator) -> Iterator[RelayServer]:
    with RelayServer(tmp_path, service.base_url) as relay:
        wait_for(lambda: len(service.company.targets) == len(service.company.own))
        yield relay


def told(relay: RelayServer, address: str) -> int:
    """As the service tells of a call; the status it is answered with."""
    words = f"ts={relay.now()}&anr=3725123456&bnr={WIRE_OWN}&fn=x&type=Start&answer=No"
    try:
        with urllib.request.urlopen(f"{address}?{words}") as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """The process can make no file longer."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, _ALL[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def test_a_full_disk_is_told_of_and_over_when_there_is_room(
    relay: RelayServer, service: Simulator
) -> None:
    assert relay.health() == (200, {"well": True})
    address = service.company.targets[WIRE_OWN]
    with full_disk(relay.pid):
        assert told(relay, address) == 503
        status, said = relay.health()
        assert (status, "cannot be kept" in said["disk"]) == (503, True)
    assert told(relay, address) == 200
    assert relay.health() == (200, {"well": True})


def test_a_desk_that_cannot_be_noted_as_seen_is_let_in_when_there_is_room(
    relay: RelayServer,
) -> None:
    desk = Desk(relay.url, enrol(relay.url, Secret(relay.code(f"+{WIRE_OWN}"))).token.reveal())
    with full_disk(relay.pid):
        said = desk.ask("GET", "/v1/me")
        assert (said.status, said.headers["Retry-After"]) == (503, "30")
        assert Desk(relay.url, "none").ask("GET", "/v1/me").status == 401
    assert desk.ask("GET", "/v1/me").status == 200
    with full_disk(relay.pid):  # nothing is to be noted for an hour: who only reads is served
        assert desk.ask("GET", "/v1/me").status == 200
        assert desk.ask("GET", f"/v1/numbers/%2B{WIRE_OWN}/notices").status == 200
    assert relay.health() == (200, {"well": True})


def test_calls_are_heard_of_while_desks_get_their_last_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        hangs.settimeout(20)
        relay = RelayServer(tmp_path, f"http://127.0.0.1:{hangs.getsockname()[1]}/external/")
        text = relay.file.read_text()
        relay.file.write_text(text.replace("[public]", f'numbers = ["+{WIRE_OWN}"]\n[public]'))
        with relay, ThreadPoolExecutor(1) as desk:
            hangs.accept()[0].close()  # its address is not set
            token = enrol(relay.url, Secret(relay.code(f"+{WIRE_OWN}"))).token.reveal()
            call = {"own": f"+{WIRE_OWN}", "other": "+3725123456"}
            calling = desk.submit(Desk(relay.url, token).ask, "POST", "/v1/calls", call)
            asked, _ = hangs.accept()
            with asked:
                os.kill(relay.pid, signal.SIGTERM)
                wait_for(lambda: closed(relay.desks))
                with closing(sqlite3.connect(tmp_path / "state" / "relay.sqlite3")) as db:
                    (secret,) = db.execute(
                        "SELECT value FROM kept WHERE name = 'notices secret'"
                    ).fetchone()
                assert told(relay, f"http://127.0.0.1:{relay.notices}/v1/notices/{secret}") == 200
            assert calling.result().status == 502
            assert relay.wait() == 0


def closed(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return True
    return False


def test_who_is_reloaded_while_it_starts_neither_dies_nor_forgets_it(
    tmp_path: Path, service: Simulator
) -> None:
    relay = RelayServer(tmp_path, service.base_url)
    relay.start(wait=False)
    try:
        lock = tmp_path / "state" / "relay.lock"
        wait_for(lambda: lock.exists() and lock.read_text().strip().isdecimal())
        relay.reload()
        wait_for(lambda: relay.told("read anew") or relay.has_ended)
        assert relay.end() == 0
    finally:
        relay.end(signal.SIGKILL)


def test_a_command_that_holds_the_state_survives_a_reload(tmp_path: Path) -> None:
    relay = RelayServer(tmp_path, "http://127.0.0.1:9/external/")
    conf = read(relay.file)
    holding = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from desk_phone.relay import configuration\n"
        "from desk_phone.relay.state import beside\n"
        "def wait(db):\n    print('held', flush=True)\n    return sys.stdin.readline()\n"
        "conf = configuration.read(Path(sys.argv[1]))\n"
        "beside.do(conf, datetime.now(UTC), wait)\n"
    )
    command = [sys.executable, "-c", holding, str(relay.file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=Path.cwd(), text=True, **pipes) as held:  # type: ignore[call-overload]
        assert held.stdout.readline() == "held\n"
        beside.reload(conf)
        held.communicate("go on\n", timeout=20)
    assert held.returncode == 0


def test_a_refused_password_is_not_tried_at_each_reload(tmp_path: Path, service: Simulator) -> None:
    relay = RelayServer(tmp_path, service.base_url)
    relay.keep("company-password", "wrong")
    with relay:
        wait_for(lambda: relay.health()[1].get("password") == "refused by the service")
        for reloads in range(1, 9):
            relay.reload()
            wait_for(lambda n=reloads: relay.log.count("read anew") == n)  # type: ignore[misc]
        wait_for(lambda: relay.told("not tried again yet"))
        tried = relay.metrics()['service_requests_total{what="badcredentials"}']
        assert tried <= 6  # at the start and at the first reload, in three lanes each


# the gateway, in this process


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    monkeypatch.setattr(web_server, "_HEAD_WITHIN", 0.3)
    with Relay(tmp_path, FakeTelco) as gateway:
        yield gateway


@pytest.mark.parametrize("begun", ["", "GET /v1/me HTT", "GET /v1/me HTTP/1.1\nX-Slow: "])
def test_who_never_ends_a_head_is_let_go_of(gateway: Relay, begun: str) -> None:
    assert Desk(gateway.url).raw(begun) == b""


def test_a_later_head_has_to_end_too(gateway: Relay) -> None:
    with Desk(gateway.url).sending("GET /v1/me HTTP/1.1\nHost: relay\n\n") as desk:
        assert desk.recv(4096).startswith(b"HTTP/1.1 401")
        desk.sendall(b"GET /v1/m")
        assert desk.recv(100) == b""


def test_a_body_may_take_longer_than_a_head(gateway: Relay) -> None:
    code = json.dumps({"code": "ABCD-EFGH-JKMN"}).encode()
    head = f"POST /v1/enrol HTTP/1.1\nHost: relay\nContent-Length: {len(code)}\n\n"
    with Desk(gateway.url).sending(head) as desk:
        desk.settimeout(1.0)
        with pytest.raises(TimeoutError):
            desk.recv(100)
        desk.settimeout(20)
        desk.sendall(code)
        assert desk.recv(100).startswith(b"HTTP/1.1 409")


def test_what_two_could_read_in_two_ways_ends_the_connection(gateway: Relay) -> None:
    head = "POST /v1/enrol HTTP/1.1\nHost: relay\nContent-Length: 5\nTransfer-Encoding: chunked\n\n"
    behind = b"0\r\n\r\nGET /v1/me HTTP/1.1\r\nHost: relay\r\n\r\n"
    said = Desk(gateway.url).raw(head, behind)
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
