"""Lists of the phonebook come out of the day's bytes, over restarts."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desk_phone.app.office import now
from desk_phone.app.poller import Poller
from desk_phone.model.schedule import BUDGET
from desk_phone.store.database import open_database
from desk_phone.store.memory import Memory
from tests.ui.conftest import Desk


class Present(QObject):
    """Somebody is here all the time."""

    changed = Signal()
    resumed = Signal()
    state = "here"


def test_lists_count_and_are_remembered(empty_desk: Desk, tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "bytes", tmp_path, now()).db) as db:
        memory, present = Memory(db), Present()
        parts = (empty_desk.calls, empty_desk.preferences, present, memory)
        poller = Poller(*parts)  # type: ignore[arg-type]
        assert poller.lists_apart(500_000) == timedelta()
        poller.list_came(BUDGET // 2)
        assert poller.lists_apart(500_000) > timedelta()
        poller.stop()
        again = Poller(*parts)  # type: ignore[arg-type]
        assert again.lists_apart(500_000) > timedelta()
        again.stop()
        memory.put("bytes used", "2026-11-25 5 1")  # as it was written before lists counted
        older = Poller(*parts)  # type: ignore[arg-type]
        assert older.lists_apart(500_000) == timedelta()
        older.stop()
