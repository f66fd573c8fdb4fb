"""The real controllers over a real database; the company, the keyring and the clock are fakes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_phone.app.access import Access
from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dialler
from desk_phone.app.directory import Directory
from desk_phone.app.lane import Lanes
from desk_phone.app.office import open_phonebook
from desk_phone.app.poll import Looked
from desk_phone.app.preferences import Preferences
from desk_phone.model import numbers
from desk_phone.model.calls import CallRecord
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.memory import Memory
from desk_phone.system.secrets import NoKeyring
from desk_phone.telco.account import Account
from desk_phone.ui import words
from desk_phone.ui.cards import card
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.look import LIGHT, wear
from tests.fakes import FakeTelco
from tests.ui.card_stack import Room
from tests.ui.roots import begin_anew

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Pictures are compared on Linux alone, where Qt, FreeType and the letters are those they were taken
# with.
collect_ignore = [] if sys.platform.startswith("linux") else ["test_golden.py"]

OWN = "+3726403231"
USER = "P0000000@example.ee"
HOSTILE = "<img src='file:///x'>\u202e\u200b & %s %(who)s {0}"
_TALLINN = ZoneInfo("Europe/Tallinn")
_tests, _TESTS_A_COLLECTION = count(1), 10


@dataclass
class Clock:
    """The wall clock of everybody; it moves when told."""

    at: datetime = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class FakeKeyring:
    """``absent``: there is none that may be used."""

    kept: dict[str, Secret] = field(default_factory=dict)
    absent: bool = False

    def read(self, user: str) -> Secret:
        self._must_be_there()
        return self.kept.get(user, Secret(""))

    def keep(self, user: str, password: Secret) -> None:
        self._must_be_there()
        self.kept[user] = password

    def forget(self, user: str) -> None:
        self._must_be_there()
        self.kept.pop(user, None)

    def _must_be_there(self) -> None:
        if self.absent:
            raise NoKeyring("no keyring")


@dataclass
class Desk:
    """Everything a window is built from, and a few words to make something happen."""

    qtbot: QtBot
    clock: Clock
    telco: FakeTelco
    keyring: FakeKeyring
    lanes: Lanes
    preferences: Preferences
    access: Access
    ledger: CallLedger
    calls: Calls
    account: AccountDesk
    dialler: Dialler
    contacts: Contacts
    directory: Directory
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def now(self) -> Callable[[], datetime]:
        return self.clock.now

    def change(self, **settings: object) -> None:
        self.preferences.change(**settings)

    def poll(self) -> None:
        """Look once, and wait for the outcome."""
        with self.qtbot.waitSignals([self.calls.polled]):
            self.calls.poll()

    def settle(self) -> None:
        """Wait until all that was begun has ended: whoever dialled twice has done so by now."""
        self.qtbot.waitUntil(lambda: not (self.lanes._waiting or self.directory.busy))

    def sync(self) -> None:
        """Sync the phonebook once, and wait for the outcome."""
        self.contacts.sync()
        self.qtbot.waitUntil(lambda: not self.contacts.state.busy)

    def list_entries(self, *entries: tuple[str, ...]) -> None:
        """Somebody adds entries at the portal, each a name and one or two canonical numbers; the
        next sync brings them."""
        for name, number1, *more in entries:
            self.telco.add_entry(name, number1, more[0] if more else "")
        self.sync()

    def fail(self, error: Exception) -> None:
        """Look once in vain."""
        self.telco.trouble["history"].append(error)
        with self.qtbot.waitSignals([self.calls.failed]):
            self.calls.poll()

    def add(
        self,
        other: str = "51234567",
        name: str = "",
        ago: timedelta = timedelta(minutes=2),
        talked: timedelta | None = None,
        outgoing: bool = False,
    ) -> None:
        """A call that the next poll tells; ``talked`` None: nobody answered."""
        own = numbers.wire_own(OWN)
        start = self.clock.at - ago
        answer = start + timedelta(seconds=8) if talked is not None else None
        release = (answer or start) + (talked if talked is not None else timedelta(seconds=20))
        record = CallRecord(
            str(next(self._ids)),
            own if outgoing else other,
            other if outgoing else own,
            "" if answer is None else (other if outgoing else own),
            "Originating" if outgoing else "Terminating",
            _wall(start),
            name,
            _wall(answer) if answer else "",
            _wall(release),
        )
        self.telco.records[OWN] = (*self.telco.records[OWN], record)

    def miss(
        self, other: str = "51234567", name: str = "", ago: timedelta = timedelta(minutes=2)
    ) -> None:
        """A missed call becomes known."""
        self.add(other, name, ago)
        self.poll()


def _wall(at: datetime) -> str:
    return at.astimezone(_TALLINN).replace(tzinfo=None).isoformat(timespec="seconds")


_OFFSCREEN_LACKS = (
    "This plugin does not support",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)

# They come first: at the end one worker would be busy with them, and the other idle.
_LONGEST = ("test_windows_twice.py", "test_windows.py", "test_golden.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the offscreen platform cannot do is no fault of ours; other warnings of Qt's fail."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore(*_OFFSCREEN_LACKS, extend=True))
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> None:
    wear(qapp, LIGHT)
    words.speak("en")


@pytest.fixture(scope="session", autouse=True)
def _garbage_stays() -> Iterator[None]:
    """Whatever thread collects garbage destroys the windows in it, and a lane's thread would do so
    while the main one paints them: between two tests the main thread collects (`_collected`)."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    if next(_tests) % _TESTS_A_COLLECTION == 0:
        gc.collect()


@pytest.fixture(autouse=True)
def _plain_world(dressed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English dates, and no motion: the offscreen platform has no opacity."""
    monkeypatch.setattr(card, "moves", lambda: False)
    words.speak("en")
    yield
    QLocale.setDefault(words.locale("en"))


@pytest.fixture
def settings() -> Settings:
    """What the desk starts with; a test may give its own."""
    return Settings(user=USER, own_number=OWN, own_name="Mari Maasikas")


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring({USER: Secret("correct horse")})


@pytest.fixture
def empty_desk(
    qtbot: QtBot, tmp_path: Path, settings: Settings, keyring: FakeKeyring
) -> Iterator[Desk]:
    """Just started: nothing was asked yet."""
    root = begin_anew()
    clock, telco, lanes = Clock(), FakeTelco(), Lanes(root)
    opened = open_database(tmp_path / "calls.sqlite", tmp_path / "backups", clock.now())
    with closing(opened.db):
        memory = Memory(opened.db)
        preferences = Preferences(settings, None, parent=root)

        def connect(account: Account) -> FakeTelco:
            return telco

        access = Access(memory, keyring, connect, lambda: preferences.settings, clock.now)
        ledger = CallLedger(opened.db)
        calls = Calls(lanes, access, ledger, Looked(memory), preferences, clock.now, root)
        account = AccountDesk(lanes, access, preferences, root, named=ledger.name_line)
        dialler = Dialler(
            lanes, access, ledger, lambda: preferences.settings.own_number, clock.now, root
        )
        dialler.changed.connect(calls.take)
        calls.polled.connect(account.tell)
        calls.failed.connect(account.tell)
        phonebook = open_phonebook(opened, ledger, memory, access, clock.now)
        contacts = Contacts(lanes, phonebook, calls, preferences, clock.now, parent=root)
        directory = Directory(calls, contacts, account, root)
        directory.start()  # nothing to read yet: it is ready at once
        yield Desk(
            *(qtbot, clock, telco, keyring, lanes, preferences, access, ledger),
            *(calls, account, dialler, contacts, directory),
        )
        calls.close()
        contacts.close()
        directory.close()
        lanes.close(patience=5)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Connected ten minutes ago, with an empty history: what comes next is new."""
    empty_desk.poll()
    empty_desk.clock.pass_(minutes=10)
    return empty_desk


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def stack(desk: Desk, room: Room) -> Iterator[CardStack]:
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, room, desk.now, 40)
    yield stack
    stack.clear()
