"""What can go wrong with the file, and that nothing of it is lost silently."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.store import backups as backups_module
from desk_phone.store.backups import back_up, back_up_file, every
from desk_phone.store.database import Opened, Recovery, open_database, writing
from desk_phone.store.memory import Memory
from desk_phone.store.schema import STEPS

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights, limits and signals")

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


class Place:
    """A data directory; ``remember`` and ``remembered`` stand for all that is worth keeping."""

    def __init__(self, root: Path) -> None:
        self.file = root / "calls.sqlite3"
        self.backups = root / "backups"
        self.backups.mkdir()
        self._open: list[sqlite3.Connection] = []

    def open(self, now: datetime = NOW, steps: Sequence[Sequence[str]] = STEPS) -> Opened:
        opened = open_database(self.file, self.backups, now, steps)
        self._open.append(opened.db)
        return opened

    def remember(self, value: str) -> None:
        with closing(self.open().db) as db:
            Memory(db).put("it", value)

    def back_up(self, now: datetime = NOW) -> Path | None:
        with closing(self.open(now).db) as db:
            return back_up(db, self.backups, now)

    def beside(self) -> list[str]:
        return sorted(path.name for path in self.file.parent.iterdir() if path.is_file())

    def close(self) -> None:
        for db in self._open:
            db.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def damage(file: Path) -> None:
    """Overwrite the middle of the file, as a dying disk would."""
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(size - 4096))


# damaged


@pytest.mark.parametrize("how", ["overwritten", "cut", "no database"])
def test_a_damaged_file_goes_aside_and_the_backup_comes_back(place: Place, how: str) -> None:
    place.remember("kept")
    place.back_up(NOW - timedelta(days=1))
    place.remember("lost")
    if how == "overwritten":
        damage(place.file)
    elif how == "cut":
        place.file.write_bytes(place.file.read_bytes()[:5000])
    else:
        place.file.write_bytes(b"not a database at all" * 1000)
    left = place.file.read_bytes()
    opened = place.open()
    assert opened.recovery is Recovery.RESTORED
    assert opened.restored_from == NOW - timedelta(days=1)
    assert opened.aside is not None
    assert opened.aside.name == "calls.damaged-2026-06-01T093000Z.sqlite3"
    assert opened.aside.read_bytes() == left
    assert Memory(opened.db).get("it") == "kept"


def test_without_a_backup_it_starts_anew_and_says_so(place: Place) -> None:
    place.remember("lost")
    damage(place.file)
    opened = place.open()
    assert (opened.recovery, opened.restored_from) == (Recovery.STARTED_ANEW, None)
    assert opened.aside is not None
    assert opened.aside.exists()
    assert Memory(opened.db).get("it", "nothing") == "nothing"


def test_a_damaged_backup_is_passed_over_and_kept(place: Place) -> None:
    place.remember("older")
    place.back_up(NOW - timedelta(days=2))
    place.remember("newer")
    newer = place.back_up(NOW - timedelta(days=1))
    assert newer is not None
    damage(newer)
    damage(place.file)
    opened = place.open()
    assert opened.restored_from == NOW - timedelta(days=2)
    assert Memory(opened.db).get("it") == "older"
    assert newer.exists()


def test_a_backup_of_a_clock_that_was_years_ahead_comes_last(place: Place) -> None:
    place.remember("long ago")
    place.back_up(NOW + timedelta(days=3650))
    place.remember("yesterday")
    place.back_up(NOW - timedelta(days=1))
    damage(place.file)
    opened = place.open()
    assert opened.restored_from == NOW - timedelta(days=1)
    assert Memory(opened.db).get("it") == "yesterday"
    opened.db.close()
    for backup in place.backups.glob("desk-phone-2026*"):
        backup.unlink()
    damage(place.file)
    assert place.open().recovery is Recovery.RESTORED  # better than none


def test_what_stood_in_the_damaged_ones_journal_does_not_get_into_the_backup(place: Place) -> None:
    place.remember("kept")
    place.back_up()
    db = place.open().db
    Memory(db).put("it", "in the journal")
    journal = place.file.with_name(place.file.name + "-wal")
    written = journal.read_bytes()
    db.close()
    journal.write_bytes(written)
    place.file.write_bytes(b"x" * 9000)
    opened = place.open(NOW + timedelta(days=1))
    assert Memory(opened.db).get("it") == "kept"
    assert opened.aside is not None
    assert opened.aside.with_name(opened.aside.name + "-wal").read_bytes() == written


def test_damage_twice_in_a_second_keeps_both(place: Place) -> None:
    place.open().db.close()
    for _ in range(2):
        place.file.write_bytes(b"x" * 9000)
        place.open().db.close()
    assert place.beside() == [
        "calls.damaged-2026-06-01T093000Z-2.sqlite3",
        "calls.damaged-2026-06-01T093000Z.sqlite3",
        "calls.sqlite3",
    ]


@pytest.mark.parametrize("left", [None, b""], ids=["gone", "empty"])
def test_a_file_that_vanished_is_restored(place: Place, left: bytes | None) -> None:
    place.remember("kept")
    place.back_up()
    place.file.unlink()
    if left is not None:
        place.file.write_bytes(left)
    opened = place.open()
    assert (opened.recovery, opened.aside) == (Recovery.RESTORED, None)
    assert Memory(opened.db).get("it") == "kept"


def test_killed_while_restoring_the_next_start_restores(place: Place) -> None:
    place.remember("kept")
    place.back_up()
    place.file.rename(place.file.with_name("calls.damaged-x.sqlite3"))
    place.file.with_name("calls.sqlite3.restored").write_bytes(b"half")
    opened = place.open()
    assert opened.recovery is Recovery.RESTORED
    assert Memory(opened.db).get("it") == "kept"


def test_a_copy_is_settled_before_it_takes_the_file_s_place(place: Place) -> None:
    place.remember("kept")
    place.back_up()
    place.file.write_bytes(b"x" * 9000)

    def dies(_db: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_database(place.file, place.backups, NOW, settle=dies)
    assert place.file.read_bytes() == b"x" * 9000  # the next start finds it damaged still

    def settles(db: sqlite3.Connection) -> None:
        assert Memory(db).get("it") == "kept"
        db.execute("CREATE TABLE settled (a)")

    opened = open_database(place.file, place.backups, NOW, settle=settles)
    with closing(opened.db):
        assert opened.recovery is Recovery.RESTORED
        assert opened.db.execute("SELECT count(*) FROM settled").fetchone() == (0,)
    assert not [name for name in place.beside() if "restored" in name]


def test_a_cut_journal_loses_only_what_was_cut(place: Place) -> None:
    db = place.open().db
    for n in range(20):
        Memory(db).put("it", str(n))
    journal = place.file.with_name(place.file.name + "-wal")
    whole, main = journal.read_bytes(), place.file.read_bytes()
    db.close()
    place.file.write_bytes(main)
    journal.write_bytes(whole[: len(whole) - 5000])
    opened = place.open()
    assert opened.recovery is Recovery.NONE
    assert Memory(opened.db).get("it") in {"18", "17"}


# refused


def test_a_newer_database_is_refused_and_untouched(place: Place) -> None:
    place.open().db.close()
    with closing(sqlite3.connect(place.file)) as db:
        db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = place.file.read_bytes()
    with pytest.raises(BadInput, match="newer Desk Phone"):
        place.open()
    assert place.file.read_bytes() == before
    assert place.beside() == ["calls.sqlite3"]


def test_a_newer_backup_is_not_restored(place: Place) -> None:
    place.open().db.close()
    backup = place.back_up()
    assert backup is not None
    with closing(sqlite3.connect(backup)) as db:
        db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    place.file.unlink()
    assert place.open().recovery is Recovery.NONE


def test_a_backup_of_more_steps_is_not_restored_whatever_other_programs_know(place: Place) -> None:
    place.open(steps=STEPS[:2]).db.close()
    backup = place.back_up()
    assert backup is not None
    place.file.write_bytes(b"x" * 9000)
    assert place.open(steps=STEPS[:1]).recovery is Recovery.STARTED_ANEW


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="data folder"):
        open_database(tmp_path / "no" / "calls.sqlite3", tmp_path, NOW)


def test_a_folder_where_the_file_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite3").mkdir()
    with pytest.raises(BadInput, match="data folder"):
        open_database(tmp_path / "calls.sqlite3", tmp_path, NOW)


_AS_NOBODY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from desk_phone.errors import BadInput
from desk_phone.store.database import open_database
root = Path(sys.argv[1])
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.seteuid(65534)
try:
    open_database(root / "calls.sqlite3", root, datetime.now(UTC))
except BadInput as error:
    print(error.title)
"""


@posix
@pytest.mark.parametrize("existing", [False, True], ids=["new", "existing"])
def test_a_folder_one_may_not_write_to_is_refused(tmp_path: Path, existing: bool) -> None:
    if existing:
        open_database(tmp_path / "calls.sqlite3", tmp_path, NOW).db.close()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o555)
    told = run(_AS_NOBODY, str(tmp_path))
    tmp_path.chmod(0o755)
    assert told.stdout.strip() == "The data folder cannot be used"


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
    )


# writing


def insert(db: sqlite3.Connection, *names: str, until: Callable[[], object] = list) -> None:
    with writing(db):
        for name in names:
            db.execute("INSERT INTO facts VALUES (?, ?)", (name, "x" * 500))
        until()


def test_a_full_disk_refuses_a_write_and_keeps_everything(place: Place) -> None:
    db = place.open().db
    memory = Memory(db)
    memory.put("it", "before")
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BadInput, match="No room to save"):
        insert(db, *(f"n{n}" for n in range(1000)))
    assert not db.in_transaction
    assert memory.get("n0", "nothing") == "nothing"
    memory.put("it", "after")
    assert memory.get("it") == "after"


_FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from desk_phone.errors import BadInput
from desk_phone.store.database import back_up, open_database
from desk_phone.store.memory import Memory
root = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
db = open_database(root / "calls.sqlite3", root, datetime.now(UTC)).db
memory = Memory(db)
memory.put("it", "before")
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    memory.put("it", "x" * 800_000)
except BadInput as error:
    print(error.title)
print(memory.get("it"))
memory.put("small", "y" * 50_000)
try:
    back_up(db, root, datetime.now(UTC))
except BadInput as error:
    print(error.title)
else:
    print("backed up")
"""


@posix
def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    told = run(_FULL, str(tmp_path))
    assert told.stdout.splitlines() == ["No room to save", "before", "backed up"]
    db = open_database(tmp_path / "calls.sqlite3", tmp_path, NOW).db
    with closing(db):
        assert Memory(db).get("small") == "y" * 50_000


def test_a_bug_inside_a_transaction_undoes_it_and_is_no_trouble_of_the_persons(
    place: Place,
) -> None:
    db = place.open().db
    with pytest.raises(ZeroDivisionError):
        insert(db, "it", until=lambda: 1 // 0)
    with pytest.raises(sqlite3.IntegrityError):
        insert(db, "it", "it")
    assert Memory(db).get("it", "nothing") == "nothing"
    assert not db.in_transaction


def test_another_writer_is_waited_for_and_then_told_of(place: Place) -> None:
    db = place.open().db
    db.execute("PRAGMA busy_timeout = 50")
    with (
        closing(sqlite3.connect(place.file, isolation_level=None)) as other,
        writing(other),
        pytest.raises(BadInput, match="Another program"),
    ):
        Memory(db).put("it", "mine")


_KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from desk_phone.store.database import open_database, writing
db = open_database(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(UTC)).db
n = 0
while True:
    with writing(db):
        db.execute("INSERT INTO facts VALUES (?, ?)", (f"a{n}", "x" * 3000))
        db.execute("INSERT INTO facts VALUES (?, ?)", (f"b{n}", "x" * 3000))
    print(n, flush=True)
    n += 1
"""


@posix
@pytest.mark.parametrize("after", [1, 40, 200])
def test_killed_while_writing_nothing_acknowledged_is_lost_and_nothing_is_half(
    place: Place, after: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(place.file), str(place.backups)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged >= after:
                process.send_signal(signal.SIGKILL)
                break
        acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
    opened = place.open()
    assert opened.recovery is Recovery.NONE
    names = {name for (name,) in opened.db.execute("SELECT name FROM facts")}
    assert {f"{letter}{n}" for letter in "ab" for n in range(acknowledged + 1)} <= names
    assert len({n for n in names if n[0] == "a"}) == len({n for n in names if n[0] == "b"})


# as it should be


def test_only_the_person_may_read_it(place: Place) -> None:
    db = place.open().db
    Memory(db).put("it", "x")
    back_up(db, place.backups, NOW)
    files = [place.file, *place.file.parent.glob("calls.sqlite3-*"), *place.backups.iterdir()]
    assert len(files) == 4
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(place: Place) -> None:
    place.open().db.close()
    place.file.chmod(0o644)
    place.open().db.close()
    if sys.platform != "win32":
        assert stat.S_IMODE(place.file.stat().st_mode) == 0o600


def test_how_it_is_opened(place: Place) -> None:
    db = place.open().db
    told = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "user_version")
    }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "user_version": len(STEPS),
    }


def test_an_older_database_is_brought_up_to_date(place: Place) -> None:
    place.remember("kept")
    more = (*STEPS, ("CREATE TABLE more (x)", "INSERT INTO more VALUES (1)"))
    db = place.open(steps=more).db
    assert db.execute("SELECT x FROM more").fetchone() == (1,)
    assert Memory(db).get("it") == "kept"


def test_a_step_that_fails_leaves_the_version_before_it(place: Place) -> None:
    place.remember("kept")
    broken = (*STEPS, ("CREATE TABLE more (x)", "INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(sqlite3.OperationalError):
        place.open(steps=broken)
    db = place.open().db
    assert db.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchone() is None
    assert Memory(db).get("it") == "kept"


# backups


def test_one_backup_a_day(place: Place) -> None:
    db = place.open().db
    assert back_up(db, place.backups, NOW) is not None
    assert back_up(db, place.backups, NOW + timedelta(hours=14)) is None
    assert back_up(db, place.backups, NOW + timedelta(hours=15)) is not None
    assert len(every(place.backups)) == 2


def test_a_backup_may_be_made_by_another_thread_while_one_writes(place: Place) -> None:
    db = place.open().db
    Memory(db).put("it", "kept")
    with ThreadPoolExecutor(1) as pool, writing(db):
        db.execute("DELETE FROM facts")
        made = pool.submit(back_up_file, place.file, place.backups, NOW).result(30)
    assert made is not None
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT value FROM facts").fetchall() == [("kept",)]


def test_no_file_makes_no_backup(place: Place) -> None:
    with pytest.raises(BadInput, match="data folder"):
        back_up_file(place.file, place.backups, NOW)
    assert list(place.backups.iterdir()) == []


def test_seven_days_and_four_weeks_are_kept(place: Place) -> None:
    db = place.open().db
    for day in range(60):
        back_up(db, place.backups, NOW + timedelta(days=day))
    made = [(NOW + timedelta(days=59) - b.made).days for b in every(place.backups)]
    assert made[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert made[7:] == [11, 18]  # Sundays; the newest of the last two weeks is among the days
    assert (NOW + timedelta(days=59)).isoweekday() == 4


def test_what_else_lies_among_the_backups_is_left_alone(place: Place) -> None:
    (place.backups / "mine.sqlite3").write_bytes(b"mine")
    (place.backups / "desk-phone-2026-99-01T093000Z.sqlite3").write_bytes(b"no date")
    db = place.open().db
    for day in range(40):
        back_up(db, place.backups, NOW + timedelta(days=day))
    assert (place.backups / "mine.sqlite3").read_bytes() == b"mine"


def test_a_backup_for_which_there_is_no_room_leaves_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = place.open().db
    old = back_up(db, place.backups, NOW)

    def full(_: sqlite3.Connection) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups_module, "sound", full)
    with pytest.raises(BadInput):
        back_up(db, place.backups, NOW + timedelta(days=1))
    assert list(place.backups.iterdir()) == [old]


def test_a_database_found_damaged_makes_no_backup(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = place.open().db
    monkeypatch.setattr(backups_module, "sound", lambda _: False)
    with pytest.raises(BadInput, match="damaged"):
        back_up(db, place.backups, NOW)
    assert list(place.backups.iterdir()) == []


# memory


def test_small_facts_are_remembered_and_forgotten(place: Place) -> None:
    memory = Memory(place.open().db)
    assert (memory.get("it"), memory.get("it", "default")) == ("", "default")
    memory.put("it", "Žanna")
    memory.put("it", "")
    assert memory.get("it", "default") == ""
    memory.forget("it")
    memory.forget("it")
    assert memory.get("it", "default") == "default"
