"""Others' contacts, read again by themselves: when, how often after a trouble, and what is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.app import elsewhere_clock
from desk_phone.app.commands import Desk as CommandsDesk
from desk_phone.app.elsewhere import Elsewhere, read_source
from desk_phone.app.elsewhere_clock import EVERY, OutsideContacts
from desk_phone.app.instance import Asked
from desk_phone.app.poll import Looked
from desk_phone.app.requests import Requests
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError
from desk_phone.model.calls import NameSource
from desk_phone.model.elsewhere import Listing, Outsider, Source, SourceKind
from desk_phone.model.secret import Secret
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.store.memory import Memory
from desk_phone.system.request import Answer, Request
from tests.ui.conftest import Desk
from tests.ui.gate import heard

MOBILE = "+37251234567"
ANNA = Outsider("Anna", (MOBILE,), ("5123 4567",))


class Server:
    """What every source says: a list, or a trouble; ``gate`` holds it back."""

    def __init__(self) -> None:
        self.says: Listing | PhoneError = Listing((ANNA,))
        self.asked: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, source: Source, secret: Secret, mark: str, proxy: str) -> Listing | None:
        self.asked.append(source.id)
        self.gate.wait(10)
        if source.kind is SourceKind.FILE:
            return read_source(source, secret, mark, proxy)
        if isinstance(self.says, PhoneError):
            raise self.says
        return self.says


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def outside(desk: Desk, server: Server) -> Iterator[OutsideContacts]:
    db = desk.ledger._db
    elsewhere = Elsewhere(
        *(Sources(db), Outsiders(db), desk.ledger, desk.keyring),
        *(lambda: desk.preferences.settings, desk.now, server),
    )
    outside = OutsideContacts(desk.lanes, elsewhere, desk.calls, desk.now)
    yield outside
    server.gate.set()
    outside.close()


Add = Callable[..., Source]


@pytest.fixture
def add(desk: Desk, outside: OutsideContacts) -> Add:
    """And wait until it was read for the first time."""

    def add(
        kind: SourceKind = SourceKind.WEB,
        address: str = "https://cloud.example/",
        user: str = "",
        secret: Secret | None = None,
    ) -> Source:
        outside.add(kind, address, "Cloud", user, secret)
        desk.qtbot.waitUntil(lambda: bool(outside.states()) and not outside.reading)
        return outside.states()[-1].source

    return add


def pause(desk: Desk, outside: OutsideContacts, source: Source) -> timedelta:
    due = outside.next_look(source.id)
    assert due is not None
    return due - desk.clock.at


def read(desk: Desk, outside: OutsideContacts, source: Source) -> None:
    outside.read(source.id)
    desk.qtbot.waitUntil(lambda: not outside.reading)


@pytest.mark.parametrize("kind", [SourceKind.WEB, SourceKind.CARDDAV])
def test_a_new_source_is_read_at_once_and_then_in_its_rhythm(
    desk: Desk, outside: OutsideContacts, add: Add, kind: SourceKind
) -> None:
    changed = heard(outside.changed)
    source = add(kind)
    assert changed == [frozenset({source.id})]
    assert [state.entries for state in outside.states()] == [1]
    assert EVERY[kind] * 0.85 < pause(desk, outside, source) < EVERY[kind] * 1.15


def test_calls_are_called_by_their_names_at_once(
    desk: Desk, outside: OutsideContacts, add: Add
) -> None:
    desk.add("51234567")
    desk.poll()
    told = heard(desk.calls.changed)
    add()
    call = desk.ledger.page()[0]
    assert (call.name, call.name_source, call.name_label) == (
        *("Anna", NameSource.ELSEWHERE, "Cloud"),
    )
    assert [change.after.name for changes in told for change in changes] == ["Anna"]


def test_a_source_that_fails_is_asked_later_and_later(
    desk: Desk, outside: OutsideContacts, server: Server, add: Add
) -> None:
    source = add()
    server.says = Offline("Busy", "Later")
    pauses = []
    for _ in range(8):
        read(desk, outside, source)
        pauses.append(pause(desk, outside, source) / EVERY[SourceKind.WEB])
    assert [round(p) for p in pauses[:2]] == [2, 4]
    assert max(pauses) < 27  # a day, and a bit
    assert outside.states()[0].trouble == "Busy\nLater"
    server.says = Listing((ANNA,))
    read(desk, outside, source)
    assert pause(desk, outside, source) < EVERY[SourceKind.WEB] * 1.15


def test_a_refused_password_is_not_tried_again_by_itself(
    desk: Desk, outside: OutsideContacts, server: Server, add: Add
) -> None:
    source = add(user="mari", secret=Secret("verborgen"))
    server.says = BadCredentials("Wrong", "Enter it")
    read(desk, outside, source)
    assert outside.next_look(source.id) is None
    server.says = Listing((ANNA,))
    outside.give_password(source.id, Secret("other"))
    desk.qtbot.waitUntil(lambda: outside.states()[0].trouble == "" and not outside.reading)
    assert outside.next_look(source.id) is not None


def test_where_there_is_no_keyring_the_source_works_and_one_is_told(
    desk: Desk, outside: OutsideContacts, add: Add
) -> None:
    desk.keyring.absent = True
    failed = heard(outside.failed)
    add(user="mari", secret=Secret("verborgen"))
    assert len(failed) == 1
    assert outside.states()[0].entries == 1


def test_what_cannot_be_added_is_told(desk: Desk, outside: OutsideContacts) -> None:
    failed = heard(outside.failed)
    outside.add(SourceKind.WEB, "http://host.example/", "")
    desk.qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], BadInput)
    assert outside.states() == ()


def test_what_cannot_be_read_at_first_leaves_nothing(
    desk: Desk, outside: OutsideContacts, server: Server
) -> None:
    failed = heard(outside.failed)
    server.says = BadCredentials("Wrong", "Enter it")
    kept = set(desk.keyring.kept)
    outside.add(SourceKind.WEB, "https://cloud.example/", "", "mari", Secret("verborgen"))
    desk.qtbot.waitUntil(lambda: bool(failed))
    assert [error.title for error in failed] == ["Wrong"]
    assert outside.states() == ()
    assert set(desk.keyring.kept) == kept
    assert not outside._timer.isActive()


def test_nobody_sees_a_source_before_its_first_reading(
    desk: Desk, outside: OutsideContacts, server: Server
) -> None:
    server.gate.clear()
    outside.add(SourceKind.WEB, "https://cloud.example/", "")
    desk.qtbot.waitUntil(lambda: len(server.asked) == 1)
    assert outside.states() == ()
    server.gate.set()
    desk.qtbot.waitUntil(lambda: len(outside.states()) == 1)


def test_a_second_click_does_not_read_twice(
    desk: Desk, outside: OutsideContacts, server: Server, add: Add
) -> None:
    source = add()
    server.gate.clear()
    for _ in range(3):
        outside.read()
    assert outside.reading == {source.id}
    server.gate.set()
    desk.qtbot.waitUntil(lambda: not outside.reading)
    assert len(server.asked) == 2


def test_a_source_removed_while_it_is_read_leaves_nothing(
    desk: Desk, outside: OutsideContacts, server: Server, add: Add
) -> None:
    source = add()
    changed = heard(outside.changed)
    server.gate.clear()
    server.says = Listing((ANNA, Outsider("Kaja", ("+3726401111",), ("",))))
    outside.read(source.id)
    outside.remove(source.id)
    server.gate.set()
    desk.qtbot.waitUntil(lambda: outside.states() == () and not outside.reading)
    assert outside.next_look(source.id) is None
    assert list(outside.elsewhere.outsiders.everyone()) == []
    assert changed[-1] == frozenset({source.id})
    assert desk.ledger.name_of(MOBILE) == ("", NameSource.NONE)


def test_nothing_is_read_after_the_end(desk: Desk, outside: OutsideContacts, add: Add) -> None:
    source = add()
    outside.start()
    outside.close()
    assert outside.next_look(source.id) is None
    assert not outside._timer.isActive()


def test_what_a_command_adds_is_read_again_by_itself(
    desk: Desk, outside: OutsideContacts, tmp_path: Path
) -> None:
    """Beside the running program, with the user name of a source, which is not the account's."""
    outside.start()
    changed = heard(outside.changed)
    data = (desk.access, desk.ledger, Looked(Memory(desk.ledger._db)), desk.contacts._phonebook)
    held = CommandsDesk(
        *(*data, lambda: desk.preferences.settings, desk.preferences.change, desk.now),
        elsewhere=outside.elsewhere,
    )
    answers: list[Answer] = []

    def ask(*words: str) -> Answer:
        answers.clear()
        Requests(desk.lanes, held).take(Asked(Request(("sources", *words), ""), answers.append))
        desk.qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    file = tmp_path / "contacts.csv"
    file.write_text("Name,Phone\nMari,6401234\n")
    assert ask("add", "file", str(file)).status == 0
    assert ask("add", "web", "https://cloud.example/", "--user", "m", "--kept", "k").status == 6
    assert changed[0] == frozenset({1})
    assert outside.next_look(1) is not None
    assert outside.next_look(2) is None  # nobody knows its password: it was not added
    assert ask("remove", "1").status == 0
    assert outside.next_look(1) is None


def test_no_source_no_timer(outside: OutsideContacts) -> None:
    outside.start()
    assert not outside._timer.isActive()


def test_a_file_is_looked_at_by_itself_and_followed(
    desk: Desk, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the real clock."""
    monkeypatch.setattr(elsewhere_clock, "AFTER_START", timedelta(0))
    monkeypatch.setattr(elsewhere_clock, "EVERY", dict.fromkeys(SourceKind, timedelta(0)))
    monkeypatch.setattr(elsewhere_clock, "_SOON", timedelta(milliseconds=20))
    monkeypatch.setattr(elsewhere_clock, "PRECISION", elsewhere_clock.Qt.TimerType.PreciseTimer)
    file = tmp_path / "contacts.csv"
    file.write_text("Name,Phone\nMari,6401234\n")
    db = desk.ledger._db
    Sources(db).add(SourceKind.FILE, str(file), "File", "", "")
    elsewhere = Elsewhere(
        *(Sources(db), Outsiders(db), desk.ledger, desk.keyring),
        *(lambda: desk.preferences.settings, lambda: datetime.now(UTC), server),
    )
    outside = OutsideContacts(desk.lanes, elsewhere, desk.calls, lambda: datetime.now(UTC))

    def names() -> list[str]:
        return [found.name for _, _, found in elsewhere.outsiders.everyone()]

    outside.start()
    try:
        desk.qtbot.waitUntil(lambda: names() == ["Mari"])
        file.write_text("Name,Phone\nMari,6401234\nKaja,6401235\n")
        desk.qtbot.waitUntil(lambda: sorted(names()) == ["Kaja", "Mari"])
        file.unlink()
        desk.qtbot.waitUntil(lambda: bool(outside.states()[0].trouble))
        assert sorted(names()) == ["Kaja", "Mari"]
        file.write_text("Name,Phone\nÕnne,6401235\n")
        desk.qtbot.waitUntil(lambda: names() == ["Õnne"])
    finally:
        outside.close()
        desk.qtbot.waitUntil(lambda: not outside.reading)
