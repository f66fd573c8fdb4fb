"""Reports of calls as the service would make them, for tests of the ledger."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from desk_phone.model.calls import CallRecord, Dialled, Notice, Record
from desk_phone.store.schema import STEPS

OWN = "+3726401234"
ANNA = "+37251234567"
BORIS = "+37255512345"
T0 = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
LATE = timedelta(days=2)  # long after everything


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def wall(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Europe/Tallinn")).strftime("%Y-%m-%dT%H:%M:%S")


def record(
    record_id: int | str,
    start: datetime,
    other: str = ANNA,
    *,
    incoming: bool = True,
    answer: float | None = None,
    release: float | None = None,
    name: str = "# #",
    own: str = OWN,
) -> Record:
    """``answer`` and ``release`` are seconds after the start."""
    theirs, ours = other.removeprefix("+372"), own.removeprefix("+372")
    return Record(
        own,
        CallRecord(
            id=str(record_id),
            calling=theirs if incoming else ours,
            called=ours if incoming else theirs,
            answered="No" if answer is None else "Yes",
            direction="Terminating" if incoming else "Originating",
            start=wall(start),
            name=name,
            answer="" if answer is None else wall(start + timedelta(seconds=answer)),
            release="" if release is None else wall(start + timedelta(seconds=release)),
        ),
    )


def notice(
    at: datetime, other: str = ANNA, name: str = "", type_: str = "Start", answer: str = "No"
) -> Notice:
    return Notice(OWN, other, at.replace(microsecond=0), name, type_, answer)


def dialled(at: datetime, other: str = ANNA) -> Dialled:
    return Dialled(OWN, other, at)


def empty_database() -> sqlite3.Connection:
    """Like `store.database.open_database`, without a file to wait for; close it."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    for step in STEPS:
        for statement in step:
            db.execute(statement)
    return db
