"""A call as it rings: the service asks us, and the screen, the CRM and others know."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.desktop import Desktop, Program, until
from tests.e2e.program import OWN, Company, Phone
from tests.e2e.shown import CARD, RINGING, find, keep_picture, shown
from tests.ports import free_port

pytestmark = pytest.mark.e2e

HOSTILE = "<img src='file:///x'> \u202e& %s"


class Receiver:
    """Somebody's webhook: what was posted to it, oldest first."""

    def __init__(self) -> None:
        heard: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                heard.append(json.loads(self.rfile.read(size)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self.heard = heard
        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def start(desktop: Desktop, company: Company) -> Callable[..., tuple[Phone, Program]]:
    """A program that the service tells of calls; it looks at the history by itself only rarely."""

    def start(**chosen: object) -> tuple[Phone, Program]:
        port = free_port()
        wanted = {"poll_seconds": 3600, "notices_callers": "127.0.0.1", "notices_port": port}
        phone = Phone(desktop, company.url, **{**wanted, **chosen})
        program = phone.begin("--hidden")
        url = f"http://127.0.0.1:{port}/desk-phone"
        said = phone.run("notices", "on", url, "--yes")
        assert said.status == 0, said
        return phone, program

    return start


def ring(company: Company, name: str = "Kristiina Õunapuu", **more: Any) -> None:
    """A phone that rings for long, unless said otherwise."""
    company.ring("5123456", name, **{"fate": "missed", "ring_seconds": 60, **more})


def looked(phone: Phone) -> dict[str, Any]:
    """The only call, after a look at the history."""
    assert phone.run("calls").status == 0
    (call,) = phone.calls()
    return call


def test_a_ringing_phone_is_on_the_screen_and_answering_takes_it_away(
    desktop: Desktop, company: Company, start: Callable[..., tuple[Phone, Program]]
) -> None:
    phone, program = start()
    ring(company, fate="answered", ring_seconds=2, talk_seconds=1)
    card = find(desktop, program, RINGING)
    keep_picture(desktop, "live-ringing")
    (call,) = phone.calls()
    assert (call["outcome"], call["name"]) == ("ringing", "Kristiina Õunapuu")
    until(lambda: looked(phone)["outcome"] == "answered", "it is answered")
    desktop.wait_closed(card)


def test_a_ring_that_nobody_answers_becomes_missed_on_the_same_card(
    desktop: Desktop, company: Company, start: Callable[..., tuple[Phone, Program]]
) -> None:
    phone, program = start(missed_card_seconds=0)
    ring(company, ring_seconds=1)
    card = find(desktop, program, RINGING)
    until(lambda: looked(phone)["outcome"] == "missed", "it is missed")
    missed = find(desktop, program, CARD)
    assert missed.id == card.id
    keep_picture(desktop, "live-missed")
    assert len(phone.calls()) == 1


def test_a_replayed_request_never_shows_a_card_again(
    desktop: Desktop, company: Company, start: Callable[..., tuple[Phone, Program]]
) -> None:
    phone, program = start(ringing_card_seconds=1)
    ring(company)
    card = find(desktop, program, RINGING)
    desktop.wait_closed(card)
    (sent,) = until(lambda: company.state()["notices"], "it was sent")  # and answered
    for _ in range(2):
        assert get(sent["url"]) == 200
        assert len(phone.calls()) == 1
        program.terminate()
        program.wait(20)
        program = phone.begin("--hidden")
        until(lambda: get(sent["url"]) == 200, "it listens again")
    assert phone.calls()[0]["outcome"] in ("ringing", "unknown", "missed")
    assert shown(desktop, program) == []


def get(url: str) -> int:
    """The status of a GET as the service sends it; 0 while nobody listens."""
    rest = url.removeprefix("http://")
    place, _, path = rest.partition("/")
    host, _, port = place.partition(":")
    try:
        with socket.create_connection((host, int(port)), 5) as plug:
            plug.sendall(f"GET /{path} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
            return int(plug.recv(4096).split()[1])
    except OSError:
        return 0


def test_a_program_and_a_webhook_are_told_once_each(
    desktop: Desktop,
    company: Company,
    receiver: Receiver,
    start: Callable[..., tuple[Phone, Program]],
    tmp_path: Path,
) -> None:
    told = tmp_path / "told"
    script = tmp_path / "tell.py"
    script.write_text(
        f"import json, sys\nopen({str(told)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
    )
    phone, _ = start(
        crm_program=f'"{sys.executable}" "{script}" {{e164}} "name={{name}}" {{direction}}',
        crm_open="ringing",
        crm_webhook=receiver.url,
    )
    ring(company, HOSTILE, ring_seconds=1)
    until(lambda: told.exists() and told.read_text().endswith("\n"), "the program ran")
    until(lambda: phone.run("calls").status == 0 and len(receiver.heard) >= 2, "two events")
    assert [event["event"] for event in receiver.heard] == ["ringing", "missed"]
    assert {event["other"] for event in receiver.heard} == {"+3725123456"}
    assert receiver.heard[0]["own"] == OWN
    (line,) = told.read_text().splitlines()
    number, name, direction = json.loads(line)
    assert (number, direction) == ("+3725123456", "incoming")
    assert name.startswith("name=<img")
    assert "\u202e" not in name


def test_what_a_forged_request_says_is_not_believed(
    desktop: Desktop, company: Company, start: Callable[..., tuple[Phone, Program]]
) -> None:
    phone, program = start()
    status = json.loads(phone.run("notices", "status", "--json").out)
    place = "http://" + status["listening"]
    for path in ("/desk-phone/?ts=1", "/", "/desk-phone/" + "A" * 43 + "?ts=1&anr=372512&bnr=1"):
        assert get(place + path) == 404
    assert phone.calls() == []
    assert shown(desktop, program) == []
