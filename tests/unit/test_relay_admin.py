"""What an administrator types beside the relay, or while it does not run."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from desk_phone.errors import BadInput, Offline, Refused
from desk_phone.model.secret import Secret
from desk_phone.options import Options, read
from desk_phone.relay import command, configuration, credentials
from desk_phone.relay.command import run
from desk_phone.relay.company.targets import _read
from desk_phone.relay.configuration import Configuration, Listen
from desk_phone.relay.state import audit, beside, copies, devices, kept, outbox
from desk_phone.relay.state.devices import Rights
from desk_phone.relay.state.schema import STEPS
from desk_phone.said import Said, Status
from desk_phone.store.backups import every
from desk_phone.store.database import open_database
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring
from tests.relayed import NOON, OTHER_LINE, OWN, notice


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "relay.toml"
    file.write_text(
        f'state_dir = "{tmp_path}/state"\n'
        '[company]\nuser = "P1"\n[public]\nurl = "https://relay.company.example"\n'
    )
    return file


@pytest.fixture
def conf(file: Path) -> Configuration:
    return configuration.read(file)


def typed(
    file: Path, *words: str, password: str = "", keyring: MemoryKeyring | None = None
) -> Said:
    options: Options = read(["relay", *words, "--config", str(file)])
    return run(options, Secret(password), keyring or MemoryKeyring())


@contextmanager
def running(conf: Configuration) -> Iterator[sqlite3.Connection]:
    """Another holds the state, as the server does."""
    beside.make_folders(conf)
    with InstanceLock(conf.lock) as lock:
        assert lock.take()
        with closing(open_database(conf.database, conf.backups, NOON, STEPS).db) as db:
            yield db


# numbers, codes, computers


@pytest.mark.parametrize("number", ["112", "nobody", "", "+37"])
def test_a_code_is_for_whole_numbers_only(file: Path, number: str) -> None:
    with pytest.raises(BadInput):
        typed(file, "enrol", "--name", "Mari", "--number", number)
    assert json.loads(typed(file, "audit", "--json").out) == []


def test_a_code_is_for_numbers_of_the_company_as_soon_as_they_are_known(
    file: Path, conf: Configuration
) -> None:
    assert typed(file, "enrol", "--name", "Mari", "--number", OWN).status == 0
    beside.do(conf, NOON, lambda db: kept.put(db, "numbers", json.dumps([OTHER_LINE])))
    with pytest.raises(BadInput, match="none of the relay's numbers"):
        typed(file, "enrol", "--name", "Mari", "--number", OWN)
    file.write_text(file.read_text().replace("[public]", f'numbers = ["{OWN}"]\n[public]'))
    assert typed(file, "enrol", "--name", "Mari", "--number", "640 3231").status == 0
    with pytest.raises(BadInput, match="none of the relay's numbers"):
        typed(file, "enrol", "--name", "Mari", "--number", OTHER_LINE)


def test_a_code_is_told_with_what_to_do_with_it(file: Path) -> None:
    said = typed(file, "enrol", "--name", "Mari\x1b[31m", "--number", OWN)
    assert "\x1b" not in said.out
    code = next(line.strip() for line in said.out.splitlines() if line.startswith("    "))
    assert len(code) == 14
    for words in ("Mari", "15 minutes", "https://relay.company.example", "account enrol"):
        assert words in said.out


def test_the_code_that_was_printed_makes_the_computer_that_is_listed(
    file: Path, conf: Configuration
) -> None:
    told = json.loads(
        typed(file, "enrol", "--name", "Mari", "--number", OWN, "--may-edit", "--json").out
    )
    assert (told["name"], told["numbers"]) == ("Mari", [OWN])  # fifty of them lie in one file
    assert typed(file, "devices").out == "No computer was enrolled yet.\n"
    code, now = Secret(told["code"]), datetime.now(UTC)
    device = beside.do(conf, now, lambda db: devices.use_code(db, code, now)).device
    (listed,) = json.loads(typed(file, "devices", "--json").out)
    assert (listed["id"], listed["name"], listed["numbers"]) == (device, "Mari", [OWN])
    assert (listed["may_edit"], listed["may_target"], listed["revoked"]) == (True, False, None)
    assert "not seen yet" in typed(file, "devices").out
    assert typed(file, "revoke", device).status == 0
    assert "revoked on" in typed(file, "devices").out


def test_a_computer_that_nobody_knows_is_not_revoked(file: Path) -> None:
    with pytest.raises(BadInput, match="no such computer"):
        typed(file, "revoke", "d-nobody")


# beside the running relay


def test_commands_work_beside_the_running_relay(file: Path, conf: Configuration) -> None:
    with running(conf) as db:
        assert typed(file, "enrol", "--name", "Mari", "--number", OWN).status == 0
        assert db.execute("SELECT count(*) FROM codes").fetchone() == (1,)
        assert typed(file, "audit", "--check").status == 0


def test_who_only_reads_keeps_the_relay_from_nothing(file: Path, conf: Configuration) -> None:
    with running(conf) as db:

        def while_reading(other: sqlite3.Connection) -> int:
            other.execute("SELECT * FROM audit").fetchall()
            db.execute("PRAGMA busy_timeout = 0")
            outbox.append(db, notice(1), NOON)  # raises "locked" if it may not
            return audit.check(other)

        assert beside.read(conf, NOON, while_reading) == 0


def test_a_command_waits_for_a_transaction_of_the_relay(
    file: Path, conf: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, come, order = threading.Event(), threading.Event(), []
    opened = beside._of_the_running

    def watched(database: Path) -> sqlite3.Connection:
        db = opened(database)
        come.set()
        return db

    monkeypatch.setattr(beside, "_of_the_running", watched)

    def transaction() -> None:
        with closing(sqlite3.connect(conf.database, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            held.set()
            assert come.wait(20)
            threading.Event().wait(0.2)  # the command stands at its lock
            order.append("the relay")
            db.execute("COMMIT")

    with running(conf):
        thread = threading.Thread(target=transaction)
        thread.start()
        assert held.wait(20)
        assert typed(file, "enrol", "--name", "Mari", "--number", OWN).status == 0
        order.append("the command")
        thread.join()
    assert order == ["the relay", "the command"]


def test_a_relay_of_another_version_is_left_alone(file: Path, conf: Configuration) -> None:
    with running(conf) as db:
        db.execute("PRAGMA user_version = 99")
        with pytest.raises(BadInput, match="another version"):
            typed(file, "devices")
        db.execute(f"PRAGMA user_version = {len(STEPS)}")


def test_the_state_of_a_running_relay_is_never_mended_or_restored(
    file: Path, conf: Configuration, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    assert typed(file, "backup", str(copy)).status == 0
    with InstanceLock(conf.lock) as lock:
        assert lock.take()
        before = b"spoilt" * 1000
        conf.database.write_bytes(before)
        with pytest.raises(BadInput):
            typed(file, "devices")
        with pytest.raises(BadInput, match="is running"):
            typed(file, "restore", str(copy))
        assert conf.database.read_bytes() == before
    assert typed(file, "restore", str(copy)).status == 0


def test_what_a_command_restores_begins_anew_as_the_relay_s_own_start_does(
    file: Path, conf: Configuration
) -> None:
    def enrol(db: sqlite3.Connection) -> str:
        outbox.append(db, notice(1), NOON)
        return outbox.last(db, OWN).epoch

    before = beside.do(conf, NOON, enrol)
    copies.back_up_daily(conf, NOON)
    conf.database.write_bytes(b"damaged" * 2000)
    typed(file, "devices")
    after = beside.read(conf, NOON, lambda db: outbox.last(db, OWN))
    assert (after.seq, after.epoch == before) == (1, False)
    (row,) = json.loads(typed(file, "audit", "--json").out)
    assert row["what"] == "restored"


def test_a_damaged_state_comes_back_without_who_was_revoked(
    file: Path, conf: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enrol(db: sqlite3.Connection) -> str:
        code = devices.new_code(db, "Mari", Rights((OWN,)), NOON)
        return devices.use_code(db, code, NOON).device

    monkeypatch.setattr(command, "_now", lambda: NOON)
    device = beside.do(conf, NOON, enrol)
    copies.back_up_daily(conf, NOON)  # as of this morning
    assert typed(file, "revoke", device).status == 0
    assert len(every(conf.backups)) == 1
    conf.database.write_bytes(b"damaged" * 2000)
    (listed,) = json.loads(typed(file, "devices", "--json").out)
    assert (listed["id"], listed["revoked"] is not None) == (device, True)


def test_what_a_computer_hears_of_is_told_to_the_broker_anew_after_a_restore(
    file: Path, conf: Configuration, tmp_path: Path
) -> None:
    def enrol(db: sqlite3.Connection) -> str:
        code = devices.new_code(db, "Mari", Rights((OWN,)), NOON)
        return devices.use_code(db, code, NOON).device

    device, copy = beside.do(conf, NOON, enrol), tmp_path / "copy.sqlite3"
    typed(file, "backup", str(copy))

    def more(db: sqlite3.Connection) -> None:
        devices.grant(db, device, Rights((OWN, OTHER_LINE)), NOON)
        devices.hears(db, device, (OWN, OTHER_LINE))

    beside.do(conf, NOON, more)
    typed(file, "restore", str(copy))
    assert beside.read(conf, NOON, devices.heard_otherwise) == {device: (OWN,)}


def test_no_code_of_a_copy_works(file: Path, conf: Configuration, tmp_path: Path) -> None:
    code = beside.do(conf, NOON, lambda db: devices.new_code(db, "Mari", Rights((OWN,)), NOON))
    copy = tmp_path / "copy.sqlite3"
    typed(file, "backup", str(copy))
    beside.do(conf, NOON, lambda db: devices.use_code(db, code, NOON))
    typed(file, "restore", str(copy))
    with pytest.raises(Refused):
        beside.do(conf, NOON, lambda db: devices.use_code(db, code, NOON))


# the state as a file


def test_who_was_revoked_since_the_copy_stays_so(
    file: Path, conf: Configuration, tmp_path: Path
) -> None:
    def enrol(db: sqlite3.Connection) -> str:
        code = devices.new_code(db, "Mari", Rights((OWN,)), NOON)
        return devices.use_code(db, code, NOON).device

    device = beside.do(conf, NOON, enrol)
    copy = tmp_path / "copy.sqlite3"
    typed(file, "backup", str(copy))
    typed(file, "revoke", device)
    said = typed(file, "restore", str(copy))
    assert "What was there before lies in" in said.out
    (listed,) = json.loads(typed(file, "devices", "--json").out)
    assert listed["revoked"] is not None
    done = [row["what"] for row in json.loads(typed(file, "audit", "--json").out)]
    assert done == ["code made", "enrolled", "restored", "revoked"]
    assert typed(file, "audit", "--check").status == 0


def test_what_the_service_was_told_is_in_doubt_after_a_restore(
    file: Path, conf: Configuration, tmp_path: Path
) -> None:
    text = json.dumps({"url": "https://x.example", "at": 1, "sure": True})
    beside.do(conf, NOON, lambda db: kept.put(db, f"target {OWN}", text))
    copy = tmp_path / "copy.sqlite3"
    typed(file, "backup", str(copy))
    typed(file, "restore", str(copy))
    known = beside.read(conf, NOON, _read)
    assert (known[OWN].url, known[OWN].sure) == ("https://x.example", False)


@pytest.fixture
def as_root(conf: Configuration, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Root types, and the state is another user's; what is asked of the system for it."""
    asked: list[tuple[str, object]] = []
    beside.make_folders(conf)
    owner = replace_uid(conf.state_dir.stat(), 4321)
    real = Path.stat
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("seteuid", "setegid", "setgroups"):
        monkeypatch.setattr(os, name, lambda whose, name=name: asked.append((name, whose)))
    monkeypatch.setattr(
        *(os, "chown"),
        lambda path, user, _group, **_: asked.append((f"chown {Path(path).name}", user)),
    )
    monkeypatch.setattr(
        Path,
        "stat",
        lambda path, **more: owner if path == conf.state_dir else real(path, **more),
    )
    return asked


def test_root_has_the_relay_s_rights_while_it_works_in_its_folder(
    file: Path, as_root: list[tuple[str, object]]
) -> None:
    typed(file, "enrol", "--name", "Mari", "--number", OWN)
    users = [whose for name, whose in as_root if name == "seteuid"]
    assert users == [4321, 0] * (len(users) // 2) != []
    assert {name for name, _ in as_root} == {"seteuid", "setegid", "setgroups"}


def test_what_root_restores_belongs_to_the_relay_afterwards(
    file: Path, as_root: list[tuple[str, object]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    typed(file, "enrol", "--name", "Mari", "--number", OWN)
    typed(file, "backup", str(copy))
    typed(file, "restore", str(copy))
    given = {name: whose for name, whose in as_root if name.startswith("chown")}
    assert given.keys() >= {"chown relay.sqlite3", "chown relay.lock", "chown backups"}
    assert set(given.values()) == {4321}


_AS_ROOT = """
import os, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from desk_phone.relay import configuration
from desk_phone.relay.state import beside
conf, now = configuration.read(Path(sys.argv[1])), datetime.now(UTC)
us = os.geteuid()
own = replace(conf, state_dir=conf.state_dir.with_name("of root's own"))
beside.do(own, now, lambda db: None)  # imports what it needs, which may lie where only root reads
beside.do(conf, now, lambda db: print(os.geteuid(), os.getgroups()))
print(us == os.geteuid())
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can")
def test_a_link_of_the_relay_s_leads_root_nowhere(file: Path, conf: Configuration) -> None:
    beside.make_folders(conf)
    here = (conf.state_dir, *conf.state_dir.parents)
    for folder in here[: here.index(Path(tempfile.gettempdir()))]:
        folder.chmod(folder.stat().st_mode | 0o011)
    secret = conf.state_dir.parent / "of root"
    secret.touch(0o600)  # which root could write a database into
    os.chown(conf.state_dir, 65534, 65534)
    os.chown(conf.backups, 65534, 65534)
    conf.database.symlink_to(secret)
    words = [sys.executable, "-c", _AS_ROOT, str(file)]
    place = Path(__file__).parents[2]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=place)
    assert secret.read_bytes() == b""
    assert done.stdout == "65534 [65534]\nTrue\n"
    assert conf.database.stat().st_uid == 65534


def replace_uid(found: os.stat_result, user: int) -> os.stat_result:
    parts = list(found)
    parts[stat.ST_UID] = user
    return os.stat_result(parts)


# the audit log


def test_a_log_that_somebody_changed_is_told_apart(file: Path, conf: Configuration) -> None:
    for _ in range(3):
        typed(file, "enrol", "--name", "Mari", "--number", OWN)
    head = json.loads(typed(file, "audit", "--check", "--json").out)
    assert (head["whole"], head["rows"]) == (True, 3)
    with closing(sqlite3.connect(conf.database)) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE audit SET outcome = 'refused' WHERE seq = 2")
        db.commit()
    said = typed(file, "audit", "--check")
    assert (said.status, "Row 2" in said.err) == (Status.REFUSED, True)
    assert json.loads(typed(file, "audit", "--check", "--json").out)["first_wrong"] == 2


# passwords


def test_a_password_goes_into_the_keyring_and_the_running_relay_is_told(
    file: Path, conf: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, what: told.append((pid, what)))
    keyring = MemoryKeyring()
    said = typed(file, "password", password="of the company", keyring=keyring)
    assert keyring.read(credentials.key(credentials.COMPANY)).reveal() == "of the company"
    assert (said.out, told) == ("Kept for the next start of the relay.\n", [])
    with running(conf):
        said = typed(file, "password", password="another", keyring=keyring)
        assert told == [(os.getpid(), signal.SIGHUP)]
        typed(file, "password", "--broker", password="the broker's", keyring=keyring)
    assert told == [(os.getpid(), signal.SIGHUP)] * 2
    assert "reads it now" in said.out
    typed(file, "password", "--broker", password="of the broker", keyring=keyring)
    assert keyring.read(credentials.key(credentials.BROKER)).reveal() == "of the broker"


def test_nobody_is_told_where_the_relay_s_process_is_not_known(
    conf: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _what: told.append(pid))
    with running(conf):
        conf.lock.write_bytes(b"0")
        assert not beside.reload(conf)
    assert told == []


# how it is


@contextmanager
def answering(text: bytes, status: int = 200) -> Iterator[Listen]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Listen("127.0.0.1", server.server_port)
        finally:
            server.shutdown()
            thread.join()


def status_at(file: Path, place: Listen, *words: str) -> Said:
    text = file.read_text().partition("[listen]")[0]
    file.write_text(f'{text}[listen]\nlocal = "{place.address}:{place.port}"\n')
    return typed(file, "status", *words)


@pytest.mark.parametrize("text", [b"", b"<html>", b"[]", b'{"well": true}', b"[" * 5000, b"\xff"])
def test_what_is_no_relay_is_not_taken_for_one(file: Path, text: bytes) -> None:
    with answering(text) as place, pytest.raises(Offline, match="no relay"):
        status_at(file, place)


def test_a_relay_that_does_not_run_is_said(file: Path) -> None:
    with answering(b"") as place:
        pass
    with pytest.raises(Offline, match="does not answer"):
        status_at(file, place)


def test_what_is_not_well_is_said(file: Path) -> None:
    told = {"well": False, "problems": {"broker": "not connected"}, "figures": {"lines": 7.0}}
    with answering(json.dumps(told).encode()) as place:
        said = status_at(file, place)
        assert json.loads(status_at(file, place, "--json").out) == told
    assert (said.status, "broker  not connected" in said.err) == (Status.OFFLINE, True)
    assert ["Numbers", "7"] in [line.rsplit(maxsplit=1) for line in said.out.splitlines()]


def test_what_relay_toml_comes_to_is_printed(file: Path) -> None:
    said = json.loads(typed(file, "check", "--json").out)
    assert said["notices"] == "https://relay.company.example/v1/notices/…"
    assert "127.0.0.1:8771" in typed(file, "check").out
    file.write_text("[company]\n")
    with pytest.raises(BadInput, match=r"public\.url"):
        typed(file, "check")
