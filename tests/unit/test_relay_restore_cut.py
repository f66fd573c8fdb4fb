"""``relay restore`` that is killed at any of its renames: the next start has one state or the
other, whole, and nothing of the one in the other."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from desk_phone.relay import configuration
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.state import beside, copies, outbox
from tests.relayed import NOON, notice


class Killed(BaseException):
    """Nothing of ours runs after it."""


@pytest.fixture
def conf(tmp_path: Path) -> Configuration:
    file = tmp_path / "relay.toml"
    file.write_text(
        f'state_dir = "{tmp_path}/state"\n[company]\nuser = "P1"\n'
        '[public]\nurl = "https://relay.example"\n'
    )
    return configuration.read(file)


def hear(conf: Configuration, *numbers: int) -> None:
    for number in numbers:
        beside.do(conf, NOON, partial(outbox.append, notice=notice(number), heard=NOON))


def heard(conf: Configuration) -> int:
    return int(beside.read(conf, NOON, _count))


def _count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM notices").fetchone()[0])


def leave_a_log(conf: Configuration) -> None:
    """As a relay that was killed does: what it wrote last lies beside the database."""
    kept = conf.state_dir.with_name("kept")
    with closing(sqlite3.connect(conf.database)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        outbox.append(db, notice(9), NOON)
        db.commit()
        shutil.copytree(conf.state_dir, kept)
    shutil.rmtree(conf.state_dir)
    kept.rename(conf.state_dir)
    assert conf.database.with_name("relay.sqlite3-wal").stat().st_size > 0


def killed_at(count: int, monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> bool:
    """Do it, killed instead of its rename of that number; False: it has not so many."""
    left, replace = [count], Path.replace

    def counted(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", counted)
        try:
            deed()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("count", range(8))
def test_killed_at_a_rename(
    conf: Configuration, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    copy = conf.state_dir.with_name("copy.sqlite3")
    hear(conf, 1)
    copies.back_up(conf, copy)
    hear(conf, 2, 3)
    leave_a_log(conf)
    was_killed = killed_at(count, monkeypatch, lambda: copies.restore(conf, copy, NOON))
    begun = conf.database.with_name("relay.sqlite3.chosen").exists()
    found = heard(conf)
    assert found == (1 if begun or not was_killed else 4)
    asides = list(conf.state_dir.glob("relay-*Z.sqlite3"))
    assert len(asides) == (found == 1)
    for aside in asides:  # with what lay beside it
        with closing(sqlite3.connect(aside)) as db:
            assert _count(db) == 4
    assert not list(conf.state_dir.glob("*.chosen*"))
