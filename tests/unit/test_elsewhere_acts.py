"""Sources come, are read and go: what a failure leaves, where passwords lie, who is told."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.elsewhere import Elsewhere, keyring_item
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused
from desk_phone.model.calls import Change, NameSource
from desk_phone.model.elsewhere import Listing, Outsider, Source, SourceKind
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store import elsewhere as stored
from desk_phone.store.calls import CallLedger
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.system.keyring_trouble import KeyringTrouble, locked
from desk_phone.system.secrets import NoKeyring
from tests.offices import Clock, FailingKeyring, full_disk
from tests.reported import ANNA, BORIS, LATE, T0, after, empty_database, record

ADDRESS = "https://cloud.example/contacts.vcf"
SECRET = Secret("verborgen")


def person(name: str, *numbers: str) -> Outsider:
    return Outsider(name, numbers, numbers)


MANY = tuple(person(f"P{n}", f"+3725{n:07}") for n in range(500))


@dataclass
class World:
    """What the sources say, in turn, and the last of it again and again."""

    db: sqlite3.Connection
    says: list[Listing | PhoneError | None] = field(default_factory=list)
    asked: list[tuple[Source, Secret, str, str]] = field(default_factory=list)
    told: list[tuple[frozenset[int], tuple[Change, ...]]] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    keyring: FailingKeyring = field(default_factory=FailingKeyring)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.ledger = CallLedger(self.db)
        self.elsewhere = self.open()

    def open(self) -> Elsewhere:
        """As another process would."""
        parts = (Sources(self.db), Outsiders(self.db), self.ledger, self.keyring)
        elsewhere = Elsewhere(*parts, lambda: Settings(proxy="p"), self.clock, self.read)
        elsewhere.told = lambda ids, changes: self.told.append((ids, changes))
        elsewhere.moved = self.moved.append
        return elsewhere

    def read(self, source: Source, secret: Secret, mark: str, proxy: str) -> Listing | None:
        self.asked.append((source, secret, mark, proxy))
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, PhoneError):
            raise said
        return said

    def add(self, user: str = "", secret: Secret | None = None) -> Source:
        return perform(self.elsewhere.add(SourceKind.CARDDAV, ADDRESS, "", user, secret))[0]

    def look(self, source: Source, says: Listing | PhoneError | None, asked: bool = False) -> None:
        self.says = [says]
        perform(self.elsewhere.read(source.id, asked))

    @property
    def names(self) -> set[str]:
        return {found.name for _, _, found in self.elsewhere.outsiders.everyone()}


@pytest.fixture
def world() -> Iterator[World]:
    with closing(empty_database()) as db:
        world = World(db)
        world.ledger.record(
            record(1, T0, name="A TAMM"), record(2, after(99), BORIS), now=T0 + LATE
        )
        yield world


# Unhappy


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(BadInput("A web page came", "Look"), id="page"),
        pytest.param(Offline("Cut short", "Later"), id="cut"),
        pytest.param(Refused("Nothing is there", "Check"), id="gone"),
        pytest.param(BadCredentials("Wrong password", "Enter it"), id="password"),
        pytest.param(Listing(()), id="empty"),
        pytest.param(Listing(MANY[:3]), id="shrunken"),
    ],
)
def test_whatever_goes_wrong_all_stay_and_it_says_why(
    world: World, trouble: PhoneError | Listing
) -> None:
    source = world.add()
    listing = Listing((*MANY, person("Anna", ANNA)), 2, "mark")
    world.look(source, listing)
    world.clock.pass_(hours=1)
    world.told.clear()
    with pytest.raises(PhoneError) as caught:
        world.look(source, trouble)
    state = world.elsewhere.state(source.id)
    assert state.trouble == str(caught.value)
    assert caught.value.title
    assert caught.value.message
    assert (state.entries, state.left_out) == (501, 2)
    assert len(world.names) == 501
    assert world.ledger.name_of(ANNA) == ("Anna", NameSource.ELSEWHERE)
    assert not world.told
    world.look(source, None, asked=True)
    assert world.asked[-1][2] == "mark"  # it asks with what it knew before the trouble
    assert world.elsewhere.state(source.id).trouble == ""


def test_a_disk_without_room_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    source = world.add()
    world.look(source, Listing(MANY))
    with monkeypatch.context() as full:
        full.setattr(stored, "writing", full_disk)
        with pytest.raises(BadInput, match="No room"):
            world.look(source, Listing((*MANY, person("Anna", ANNA))))
    assert len(world.names) == 500
    world.look(source, Listing((*MANY, person("Anna", ANNA))))
    assert len(world.names) == 501


def test_a_bug_does_not_lock_the_source(world: World) -> None:
    source = world.add()
    world.says = [Listing(MANY)]

    def bug(*_: object) -> Listing:
        raise ZeroDivisionError

    parts = (Sources(world.db), Outsiders(world.db), world.ledger, world.keyring)
    elsewhere = Elsewhere(*parts, Settings, world.clock, bug)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            perform(elsewhere.read(source.id))


def test_what_a_refused_password_stops_a_person_begins_again(world: World) -> None:
    source = world.add("mari", SECRET)
    refusal = BadCredentials("Wrong password", "Enter it")
    with pytest.raises(BadCredentials):
        world.look(source, refusal)
    assert world.elsewhere.is_locked(source.id)
    with pytest.raises(BadCredentials):
        world.look(source, Listing(MANY))
    assert len(world.asked) == 1
    world.look(source, Listing(MANY), asked=True)
    assert not world.elsewhere.is_locked(source.id)
    with pytest.raises(BadCredentials):
        world.look(source, refusal)
    perform(world.elsewhere.give_password(source.id, Secret("other")))
    world.look(source, Listing(MANY))
    assert world.asked[-1][1] == Secret("other")


@pytest.mark.parametrize(
    ("kind", "address", "user", "secret", "words"),
    [
        (SourceKind.FILE, "/contacts.csv", "mari", SECRET, "no user name"),
        (SourceKind.CARDDAV, ADDRESS, "mari", None, "password is missing"),
        (SourceKind.WEB, "http://host.example/", "", None, "cannot be used"),
        (SourceKind.LDAP, "ldaps://", "", None, "no address of a directory"),
    ],
)
def test_what_cannot_be_read_is_not_added(
    world: World, kind: SourceKind, address: str, user: str, secret: Secret | None, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        perform(world.elsewhere.add(kind, address, "", user, secret))
    assert world.elsewhere.states() == ()
    assert world.keyring.asked == []


# Happy


def test_an_unchanged_source_changes_nothing(world: World) -> None:
    source = world.add()
    world.look(source, Listing(MANY, 0, "one"))
    world.told.clear()
    world.clock.pass_(hours=1)
    for says in (None, Listing(MANY, 0, "two"), Listing(MANY[::-1], 0, "three")):
        world.look(source, says)
    assert world.told == []
    assert world.elsewhere.state(source.id).read_at == world.clock.at
    world.look(source, None)
    assert world.asked[-1][2:] == ("three", "p")


def test_who_listens_hears_once_who_changed_and_which_calls_follow(world: World) -> None:
    source = world.add()
    world.look(source, Listing((*MANY, person("Anna", ANNA), person("Boris", BORIS))))
    assert [ids for ids, _ in world.told if ids] == [frozenset({source.id})]
    renamed = [change.after for _, changes in world.told for change in changes]
    assert [(call.name, call.name_label) for call in renamed] == [
        ("Anna", "cloud.example"),
        ("Boris", "cloud.example"),
    ]


def test_a_short_list_is_believed_when_it_stays_so(world: World) -> None:
    source = world.add()
    world.look(source, Listing(MANY, 0, "long"))
    for _ in range(25):
        with pytest.raises(Refused, match="shrank from 500 to 3"):
            world.look(source, Listing(MANY[:3], 0, "short"))
        assert world.asked[-1][2] == "long"
        world.clock.pass_(minutes=57)
    world.clock.pass_(hours=1)
    world.look(source, Listing(MANY[:3], 0, "short"))
    assert len(world.names) == 3


def test_a_source_that_is_removed_leaves_nothing(world: World) -> None:
    source = world.add("mari", SECRET)
    other = perform(world.elsewhere.add(SourceKind.WEB, ADDRESS))[0]
    world.look(source, Listing((*MANY, person("Anna", ANNA))))
    world.look(other, Listing((person("Kaja", BORIS),)))
    perform(world.elsewhere.remove(source.id))
    assert [state.source.id for state in world.elsewhere.states()] == [other.id]
    assert world.names == {"Kaja"}
    assert world.ledger.name_of(ANNA) == ("A TAMM", NameSource.RECORD)
    assert not world.keyring.read(keyring_item(source.key))
    with pytest.raises(BadInput):
        perform(world.elsewhere.read(source.id))


def test_a_label_is_what_a_person_says(world: World) -> None:
    source = world.add()
    world.elsewhere.call(source.id, " My \u202ephone ")
    assert world.elsewhere.state(source.id).source.label == "My phone"
    with pytest.raises(BadInput):
        world.elsewhere.call(source.id, " ")


# Passwords


def test_a_password_lies_in_the_keyring_alone(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source = world.add("mari", SECRET)
    with pytest.raises(Offline):
        world.look(source, Offline("Cut", "Later"))
    assert world.keyring.read(keyring_item(source.key)) == SECRET
    assert "verborgen" not in "".join(world.db.iterdump())
    assert "verborgen" not in caplog.text
    assert "verborgen" not in repr((world.elsewhere.states(), source))
    world.elsewhere = world.open()
    world.look(source, Listing(MANY))
    assert world.asked[-1][1] == SECRET


def test_without_a_keyring_it_stays_in_memory_and_one_is_told(world: World) -> None:
    world.keyring.trouble = NoKeyring("No keyring", "None")
    source, trouble = perform(world.elsewhere.add(SourceKind.CARDDAV, ADDRESS, "", "mari", SECRET))
    assert isinstance(trouble, NoKeyring)
    world.look(source, Listing(MANY))
    assert world.asked[-1][1] == SECRET
    world.elsewhere = world.open()
    with pytest.raises(NoKeyring):
        world.look(source, Listing(MANY))
    assert len(world.names) == 500


def test_behind_a_locked_keyring_all_stay_until_a_person_opens_it(world: World) -> None:
    """It asks the person each time it is asked: not at every look, then."""
    source = world.add("mari", SECRET)
    world.look(source, Listing(MANY))
    world.elsewhere = world.open()
    world.keyring.trouble = locked()
    asked = len(world.asked)
    with pytest.raises(KeyringTrouble, match="locked"):
        world.look(source, Listing(MANY[:1]))
    tried = len(world.keyring.asked)
    with pytest.raises(KeyringTrouble, match="locked"):
        world.look(source, Listing(MANY[:1]))
    assert (len(world.asked), len(world.keyring.asked)) == (asked, tried)
    assert len(world.names) == 500
    world.keyring.trouble = None
    world.look(source, None, asked=True)
    assert world.asked[-1][1] == SECRET


def test_a_source_that_goes_while_the_keyring_is_locked_says_what_it_leaves(world: World) -> None:
    source = world.add("mari", SECRET)
    world.look(source, Listing(MANY))
    world.keyring.trouble = locked()
    with pytest.raises(KeyringTrouble, match="locked"):
        perform(world.elsewhere.remove(source.id))
    assert not world.names
    assert not world.elsewhere.states()


def test_a_password_that_is_gone_from_the_keyring_is_told(world: World) -> None:
    source = world.add("mari", SECRET)
    world.keyring.forget(keyring_item(source.key))
    world.elsewhere = world.open()
    with pytest.raises(BadCredentials, match="not there"):
        world.look(source, Listing(MANY))


def test_nobody_borrows_another_source_s_password(world: World) -> None:
    source = world.add("mari", SECRET)
    act = world.elsewhere.add(
        SourceKind.WEB, "https://stranger.example/", "", "mari", key=source.key
    )
    with pytest.raises(BadInput, match="another source"):
        perform(act)
