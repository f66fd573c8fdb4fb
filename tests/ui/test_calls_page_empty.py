"""The Calls page with nothing to show, or in trouble: it says why and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desk_phone.errors import BadCredentials, Offline
from desk_phone.settings import Settings
from desk_phone.store.calls import CallFilter
from desk_phone.ui.calls.page import CallsPage
from tests.ui.calls_list import filter_button, names, show, some_history, texts
from tests.ui.conftest import Desk, FakeKeyring

Key = Qt.Key


@pytest.fixture
def page(desk: Desk) -> Iterator[CallsPage]:
    notices = QWidget()
    page = CallsPage(
        *(desk.calls, desk.dialler, desk.account, desk.directory, notices, desk.now),
        seen_after_ms=20,
    )
    desk.qtbot.addWidget(page)
    page.resize(700, 560)
    yield page
    page.hide()


def _press_empty(desk: Desk, page: CallsPage) -> str:
    """What the one button asks for."""
    (button,) = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    with desk.qtbot.waitSignal(page.empty_pressed) as asked:
        button.click()
    assert asked.args is not None
    return str(asked.args[0])


def test_an_empty_history_leads_to_the_first_call(desk: Desk, page: CallsPage) -> None:
    show(desk, page)
    assert "No calls yet" in texts(page)
    assert "640 3231" in texts(page)
    assert _press_empty(desk, page) == "call"


def test_a_vain_search_says_so_and_leads_back(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    show(desk, page)
    desk.qtbot.keyClicks(page.findChildren(QLineEdit)[0], "qqqq")
    assert "Nothing found for “qqqq”" in texts(page)
    (button,) = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    button.click()
    assert len(names(page)) == 3


def test_no_missed_calls_is_good_news_not_an_error(desk: Desk, page: CallsPage) -> None:
    show(desk, page)
    filter_button(page, CallFilter.MISSED).click()
    assert "No missed calls" in texts(page)


class TestBeforeTheFirstAnswer:
    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        return empty_desk

    def test_nothing_is_said_to_be_missing(self, desk: Desk, page: CallsPage) -> None:
        show(desk, page)
        assert "Looking for calls..." in texts(page)
        assert [b for b in page.findChildren(QPushButton) if b.isVisible()] == []


class TestWithoutAPassword:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring()

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.failed):
            empty_desk.calls.poll()
        return empty_desk

    def test_the_page_leads_to_the_account(self, desk: Desk, page: CallsPage) -> None:
        show(desk, page)
        assert "No password yet" in texts(page)
        assert _press_empty(desk, page) == "account"


def test_a_refused_password_leads_to_the_account(desk: Desk, page: CallsPage) -> None:
    desk.fail(BadCredentials("Refused"))
    show(desk, page)
    assert _press_empty(desk, page) == "account"


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user="P0000000@example.ee")

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.line_changed):
            empty_desk.calls.poll()
        return empty_desk

    def test_the_page_leads_to_the_line(self, desk: Desk, page: CallsPage) -> None:
        show(desk, page)
        assert "Your line is not chosen yet" in texts(page)
        assert _press_empty(desk, page) == "line"


@pytest.mark.parametrize(
    "error",
    [Offline("No connection"), BadCredentials("Refused")],
    ids=["offline", "refused"],
)
def test_the_calls_stay_on_the_page_in_trouble(
    desk: Desk, page: CallsPage, error: Exception
) -> None:
    some_history(desk)
    desk.fail(error)
    assert len(names(page)) == 3
