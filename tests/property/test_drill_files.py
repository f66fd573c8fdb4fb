"""What a program that was killed left lying about is swept up; what may be of worth is not."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk_phone.store.database import Recovery, back_up, open_database

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_copy_that_was_never_ended_is_swept_up_by_a_later_days(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    left = [backups / f"desk-phone-2026-11-24T120000Z.sqlite3.part{end}" for end in ("", "-wal")]
    today = backups / "desk-phone-2026-11-25T115959Z.sqlite3.part"  # another may be making it
    for file in (*left, today):
        file.write_bytes(b"half")
    with closing(open_database(tmp_path / "phone.sqlite3", backups, NOON).db) as db:
        made = back_up(db, backups, NOON)
        assert sorted(backups.iterdir()) == sorted([made, today])
        later = back_up(db, backups, NOON + timedelta(days=1))
    assert sorted(backups.iterdir()) == sorted([made, later])


def test_an_empty_file_of_a_start_that_was_killed_is_no_damage(tmp_path: Path) -> None:
    file = tmp_path / "phone.sqlite3"
    file.touch()
    with closing(open_database(file, tmp_path / "backups", NOON).db):
        pass
    opened = open_database(file, tmp_path / "backups", NOON)
    opened.db.close()
    assert opened.recovery is Recovery.NONE
    assert [one.name for one in tmp_path.iterdir()] == ["phone.sqlite3"]


def test_what_was_written_beside_an_empty_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "phone.sqlite3"
    file.touch()
    file.with_name("phone.sqlite3-wal").write_bytes(b"perhaps somebody's")
    open_database(file, tmp_path / "backups", NOON).db.close()
    kept = [one for one in tmp_path.iterdir() if one.name.endswith("-wal")]
    assert [one.read_bytes() for one in kept] == [b"perhaps somebody's"]
