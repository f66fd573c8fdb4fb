"""One desktop: the real engine on real SQLite, which may die at any statement."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Callable

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.sync import Synced, sync
from desk_phone.errors import PhoneError
from desk_phone.model.company import AnotherCompany, Company
from desk_phone.model.entries import Contact, FlightState
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_belonging import Belonging
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_exchange import Exchange
from tests.phonebook import OURS, TABLES
from tests.property.sync_server import Broken, Clock, Crash, Server, Wire

_names = itertools.count(1)

RENAMED = Company("P0000001@elion.ee", OURS.service)  # the same company's
THEIRS = Company("P9999999@elion.ee", OURS.service)


class DyingConnection(sqlite3.Connection):
    """Dies before or after the statement at which ``fuse`` runs out; nothing works any more."""

    fuse: int | None = None
    after = False
    dead = False

    def execute(self, *args: object) -> sqlite3.Cursor:
        return self._burn(lambda: sqlite3.Connection.execute(self, *args))  # type: ignore[arg-type]

    def executemany(self, *args: object) -> sqlite3.Cursor:
        return self._burn(lambda: sqlite3.Connection.executemany(self, *args))  # type: ignore[arg-type]

    @property
    def total_changes(self) -> int:
        if self.dead:
            raise Crash
        return super().total_changes

    def _burn(self, deed: Callable[[], object]) -> object:
        if self.dead:
            raise Crash
        if self.fuse is None:
            return deed()
        self.fuse -= 1
        if self.fuse > 0:
            return deed()
        self.dead = True
        if self.after:
            deed()
        raise Crash


class Desktop:
    """``meanwhile`` is called wherever a request is under way: others act too. ``account`` is the
    one in the settings; ``servers`` are those of our company and of another one."""

    def __init__(
        self, number: int, servers: tuple[Server, Server], clock: Clock, rng: random.Random
    ) -> None:
        self.number, self._clock, self._rng = number, clock, rng
        self.account = OURS
        self.wires = [Wire(server, number, self._under_way, rng) for server in servers]
        self.meanwhile: Callable[[], None] = lambda: None
        self.syncing = False
        self._address = f"file:desktop{next(_names)}?mode=memory&cache=shared"
        self._keeper = sqlite3.connect(self._address, uri=True)  # what is committed lives on
        for statement in TABLES:
            self._keeper.execute(statement)
        self._keeper.commit()
        self._open()

    def _open(self) -> None:
        self.db = sqlite3.connect(
            self._address, uri=True, isolation_level=None, factory=DyingConnection
        )
        self.book, self.doubt = ContactBook(self.db), Doubt(self.db)
        self.belonging = Belonging(self.db)
        self._exchange = Exchange(self.db, at_once=1, long=0)

    @property
    def wire(self) -> Wire:
        """The way to the server of the account."""
        return self.wires[self.account.is_same(THEIRS)]

    def close(self) -> None:
        self.db.close()
        self._keeper.close()

    def light_a_fuse(self, longest: int) -> None:
        """The program dies at one of the next statements, unless ``db.fuse`` is put out."""
        self.db.after = self._rng.random() < 0.5
        self.db.fuse = self._rng.randint(1, longest)

    def crash(self) -> None:
        """``kill -9`` and a new start: only what was committed is left."""
        self.syncing = False
        self.db.close()
        self._open()
        if self.db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Broken(8, "the database is damaged")

    def committed(self) -> list[Contact]:
        """All entries, as they are on the disk."""
        if self.db.in_transaction:
            raise Broken(8, "a request left inside a transaction")
        return self.everything()

    def _under_way(self) -> int:
        """Our id of the entry whose intent is on the disk."""
        under_way = [
            contact.id
            for contact in self.committed()
            if contact.flight is not None and contact.flight.state is FlightState.SENT
        ]
        if len(under_way) != 1:
            raise Broken(8, f"a request left, and on the disk are the intents {under_way}")
        return under_way[0]

    def everything(self) -> list[Contact]:
        return [*self.book.contacts(), *self.book.trash()]

    def sync(self) -> Synced | PhoneError | None:
        """One whole sync; None: the program died in it, and was started again."""
        if self.syncing:
            return None
        self.syncing = True
        act = sync(self._ask, self._exchange, self.account, self._clock)
        try:
            return self._perform(act)
        except PhoneError as error:
            return error
        except Crash:
            self.crash()
            return None
        finally:
            self.syncing = False

    def _perform(self, act: Act[Synced]) -> Synced:
        try:
            errand = next(act)
            while True:
                try:
                    self.meanwhile()
                    answer = errand.work()
                    self.meanwhile()
                except PhoneError as error:
                    errand = act.throw(error)
                else:
                    errand = act.send(answer)
        except StopIteration as end:
            return end.value

    def _ask(
        self, lane: LaneName, question: Callable[[Wire], object], company: Company
    ) -> Act[object]:
        assert lane is LaneName.UPKEEP
        if not company.is_same(self.account):
            raise AnotherCompany(company, self.account)
        owner = self.belonging.owner
        if owner is not None and not owner.is_same(self.account):
            raise Broken(13, f"{self.account} is asked for a copy of {owner}'s")
        wire = self.wire
        return away(lane, lambda: question(wire))
