"""What surrounds the running relay: its secrets, its log, its state as a file, systemd."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone import logs
from desk_phone.errors import BadCredentials, BadInput
from desk_phone.model.relayed import Position
from desk_phone.model.secret import Secret
from desk_phone.relay import credentials, systemd
from desk_phone.relay.configuration import Configuration, read
from desk_phone.relay.json_log import to_stderr, without_numbers
from desk_phone.relay.state import beside, copies, outbox
from desk_phone.system.secrets import MemoryKeyring
from tests.relayed import NOON, OWN, notice

NOBODY: dict[str, str] = {}


@pytest.fixture
def conf(tmp_path: Path) -> Configuration:
    file = tmp_path / "relay.toml"
    file.write_text(
        f'state_dir = "{tmp_path}/state"\n'
        '[company]\nuser = "P1"\n[public]\nurl = "https://relay.company.example"\n'
    )
    return read(file)


# secrets


def test_a_credential_of_systemd_comes_before_the_keyring(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    keyring.keep(credentials.key(credentials.COMPANY), Secret("of the keyring"))
    where = {credentials.PLACE: str(tmp_path)}
    assert credentials.read(credentials.COMPANY, keyring, where).reveal() == "of the keyring"
    (tmp_path / credentials.COMPANY).write_text("of systemd \n")
    assert credentials.read(credentials.COMPANY, keyring, where).reveal() == "of systemd "
    assert credentials.read(credentials.COMPANY, keyring, NOBODY).reveal() == "of the keyring"


def test_without_a_secret_it_is_said_which_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadCredentials, match="broker-password"):
        credentials.read(credentials.BROKER, MemoryKeyring(), {credentials.PLACE: str(tmp_path)})


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"two\nlines\n", b"x" * 5000])
def test_a_file_that_is_no_password_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / credentials.COMPANY).write_bytes(raw)
    with pytest.raises(BadInput):
        credentials.read(credentials.COMPANY, MemoryKeyring(), {credentials.PLACE: str(tmp_path)})


# the log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    with to_stderr(False, stream):
        yield stream


def test_each_line_is_an_object(lines: io.StringIO) -> None:
    log = logging.getLogger("desk_phone.relay.test")
    log.info("%d of them", 3)
    log.debug("nobody asked for this")
    try:
        raise ValueError("of +3726403231")
    except ValueError:
        log.exception("two\nlines")
    first, second = map(json.loads, lines.getvalue().splitlines())
    assert (first["level"], first["of"], first["said"]) == ("info", "relay.test", "3 of them")
    assert "ValueError" in second["trace"]
    assert "6403" not in lines.getvalue()


@pytest.mark.parametrize("before", range(3980, 4001, 4))
def test_a_secret_that_is_cut_in_half_is_not_seen(lines: io.StringIO, before: int) -> None:
    logs.hide("hunter2-of-the-company")
    log = logging.getLogger("desk_phone.relay.test")
    log.warning("%s%s", "x" * before, "hunter2-of-the-company")
    try:
        raise ValueError("x" * before + "hunter2-of-the-company")
    except ValueError:
        log.exception("it failed")
    assert "hunter" not in lines.getvalue()
    assert '"it failed"' in lines.getvalue()


def test_a_long_trace_still_says_what_it_was(lines: io.StringIO) -> None:
    def even(n: int) -> None:
        if not n:
            raise LookupError("the end")
        odd(n - 1)

    def odd(n: int) -> None:
        even(n - 1)

    try:
        even(100)
    except LookupError:
        logging.getLogger("desk_phone.relay.test").exception("it failed")
    assert json.loads(lines.getvalue())["trace"].endswith("LookupError: the end")


def test_afterwards_the_log_is_as_it_was() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with to_stderr(True, io.StringIO()):
        assert root.level == logging.DEBUG
    assert (root.level, list(root.handlers)) == before


@given(st.text("0123456789+ -()", min_size=7, max_size=24), st.text(max_size=20))
def test_no_number_stays_whole_or_in_part(number: str, around: str) -> None:
    told = without_numbers(f"{around} {number} {around}")
    digits = re.sub(r"\D", "", number)
    compact = re.search(r"\d{7,}", number)
    if compact is not None and compact[0] not in around:
        assert compact[0] not in told
        assert len(digits) < 7 or compact[0][-3:] not in re.findall(r"\*\*\*(\d+)", told)


# the state


def held(conf: Configuration) -> Position:
    return beside.do(conf, NOON, lambda db: outbox.last(db, OWN))


def test_a_copy_brings_everything_back_in_another_epoch(
    conf: Configuration, tmp_path: Path
) -> None:
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    copy = tmp_path / "copy.sqlite3"
    copies.back_up(conf, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(2), NOON))
    before = held(conf)
    assert before.seq == 2
    aside = copies.restore(conf, copy, NOON)
    after = held(conf)
    assert (after.seq, after.epoch == before.epoch) == (1, False)
    assert aside is not None
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT max(seq) FROM notices").fetchone() == (2,)


def test_what_is_no_copy_changes_nothing(conf: Configuration, tmp_path: Path) -> None:
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    before = held(conf)
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE something (a)")
        db.commit()
    text = tmp_path / "text"
    text.write_text("no database" * 500)
    for file in (other, text, tmp_path / "nowhere"):
        with pytest.raises(BadInput):
            copies.restore(conf, file, NOON)
    assert held(conf) == before


def test_a_copy_is_not_written_over_anything(conf: Configuration, tmp_path: Path) -> None:
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with pytest.raises(BadInput, match="there already"):
        copies.back_up(conf, precious)
    assert precious.read_text() == "mine"


def test_the_daily_copy_is_made_once_a_day(conf: Configuration) -> None:
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    assert copies.back_up_daily(conf, NOON) is not None
    assert copies.back_up_daily(conf, NOON) is None
    assert copies.back_up_daily(conf, NOON + timedelta(days=1)) is not None


def test_what_was_restored_over_nothing_keeps_nothing_aside(
    conf: Configuration, tmp_path: Path
) -> None:
    beside.do(conf, NOON, lambda db: outbox.append(db, notice(1), NOON))
    copy = tmp_path / "copy.sqlite3"
    copies.back_up(conf, copy)
    for file in conf.state_dir.glob("relay.sqlite3*"):
        file.unlink()
    assert copies.restore(conf, copy, NOON) is None
    assert held(conf).seq == 1


# systemd


def test_systemd_is_told_where_it_listens(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(address)
        systemd.tell(systemd.READY, {"NOTIFY_SOCKET": address})
        assert heard.recv(100) == b"READY=1"
    systemd.tell(systemd.READY, {"NOTIFY_SOCKET": address})  # nobody hears it any more
    systemd.tell(systemd.READY, NOBODY)
