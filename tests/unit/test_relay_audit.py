"""The audit log: only written on, and whoever changes it is found out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.relay.state import audit
from desk_phone.relay.state.audit import Act, What, other_ending, own_ending
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.database import open_database

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
_TRIGGERS = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = open_database(tmp_path / "relay.sqlite3", tmp_path / "backups", NOW, STEPS).db
    yield db
    db.close()


def act(n: int = 0) -> Act:
    return Act("d1", What.CALL, own_ending("+3726401234"), other_ending(f"+37251230{n:03}"))


def write(db: sqlite3.Connection, count: int, at: datetime = NOW) -> None:
    for n in range(count):
        audit.append(db, act(n), audit.DONE, at + timedelta(seconds=n))


def unguarded(db: sqlite3.Connection) -> None:
    """As somebody who knows what triggers are."""
    for (name,) in db.execute(_TRIGGERS).fetchall():
        db.execute(f"DROP TRIGGER {name}")


# refused


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET outcome = 'done' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2",
        "REPLACE INTO audit VALUES (2, 0, 'd1', 'call', '', '', '', 'done', '', '')",
        "INSERT INTO audit VALUES (9, 0, 'd1', 'call', '', '', '', 'done', '', '')",
        "INSERT INTO audit VALUES (4, 0, 'd1', 'call', '', '', '', 'done', 'x', '')",
        "UPDATE audit_ends SET seq = 3, hash = 'x' WHERE name = 'cut'",
        "UPDATE audit_ends SET seq = 1 WHERE name = 'head'",
        "UPDATE audit_ends SET name = 'cut' WHERE name = 'head'",
        "DELETE FROM audit WHERE seq = 1",
        "INSERT OR REPLACE INTO audit_ends VALUES ('cut', 3, 'x')",
    ],
)
def test_what_was_written_stays(db: sqlite3.Connection, statement: str) -> None:
    write(db, 3)
    before = list(db.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="only written on"):
        db.execute(statement)
    assert list(db.iterdump()) == before
    assert audit.check(db) == 0


# found out


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE audit SET outcome = 'refused' WHERE seq = 2", 2),
        ("UPDATE audit SET who = 'd2' WHERE seq = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET seq = 9 WHERE seq = 2", 2),
        (
            "INSERT INTO audit VALUES (5, 0, 'd1', 'call', '', '', '', 'done', '', 'x')",
            5,
        ),
    ],
)
def test_the_first_row_that_does_not_fit_is_named(
    db: sqlite3.Connection, statement: str, first: int
) -> None:
    write(db, 4)
    assert audit.check(db) == 0
    unguarded(db)
    db.execute(statement)
    assert audit.check(db) == first


def test_who_writes_all_anew_has_another_head(db: sqlite3.Connection, tmp_path: Path) -> None:
    write(db, 4)
    noted = audit.head(db)
    forged = open_database(tmp_path / "forged.sqlite3", tmp_path / "none", NOW, STEPS).db
    for n in range(4):
        audit.append(forged, act(n), "refused" if n == 1 else audit.DONE, NOW)
    assert audit.check(forged) == 0
    assert audit.head(forged) != noted
    forged.close()


def test_an_empty_log_fits(db: sqlite3.Connection) -> None:
    assert audit.check(db) == 0
    assert audit.purge(db, NOW) == 0


# purged


def test_after_a_year_rows_go_and_the_rest_can_be_checked(db: sqlite3.Connection) -> None:
    write(db, 3, NOW - audit.KEPT - timedelta(days=1))
    write(db, 2)
    assert audit.purge(db, NOW) == 3
    assert [row.seq for row in audit.rows(db, 0, 10)] == [5, 4]
    assert audit.check(db) == 0
    assert audit.purge(db, NOW) == 0
    unguarded(db)
    db.execute("DELETE FROM audit WHERE seq = 4")
    assert audit.check(db) == 4


def test_all_may_go_and_it_is_written_on(db: sqlite3.Connection) -> None:
    write(db, 3, NOW - audit.KEPT - timedelta(days=1))
    assert audit.purge(db, NOW) == 3
    write(db, 1)
    assert [row.seq for row in audit.rows(db, 0, 10)] == [4]
    assert audit.check(db) == 0


def test_a_clock_that_jumped_back_lets_nothing_go_too_early(db: sqlite3.Connection) -> None:
    write(db, 1)
    write(db, 1, NOW - audit.KEPT - timedelta(days=1))
    assert audit.purge(db, NOW) == 0
    assert audit.check(db) == 0


# what it says


def test_rows_are_told_newest_first_page_by_page(db: sqlite3.Connection) -> None:
    write(db, 5)
    first = audit.rows(db, 0, 2)
    assert [row.seq for row in first] == [5, 4]
    assert [row.seq for row in audit.rows(db, first[-1].seq, 9)] == [3, 2, 1]
    assert first[0].act == act(4)
    assert (first[0].outcome, first[0].at) == ("done", NOW + timedelta(seconds=4))


@pytest.mark.parametrize(
    ("number", "own", "other"),
    [
        ("+3726401234", "…234", "…34"),
        ("12", "…", "…"),
        ("1234", "…", "…"),
        ("640123", "…", "…23"),
        ("", "", ""),
    ],
)
def test_of_numbers_the_last_digits_are_kept(number: str, own: str, other: str) -> None:
    assert (own_ending(number), other_ending(number)) == (own, other)
