"""Whose our copy of the phonebook is, and the copies of other companies that lie aside.

A copy belongs to the account of its first believed list. What lies aside is whole: entries with
what waits to be sent, trash, conflicts, acts, snapshots; only one copy is in use.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.company import AnotherCompany, Company, Stranger
from desk_phone.store.copies_schema import TABLES
from desk_phone.store.database import writing
from desk_phone.store.phonebook_rows import Facts, dump_time, load_time

_WHOSE = "whose"
_LAY_ASIDE = "INSERT INTO aside_{table} SELECT ?, * FROM {table}"
_EMPTY = "DELETE FROM {table}"
_COLUMNS = "SELECT group_concat(name) FROM pragma_table_info(?)"
_TAKE_UP = "INSERT INTO {table} ({columns}) SELECT {columns} FROM aside_{table} WHERE copy = ?"
_FORGET = "DELETE FROM aside_{table} WHERE copy = ?"


@dataclass(frozen=True, slots=True)
class Aside:
    """A copy that lies aside since ``at``, with ``entries`` that are not in its trash."""

    id: int
    company: Company
    at: datetime
    entries: int


class Belonging:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._facts = Facts(db)

    @property
    def owner(self) -> Company | None:
        """None: no list was believed yet."""
        kept = self._facts.get(_WHOSE)
        return Company(*json.loads(kept)) if kept else None

    def check(self, company: Company) -> None:
        """Raises AnotherCompany unless the copy is this one's, or nobody's yet; an account without
        a user is nobody's either, and asks nothing."""
        owner = self.owner
        if owner is not None and company.user and not owner.is_same(company):
            raise AnotherCompany(owner, company)

    def stranger(self, company: Company) -> Stranger | None:
        """None: the copy is ``company``'s, or nobody's yet."""
        owner = self.owner
        if owner is None or owner.is_same(company):
            return None
        aside = self._aside_of(company)
        return Stranger(owner, company, aside.at if aside else None)

    def aside(self) -> list[Aside]:
        """What was laid aside last first."""
        found = self._db.execute(
            "SELECT id, user, service, at, entries FROM phonebook_copies ORDER BY id DESC"
        )
        return [
            Aside(id_, Company(user, service), load_time(at), entries)
            for id_, user, service, at, entries in found
        ]

    # a person says what is so

    def carry_on(self, company: Company) -> None:
        """It is the same company under another name, or at another address."""
        with writing(self._db):
            self.bind(company)

    def start_anew(self, company: Company, now: datetime) -> None:
        """Lay the copy aside; use the one of ``company`` that was laid aside last, or a new one."""
        with writing(self._db):
            owner = self.owner
            before = self._aside_of(company)
            if owner is not None:
                self._lay_aside(owner, now)
                if before is not None:
                    self._take_up(before)
            self.bind(company)

    # inside a transaction

    def bind(self, company: Company) -> None:
        self._facts.put(_WHOSE, json.dumps([company.user, company.service]))

    def _aside_of(self, company: Company) -> Aside | None:
        return next((copy for copy in self.aside() if copy.company.is_same(company)), None)

    def _lay_aside(self, owner: Company, now: datetime) -> None:
        done = self._db.execute(
            "INSERT INTO phonebook_copies (user, service, at, entries)"
            " SELECT ?, ?, ?, count(*) FROM contacts WHERE gone_at IS NULL",
            (owner.user, owner.service, dump_time(now)),
        )
        for table in TABLES:
            self._db.execute(_LAY_ASIDE.format(table=table), (done.lastrowid,))
        for table in TABLES:
            self._db.execute(_EMPTY.format(table=table))

    def _take_up(self, copy: Aside) -> None:
        for table in TABLES:
            (columns,) = self._db.execute(_COLUMNS, (table,)).fetchone()
            self._db.execute(_TAKE_UP.format(table=table, columns=columns), (copy.id,))
            self._db.execute(_FORGET.format(table=table), (copy.id,))
        self._db.execute("DELETE FROM phonebook_copies WHERE id = ?", (copy.id,))
