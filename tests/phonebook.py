"""Phonebook entries and an empty phonebook, for tests of its engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.model.company import AnotherCompany, Company
from desk_phone.model.entries import Content
from desk_phone.store.copies_schema import COPIES_STEPS
from desk_phone.store.naming_schema import NAMING_STEPS
from desk_phone.store.phonebook_schema import PHONEBOOK_STEPS, TOGETHER_STEPS
from tests.fakes import FakeTelco

R = TypeVar("R")

TABLES = (*PHONEBOOK_STEPS, *NAMING_STEPS, *COPIES_STEPS, *TOGETHER_STEPS)
OURS = Company("P0000000@elion.ee", "teenused.telia.ee/external")
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Content("Anna", "+3726400001")
ANNA_MOVED = Content("Anna", "+3726400002")
ANNA_TAMM = Content("Anna Tamm", "+3726400001")
BOB = Content("Bob", "+3726400003", "+37251234567")
BOB_TURNED = Content("Bob", "+37251234567", "+3726400003")
CHEF = Content("Chef", "112")


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def empty_phonebook() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES:
        db.execute(statement)
    return db


class Clock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Asking:
    """Puts every question to ``telco`` at once; ``lanes`` are the lanes that were asked for, and
    ``company`` is whose account it is."""

    def __init__(self, telco: FakeTelco) -> None:
        self._telco = telco
        self.company = OURS
        self.lanes: list[LaneName] = []

    def __call__(
        self, lane: LaneName, question: Callable[[FakeTelco], R], company: Company
    ) -> Act[R]:
        self.lanes.append(lane)
        if not company.is_same(self.company):
            raise AnotherCompany(company, self.company)
        return away(lane, lambda: question(self._telco))


def write(telco: FakeTelco, *contents: Content) -> None:
    """Somebody adds entries at the portal."""
    for content in contents:
        telco.add_entry(content.name, content.number1, content.number2)
    telco.asked.clear()


def writes(telco: FakeTelco) -> list[str]:
    """The methods of all requests that wrote, in their order."""
    return [str(asked[0]) for asked in telco.asked if asked[0] != "entries"]
