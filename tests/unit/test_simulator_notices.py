"""The GETs to activated addresses, as the text prints them."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Self

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.notices_out import Notice, NoticesOut, _is_loopback, _status
from desk_phone.simulator.operations import Operation
from tests.simulated import COLLEAGUE, NOON, OWN, PATIENCE, Listener, StandingClock, ask

TS = int(NOON.timestamp())


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def sim(clock: StandingClock) -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0, clock=clock) as running:
        yield running


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening


def activate(sim: Simulator, url: str, own: str = OWN) -> None:
    assert ask(sim, Operation.ACTIVATE, Anumber=own, TargetURL=url).code == ""


def sent(sim: Simulator) -> list[dict[str, str]]:
    return sim.state()["notices"]  # type: ignore[return-value]


def result(sim: Simulator) -> str:
    """What became of the first notice."""
    assert sim.wait_for_notices(1, PATIENCE)
    return sent(sim)[0]["result"]


@pytest.mark.parametrize(
    ("other", "name", "query"),
    [
        (
            "5123456", "Turvateenistus Alfastar AS",
            "anr=3725123456&bnr=3726401234&fn=Turvateenistus+Alfastar+AS",
        ),
        ("51234567", "", "anr=37251234567&bnr=3726401234&fn="),
        ("60000002", "x", "anr=37260000002&bnr=3726401234&fn=A+Client"),  # the phonebook's name
        ("", "", "anr=&bnr=3726401234&fn="),
        ("00358401234567", "", "anr=358401234567&bnr=3726401234&fn="),
        ("358401234567", "", "anr=358401234567&bnr=3726401234&fn="),
        ("6403231", "", "anr=3726403231&bnr=3726401234&fn="),
        ("123", "", "anr=123&bnr=3726401234&fn="),
        ("5123456", "Õnne & Pojad", "anr=3725123456&bnr=3726401234&fn=%C3%95nne+%26+Pojad"),
        ("5123456", "Žanna", "anr=3725123456&bnr=3726401234&fn=%C5%BDanna"),
        ("5123456", "Ёлкин", "anr=3725123456&bnr=3726401234&fn=%D0%81%D0%BB%D0%BA%D0%B8%D0%BD"),
        ("5123456", "a+b=c?#", "anr=3725123456&bnr=3726401234&fn=a%2Bb%3Dc%3F%23"),
    ],
)  # fmt: skip
def test_a_call_is_told_as_documented(
    sim: Simulator, listener: Listener, other: str, name: str, query: str
) -> None:
    activate(sim, listener.url)
    sim.ring(OWN, other, name=name)
    assert listener.heard() == f"/notify.php?ts={TS}&{query}&type=Start&answer=No"


@pytest.mark.parametrize(
    ("name", "fn"), [("Õnne", "%D5nne"), ("Ёлкин", "%3F%3F%3F%3F%3F"), ("Žanna A", "%3Fanna+A")]
)
def test_names_may_be_latin1(sim: Simulator, listener: Listener, name: str, fn: str) -> None:
    sim.fault("notices-latin1")
    activate(sim, listener.url)
    sim.ring(OWN, "5123456", name=name)
    assert f"&fn={fn}&" in listener.heard()


def test_a_second_target_takes_the_place_of_the_first(sim: Simulator, listener: Listener) -> None:
    with Listener() as second:
        activate(sim, listener.url)
        activate(sim, second.url)
        sim.ring(OWN, "5123456")
        assert "anr=3725123456" in second.heard()
        assert sim.state()["activated"] == {OWN: second.url}
        assert listener.nothing_more


def test_each_number_has_a_target_of_its_own(sim: Simulator, listener: Listener) -> None:
    with Listener() as theirs:
        activate(sim, listener.url)
        activate(sim, theirs.url, "64012345")
        sim.ring(COLLEAGUE, "5111111")
        sim.ring(OWN, "5222222")
        assert "anr=3725111111&bnr=37264012345&" in theirs.heard()
        assert "anr=3725222222&bnr=3726401234&" in listener.heard()
        assert theirs.nothing_more


def test_after_deactivating_nothing_comes(sim: Simulator, listener: Listener) -> None:
    activate(sim, listener.url)
    activate(sim, listener.url, COLLEAGUE)
    assert ask(sim, Operation.DEACTIVATE, Anumber="6401234").code == ""
    assert ask(sim, Operation.DEACTIVATE, Anumber="6401234").code == ""  # again is no error
    sim.ring(OWN, "5111111")
    sim.ring(COLLEAGUE, "5222222")
    assert "anr=3725222222" in listener.heard()
    assert sim.state()["activated"] == {COLLEAGUE: listener.url}
    assert sim.wait_for_notices(1, PATIENCE)
    assert len(sent(sim)) == 1


class RunningClock:
    """Every look at it takes a moment, as with a real one."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now


def test_a_call_is_told_though_the_clock_runs_on(listener: Listener) -> None:
    with Simulator(records=0, speed=1000.0, clock=RunningClock(), first_call=0.0) as sim:
        activate(sim, listener.url)
        activate(sim, listener.url, COLLEAGUE)
        sim.be_quiet()
        sim.ring(OWN, "5111111")
        assert "anr=3725111111" in listener.heard()
        ask(sim, Operation.CALL, Anumber=OWN, Bnumber="64012345")
        assert "anr=3726401234" in listener.heard()
        sim.be_quiet(False)
        ask(sim, Operation.HISTORY, Anumber=OWN)
        assert f"bnr={OWN}" in listener.heard()


def test_a_call_of_the_past_is_not_told(sim: Simulator, listener: Listener) -> None:
    activate(sim, listener.url)
    sim.ring(OWN, "5111111", after=-1)
    sim.ring(OWN, "5222222")
    assert "anr=3725222222" in listener.heard()


def test_an_outgoing_call_is_told_to_the_colleague_only(sim: Simulator, listener: Listener) -> None:
    sim._world.speed = 1000.0
    activate(sim, listener.url)
    activate(sim, listener.url, COLLEAGUE)
    ask(sim, Operation.CALL, Anumber=OWN, Bnumber="64012345")
    assert "&anr=3726401234&bnr=37264012345&" in listener.heard()
    sim.ring(OWN, "5222222")
    assert "anr=3725222222" in listener.heard()


def test_a_missed_call_may_be_told_again(sim: Simulator, listener: Listener) -> None:
    sim.fault("notices-missed", "Missed call")
    activate(sim, listener.url)
    sim.ring(OWN, "5111111", name="Mari", ring_seconds=0.05)
    start = f"/notify.php?ts={TS}&anr=3725111111&bnr=3726401234&fn=Mari&type="
    assert listener.heard() == f"{start}Start&answer=No"
    assert listener.heard() == f"{start}Missed+call&answer=No"


def test_an_answered_call_is_not_told_as_missed(sim: Simulator, listener: Listener) -> None:
    sim.fault("notices-missed")
    activate(sim, listener.url)
    sim.ring(OWN, "5111111", fate="answered", ring_seconds=0, talk_seconds=0)
    sim.ring(OWN, "5222222")
    assert "anr=3725111111" in listener.heard()
    assert "anr=3725222222" in listener.heard()


def test_the_time_of_a_call_to_come_is_told(sim: Simulator, listener: Listener) -> None:
    activate(sim, listener.url)
    sim.ring(OWN, "5111111", after=0.3)
    assert f"?ts={TS}&" in listener.heard()
    sim.ring(OWN, "5111111", after=0.05)
    listener.heard()


def test_the_question_mark_is_always_added(sim: Simulator, listener: Listener) -> None:
    activate(sim, f"{listener.url}?secret=1")
    sim.ring(OWN, "5111111")
    assert listener.heard().startswith(f"/notify.php?secret=1?ts={TS}&anr=")
    activate(sim, listener.url.removesuffix("/notify.php"))
    sim.ring(OWN, "5111111")
    assert listener.heard().startswith(f"/?ts={TS}&anr=")


def test_an_error_of_the_listener_changes_nothing(sim: Simulator) -> None:
    with Listener(500) as listener:
        activate(sim, listener.url)
        sim.ring(OWN, "5111111")
        assert result(sim) == "500"


def test_redirects_are_not_followed(sim: Simulator) -> None:
    with Listener() as elsewhere, Listener(302, ("Location", elsewhere.url)) as listener:
        activate(sim, listener.url)
        sim.ring(OWN, "5111111")
        assert result(sim) == "302"
        assert elsewhere.nothing_more


# where nothing goes


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://excampl.com/notify.php", "not sent: another machine"),
        ("http://127.0.0.1.excampl.com/", "not sent: another machine"),
        ("http://127.0.0.1@excampl.com/", "not sent: another machine"),
        ("http://excampl.com#@127.0.0.1/", "not sent: another machine"),
        ("https://192.168.0.1/", "not sent: another machine"),
        ("http://0.0.0.0/", "not sent: another machine"),
        ("http://[fe80::1]/", "not sent: another machine"),
        ("http://[/", "not a URL"),
        ("http://127.0.0.1:port/", "not a URL"),
        ("http://127.0.0.1:70000/", "not a URL"),
        ("http:///x", "not a URL"),
        ("ftp://127.0.0.1/", "not a URL"),
        ("file:///etc/passwd", "not a URL"),
        ("127.0.0.1", "not a URL"),
        ("http://127.0.0.1:9/a b", "InvalidURL"),
        ("http://127.0.0.1:9/õ", "UnicodeEncodeError"),
    ],
)
def test_nothing_goes_astray(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    reached: list[str] = []
    connect = http.client.HTTPConnection.connect

    def watched(connection: http.client.HTTPConnection) -> None:
        reached.append(connection.host)
        connect(connection)

    monkeypatch.setattr(http.client.HTTPConnection, "connect", watched)
    activate(sim, url)
    sim.ring(OWN, "5111111")
    assert result(sim) == why
    assert set(reached) <= {"127.0.0.1"}


def test_to_other_machines_only_if_wished(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[tuple[str, int]] = []

    def refused(address: tuple[str, int], *_rest: object, **_named: object) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    sim.fault("notices-anywhere")
    activate(sim, "http://excampl.com/notify.php")
    with monkeypatch.context() as patched:
        patched.setattr(socket, "create_connection", refused)
        sim.ring(OWN, "5111111")
        assert result(sim) == "ConnectionRefusedError"
    assert reached == [("excampl.com", 80)]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True),
        ("", False), ("127.1", False), ("2130706433", False), ("0x7f000001", False),
        ("10.0.0.1", False), ("localhost.example", False), ("excampl.com", False),
    ],
)  # fmt: skip
def test_this_machine_is_known_by_its_spelling(host: str, loopback: bool) -> None:
    assert _is_loopback(host) is loopback


# listeners that do not behave


class Rude:
    """Takes one connection, says what it is told to, and then holds the line in silence."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def _run(self) -> None:
        with self._listener.accept()[0] as connection:
            connection.sendall(self._said)
            while connection.recv(4096):
                pass

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "TimeoutError"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "TimeoutError"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no answer"),
        (b"HTTP/1.1 20\r\n\r\n", "no answer"),
        (b"x" * 20_000, "no answer"),
    ],
)
def test_a_rude_listener_is_not_waited_for_long(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, said: bytes, why: str
) -> None:
    monkeypatch.setattr("desk_phone.simulator.notices_out._PATIENCE", 0.2)
    with Rude(said) as rude:
        activate(sim, rude.url)
        sim.ring(OWN, "5111111")
        assert result(sim) == why


def test_a_byte_now_and_then_does_not_hold_it_up() -> None:
    """The patience is for the whole answer: the second read gets only what is left of it."""

    class Dripping:
        def __init__(self) -> None:
            self.timeouts: list[float] = []

        def settimeout(self, seconds: float) -> None:
            self.timeouts.append(seconds)

        def recv(self, _most: int) -> bytes:
            if self.timeouts[-1] <= 0.001:
                raise TimeoutError
            return b"H"

    dripping = Dripping()
    with pytest.raises(TimeoutError):
        _status(dripping, time.monotonic() + 0.01)  # type: ignore[arg-type]
    assert max(dripping.timeouts) <= 0.01


def test_a_late_notice_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else those for a dead listener would heap up in a company that lives fast."""
    monkeypatch.setattr("desk_phone.simulator.notices_out._LATE", -1.0)
    out = NoticesOut(lambda notice: notice.url("http://127.0.0.1:9/x"), lambda: False)
    out.start()
    out.plan(Notice(1, "5123456", OWN, "Mari"), 0.0)
    assert out.wait_for(1, PATIENCE)
    out.stop()
    assert [each.result for each in out.sent] == ["not sent: too late"]


def test_only_the_last_thousand_are_remembered() -> None:
    out = NoticesOut(lambda notice: notice.url("ftp://x/"), lambda: False)
    for n in range(1005):
        out.plan(Notice(n, "5123456", OWN, ""), 0.0)
    out.start()
    assert out.wait_for(1005, PATIENCE)
    out.stop()
    assert len(out.sent) == 1000
    assert "ts=1004&" in out.sent[-1].url


def test_a_far_future_is_waited_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No system waits for ever in one go: Windows takes 49 days, Linux three centuries."""
    out = NoticesOut(lambda _notice: "", lambda: False)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        out._stopping = len(waits) == 2

    monkeypatch.setattr(out._changed, "wait", wait)
    out.plan(Notice(1, "5123456", OWN, ""), 1e12)
    assert out._next() is None
    assert waits == [3600.0, 3600.0]
