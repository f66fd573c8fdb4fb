"""The command ``desk-phone`` as a real process against a company over HTTP; no screen is needed."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desk_phone import logs
from desk_phone import settings as files
from desk_phone.said import Status
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.system.lock import InstanceLock
from tests.desktop import until
from tests.desktop.private_bus import PrivateBus
from tests.desktop.sandbox import ROOT, Sandbox
from tests.desktop.waiting import PATIENCE
from tests.e2e.program import OWN, Company, Phone
from tests.e2e.test_keyring import GnomeKeyring

pytestmark = pytest.mark.e2e

OTHER = "+37251234567"
TRACEBACK = "Traceback"


@pytest.fixture(scope="module")
def place() -> Iterator[Sandbox]:
    with Sandbox() as place:
        yield place


@pytest.fixture(scope="module")
def _company(place: Sandbox) -> Company:
    return Company(place)


@pytest.fixture
def company(_company: Company) -> Company:
    _company.tell(clear=True, records=0)
    return _company


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert (self.status, self.err) == (0, "")
        return json.loads(self.out)

    def is_trouble(self, status: Status, *words: str) -> None:
        """Nothing printed; one line what is so and one what to do, with these words in them."""
        assert (self.status, self.out, self.err.count("\n")) == (status, "", 2), self
        assert TRACEBACK not in self.err
        for word in words:
            assert word in self.err


@dataclass
class Desk:
    """A new data directory, at which the program finds the company and a line by its options."""

    place: Sandbox
    data: Path
    service: str

    def words(self, *words: str, own: str = OWN) -> list[str]:
        around = ("--data-dir", str(self.data), "--service", self.service, "--user", USER)
        return [sys.executable, "-m", "desk_phone", *around, "--own", own, *words]

    def begin(self, words: Sequence[str], **more: Any) -> subprocess.Popen[bytes]:
        """``more`` as of Popen. It has no terminal unless it is given one."""
        pipe = subprocess.PIPE
        streams = {"stdin": pipe, "stdout": pipe, "stderr": pipe, **more}
        env = {**self.place.env, "PYTHONWARNINGS": "error", **streams.pop("env", {})}
        return subprocess.Popen(words, cwd=ROOT, env=env, start_new_session=True, **streams)

    def __call__(
        self,
        *words: str,
        password: str = PASSWORD,
        own: str = OWN,
        env: dict[str, str] | None = None,
    ) -> Said:
        """Run a command to its end, with the password on standard input; empty: none."""
        options = ("--password-stdin",) if password else ()
        with self.begin(self.words(*options, *words, own=own), env=env or {}) as process:
            out, err = process.communicate(f"{password}\n".encode(), 4 * PATIENCE)
        return Said(process.returncode, out.decode(), err.decode())

    def known(self) -> list[dict[str, Any]]:
        return list(self("calls", "--offline", "--json").json)


@pytest.fixture
def desk(place: Sandbox, company: Company, tmp_path: Path) -> Desk:
    return Desk(place, tmp_path, company.url)


# what each command prints


def test_numbers(desk: Desk) -> None:
    listed = desk("numbers", "--json").json
    assert listed[0] == {"number": "+3726401234", "shown": "640 1234"}
    assert [each["number"] for each in listed] == [
        *("+3726401234", "+37264012345", "+37264012347", "+3726403231", "+3726403232")
    ]
    assert desk("numbers").out.splitlines()[0] == "640 1234  my line"


def test_call(desk: Desk, company: Company) -> None:
    before = company.requests("clickToCall")
    said = desk("call", "5123", "4567", "--yes", "--json")
    assert said.json == {"outcome": "done", "own": OWN, "other": OTHER}
    assert company.dialled()[-1] == "51234567"
    assert company.requests("clickToCall") == before + 1
    (call,) = desk.known()
    assert (call["other"], call["direction"]) == (OTHER, "outgoing")


def test_calls(desk: Desk, company: Company) -> None:
    company.ring("5123456", "Kristiina Õunapuu", after=-3600)
    company.ring("", after=-7200)
    company.ring("5551112", fate="answered", after=-9000)
    first, withheld, answered = desk("calls", "--json").json
    assert {name: type(value) for name, value in first.items()} == {
        "id": int,
        "record_id": str,
        "own": str,
        "other": str,
        "direction": str,
        "outcome": str,
        "start": str,
        "answered": type(None),
        "released": type(None),  # the company leaves it out where nobody talked
        "name": str,
        "name_source": str,
        "attention": str,
        "note": str,
    }
    assert (first["own"], first["other"], first["outcome"]) == (OWN, "+3725123456", "missed")
    assert (first["name"], first["name_source"]) == ("Kristiina Õunapuu", "record")
    assert withheld["other"] is None
    assert answered["outcome"] == "answered"
    for moment in (first["start"], answered["answered"], answered["released"]):
        assert datetime.fromisoformat(moment).utcoffset() is not None
    missed = desk("calls", "--missed", "--json").json
    assert [call["id"] for call in missed] == [first["id"], withheld["id"]]
    assert "Kristiina Õunapuu" in desk("calls").out


def test_name(desk: Desk, company: Company) -> None:
    assert desk("name", "Jüri", "Õun", "--json").json == {"outcome": "done"}
    assert company.state()["line_names"]["3726401234"] == "Jüri Õun"


def test_global_options_after_the_command(desk: Desk) -> None:
    _, _, _, *options = desk.words()
    words = [sys.executable, "-m", "desk_phone", "numbers", *options, "--json", "--password-stdin"]
    with desk.begin(words) as process:
        out, err = process.communicate(f"{PASSWORD}\n".encode(), PATIENCE)
    assert (process.returncode, err) == (0, b"")
    assert len(json.loads(out)) == 5


def test_help_needs_no_data_directory(desk: Desk) -> None:
    for words in (("--help",), ("call", "--help"), ("--version",)):
        said = desk(*words, password="")
        assert (said.status, said.err) == (0, "")
        assert said.out
    assert "--fault" in desk("simulate", "--help", password="").out
    assert list(desk.data.iterdir()) == []


# each exit status


def test_2_usage(desk: Desk, company: Company) -> None:
    before = company.requests()
    desk("dial", "5123456").is_trouble(Status.BAD_INPUT, "usage: desk-phone")
    desk("call", "112", "--yes").is_trouble(Status.BAD_INPUT, "Lift the handset")
    desk("call", "+881612345678", "--yes", "--even-costly").is_trouble(Status.BAD_INPUT)
    desk("numbers", own="Mari").is_trouble(Status.BAD_INPUT, "Mari")
    assert company.requests() == before


def test_2_nobody_answers_the_question(desk: Desk, company: Company) -> None:
    before = company.requests()
    desk("call", "5123456").is_trouble(Status.BAD_INPUT, "Nothing was sent", "--yes")
    desk("call", "+358401234567", "--yes").is_trouble(Status.BAD_INPUT, "--even-costly")
    assert company.requests() == before
    assert desk("call", "+358401234567", "--yes", "--even-costly").status == 0


def test_2_there_is_no_place_for_the_data(desk: Desk, tmp_path: Path) -> None:
    desk.data = tmp_path / "file"
    desk.data.write_text("x")
    desk("numbers").is_trouble(Status.BAD_INPUT, "--data-dir", str(desk.data))


def test_3_the_service_refuses_the_dial(desk: Desk, company: Company) -> None:
    company.tell(fault="error=ERR1001@clickToCall*1")
    desk("call", "5123456", "--yes").is_trouble(Status.REFUSED, "ERR1001: The call could not be")
    assert desk.known() == []
    assert desk("call", "5123456", "--yes").status == 0


def test_3_the_service_refuses_the_line(desk: Desk) -> None:
    said = desk("name", "A", "B", own="6409999")
    said.is_trouble(Status.REFUSED, "ERR003: ", "none of your company's")


def test_4_nobody_is_there(desk: Desk) -> None:
    with closing(socket.socket()) as deaf:  # keeps the port from being anybody's
        deaf.bind(("127.0.0.1", 0))
        desk.service = f"http://127.0.0.1:{deaf.getsockname()[1]}/external/"
        desk("numbers").is_trouble(Status.OFFLINE, "Nobody is at 127.0.0.1")
        desk("call", "5123456", "--yes").is_trouble(Status.OFFLINE)
    assert desk.known() == []


def test_4_the_name_of_the_service_is_unknown(desk: Desk) -> None:
    desk.service = "https://no-such-host.invalid/external/"
    desk("numbers").is_trouble(Status.OFFLINE, "no-such-host.invalid")


@pytest.mark.parametrize("fault", ["html", "cut", "cut-open", "500", "lost", "empty", "redirect=x"])
def test_5_there_is_no_answer_to_trust(desk: Desk, company: Company, fault: str) -> None:
    company.tell(fault=f"{fault}@listOwnNumbers*1")
    desk("numbers").is_trouble(Status.UNKNOWN)


@pytest.mark.parametrize("fault", ["lost", "cut=20", "html", "empty"])
def test_5_a_call_is_never_sent_twice(desk: Desk, company: Company, fault: str) -> None:
    before = company.requests("clickToCall")
    company.tell(fault=f"{fault}@clickToCall*1")
    said = desk("call", "5123456", "--yes")
    said.is_trouble(Status.UNKNOWN, "look before you call again")
    assert company.requests("clickToCall") == before + 1
    assert [call["other"] for call in desk.known()] == ["+3725123456"]
    desk("call", "5123456", "--yes").is_trouble(Status.BAD_INPUT, "dialled just now")
    assert company.requests("clickToCall") == before + 1


def test_6_a_refused_password_is_sent_once(desk: Desk, company: Company) -> None:
    before = company.requests()
    for _ in range(2):
        said = desk("numbers", password="hunter2 hunter2")
        said.is_trouble(Status.CREDENTIALS, "does not accept", "desk-phone account set")
    desk("call", "5123456", "--yes", password="hunter2 hunter2").is_trouble(Status.CREDENTIALS)
    assert company.requests() == before + 1
    assert desk("numbers").status == 0  # another password, and a person gave it
    assert not any(b"hunter2" in file.read_bytes() for file in _files(desk.data))


def test_6_there_is_no_password(desk: Desk, company: Company) -> None:
    before = company.requests()
    desk("numbers", password="").is_trouble(Status.CREDENTIALS, "desk-phone account set")
    assert company.requests() == before


def test_the_seventh_call_within_a_minute_is_held_back(desk: Desk, company: Company) -> None:
    for n in range(6):
        assert desk("call", f"600000{n}", "--yes").status == 0
    before = company.requests("clickToCall")
    desk("call", "6000006", "--yes").is_trouble(Status.BAD_INPUT, "Six calls a minute")
    assert company.requests("clickToCall") == before


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


# calls, though the look fails


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        pytest.param("html", Status.UNKNOWN, id="a login page"),
        pytest.param("error=ERR003", Status.REFUSED, id="refused"),
        pytest.param("error=ERR001", Status.CREDENTIALS, id="password refused"),
    ],
)
def test_what_is_known_is_printed_though_the_look_fails(
    desk: Desk, company: Company, fault: str, status: Status
) -> None:
    company.ring("5123456", after=-3600)
    known = desk("calls", "--json").json
    assert len(known) == 1
    company.tell(fault=f"{fault}@getCallHistory*1")
    said = desk("calls", "--json")
    assert said.status == status
    assert json.loads(said.out) == known
    assert said.err.count("\n") == 2


def test_offline_says_what_is_known_and_asks_nobody(desk: Desk, company: Company) -> None:
    company.ring("5123456", after=-3600)
    assert len(desk("calls", "--json").json) == 1
    before = company.requests()
    assert len(desk("calls", "--offline", "--json", password="").json) == 1
    assert company.requests() == before


# a person at a terminal


class Terminal:
    """A command with a terminal of its own, both for asking and for its errors."""

    def __init__(self, desk: Desk, *words: str) -> None:
        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self._process = desk.begin(words, stdin=theirs, stderr=theirs)
        os.close(theirs)
        self._said = ""

    def wait_for(self, text: str) -> None:
        until(lambda: text in self._read(), f"it says {text!r}", shown=lambda: self._said)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def send_signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self) -> Said:
        assert self._process.stdout
        out = self._process.stdout.read().decode()
        status = self._process.wait(PATIENCE)
        self._process.stdout.close()
        said = self._read()
        os.close(self._ours)
        return Said(status, out, said)

    def _read(self) -> str:
        try:
            while got := os.read(self._ours, 4096):
                self._said += got.decode()
        except (BlockingIOError, OSError):  # nothing more for now, or for ever
            pass
        return self._said


@pytest.fixture
def with_keyring(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The same desk beside a real keyring, which the commands find too."""
    hidden = logs._hidden
    home = tmp_path / "keyring"
    home.mkdir()
    desk.data = tmp_path / "data"
    with PrivateBus(home) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        monkeypatch.setitem(desk.place.env, "DBUS_SESSION_BUS_ADDRESS", bus.address)
        gnome = GnomeKeyring(home, bus)
        try:
            yield desk
        finally:
            gnome.end()
    logs._hidden = hidden


@pytest.fixture
def known_password(with_keyring: Desk) -> Desk:
    assert with_keyring("account", "set").status == 0
    return with_keyring


LIBRARY_LEAKS = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@LIBRARY_LEAKS
def test_the_question_and_a_yes(known_password: Desk, company: Company) -> None:
    desk, before = known_password, company.requests("clickToCall")
    terminal = Terminal(desk, *desk.words("call", "5123456"))
    terminal.wait_for("Call 512 3456? Your phone 640 1234 rings first. [y/N]")
    assert company.requests("clickToCall") == before
    assert desk("numbers").status == 0  # nobody waits for a person to think
    terminal.type("y\n")
    said = terminal.end()
    assert (said.status, "640 1234 is ringing" in said.out) == (0, True)
    assert company.requests("clickToCall") == before + 1


@LIBRARY_LEAKS
def test_the_question_about_costs_and_a_yes(known_password: Desk, company: Company) -> None:
    terminal = Terminal(known_password, *known_password.words("call", "--yes", "--", "9001234"))
    terminal.wait_for("premium rate")
    terminal.type("yes\n")
    assert terminal.end().status == 0
    assert company.dialled()[-1] == "9001234"


@pytest.mark.parametrize("answer", ["n\n", "\n", "yesterday\n", "\x04"], ids=repr)
def test_everything_else_is_no(desk: Desk, company: Company, answer: str) -> None:
    before = company.requests()
    terminal = Terminal(desk, *desk.words("call", "5123456"))
    terminal.wait_for("[y/N]")
    terminal.type(answer)
    said = terminal.end()
    assert (said.status, said.out) == (Status.BAD_INPUT, "")
    assert "Nothing was sent." in said.err
    assert company.requests() == before


def test_an_interrupt_at_the_question_is_no_too(desk: Desk, company: Company) -> None:
    before = company.requests()
    terminal = Terminal(desk, *desk.words("call", "5123456"))
    terminal.wait_for("[y/N]")
    terminal.send_signal(signal.SIGINT)
    said = terminal.end()
    assert (said.status, TRACEBACK in said.err) == (130, False)
    assert company.requests() == before


# the account, with a real keyring


@LIBRARY_LEAKS
def test_the_password_is_kept_shown_as_kept_and_forgotten(with_keyring: Desk) -> None:
    desk = with_keyring
    assert desk("account", "set", "--json").json == {"outcome": "done"}
    told = desk("account", "show", "--json", password="").json
    assert (told["user"], told["password"]) == (USER, "kept")
    words = [sys.executable, "-m", "desk_phone", "--data-dir", str(desk.data), "numbers"]
    with desk.begin([*words, "--service", desk.service]) as process:  # the user is kept as well
        out, err = process.communicate(b"", PATIENCE)
    assert (process.returncode, out.count(b"\n"), err) == (0, 5, b"")
    assert out.count(b"my line") == 1  # and the line
    assert desk("account", "forget", password="").status == 0
    assert desk("account", "show", "--json", password="").json["password"] == "missing"
    desk("numbers", password="").is_trouble(Status.CREDENTIALS)


@LIBRARY_LEAKS
def test_a_fourth_wrong_password_is_not_sent(known_password: Desk, company: Company) -> None:
    desk, before = known_password, company.requests()
    for n in range(3):
        desk("account", "set", password=f"wrong {n}").is_trouble(Status.CREDENTIALS)
    desk("account", "set").is_trouble(Status.BAD_INPUT, "Too many wrong passwords")
    assert company.requests() == before + 3
    assert desk("numbers", password="").status == 0  # the one that is kept still works


@LIBRARY_LEAKS
def test_a_password_is_asked_for_unseen(with_keyring: Desk) -> None:
    words = with_keyring.words("account", "set")
    terminal = Terminal(with_keyring, "setsid", "--ctty", *words)
    terminal.wait_for("Password: ")
    terminal.type(f"{PASSWORD}\n")
    said = terminal.end()
    assert (said.status, PASSWORD in said.err) == (0, False)


@LIBRARY_LEAKS
def test_beside_the_running_program_the_password_reaches_it_by_the_keyring(
    with_keyring: Desk, company: Company
) -> None:
    desk = with_keyring
    phone = Phone(desk.place, company.url)
    desk.data = phone.paths.root
    program = phone.start("--hidden", password="", env={"QT_QPA_PLATFORM": "offscreen"})
    program.wait_for("line locked")
    try:
        before = company.requests()
        desk("account", "set", password="wrong").is_trouble(Status.CREDENTIALS)
        assert company.requests() == before + 1
        assert desk("account", "set", own="640 3231").status == 0
        assert files.load(phone.paths.settings).own_number == "+3726403231"
        desk("account", "set", own="640 9999").is_trouble(Status.BAD_INPUT, "company's numbers")
        assert desk("calls", password="").status == 0
        assert desk("account", "show", "--json", password="").json["password"] == "kept"
        for n in range(2):
            desk("account", "set", password=f"wrong {n}").is_trouble(Status.CREDENTIALS)
        before = company.requests("listOwnNumbers")
        desk("account", "set").is_trouble(Status.BAD_INPUT, "Too many wrong passwords")
        assert company.requests("listOwnNumbers") == before
    finally:
        program.end()


def everybody(folder: Path, **given: object) -> dict[str, str]:
    """The environment in which an administrator set this; what lies in /etc/xdg comes first."""
    file = folder / "xdg" / "DeskPhone" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(given), encoding="utf-8")
    file.chmod(0o644)
    return {"XDG_CONFIG_DIRS": str(folder / "xdg")}


@pytest.mark.parametrize("words", [("account", "set"), ("numbers",), ("call", OTHER, "--yes")])
def test_another_user_than_the_locked_one_is_refused_before_anything_is_sent(
    desk: Desk, company: Company, tmp_path: Path, words: tuple[str, ...]
) -> None:
    env, before = everybody(tmp_path, locked={"user": "P9999999@elion.ee"}), company.requests()
    desk(*words, env=env).is_trouble(Status.BAD_INPUT, "--user", "fixed for everybody")
    assert company.requests() == before


def test_also_beside_the_running_program(desk: Desk, company: Company, tmp_path: Path) -> None:
    env = everybody(tmp_path, locked={"own_number": OWN})
    phone = Phone(desk.place, company.url, "locked")
    desk.data = phone.paths.root
    program = phone.start("--hidden", env={"QT_QPA_PLATFORM": "offscreen", **env})
    program.wait_for("line ready")
    before = company.requests("clickToCall")
    said = desk("call", OTHER, "--yes", env=env, own="640 3231", password="")
    said.is_trouble(Status.BAD_INPUT, "--own", "fixed for everybody")
    assert company.requests("clickToCall") == before
    assert desk("calls", env=env, password="").status == 0
    program.end()


def test_a_wrong_preset_stops_nothing_and_is_told(desk: Desk, tmp_path: Path) -> None:
    env = everybody(tmp_path, locked={"hotkey_mode": "dial", "own_number": "6401234"})
    said = desk("calls", "--offline", env=env, own="640 1234")
    assert (said.status, said.out) == (Status.BAD_INPUT, "")  # locked to no line
    env = everybody(tmp_path / "other", usual={"hotkey_mode": "dial"}, locked={"user": USER})
    said = desk("numbers", env=env)
    assert (said.status, said.out.count("\n"), said.err.count("\n")) == (0, 5, 1)
    assert "settings.json" in said.err
    assert "usual, hotkey_mode: one of ask, at once, palette" in said.err
    said = desk("account", "show", "--json", env=env)
    assert json.loads(said.out)["presets"]["locked"] == ["user"]


def test_without_a_keyring_set_says_that_the_password_works(desk: Desk) -> None:
    desk("account", "set").is_trouble(Status.CREDENTIALS, "works", "--password-stdin")


def test_without_a_terminal_set_says_how_to_give_the_password(desk: Desk) -> None:
    desk("account", "set", password="").is_trouble(Status.BAD_INPUT, "--password-stdin")


@pytest.mark.parametrize("line", [b"", b"\n", b"\xff\xfe\n"], ids=["end", "empty", "no text"])
def test_no_password_on_standard_input(desk: Desk, line: bytes) -> None:
    with desk.begin(desk.words("numbers", "--password-stdin")) as process:
        out, err = process.communicate(line, PATIENCE)
    Said(process.returncode, out.decode(), err.decode()).is_trouble(Status.BAD_INPUT, "password")


def test_a_password_that_was_typed_as_an_argument_is_not_repeated(desk: Desk) -> None:
    said = desk("--password", "hunter2", "numbers", password="")
    said.is_trouble(Status.BAD_INPUT, "--password-stdin")
    assert "hunter2" not in said.err


def test_with_every_word_told_the_password_is_not(desk: Desk) -> None:
    said = desk("numbers", "-v", password="hunter2 hunter2")
    assert said.status == Status.CREDENTIALS
    assert "hunter2" not in said.err


# several at once


def test_two_commands_at_once_are_done_one_after_the_other(desk: Desk, company: Company) -> None:
    company.tell(fault="latency=0.4@listOwnNumbers")
    words = desk.words("numbers", "--json", "--password-stdin")
    both = [desk.begin(words) for _ in range(2)]
    for each in both:
        assert each.stdin
        each.stdin.write(f"{PASSWORD}\n".encode())
        each.stdin.close()
        each.stdin = None
    for each in both:
        out, err = each.communicate(timeout=PATIENCE)
        assert (each.returncode, err, len(json.loads(out))) == (0, b"", 5)


IMPATIENT = """
import sys
from desk_phone import cli, options
from desk_phone.cli import runner
runner.Runner.__init__.__defaults__ = (0.3,)
sys.exit(cli.main(sys.argv[1:]))
"""


def test_where_somebody_holds_the_data_and_never_listens(desk: Desk, company: Company) -> None:
    before = company.requests()
    with InstanceLock(desk.data / "instance.lock") as lock:
        assert lock.take()
        words = desk.words("call", "5123456", "--yes")
        words[1:3] = ["-c", IMPATIENT]
        with desk.begin(words) as process:
            out, err = process.communicate(b"", PATIENCE)
    said = Said(process.returncode, out.decode(), err.decode())
    said.is_trouble(Status.OFFLINE, "does not answer", "Nothing was handed over", str(os.getpid()))
    assert company.requests() == before


# the end comes from outside


def test_an_interrupt_while_the_service_is_asked(desk: Desk, company: Company) -> None:
    company.tell(fault="latency=60@clickToCall*1")
    before = company.requests("clickToCall")
    words = desk.words("call", "5123456", "--yes", "--password-stdin")
    with desk.begin(words) as process:
        assert process.stdin
        process.stdin.write(f"{PASSWORD}\n".encode())
        process.stdin.flush()
        until(lambda: company.requests("clickToCall") > before, "it is sent")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)  # the service is silent for longer
    assert (process.returncode, out, err) == (130, b"", b"")
    assert [call["other"] for call in desk.known()] == ["+3725123456"]  # it may have been made


def test_who_reads_only_the_first_lines_ends_nothing_badly(desk: Desk, company: Company) -> None:
    company.tell(records=2000)
    assert desk("calls").status == 0
    with desk.begin(desk.words("calls", "--offline", "--json")) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 0


def test_help_that_is_read_in_part(desk: Desk) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with desk.begin(desk.words("--help"), stdout=writes) as process:
        os.close(writes)
        _, err = process.communicate(b"", PATIENCE)
    assert (process.returncode, err) == (0, b"")


def test_output_that_there_is_no_room_for(desk: Desk) -> None:
    with Path("/dev/full").open("wb") as full:
        process = desk.begin(desk.words("numbers", "--password-stdin"), stdout=full)
    _, err = process.communicate(f"{PASSWORD}\n".encode(), PATIENCE)
    assert process.returncode == Status.BUG
    assert err.startswith(b"The output could not be written (No space left on device).\n")
    assert err.count(b"\n") == 1


def test_without_any_streams(desk: Desk, company: Company) -> None:
    before = company.requests()
    words = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *desk.words("calls", "--offline")]
    with desk.begin(words) as process:
        assert process.communicate(b"", PATIENCE) == (b"", b"")
    assert process.returncode == 0
    assert company.requests() == before


def test_a_terminal_that_knows_few_letters(desk: Desk, company: Company) -> None:
    company.ring("5123456", "Õnne Жуков", after=-3600)
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    assert "\\xd5nne \\u0416" in desk("calls", env=ascii_only).out
    (call,) = desk("calls", "--json", env=ascii_only).json
    assert call["name"] == "Õnne Жуков"


# what went wrong before, and our own faults


def test_a_damaged_settings_file_is_put_aside_and_said_so(desk: Desk) -> None:
    (desk.data / "settings.json").write_text("{")
    said = desk("numbers")
    assert said.status == 0
    assert said.err.startswith("The settings could not be read: they lie in ")
    (aside,) = desk.data.glob("settings-*.json")
    assert str(aside) in said.err
    assert desk("numbers").err == ""


def test_a_damaged_database_is_put_aside_and_said_so(desk: Desk) -> None:
    (desk.data / "desk-phone.sqlite3").write_bytes(b"not a database" * 100)
    said = desk("numbers")
    assert said.status == 0
    assert said.err.startswith("The data was damaged: it lies in ")
    assert desk("numbers").err == ""


BROKEN = """
import sys
from desk_phone import cli
from desk_phone.app.commands import company
def broken(desk, options):
    raise ZeroDivisionError("the number 640 3231 and hunter2")
    yield
company.numbers = broken
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_fault_of_our_own_is_one_line_and_the_rest_is_in_the_log(desk: Desk) -> None:
    words = desk.words("numbers", "--password-stdin", "-v")
    words[1:3] = ["-c", BROKEN]
    with desk.begin(words) as process:
        out, err = process.communicate(b"hunter2\n", PATIENCE)
    log = desk.data / "logs" / "crash.log"
    assert (process.returncode, out) == (Status.BUG, b"")
    assert err.decode().splitlines()[-1].endswith(f"What happened stands in {log}")
    assert TRACEBACK not in err.decode()
    written = log.read_text()
    assert TRACEBACK in written
    assert "ZeroDivisionError" in written
    assert "hunter2" not in written
