"""One life of a desk: the real acts on the real store, until it is killed or its time is over.

What it has been promised as durable it notes in a journal of its own, one line in one write, so
that nothing of it is lost with the process either.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from desk_phone.app.acts import perform
from desk_phone.app.dial import dial, plan
from desk_phone.app.office import Office, open_office
from desk_phone.app.poll import poll
from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.model.attention import announce
from desk_phone.model.calls import Change
from desk_phone.model.dialing import Source
from desk_phone.model.entries import Contact, Content
from desk_phone.model.notices import Arrival, Heard
from desk_phone.model.secret import Secret
from desk_phone.paths import Paths
from desk_phone.settings import Settings, load, save
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.store.database import back_up
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring
from desk_phone.telco.notices import Reception, Rules
from desk_phone.telco.notices_callers import Networks
from desk_phone.telco.soap import SoapTelco

SECRET = "d" * 43
_REFUSED = 0.02  # of all questions find nobody who listens
_PEACE = (1, 5, 100, 100, 100, 400, 700, 700)  # seconds between the last looks


@dataclass(frozen=True, slots=True)
class Times:
    """A clock that hurries: at ``steady`` seconds it showed ``shown``."""

    shown: datetime
    steady: float
    speed: float

    def __call__(self) -> datetime:
        return self.shown + timedelta(seconds=(time.monotonic() - self.steady) * self.speed)


@dataclass(frozen=True, slots=True)
class Life:
    """``wrong`` is how far this desk's own clock is off; ``peaceful``: look and sync to the end,
    then the process ends by itself."""

    number: int
    folder: Path
    url: str
    own: str
    port: int
    seed: int
    times: Times
    wrong: timedelta = timedelta()
    peaceful: bool = False


def live(life: Life) -> None:
    """Until it is killed."""
    desk = Desk(life)
    if life.peaceful:
        desk.rest()
    else:
        while True:
            desk.act()


@dataclass
class _Refusing:
    """The way to the service, which sometimes finds nobody who listens: surely nothing was sent."""

    telco: SoapTelco
    chance: Callable[[], float]

    def __getattr__(self, name: str) -> Any:
        if self.chance() < _REFUSED:
            raise Offline("refused", "nobody listens")
        return getattr(self.telco, name)


@dataclass
class Desk:
    life: Life
    heard: list[Arrival] = field(default_factory=list)

    def __post_init__(self) -> None:
        life = self.life
        self._random, self._later = Random(life.seed), timedelta()
        place = Paths(life.folder)
        self._journal = os.open(life.folder.parent / f"desk{life.number}.journal", _APPEND, 0o600)
        self._lock = InstanceLock(place.lock)
        assert self._lock.take(5.0), "the one before is dead, and its lock with it"
        self._settings = load(place.settings)
        chance = self._random.random if not life.peaceful else lambda: 1.0
        self._office: Office = open_office(
            *(place, lambda: self._settings, MemoryKeyring(), Secret(PASSWORD)),
            lambda account: _Refusing(SoapTelco(account), chance),  # type: ignore[return-value]
            self._now,
        )
        self._awake_since = self._now()
        self._ringing: frozenset[int] = frozenset()
        everybody = Networks(())
        rules = Rules(Secret(SECRET), frozenset({life.own}), everybody, everybody)
        self._reception = Reception(rules, self.heard.append, now=self._now)
        self._ear = socket.create_server(("127.0.0.1", life.port), reuse_port=False)
        self._ear.setblocking(False)
        self._note("born", life.seed)

    def act(self) -> None:
        """Something that the program, or whoever sits before it, does."""
        self._listen()
        deed = self._random.choices(*_DEEDS)[0]
        try:
            deed(self)
        except PhoneError:
            return  # a person reads it, and goes on

    def rest(self) -> None:
        for pause in _PEACE:
            self._later += timedelta(seconds=pause)
            self._listen()
            for deed in (Desk._poll, Desk._sync):
                try:
                    deed(self)
                except PhoneError as error:
                    self._note("trouble", str(error))
        self._back_up(days=365)
        self._office.close()
        self._lock.release()

    def _now(self) -> datetime:
        return self.life.times() + self.life.wrong + self._later

    def _note(self, *words: object) -> None:
        os.write(self._journal, (json.dumps(words) + "\n").encode())

    # calls

    def _poll(self) -> None:
        office = self._office
        parts = (office.access, office.ledger, office.looked, self.life.own, self._now)
        polled = perform(poll(*parts))
        self._tell(polled.changes)

    def _tell(self, changes: tuple[Change, ...]) -> None:
        """What deserves attention, as the tray program's own controller says it."""
        if told := announce(changes, self._now(), self._awake_since, self._ringing):
            missed = [change.after.id for change in changes if change.became_missed]
            if told.cards or told.summary:
                self._note("told", missed)
            if told.ringing:
                self._note("rang", [call.id for call in told.ringing])

    def _listen(self) -> None:
        """Answer whoever of the service is at the door; the answer first, then the disk."""
        while True:
            try:
                plug, (peer, _) = self._ear.accept()
            except BlockingIOError:
                break
            with plug:
                plug.settimeout(2.0)
                try:
                    reply = self._reception.receive(self._reception.enter(peer), plug.recv(8192))
                    plug.sendall(reply.send)
                except OSError:
                    continue
        notices = [arrival.notice for arrival in self.heard if isinstance(arrival, Heard)]
        self.heard.clear()
        if notices:
            self._tell(self._office.ledger.hear(*notices, now=self._now()))

    def _dial(self) -> None:
        number = f"5{self.life.number}{self._random.randrange(10**6):06}"
        wrong = bool(self.life.wrong)
        ledger, now = self._office.ledger, self._now()
        wish = plan(number, Source.WINDOW, self.life.own, ledger, frozenset())
        self._note("dials", number, wrong)
        try:
            perform(dial(wish, self._office.access, ledger, now))
        except Uncertain:
            self._note("dialled?", number, wrong)
        except PhoneError:
            self._note("not dialled", number, wrong)
        else:
            self._note("dialled", number, wrong)

    def _see(self) -> None:
        self._office.ledger.mark_seen()

    def _write_note(self) -> None:
        calls = self._office.ledger.page(limit=20)
        if (
            calls
            and self._office.ledger.notes.of_call((call := self._random.choice(calls)).id) is None
        ):
            text = f"note {self.life.number} {self.life.seed} {self._random.randrange(10**6)}"
            self._office.ledger.notes.write_of_call(call.id, text, self._now())
            self._note("noted", text)

    # the phonebook

    def _sync(self) -> None:
        perform(self._office.phonebook.sync())

    def _add(self) -> None:
        content = Content(self._name(), f"+3726{self._random.randrange(10**6):06}")
        self._note("wants", content.name, 0)
        contact = self._office.phonebook.add_content(content, "")
        self._note("kept", contact.id, content.name)

    def _mine(self) -> Contact | None:
        """Somebody whom this desk added."""
        ours = [
            contact
            for contact in self._office.phonebook.book.contacts()
            if contact.effective is not None
            and contact.effective.name.startswith(f"D{self.life.number} ")
        ]
        return self._random.choice(ours) if ours else None

    def _rename(self) -> None:
        if (contact := self._mine()) and contact.effective:
            seen, name = contact.effective, self._name()
            content = Content(name, seen.number1, seen.number2)
            self._note("wants", name, contact.id)
            self._office.phonebook.save_content(contact.id, content, seen, "")
            self._note("kept", contact.id, name)

    def _delete(self) -> None:
        if (contact := self._mine()) and contact.effective:
            self._note("deletes", contact.id, contact.effective.name)
            self._office.phonebook.delete(contact.id, contact.effective)
            self._note("deleted", contact.id, contact.effective.name)

    def _name(self) -> str:
        return f"D{self.life.number} {self.life.seed} {self._random.randrange(10**6)}"

    # the house

    def _back_up(self, days: int = 0) -> None:
        """Each time as on another day."""
        day = self._now() + timedelta(days=days or self._random.randrange(1, 60))
        back_up(self._office.opened.db, self._office.paths.backups, day)

    def _choose(self) -> None:
        own = Settings(own_number=self.life.own, user=USER, service_url=self.life.url)
        save(Paths(self.life.folder).settings, own)


_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_DEEDS = (
    (
        *(Desk._poll, Desk._sync, Desk._dial, Desk._see, Desk._write_note),
        *(Desk._add, Desk._rename, Desk._delete, Desk._back_up, Desk._choose),
    ),
    (9, 7, 2, 1, 3, 4, 4, 0.3, 0.7, 0.7),
)
