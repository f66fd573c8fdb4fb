"""What else the program asks of Windows: the lock, the keyring, the person at the desk, folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desk_phone.model.secret import Secret
from desk_phone.paths import paths, preset
from desk_phone.system import windows_session
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import SystemKeyring

HOLDER = """
import sys
from pathlib import Path
from desk_phone.system.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_a_lock_is_one_process_s_and_free_once_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "instance.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    lock = InstanceLock(file)
    with other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"True"
        assert not lock.take()
        assert lock.holder() == other.pid  # what is locked can be read
        other.kill()
    assert lock.take(wait=10)
    lock.release()


def test_a_password_is_kept_read_and_forgotten() -> None:
    keyring = SystemKeyring()
    assert not keyring.read("P0000000@elion.ee")
    keyring.keep("P0000000@elion.ee", Secret("sõna Ж"))
    assert keyring.read("P0000000@elion.ee") == Secret("sõna Ж")
    keyring.keep("P0000000@elion.ee", Secret("another"))
    assert keyring.read("P0000000@elion.ee") == Secret("another")
    keyring.forget("P0000000@elion.ee")
    keyring.forget("P0000000@elion.ee")
    assert not keyring.read("P0000000@elion.ee")


@pytest.mark.parametrize("length", [1, 1280])
def test_a_password_may_be_as_long_as_windows_keeps(length: int) -> None:
    keyring = SystemKeyring()
    keyring.keep("long", Secret("x" * length))
    assert keyring.read("long") == Secret("x" * length)
    keyring.forget("long")


def test_windows_tells_of_the_person() -> None:
    assert windows_session.user_state() in tuple(windows_session.UserState)
    assert windows_session.idle_seconds() >= 0


def test_data_lie_in_the_local_folder_and_presets_where_only_an_administrator_writes() -> None:
    assert "Local" in str(paths().root)
    assert paths().endpoint.startswith("desk-phone-")
    assert "Program Files" in str(preset())
