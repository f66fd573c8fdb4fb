"""Above the list of calls: the week, saving what is listed, printing it."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QToolTip, QWidget

from desk_phone.errors import PhoneError
from desk_phone.model.week import Count
from desk_phone.store.calls import CallFilter
from desk_phone.transfer import tables
from desk_phone.ui.calls import export as calls_export
from desk_phone.ui.calls import table as calls_table
from desk_phone.ui.calls import week_words
from desk_phone.ui.calls.export import Act
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.calls.tools import CallsTools
from desk_phone.ui.calls.week_card import WeekCard
from desk_phone.ui.calls.week_plot import LOW, TALL
from desk_phone.ui.trouble import Kind, Message
from tests.ui.calls_list import filter_button, some_history
from tests.ui.conftest import HOSTILE, Desk

Key = Qt.Key
T = TypeVar("T")
LEFT = Qt.MouseButton.LeftButton


def make_page(desk: Desk) -> CallsPage:
    page = CallsPage(
        *(desk.calls, desk.dialler, desk.account, desk.directory, QWidget(), desk.now),
        preferences=desk.preferences,
        aside=desk.contacts.aside,
    )
    desk.qtbot.addWidget(page)
    page.resize(704, 600)
    page.show()
    return page


@pytest.fixture
def page(desk: Desk) -> Iterator[CallsPage]:
    some_history(desk)
    page = make_page(desk)
    yield page
    page.hide()


@pytest.fixture
def tools(page: CallsPage) -> CallsTools:
    (tools,) = page.findChildren(CallsTools)
    return tools


@pytest.fixture
def card(tools: CallsTools) -> WeekCard:
    return tools.card


# the week


def test_the_week_opens_and_closes_and_stays_as_it_was(
    desk: Desk, page: CallsPage, tools: CallsTools
) -> None:
    assert not tools.card.isVisible()
    assert not tools.below.isVisible()
    tools.week.click()
    assert tools.card.isVisible()
    assert desk.preferences.settings.week_shown
    (again,) = make_page(desk).findChildren(CallsTools)
    assert again.card.isVisible()
    assert again.week.isChecked()
    tools.card.close_button.click()
    assert not tools.below.isVisible()
    assert not tools.week.isChecked()
    assert not desk.preferences.settings.week_shown


def test_the_keyboard_alone_opens_the_week_and_reads_its_hours(
    desk: Desk, page: CallsPage, tools: CallsTools
) -> None:
    desk.add("6401234", ago=timedelta(days=8))
    desk.poll()
    tools.week.setFocus()
    desk.qtbot.keyClick(tools.week, Key.Key_Space)
    plot = tools.card.plot
    wanted = [tools.card.earlier, tools.card.close_button, plot]  # the week after is none yet
    met: list[QWidget] = []
    while plot not in met and len(met) < 30:
        focused = QApplication.focusWidget()
        assert focused is not None
        met.append(focused)
        desk.qtbot.keyClick(focused, Key.Key_Tab)
    assert [widget for widget in met if widget in wanted] == wanted
    said: list[str] = []
    plot.spoken.connect(said.append)
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Left):
        desk.qtbot.keyClick(plot, key)
    assert [text.partition(":")[0] for text in said] == [
        "Monday 23 Nov, 14",
        "Tuesday 24 Nov, 13",
        "Tuesday 24 Nov, 14",
        "Tuesday 24 Nov, 13",
    ]
    assert said[0].endswith("0 answered, 1 missed, 0 outgoing")


def test_the_mouse_over_an_hour_says_its_calls(desk: Desk, card: WeekCard) -> None:
    desk.change(week_shown=True)
    plot = card.plot
    hour = next(hour for hour in desk.ledger.weeks.report(_week(desk), desk.now()).figures.hours)
    where = plot.middle_of(hour).toPoint()
    for at, told in ((where, "1 missed"), (QPoint(plot.width() - 1, 5), "")):
        event = QHelpEvent(QEvent.Type.ToolTip, at, plot.mapToGlobal(at))
        QApplication.sendEvent(plot, event)
        desk.qtbot.waitUntil(
            lambda told=told: told in QToolTip.text() and bool(told) is QToolTip.isVisible()
        )


def _week(desk: Desk) -> week_words.Week:
    return week_words.Week(date(2026, 11, 23))


def test_the_figures_of_the_week(desk: Desk, card: WeekCard) -> None:
    desk.change(week_shown=True)
    assert card.title == "This week, 23–29 Nov"
    answered, back, _, outgoing = card.tiles
    assert (answered.value, answered.caption, answered.before) == ("50 %", "of 2 answered", "–")
    assert (back.value, back.caption) == ("–", "nobody to call back")  # it was withheld
    assert (outgoing.value, outgoing.before) == ("1", "0")
    assert "1 answered, 1 missed, 1 outgoing" in card.accessibleDescription()
    assert card.plot.accessibleDescription() == card.accessibleDescription()
    assert week_words.before(answered) == ""
    assert week_words.before(outgoing) == "before: 0"


def test_a_call_that_comes_is_counted_at_once(desk: Desk, card: WeekCard) -> None:
    desk.change(week_shown=True)
    desk.miss("6401234")
    assert card.tiles[0].value == "33 %"
    assert card.tiles[1].caption == "to call back, 0 of 1"


def test_one_goes_back_as_far_as_there_are_calls(desk: Desk, card: WeekCard) -> None:
    desk.add("6401234", ago=timedelta(days=8))
    desk.poll()
    desk.change(week_shown=True)
    assert not card.later.isEnabled()
    card.earlier.click()
    assert card.title == "Last week, 16–22 Nov"
    assert card.tiles[0].value == "0 %"
    assert not card.earlier.isEnabled()
    card.later.click()
    assert card.title.startswith("This week")


def test_it_opens_with_this_week_also_after_monday_came(
    desk: Desk, card: WeekCard, tools: CallsTools
) -> None:
    tools.week.click()
    tools.week.click()
    desk.clock.pass_(days=7)
    tools.week.click()
    assert card.title == "This week, 30 Nov – 6 Dec"
    assert week_words.nothing() in card.accessibleDescription()
    card.grab()
    card.earlier.click()
    assert card.title.startswith("Last week")


def test_the_week_leaves_room_for_the_list(desk: Desk, page: CallsPage, card: WeekCard) -> None:
    desk.change(week_shown=True)
    assert card.plot.height() == TALL
    page.resize(664, 480)
    assert card.plot.height() == LOW
    desk.qtbot.waitUntil(lambda: page._stack.height() >= 3 * 54)
    assert page.minimumSizeHint().width() <= 664


def test_hours_that_nobody_works_are_painted_too(desk: Desk, card: WeekCard) -> None:
    for hour in range(48):
        desk.add("6401234", ago=timedelta(hours=hour))
    desk.poll()
    desk.change(week_shown=True)
    card.grab()
    hours = desk.ledger.weeks.report(_week(desk), desk.now()).figures.hours
    assert sum((hour.count for hour in hours), Count()).missed > 36
    assert all(card.plot.hour_at(card.plot.middle_of(hour)) == hour for hour in hours)


# saving


def message(tools: CallsTools) -> Message:
    said = tools.banners.message("export")
    assert said is not None
    return said


def saved(desk: Desk, tools: CallsTools, file: Path) -> list[list[str]]:
    tools.export.write_to(file)
    desk.qtbot.waitUntil(lambda: not tools.export.busy)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=";"))


def test_the_file_holds_each_call_in_words(desk: Desk, tools: CallsTools, tmp_path: Path) -> None:
    jaan = desk.ledger.page()[0]
    desk.ledger.notes.write_of_call(jaan.id, "=1+1\nwants an offer", desk.now())
    head, first, second, third = saved(desk, tools, tmp_path / "calls.csv")
    assert head == ["Date", "Time", "Direction", "Name", "Number", "Outcome", "Duration", "Note"]
    at = jaan.start.astimezone()
    assert first == [
        *(at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"), "Incoming", "Jaan Tamm"),
        *("5123 4567", "Answered", "0:03:00", "'=1+1\nwants an offer"),
    ]
    assert second[2:7] == ["Outgoing", "Mari Õunapuu", "640 1111", "Answered", "0:01:00"]
    assert third[2:] == ["Incoming", "", "Number withheld", "Missed", "", ""]
    assert message(tools).title == "3 calls are saved"
    assert str(tmp_path / "calls.csv") in message(tools).text
    tools.banners.pressed.emit("export", Act.CLOSE)
    assert not tools.below.isVisible()


def test_the_file_holds_what_is_listed_and_all_of_it(
    desk: Desk, page: CallsPage, tools: CallsTools, tmp_path: Path
) -> None:
    for n in range(450):
        desk.add(f"64{n:05d}", ago=timedelta(minutes=3 + n))
    desk.poll()
    page._model.read_again()
    assert page._model.rowCount() == 200  # the others are read as somebody scrolls
    assert len(saved(desk, tools, tmp_path / "all.csv")) == 1 + 453
    filter_button(page, CallFilter.MISSED).click()
    page.findChildren(QLineEdit)[0].setText("6400017")
    rows = saved(desk, tools, tmp_path / "some.csv")
    assert [row[4] for row in rows[1:]] == ["640 0017"]


def test_names_from_outside_are_no_formulas(desk: Desk, tools: CallsTools, tmp_path: Path) -> None:
    desk.miss("6401234", "=cmd|' /C calc'!A0")
    desk.miss("6401235", HOSTILE)
    rows = saved(desk, tools, tmp_path / "calls.csv")
    assert [row[3] for row in rows if row[4] == "640 1234"] == ["'=cmd|' /C calc'!A0"]
    assert "\u202e" not in "".join(row[3] for row in rows)


def test_calls_that_come_and_go_meanwhile_are_no_row_twice(
    desk: Desk, page: CallsPage, tools: CallsTools
) -> None:
    for n in range(250):
        desk.add(f"64{n:05d}", ago=timedelta(minutes=3 + n))
    desk.poll()
    rows: list[calls_table.Row] = []
    work = calls_table.reading(desk.ledger, page._listed(), lambda _: None, rows.extend)
    while len(rows) < 100:
        next(work)
    desk.miss("51999999")
    desk.ledger.hide(desk.ledger.page(limit=250)[-1].id)
    for _ in work:
        pass
    assert len(rows) == len(set(rows)) == 252
    assert "5199 9999" not in {row[4] for row in rows}


def _held(tools: CallsTools, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """The file is written when the test says so."""
    held: list[Callable[[], object]] = []

    def aside(
        work: Callable[[], T], then: Callable[[T], object], _: Callable[[PhoneError], object]
    ) -> None:
        held.append(lambda: then(work()))

    monkeypatch.setattr(tools.export, "_aside", aside)
    return held


def test_long_work_says_how_far_it_is_and_can_be_stopped(
    desk: Desk, tools: CallsTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object) -> Iterator[int]:
        while True:
            yield 1234

    monkeypatch.setattr(calls_table, "reading", endless)
    tools.export._telling.setInterval(20)
    tools.export.write_to(tmp_path / "calls.csv")
    assert not tools.export_button.isEnabled()
    assert not tools.paper.isEnabled()
    assert tools.banners.message("export") is None
    desk.qtbot.waitUntil(lambda: tools.banners.message("export") is not None)
    assert (message(tools).text, message(tools).button) == ("1234 calls so far", "Stop")
    tools.banners.pressed.emit("export", Act.STOP)
    assert tools.banners.message("export") is None
    assert tools.export_button.isEnabled()
    assert not tools.export.busy
    assert list(tmp_path.glob("*.csv*")) == []


def test_what_is_being_written_cannot_be_stopped_or_begun_again(
    desk: Desk, tools: CallsTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = _held(tools, monkeypatch)
    tools.export._telling.setInterval(20)
    tools.export.write_to(tmp_path / "calls.csv")
    desk.qtbot.waitUntil(lambda: bool(held) and tools.banners.message("export") is not None)
    assert message(tools).button == ""
    tools.export.stop()
    tools.export.write_to(tmp_path / "other.csv")
    assert tools.export.busy
    assert len(held) == 1
    held.pop()()
    assert not tools.export.busy
    assert (tmp_path / "calls.csv").exists()
    assert not (tmp_path / "other.csv").exists()


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("place", ["full", "nowhere", "forbidden"])
def test_a_file_that_cannot_be_written_is_said_and_leaves_what_was_there(
    desk: Desk, tools: CallsTools, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ("calls.csv" if place == "full" else "place") / "calls.csv"
    if place == "full":
        file = tmp_path / "calls.csv"
        file.write_text("before")
        monkeypatch.setattr(tables.os, "fsync", _full)
    elif place == "forbidden":
        file.parent.write_text("a file, not a folder")
    tools.export.write_to(file)
    desk.qtbot.waitUntil(lambda: not tools.export.busy)
    assert message(tools).kind is Kind.BAD
    assert message(tools).title == "The file could not be written"
    assert message(tools).text
    assert tools.export_button.isEnabled()
    assert list(tmp_path.rglob(".*.new")) == []
    if place == "full":
        assert file.read_text() == "before"


def test_nothing_listed_is_nothing_to_save_or_print(page: CallsPage, tools: CallsTools) -> None:
    page.findChildren(QLineEdit)[0].setText("zzzzzz")
    assert not tools.export_button.isEnabled()
    assert not tools.paper.isEnabled()
    page.clear()
    assert tools.export_button.isEnabled()


def test_the_button_asks_where(desk: Desk, page: CallsPage, tools: CallsTools) -> None:
    tools.export_button.click()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("calls-2026-11-24.csv")
    dialog.reject()


# printing


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tables.Table]:
    """The tables that would be printed."""
    found: list[tables.Table] = []
    monkeypatch.setattr(calls_export, "ask_and_print", lambda _, table, __: found.append(table))
    return found


def test_paper_has_the_list_as_it_is(
    desk: Desk, page: CallsPage, tools: CallsTools, printed: list[tables.Table]
) -> None:
    filter_button(page, CallFilter.INCOMING).click()
    page.findChildren(QLineEdit)[0].setText("tamm")
    tools.paper.click()
    desk.qtbot.waitUntil(lambda: bool(printed))
    (table,) = printed
    assert table.title == "Calls: Incoming, “tamm”"
    (row,) = table.rows
    assert row[2:7] == ("Incoming", "Jaan Tamm", "5123 4567", "Answered", "0:03:00")
    assert tools.banners.message("export") is None


def test_only_so_many_are_printed_and_it_is_said(
    desk: Desk,
    tools: CallsTools,
    printed: list[tables.Table],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calls_export, "PRINTED_AT_MOST", 2)
    tools.paper.click()
    desk.qtbot.waitUntil(lambda: bool(printed))
    (table,) = printed
    assert table.title == "Calls (the newest 2)"
    assert [row[3] for row in table.rows] == ["Jaan Tamm", "Mari Õunapuu"]
    assert message(tools).title == "Only the newest 2 calls are printed"


def test_a_printer_is_asked_for(desk: Desk, page: CallsPage, tools: CallsTools) -> None:
    tools.paper.click()
    desk.qtbot.waitUntil(lambda: bool(page.findChildren(QPrintDialog)))
    (dialog,) = page.findChildren(QPrintDialog)
    dialog.reject()


# words


def test_a_week_of_another_year_says_so() -> None:
    now = week_words.Week(date(2026, 1, 5))
    assert week_words.title(now.before, now) == "Last week, 29 Dec – 4 Jan"
    assert week_words.title(now.before.before, now) == "22–28 Dec 2025"
