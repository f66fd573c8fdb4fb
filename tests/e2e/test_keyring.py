"""A real GNOME Keyring on a bus of its own, with a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage
from jeepney import DBusAddress, new_method_call

from desk_phone import logs
from desk_phone.model.secret import Secret
from desk_phone.system.secrets import (
    SERVICE,
    TRUSTED,
    KeyringLocked,
    KeyringSilent,
    NoKeyring,
    Patience,
    SystemKeyring,
)
from tests.desktop import Program, until
from tests.desktop.private_bus import PrivateBus

pytestmark = pytest.mark.e2e

USER = "P0000000@elion.ee"
SECRET = Secret("correct horse õ\U0001f511")
OTHER = Secret("battery staple")


class GnomeKeyring:
    """Started and unlocked; it keeps its files in ``home``."""

    def __init__(self, home: Path, bus: PrivateBus) -> None:
        self._home = home
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
        }
        self._bus = bus
        self.daemon = self._start()

    def _start(self) -> Program:
        daemon = Program(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            self._home / "gnome-keyring.log",
            self._env,
            stdin=subprocess.PIPE,
        )
        assert daemon.stdin is not None
        daemon.stdin.write(b"the person's login password")
        daemon.stdin.close()
        until(self._is_there, "the keyring is on the bus", shown=daemon.said)
        return daemon

    def _is_there(self) -> bool:
        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        asks = new_method_call(bus, "NameHasOwner", "s", ("org.freedesktop.secrets",))
        with closing(secretstorage.dbus_init()) as connection:
            return bool(connection.send_and_get_reply(asks).body[0])

    def lock(self) -> None:
        with closing(secretstorage.dbus_init()) as connection:
            secretstorage.get_default_collection(connection).lock()

    def items(self) -> list[tuple[str, dict[str, str]]]:
        with closing(secretstorage.dbus_init()) as connection:
            collection = secretstorage.get_default_collection(connection)
            return [(i.get_label(), i.get_attributes()) for i in collection.get_all_items()]

    def die(self) -> None:
        self.daemon.kill_all()
        until(lambda: not self._is_there(), "the bus has noticed")

    def start_again(self) -> None:
        self.daemon = self._start()

    def end(self) -> None:
        self.daemon.send_signal(signal.SIGCONT)
        self.daemon.end()


@pytest.fixture
def gnome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GnomeKeyring]:
    hidden = logs._hidden
    with PrivateBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        gnome = GnomeKeyring(tmp_path, bus)
        try:
            yield gnome
        finally:
            gnome.end()
    logs._hidden = hidden


def keyring(person: float = 60.0, machine: float = 60.0) -> SystemKeyring:
    return SystemKeyring(TRUSTED["linux"], Patience(machine, person))


def test_kept_read_changed_and_forgotten_in_one_item(gnome: GnomeKeyring) -> None:
    ring = keyring()
    assert ring.read(USER) == Secret("")
    ring.keep(USER, SECRET)
    ring.keep(USER, OTHER)
    ring.keep(USER, SECRET)
    assert ring.read(USER) == SECRET
    ((label, attributes),) = gnome.items()
    assert attributes["service"] == SERVICE
    assert attributes["username"] == USER
    assert "horse" not in label + str(attributes)
    ring.forget(USER)
    assert ring.read(USER) == Secret("")
    assert gnome.items() == []


def test_it_outlives_the_keyring_and_is_not_readable_on_the_disk(
    gnome: GnomeKeyring, tmp_path: Path
) -> None:
    keyring().keep(USER, SECRET)
    gnome.die()
    files = [path for path in tmp_path.rglob("*.keyring") if path.is_file()]
    assert files
    assert not [path for path in files if b"horse" in path.read_bytes()]
    gnome.start_again()
    assert keyring().read(USER) == SECRET


def test_an_item_of_another_writer_is_forgotten_too(gnome: GnomeKeyring) -> None:
    ring = keyring()
    ring.keep(USER, SECRET)
    with closing(secretstorage.dbus_init()) as connection:
        secretstorage.get_default_collection(connection).create_item(
            "by hand", {"service": SERVICE, "username": USER}, b"battery staple"
        )
    ring.forget(USER)
    assert gnome.items() == []


def test_locked_and_nobody_unlocks_it(gnome: GnomeKeyring) -> None:
    ring = keyring()
    ring.keep(USER, SECRET)
    gnome.lock()
    with pytest.raises(KeyringLocked):
        ring.read(USER)
    with pytest.raises(KeyringLocked):
        ring.keep(USER, OTHER)
    with pytest.raises(KeyringLocked):
        ring.forget(USER)


def test_killed_and_started_again(gnome: GnomeKeyring) -> None:
    ring = keyring()
    ring.keep(USER, SECRET)
    gnome.die()
    with pytest.raises(NoKeyring):
        ring.read(USER)
    with pytest.raises(NoKeyring):
        ring.keep(USER, OTHER)
    gnome.start_again()
    assert ring.read(USER) == SECRET


def test_hung_and_awake_again(gnome: GnomeKeyring) -> None:
    keyring().keep(USER, SECRET)
    ring = keyring(machine=0.5)
    gnome.daemon.send_signal(signal.SIGSTOP)
    with pytest.raises(KeyringSilent):
        ring.read(USER)
    with pytest.raises(KeyringSilent):
        ring.keep(USER, OTHER)
    gnome.daemon.send_signal(signal.SIGCONT)
    assert keyring().read(USER) == SECRET


def test_a_bus_that_has_gone_is_no_keyring(
    gnome: GnomeKeyring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    with pytest.raises(NoKeyring):
        keyring().read(USER)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    with pytest.raises(NoKeyring):
        keyring().read(USER)
