"""``notices listen`` where there is no Qt: from the service's own GET to a row and a line."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from desk_phone.app.notices_listen import listen
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings, save
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.telco.notices_asyncio import NoticeListener
from tests.notices import Desk, get, sent, target
from tests.offices import OWN, Workplace
from tests.ports import free_port

LINE, PATIENCE = "3726401234", 30.0
PROGRAM = """
import sys


class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, NoQt())
from desk_phone import cli
from desk_phone.cli import runner
from desk_phone.system.secrets import MemoryKeyring

keyring = MemoryKeyring()
runner.SystemKeyring = lambda: keyring
sys.exit(cli.main())
"""


def started(root: Path, simulator: Simulator, *words: str) -> subprocess.Popen[str]:
    shared = ["--data-dir", str(root), "--service", simulator.base_url, "--password-stdin"]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, *words, *shared],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdin is not None
    process.stdin.write(PASSWORD + "\n")
    process.stdin.flush()
    return process


def done(root: Path, simulator: Simulator, *words: str) -> str:
    process = started(root, simulator, *words)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    return out


@contextmanager
def listening(root: Path, simulator: Simulator) -> Iterator[subprocess.Popen[str]]:
    process = started(root, simulator, "notices", "listen", "--json")
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be asked to end there")
def test_a_call_is_told_over_soap_and_http_and_becomes_a_row(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(
        user=USER, own_number=f"+{LINE}", notices_port=port, notices_callers="127.0.0.1"
    )
    save(tmp_path / "settings.json", settings)
    with Simulator(quiet=True, records=0) as simulator:
        url = f"http://127.0.0.1:{port}/desk-phone"
        on = json.loads(done(tmp_path, simulator, "notices", "on", url, "--yes", "--json"))
        assert on["active"][0]["url"].startswith(url)
        with listening(tmp_path, simulator) as process:
            assert process.stdout is not None
            _until_it_listens(port)
            simulator.ring(LINE, "5123456", name="Õnne Mägi")
            told = json.loads(process.stdout.readline())
            assert (told["other"], told["name"]) == ("+3725123456", "Õnne Mägi")
            assert sent(port, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 404 ")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        known = json.loads(done(tmp_path, simulator, "calls", "--offline", "--json"))
        assert [(call["other"], call["name_source"]) for call in known] == [
            ("+3725123456", "notice")
        ]
        done(tmp_path, simulator, "notices", "off")
        secret = on["active"][0]["url"].rpartition("/")[2]
        logs = [file.read_text(encoding="utf-8") for file in (tmp_path / "logs").glob("*")]
        assert not any(secret in text for text in logs)


def _until_it_listens(port: int) -> None:
    """The command says so only to a person; a script has the socket."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        with socket.socket() as plug:
            if plug.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise AssertionError


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place.change(notices_port=taken.getsockname()[1])
        with place.open() as office, pytest.raises(BadInput):
            listen(place.desk(office), office.notices, lambda _: None, as_json=False)


def test_without_a_line_there_is_nothing_to_listen_for(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    place.change(own_number="")
    with place.open() as office, pytest.raises(BadInput):
        listen(place.desk(office), office.notices, lambda _: None, as_json=False)


@pytest.mark.parametrize("bug", [False, True], ids=["full disk", "our own mistake"])
def test_what_ends_the_listening_is_heard_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bug: bool
) -> None:
    """Nothing more would be kept: whoever started it must not believe that all is well."""
    place = Workplace(tmp_path)
    port = free_port()
    place.change(notices_port=port, notices_callers="")
    with place.open() as office:
        path = f"/{office.notices.secret.reveal()}"
        request = get(target(place.clock.at, path=path, bnr=OWN.lstrip("+")))
        thread = threading.Thread(target=lambda: sent(port, request))
        lines: list[str] = []

        def say(line: str) -> None:
            if not lines:
                thread.start()
            elif bug:
                raise ZeroDivisionError
            lines.append(line)

        if not bug:
            monkeypatch.setattr(office.ledger, "record", _no_room)
        with pytest.raises(ZeroDivisionError if bug else BadInput):
            listen(place.desk(office), office.notices, say, as_json=False)
        thread.join()


def _no_room(*_reports: object, now: object) -> NoReturn:
    raise BadInput("No room to save", "Nothing was changed.")


def test_listening_leaves_no_connection_behind() -> None:
    reception = Desk().real_reception()

    async def visit() -> tuple[int, int]:
        async with NoticeListener(reception, "127.0.0.1", 0) as listener:
            _reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
            while not listener.open:
                await asyncio.sleep(0.001)
            before = listener.open
        writer.close()
        return before, listener.open

    assert asyncio.run(visit()) == (1, 0)
    assert len(reception) == 0


def test_the_secret_that_is_asked_for_stays_a_secret(tmp_path: Path) -> None:
    with Workplace(tmp_path).open() as office:
        assert isinstance(office.notices.secret, Secret)
        assert str(office.notices.secret) == "***"
