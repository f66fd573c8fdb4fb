"""The whole relay, a process of its own, between the service, a broker and desks."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from desk_phone.errors import BadCredentials, PhoneError, Refused
from desk_phone.model.relayed import NotOurs, Position, own_of, read
from desk_phone.model.secret import Secret
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD
from desk_phone.telco.account import Account
from desk_phone.telco.enrolled import Enrolled
from desk_phone.telco.enrolling import enrol
from desk_phone.telco.feed import Feed
from desk_phone.telco.feed_events import Connected, Event, Message, Subscription
from desk_phone.telco.gateway import GatewayTelco
from tests.contract.brokers import wait_for
from tests.contract.relay_server import RelayServer

OWN, OTHER_LINE = "+3726403231", "+3726401234"
WIRE_OWN = "3726403231"

R = TypeVar("R")


@pytest.fixture
def service() -> Iterator[Simulator]:
    with Simulator(quiet=True) as simulator:
        yield simulator


@pytest.fixture
def relay(tmp_path: Path, service: Simulator) -> Iterator[RelayServer]:
    with RelayServer(tmp_path, service.base_url) as relay:
        wait_for(lambda: len(service.company.targets) == len(service.company.own))
        yield relay


class Desk:
    """What a computer is after its enrolment."""

    def __init__(self, relay: RelayServer, enrolled: Enrolled) -> None:
        self.enrolled = enrolled
        account = Account(
            *(enrolled.user, enrolled.token, enrolled.service_url),
            relay_url=relay.url,
            device=enrolled.device,
        )
        self.telco = GatewayTelco(account)
        self.events: list[Event] = []
        self.feed: Feed | None = None

    def listen(self) -> Feed:
        given = self.enrolled
        place = Subscription(given.broker, given.broker_password, given.device, given.numbers)
        self.feed = Feed(place, self._told)
        self.feed.start()
        return self.feed

    @property
    def seqs(self) -> list[int]:
        """Of the notices that came, in the order of coming."""
        return [read(m.payload).position.seq for m in self.messages if m.topic.endswith("notices")]

    @property
    def messages(self) -> list[Message]:
        return [event for event in self.events if isinstance(event, Message)]

    def _told(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Message) and event.receipt is not None and self.feed is not None:
            self.feed.accept(event.receipt)


def joined(relay: RelayServer, *numbers: str, may_edit: bool = False) -> Desk:
    code = relay.code(*(numbers or (OWN,)), may_edit=may_edit)
    return Desk(relay, enrol(relay.url, Secret(code)))


@contextmanager
def listening(desk: Desk) -> Iterator[Desk]:
    feed = desk.listen()
    try:
        wait_for(lambda: any(isinstance(event, Connected) for event in desk.events))
        yield desk
    finally:
        feed.close()


def refused(deed: Callable[[], R]) -> PhoneError:
    with pytest.raises(PhoneError) as caught:
        deed()
    return caught.value


def test_a_call_reaches_the_desk_it_is_for_and_no_other(
    relay: RelayServer, service: Simulator
) -> None:
    with listening(joined(relay)) as mari, listening(joined(relay, OTHER_LINE)) as jaan:
        service.ring(WIRE_OWN, "3725123456", name="Õnne Mägi")
        wait_for(lambda: mari.seqs == [1])
        notice = read(mari.messages[-1].payload).notice if mari.seqs else None
        assert notice is not None
        assert (notice.own, notice.other, notice.name) == (OWN, "+3725123456", "Õnne Mägi")
        assert jaan.seqs == []
        assert mari.telco.notices_after(OWN, Position("", 0)).last.seq == 1
        assert isinstance(refused(lambda: jaan.telco.notices_after(OWN, Position("", 0))), Refused)
        told = relay.metrics()
        assert told['notices_total{what="kept"}'] == 1
        assert told['published_total{what="acknowledged"}'] == 1
        assert told["published_seconds_count"] == 1
    assert "3725123456" not in relay.log
    assert "3231" not in relay.log


def test_desks_dial_from_their_own_lines_without_the_password(
    relay: RelayServer, service: Simulator
) -> None:
    mari = joined(relay, may_edit=True)
    mari.telco.call(OWN, "+3725123456")
    assert [(each.own, each.other) for each in service.company.dialled] == [(WIRE_OWN, "5123456")]
    assert isinstance(refused(lambda: mari.telco.call(OTHER_LINE, "+3725123456")), Refused)
    mari.telco.add_entry("Alice", "+3725123456", "")
    assert "Alice" in [entry.name for entry in mari.telco.entries().entries or ()]
    jaan = joined(relay, OTHER_LINE)
    assert isinstance(refused(lambda: jaan.telco.add_entry("Bob", "+3725", "")), Refused)
    assert mari.enrolled.token.reveal() != PASSWORD
    for secret in (PASSWORD, mari.enrolled.token.reveal()):
        assert secret not in relay.log
    rows = json.loads(relay.run("audit", "--json").out)
    done = [row["what"] for row in rows if row["outcome"] == "done"]
    assert done == ["code made", "enrolled", "call", "entry added", "code made", "enrolled"]
    assert len(rows) == len(done) + 2  # what was refused
    assert relay.run("audit", "--check").status == 0


def test_a_revoked_desk_hears_and_does_nothing_more(relay: RelayServer, service: Simulator) -> None:
    with listening(joined(relay)) as mari:
        assert relay.run("revoke", mari.enrolled.device).status == 0
        assert isinstance(refused(mari.telco.numbers), BadCredentials)
        wait_for(lambda: relay.told("account of a desk was ended"))
        before = len(mari.seqs)
        service.ring(WIRE_OWN, "3725123456")
        wait_for(lambda: relay.metrics()['published_total{what="acknowledged"}'] == 1)
        assert len(mari.seqs) == before
    listed = json.loads(relay.run("devices", "--json").out)
    assert [one["revoked"] is not None for one in listed] == [True]


def test_a_desk_that_gets_another_line_hears_of_that_one(
    relay: RelayServer, service: Simulator
) -> None:
    mari = joined(relay)
    device = mari.enrolled.device
    granted = relay.run("grant", device, "--number", OTHER_LINE, "--may-edit")
    assert granted.status == 0, granted.err
    wait_for(lambda: relay.told("hears of other lines now"))
    assert mari.telco.lines() == (OTHER_LINE,)
    assert isinstance(refused(lambda: mari.telco.call(OWN, "+3725123456")), Refused)
    mari.telco.add_entry("Alice", "+3725123456", "")
    mari.enrolled = replace(mari.enrolled, numbers=(OTHER_LINE,))
    with listening(mari):
        service.ring(WIRE_OWN, "3725123456")
        for _ in range(2):  # whatever of the first line came late came before the second of these
            service.ring("3726401234", "3725300001")
        wait_for(lambda: 2 in mari.seqs)
        told = [read(m.payload).notice.own for m in mari.messages if m.topic.endswith("notices")]
        assert told == [OTHER_LINE] * 2
    nobody = relay.run("grant", "d-nobody", "--number", OWN)
    assert (nobody.status, "no such computer" in nobody.err) == (2, True)


def test_what_was_answered_200_survives_kill_9(relay: RelayServer, service: Simulator) -> None:
    with listening(joined(relay)) as mari:
        relay.broker.kill()
        service.ring(WIRE_OWN, "3725123456")
        wait_for(lambda: relay.metrics()['notices_total{what="kept"}'] == 1)
        relay.end(signal.SIGKILL)
        relay.start()
        relay.broker.start()
        if mari.feed is not None:
            mari.feed.again()
        wait_for(lambda: mari.seqs == [1], 30)
    assert relay.end() == 0


def test_a_wrong_password_stops_it_until_the_right_one_is_read(
    tmp_path: Path, service: Simulator
) -> None:
    relay = RelayServer(tmp_path, service.base_url)
    relay.keep("company-password", "wrong")
    with relay:
        wait_for(lambda: relay.health()[1].get("password") == "refused by the service")
        assert relay.health()[0] == 503
        assert relay.run("status").status == 4
        asked = len(service.company.targets)
        relay.keep("company-password", PASSWORD)
        relay.reload()
        wait_for(lambda: relay.health()[0] == 200)
        wait_for(lambda: len(service.company.targets) > asked)
        assert relay.run("status").out.startswith("The relay is well.\n")


def test_the_broker_s_password_is_read_anew_and_a_wrong_one_is_seldom_tried(
    tmp_path: Path, service: Simulator
) -> None:
    relay = RelayServer(tmp_path, service.base_url)
    right = (relay.credentials / "broker-password").read_text().strip()
    relay.keep("broker-password", "wrong")
    with relay:
        wait_for(lambda: "does not let the relay in" in relay.health()[1].get("broker", ""))
        relay.keep("broker-password", right)
        relay.reload()
        wait_for(lambda: relay.health()[0] == 200)


def test_numbers_of_the_file_are_read_anew(tmp_path: Path, service: Simulator) -> None:
    relay = RelayServer(tmp_path, service.base_url)
    text = relay.file.read_text()
    relay.file.write_text(text.replace("[public]", f'numbers = ["{OWN}"]\n[public]'))
    with relay:
        wait_for(lambda: set(service.company.targets) == {WIRE_OWN})
        said = relay.run("enrol", "--name", "Jaan", "--number", OTHER_LINE)
        assert (said.status, "none of the relay's numbers" in said.err) == (2, True)
        mari = joined(relay)
        mari.telco.history(OWN)
        relay.file.write_text(text.replace("[public]", f'numbers = ["{OTHER_LINE}"]\n[public]'))
        relay.reload()
        wait_for(lambda: set(service.company.targets) == {"3726401234"})
        dialled = len(service.company.dialled)
        deeds: tuple[Callable[[], object], ...] = (
            lambda: mari.telco.call(OWN, "+3725123456"),
            lambda: mari.telco.history(OWN),
            lambda: mari.telco.notices_after(OWN, Position("", 0)),
        )
        for deed in deeds:  # the line is the relay's no more, nor the desk's
            assert isinstance(refused(deed), Refused)
        assert len(service.company.dialled) == dialled


def test_its_own_program_hears_of_every_call(tmp_path: Path, service: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as crm:
        crm.settimeout(20)
        address = f"http://127.0.0.1:{crm.getsockname()[1]}/telia?key=1"
        with RelayServer(tmp_path, service.base_url, f'[forward]\nurl = "{address}"\n'):
            wait_for(lambda: WIRE_OWN in service.company.targets)
            service.ring(WIRE_OWN, "3725123456", name="Õnne")
            connection, _ = crm.accept()
            with connection:
                head = connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    line = head.split(b"\r\n")[0].decode()
    assert line.startswith("GET /telia?key=1&ts=")
    assert "anr=3725123456&bnr=3726403231&fn=%C3%95nne&type=Start&answer=No" in line


@pytest.mark.parametrize(
    ("spoil", "status", "words"),
    [
        (lambda relay: relay.file.write_text("nonsense"), 2, "relay.toml"),
        (lambda relay: (relay.credentials / "broker-password").unlink(), 6, "broker-password"),
    ],
)
def test_what_cannot_begin_says_why_and_how_systemd_is_to_take_it(
    tmp_path: Path, spoil: Callable[[RelayServer], object], status: int, words: str
) -> None:
    relay = RelayServer(tmp_path, "http://127.0.0.1:9/external/")
    spoil(relay)
    relay.start(wait=False)
    assert relay.wait() == status
    assert words in relay.log


def test_there_is_one_relay_over_a_state(relay: RelayServer) -> None:
    second = relay.run("serve")
    assert (second.status, "runs already" in second.err) == (4, True)  # systemd tries it again
    restored = relay.run("restore", str(relay.file))
    assert (restored.status, "is running" in restored.err) == (2, True)


def test_nobody_hears_another_line_s_topics(relay: RelayServer, service: Simulator) -> None:
    with listening(joined(relay)) as mari:
        for own in (WIRE_OWN, "3726401234"):
            service.ring(own, "3725123456")
        wait_for(lambda: any(m.topic.endswith("/state") for m in mari.messages))
        for message in mari.messages:
            try:
                assert own_of(message.topic) in ("", OWN)
            except NotOurs:
                pytest.fail("a topic of nobody")
