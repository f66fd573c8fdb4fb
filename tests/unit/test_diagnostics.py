"""The report for whoever helps: it works in the worst of states and gives nobody away."""

from __future__ import annotations

import base64
import json
import logging
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest

from desk_phone import cli, logs
from desk_phone.app import diagnostics
from desk_phone.app.acts import perform
from desk_phone.app.commands import run
from desk_phone.app.diagnostics import Probes
from desk_phone.app.live_parts import (
    account_part,
    clock_part,
    line_part,
    notices_part,
    queue_part,
    requests_part,
    sources_part,
)
from desk_phone.app.notices_state import Active, NoticesState
from desk_phone.cli import diagnostics as command
from desk_phone.errors import BadInput, Offline, PhoneError, Refused
from desk_phone.model.diagnostics import Part, parts_in, parts_out
from desk_phone.model.elsewhere import Source, SourceKind, SourceState
from desk_phone.model.hiding import Hiding
from desk_phone.model.line import LineState, Link
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.settings import Settings
from desk_phone.store.database import open_database
from desk_phone.store.deliveries import Losses
from desk_phone.system.handover import Answer
from desk_phone.system.secrets import NoKeyring
from desk_phone.telco.journal import Asked, Journal
from desk_phone.telco.operations import Operation
from desk_phone.telco.reply import Reply
from desk_phone.web.inspecting import Secured
from tests.offices import Workplace

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECURED = Secured("TLSv1.3", "TLS_AES_256_GCM_SHA384", "Some Authority", "Nov 1 00:00:00 2027 GMT")
PROBES = Probes(lambda: "SecretService", lambda _: SECURED)

CANARY_NAME = "Kanaarilind Pääsuke"
CANARY_NUMBER = "+37259876543"
CANARY_USER = "P7654321@kanaar.example"
CANARY_PASSWORD = "kanaari-parool-X9"
CANARY_HOST = "kanaar-crm.example"
CANARY_URL = f"https://{CANARY_HOST}/hook/kanaarisaladus?token=kanaaritoken"
CANARIES = (
    *(CANARY_NAME, CANARY_NUMBER, CANARY_USER, CANARY_PASSWORD, CANARY_HOST, CANARY_URL),
    *("Kanaarilind", "Pääsuke", "59876543", "kanaarisaladus", "kanaaritoken", "P7654321"),
)


def spellings(text: str) -> set[bytes]:
    """How a text may be written in a file."""
    escaped = json.dumps(text)[1:-1]
    said = {text, text.lower(), text.upper(), escaped, quote(text), quote(text, ""), text[::-1]}
    found = {one.encode(code) for one in said for code in ("utf-8", "utf-16-le", "utf-16-be")}
    for shift in range(3):  # base64 at each place a text may begin
        coded = base64.b64encode(b"\0" * shift + text.encode())
        found.add(coded[4 if shift else 0 : -4])
    return {one for one in found if len(one) > 5}


def fill_with_canaries(place: Paths) -> None:
    """Each text of each table is one, as far as the tables let it."""
    with closing(open_database(place.database, place.backups, NOW).db) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        tables = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in (name for name in tables if not name.startswith("sqlite_")):
            columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
            for number, canary in enumerate((CANARY_NAME, CANARY_NUMBER, CANARY_URL, CANARY_USER)):
                values = [canary if kind == "TEXT" else number for _, _, kind, *_ in columns]
                if table == "notes":
                    values[columns.index(next(c for c in columns if c[1] == "call_id"))] = None
                marks = ",".join("?" * len(values))
                db.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({marks})', values)
        db.execute("UPDATE contacts SET base = ?", (json.dumps([CANARY_NAME, CANARY_NUMBER, ""]),))


def log_canaries(place: Paths) -> None:
    logs.set_up(place.logs, verbose=False)
    log = logging.getLogger("desk_phone.test")
    try:
        for canary in (CANARY_NAME, CANARY_NUMBER, CANARY_USER, CANARY_URL, CANARY_HOST):
            log.warning("no answer from %s, port 443", canary)
        log.warning("password: %s", CANARY_PASSWORD)
        try:
            {}[CANARY_NAME]
        except KeyError as error:
            what = (KeyError, error, error.__traceback__)
            logging.getLogger("desk_phone.crash").critical("Unexpected error", exc_info=what)
    finally:
        logs.shut_down()


def canary_settings() -> Settings:
    texts = {f.name: CANARY_URL for f in fields(Settings) if isinstance(f.default, str)}
    own = {"own_name": CANARY_NAME, "own_number": CANARY_NUMBER, "user": CANARY_USER}
    proxy = {"proxy": f"http://{CANARY_USER}:{CANARY_PASSWORD}@{CANARY_HOST}:8080"}
    return Settings(**{**texts, **own, **proxy})


def live(workplace: Workplace) -> tuple[Part, ...]:
    trouble = Offline(f"Nobody is at {CANARY_HOST}", CANARY_NAME)
    source = Source(1, SourceKind.CARDDAV, CANARY_URL, CANARY_NAME, CANARY_USER, "k")
    asked = Asked("clickToCall", NOW, 0.2, f"Refused {CANARY_URL}", 900, 2.0)
    with workplace.open() as office:
        account = account_part(office.access)
    return (
        account,
        requests_part([asked]),
        line_part(LineState(Link.TROUBLE, CANARY_NUMBER, trouble, NOW)),
        notices_part(
            NoticesState(True, CANARY_HOST, CANARY_URL, (Active(CANARY_NUMBER, CANARY_URL, NOW),))
        ),
        queue_part(3, Losses(1, 2, 3), trouble, NOW),
        sources_part([SourceState(source, 5, 1, NOW, f"{CANARY_NAME} at {CANARY_HOST}")]),
    )


@pytest.fixture
def place(tmp_path: Path) -> Paths:
    place = Paths(tmp_path / "data")
    place.make()
    return place


@pytest.fixture(autouse=True)
def _nobody_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "hand_over", lambda *_: None)
    monkeypatch.setattr(diagnostics, "system_probes", lambda: PROBES)


def packed(place: Paths, settings: Settings, parts: tuple[Part, ...] = ()) -> dict[str, bytes]:
    report = diagnostics.make(place, settings, parts, PROBES, NOW)
    with zipfile.ZipFile(BytesIO(diagnostics.bundle(report, place, settings))) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def facts(files: dict[str, bytes], title: str) -> dict[str, str]:
    parts = {part["title"]: part["facts"] for part in json.loads(files["report.json"])["parts"]}
    return dict(parts[title])


# nobody is given away


@pytest.mark.parametrize("damage", [False, True], ids=["sound", "damaged"])
def test_no_canary_is_in_the_bundle_in_any_spelling(
    place: Paths, tmp_path: Path, damage: bool
) -> None:
    fill_with_canaries(place)
    log_canaries(place)
    if damage:
        place.database.write_bytes(place.database.read_bytes()[:5000] + b"\0" * 9000)
    files = packed(place, canary_settings(), live(Workplace(tmp_path / "work")))
    for name, content in files.items():
        for canary in CANARIES:
            for spelling in spellings(canary):
                assert spelling not in content, (name, canary, spelling)


def test_the_logs_stay_readable_where_nobody_is_named(place: Paths) -> None:
    fill_with_canaries(place)
    log_canaries(place)
    said = packed(place, Settings())["logs/desk-phone.log"].decode()
    assert said.count("WARNING desk_phone.test: no answer from") == 5
    assert "port 443" in said


def test_with_a_damaged_database_only_when_and_where_stays_of_the_logs(place: Paths) -> None:
    log_canaries(place)
    place.database.write_bytes(b"no database at all" * 100)
    said = packed(place, Settings())["logs/desk-phone.log"].decode()
    assert said.count("WARNING desk_phone.test: ***") == 6
    crash = packed(place, Settings())["logs/crash.log"].decode()
    assert "KeyError" in crash
    assert "no answer" not in said


def test_a_value_that_an_error_quotes_is_covered(place: Paths) -> None:
    open_database(place.database, place.backups, NOW).db.close()
    log_canaries(place)  # names that no table has
    crash = packed(place, Settings())["logs/crash.log"].decode()
    assert "KeyError: ***" in crash
    assert "Kanaarilind" not in crash


def test_the_persons_home_is_not_named(place: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kanaar")
    monkeypatch.setenv("LOGNAME", "kanaar")
    open_database(place.database, place.backups, NOW).db.close()
    logs.set_up(place.logs, verbose=False)
    logging.getLogger("desk_phone.test").warning("no room in /home/kanaar/.local")
    logs.shut_down()
    files = packed(place, Settings())
    assert b"no room in" in files["logs/desk-phone.log"]
    assert all(b"kanaar" not in content for content in files.values())


@pytest.mark.parametrize(
    ("text", "name", "covered"),
    [
        pytest.param("call of MARI  maasikas!", "Mari Maasikas", "call of ***  ***!", id="cased"),
        pytest.param("Mari was here", "Mari Maasikas", "Mari was here", id="half a name"),
        pytest.param("it is ok", "ok", "it is ok", id="too short to be one"),
        pytest.param("at 2026-11-25", "2026-11-25", "at 2026-11-25", id="no name at all"),
        pytest.param("a.b@c.example", "A.B@c.example", "***.***@***.***", id="an address"),
        pytest.param("x", "", "x", id="nothing to hide"),
    ],
)
def test_names_are_covered_as_whole(text: str, name: str, covered: str) -> None:
    hiding = Hiding(text)
    hiding.hide([name])
    assert hiding.text == covered


# the worst of states


def _no_keyring() -> str:
    raise NoKeyring("no keyring")


def _offline(_: Settings) -> Secured:
    raise Offline("no way")


def test_it_says_what_it_found(place: Paths) -> None:
    fill_with_canaries(place)
    files = packed(place, Settings(proxy="http://a:b@proxy.example:1", poll_seconds=7))
    assert facts(files, "Data")["database"] == "ok"
    assert facts(files, "Data")["rows of calls"] == "4"
    assert facts(files, "Keyring") == {"usable": "yes", "kind": "SecretService"}
    network = facts(files, "Way to the service")
    assert network["proxy"] == "set, with a login"
    assert network["TLS"] == "TLSv1.3"
    assert network["certificate by"] == "Some Authority"
    assert network["certificate until"] == "Nov 1 00:00:00 2027 GMT"
    assert facts(files, "Settings")["poll_seconds"] == "7 (changed)"
    assert "database" in files["report.txt"].decode()


def test_without_keyring_and_network_it_says_so(place: Paths) -> None:
    probes = Probes(_no_keyring, _offline)
    report = diagnostics.make(place, Settings(), (), probes, NOW)
    found = {part.title: dict(part.facts) for part in report.parts}
    assert found["Keyring"] == {"usable": "no", "why": "NoKeyring"}
    assert found["Way to the service"]["connection"] == "none: Offline"
    assert found["Data"]["database"] == "missing"


def test_a_damaged_database_is_told_and_stays_where_it_is(place: Paths) -> None:
    place.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    before = place.database.read_bytes()
    found = facts(packed(place, Settings()), "Data")
    assert found["database"].startswith("SQLITE_")
    assert place.database.read_bytes() == before
    assert [file.name for file in place.root.iterdir() if "damaged" in file.name] == []


def test_a_database_that_is_open_and_written_to_is_looked_at(place: Paths) -> None:
    with closing(open_database(place.database, place.backups, NOW).db) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO facts VALUES ('a', 'b')")
        assert facts(packed(place, Settings()), "Data")["database"] == "ok"
        db.execute("ROLLBACK")


# the file


def test_a_file_that_was_there_is_whole_until_the_new_one_is(place: Paths, tmp_path: Path) -> None:
    file = tmp_path / "report.zip"
    diagnostics.save(file, b"one")
    diagnostics.save(file, b"two")
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".new")] == []


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could not be written"):
        diagnostics.save(tmp_path / "none" / "report.zip", b"x")


# the command


def _run(place: Paths, file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, bytes]:
    assert cli.main(["--data-dir", str(place.root), "diagnostics", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    with zipfile.ZipFile(file) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_the_command_works_without_a_running_program(
    place: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _run(place, tmp_path / "r.zip", capsys)
    assert facts(files, "Running program") == {"runs": "no"}


def test_the_command_works_with_broken_settings(
    place: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.settings.write_text("{", encoding="utf-8")
    files = _run(place, tmp_path / "r.zip", capsys)
    assert facts(files, "Settings files") == {"own": "cannot be read"}
    assert place.settings.read_text(encoding="utf-8") == "{"


def _answers(out: str, status: int = 0) -> Callable[..., Answer]:
    return lambda *_: Answer(status, out)


def _hangs(*_: object) -> Answer:
    raise Offline("it hangs")


@pytest.mark.parametrize(
    ("answer", "runs"),
    [
        pytest.param(_answers("no JSON"), "yes, and it answered nonsense", id="nonsense"),
        pytest.param(_answers('[{"a": 1}]'), "yes, and it answered nonsense", id="other JSON"),
        pytest.param(_answers("", 2), "yes, and it refused to say more", id="an older program"),
        pytest.param(_hangs, "it did not answer: Offline", id="it hangs"),
    ],
)
def test_a_running_program_that_is_of_no_help_spoils_nothing(
    place: Paths,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[..., Answer],
    runs: str,
) -> None:
    monkeypatch.setattr(command, "hand_over", answer)
    assert facts(_run(place, tmp_path / "r.zip", capsys), "Running program") == {"runs": runs}


def test_what_the_running_program_says_is_in_the_report(
    place: Paths,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = parts_out([Part("Tray", (("kind", "notifier"),))])
    monkeypatch.setattr(command, "hand_over", _answers(json.dumps(parts)))
    assert facts(_run(place, tmp_path / "r.zip", capsys), "Tray") == {"kind": "notifier"}


def test_a_folder_is_given_a_file_with_the_day_in_its_name(place: Paths, tmp_path: Path) -> None:
    command.run(Options(command="diagnostics", file=str(tmp_path)), place)
    (file,) = tmp_path.glob("desk-phone-diagnostics-*.zip")
    assert zipfile.is_zipfile(file)


def test_the_running_program_answers_with_its_parts(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path)
    with workplace.open() as office:
        said = perform(run(workplace.desk(office), Options(command="diagnostics")))
    assert parts_in(json.loads(said.out)) == ()


# the last requests


def test_what_the_last_requests_did_is_remembered_in_order() -> None:
    journal = Journal(lambda: NOW)
    with journal.noting(Operation.NUMBERS) as asking:
        asking.heard(Reply(200, "text/xml", b"", 1234, None, 3.0))
    for trouble in (Offline("no"), Refused("no", "", "ERR1001")):
        with pytest.raises(PhoneError), journal.noting(Operation.CALL):
            raise trouble
    with pytest.raises(ValueError, match="bug"), journal.noting(Operation.CALL):
        raise ValueError("bug")
    last = journal.last()
    assert [one.outcome for one in last] == ["done", "Offline", "Refused ERR1001", "unexpected"]
    assert (last[0].operation, last[0].wire_bytes, last[0].clock) == ("listOwnNumbers", 1234, 3.0)


def test_only_the_last_fifty_are_remembered() -> None:
    journal = Journal(lambda: NOW)
    for _ in range(60):
        with journal.noting(Operation.HISTORY):
            pass
    assert len(journal.last()) == 50


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        pytest.param([], "unknown", id="nothing asked"),
        pytest.param([None], "unknown", id="no Date"),
        pytest.param([1.0, -7.4, None], "the service is -7 s ahead", id="the last that told"),
    ],
)
def test_the_difference_of_the_clocks_is_of_the_last_answer(
    clocks: list[float | None], said: str
) -> None:
    asked = [
        Asked("AddEntry", NOW + timedelta(seconds=n), 0.1, "done", 10, clock)
        for n, clock in enumerate(clocks)
    ]
    assert dict(clock_part(asked).facts) == {"difference": said}


def test_rows_of_every_kind_of_text_are_looked_through(place: Paths) -> None:
    """A column that a new table brings is looked through unless it is named as our own."""
    fill_with_canaries(place)
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("CREATE TABLE newest (words TEXT)")
        db.execute("INSERT INTO newest VALUES ('Uus Inimene')")
        db.commit()
    logs.set_up(place.logs, verbose=False)
    logging.getLogger("desk_phone.test").warning("about Uus Inimene")
    logs.shut_down()
    assert b"Uus" not in packed(place, Settings())["logs/desk-phone.log"]


def test_the_command_needs_no_qt(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from desk_phone import cli\n"
        f"sys.exit(cli.main(['--data-dir', {str(tmp_path)!r}, 'diagnostics', {str(tmp_path)!r}]))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
