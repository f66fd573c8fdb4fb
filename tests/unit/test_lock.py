from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.system import lock as lock_module
from desk_phone.system.lock import InstanceLock

LONG = 20.0  # seconds; what is right takes a hundredth of it

HOLD = """
import subprocess, sys
from pathlib import Path
from desk_phone.system.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
assert lock.take()
child = None
if sys.argv[2:]:
    waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    child = subprocess.Popen(waits, close_fds=False)
print("held", child.pid if child else 0, flush=True)
sys.stdin.read()
if child is None:
    lock.release()
"""

COUNT = """
import sys
from pathlib import Path
from desk_phone.system.lock import InstanceLock
counter = Path(sys.argv[2])
sys.stdin.read()
for _ in range(25):
    with InstanceLock(Path(sys.argv[1])) as lock:
        assert lock.take(20.0)
        seen = int(counter.read_text())
        counter.write_text("")
        counter.write_text(str(seen + 1))
"""


@contextmanager
def program(script: str, *args: str | Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", script, *map(str, args)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "instance.lock"


def test_one_holder_at_a_time(file: Path) -> None:
    with InstanceLock(file) as first, InstanceLock(file) as second:
        assert first.take()
        assert first.take()  # it is ours already
        assert not second.take()
        assert not second.is_held
        first.release()
        assert not first.is_held
        assert second.take()
        assert not first.take()


def test_releasing_twice_or_without_taking_does_nothing(file: Path) -> None:
    lock = InstanceLock(file)
    lock.release()
    lock.take()
    lock.release()
    lock.release()
    assert not lock.is_held


def test_an_error_inside_releases_it(file: Path) -> None:
    def fail() -> None:
        with InstanceLock(file) as lock:
            lock.take()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with InstanceLock(file) as lock:
        assert lock.take()


@pytest.mark.parametrize(
    "content",
    [b"", b"1\n", b"\xff\xfe rubbish", b"%d" % os.getpid()],
    ids=["empty", "number", "rubbish", "own"],
)
def test_a_file_left_behind_locks_nobody_out(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with InstanceLock(file) as lock:
        assert lock.take()
        assert lock.holder() == os.getpid()
    assert lock.holder() == 0


def test_who_holds_it_can_be_told(file: Path) -> None:
    lock = InstanceLock(file)
    assert lock.holder() == 0
    with program(HOLD, file) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().startswith("held")
        assert not lock.take()
        assert lock.holder() == holder.pid


def test_killing_the_holder_frees_it_though_its_child_lives_on(file: Path) -> None:
    with program(HOLD, file, "with a child") as holder, InstanceLock(file) as lock:
        assert holder.stdout is not None
        child = int(holder.stdout.readline().split()[1])
        assert not lock.take()
        holder.kill()
        assert lock.take(LONG)
        os.kill(child, 0)  # still there; it ends as its input does
        assert lock.holder() == os.getpid()


def test_waiting_ends_when_the_holder_releases(file: Path) -> None:
    with program(HOLD, file) as holder, InstanceLock(file) as lock:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        assert not lock.take(0.05)
        holder.stdin.close()
        assert lock.take(LONG)


def test_programs_that_take_turns_lose_nothing(file: Path, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    with program(COUNT, file, counter) as one, program(COUNT, file, counter) as two:
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.close()
        assert one.wait(LONG) == two.wait(LONG) == 0
    assert counter.read_text() == "50"


def test_a_file_removed_meanwhile_is_not_the_lock(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_lock = lock_module._lock
    removed: list[bool] = []

    def lock_too_late(fd: int) -> None:
        if not removed:
            removed.append(True)
            file.unlink()
        system_lock(fd)

    monkeypatch.setattr(lock_module, "_lock", lock_too_late)
    with InstanceLock(file) as lock, InstanceLock(file) as other:
        assert not lock.take()
        assert lock.take()
        assert not other.take()


def test_a_full_disk_hides_the_holder_only(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(fd: int, pid: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock_module, "_write_pid", no_room)
    with InstanceLock(file) as lock:
        assert lock.take()
        assert lock.holder() == 0
        assert not InstanceLock(file).take()


@pytest.mark.parametrize("place", [pytest.param("gone/lock", id="no directory"), "."])
def test_a_place_that_cannot_be_locked_is_told_to_the_person(tmp_path: Path, place: str) -> None:
    with pytest.raises(BadInput) as caught:
        InstanceLock(tmp_path / place).take(LONG)
    assert str(tmp_path) in caught.value.message
