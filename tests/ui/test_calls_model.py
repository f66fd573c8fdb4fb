"""The rows of the history: page by page, and mended in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from desk_phone.model.calls import Call
from desk_phone.store.calls import CallFilter, Sought
from desk_phone.ui import words
from desk_phone.ui.calls.model import PAGE, CallsModel, Role
from tests.ui.conftest import Desk


@pytest.fixture
def model(desk: Desk) -> CallsModel:
    model = CallsModel(desk.ledger, lambda: desk.clock.at.astimezone().date())
    desk.calls.changed.connect(model.take)
    return model


@pytest.fixture
def checked(model: CallsModel, qtmodeltester: ModelTester) -> CallsModel:
    """Under Qt's own eyes, which read all there is at once: for a page at most."""
    qtmodeltester.check(model)
    return model


def _rows(model: CallsModel) -> list[Call]:
    return [model.index(row).data(Role.CALL) for row in range(model.rowCount())]


def _many(desk: Desk, count: int) -> None:
    for n in range(count):
        desk.add(f"5{1000000 + n}", ago=timedelta(minutes=10 * n + 3), talked=timedelta(minutes=1))
    desk.poll()


def test_it_reads_as_far_as_somebody_scrolls(desk: Desk) -> None:
    _many(desk, PAGE + 30)
    model = CallsModel(desk.ledger, lambda: desk.clock.at.astimezone().date())
    assert model.rowCount() == PAGE
    root = QModelIndex()
    assert model.canFetchMore(root)
    model.fetchMore(root)
    assert model.rowCount() == PAGE + 30
    assert not model.canFetchMore(root)
    assert _rows(model) == desk.ledger.page(limit=PAGE + 30)


def test_rows_that_stay_keep_their_index(desk: Desk, checked: CallsModel) -> None:
    _many(desk, 5)
    kept = QPersistentModelIndex(checked.index(2))
    before = kept.data(Role.CALL)
    desk.miss("6401111")
    assert kept.row() == 3
    assert kept.data(Role.CALL) == before


def test_a_call_between_others_finds_its_place(desk: Desk, checked: CallsModel) -> None:
    _many(desk, 5)
    desk.miss("6401111", ago=timedelta(minutes=17))
    assert _rows(checked) == desk.ledger.page()


def test_the_days_heading_moves_up_with_its_first_call(desk: Desk, checked: CallsModel) -> None:
    _many(desk, 3)
    desk.miss("6401111")
    assert [bool(checked.index(row).data(Role.HEADING)) for row in range(4)] == [
        True, False, False, False,
    ]  # fmt: skip


def test_a_filter_drops_what_no_longer_fits(desk: Desk, checked: CallsModel) -> None:
    desk.miss("51234567")
    checked.show_only(CallFilter.CALL_BACK, "")
    assert checked.rowCount() == 1
    desk.calls.handle("+37251234567")
    assert checked.rowCount() == 0


def test_a_whole_month_at_once_is_read_anew(desk: Desk, model: CallsModel) -> None:
    _many(desk, 10)
    _many(desk, PAGE + 150)
    assert _rows(model) == desk.ledger.page(limit=model.rowCount())
    assert model.canFetchMore(QModelIndex())


def test_time_that_the_service_forgot_stands_between_the_calls(desk: Desk) -> None:
    desk.add("5123456", ago=timedelta(days=1), talked=timedelta(minutes=1))
    desk.add("5123457", ago=timedelta(days=60), talked=timedelta(minutes=1))
    desk.poll()
    at = desk.clock.at
    own = desk.ledger.page(limit=1)[0].own
    desk.ledger.note_gap(own, at - timedelta(days=50), at - timedelta(days=31))
    model = CallsModel(desk.ledger, lambda: at.astimezone().date())
    newest, oldest = (model.index(row).data(Role.HEADING) for row in range(2))
    assert "Not known" not in newest
    assert oldest.startswith("Not known: ")
    assert words.heading((at - timedelta(days=60)).astimezone().date(), at.date()) in oldest


def test_a_call_found_by_its_note_shows_the_line(desk: Desk) -> None:
    desk.add("51234567", "Jaan Tamm", ago=timedelta(minutes=5))
    desk.miss("51234568", "Leida Pakk", ago=timedelta(minutes=2))
    leida, jaan = desk.ledger.page()
    notes, now = desk.ledger.notes, desk.clock.at
    notes.write_of_call(jaan.id, "Rings on Friday\nPakkumine on valmis\n", now)
    notes.write_about(leida.other, "Ei <b>müü</b> pakke", now)
    both = Sought(calls=(leida.id, jaan.id))
    model = CallsModel(desk.ledger, lambda: now.date(), lambda text: both if text else Sought())
    rows = [model.index(row) for row in range(2)]
    assert [row.data(Role.ABOUT) for row in rows] == ["5123 4568", "5123 4567"]
    model.show_only(CallFilter.ALL, "pakkumine")
    rows = [model.index(row) for row in range(2)]
    assert [row.data(Role.ABOUT) for row in rows] == ["5123 4568", "Note: Pakkumine on valmis"]
    spoken = rows[1].data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(", Note: Pakkumine on valmis")
    model.show_only(CallFilter.ALL, "MÜÜ")
    assert model.index(0).data(Role.ABOUT) == "Note: Ei <b>müü</b> pakke"
    model.show_only(CallFilter.ALL, "p")
    assert model.index(0).data(Role.ABOUT) == "5123 4568"
