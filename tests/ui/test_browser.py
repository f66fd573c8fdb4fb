"""A page reaches the system's browser as it was made: nothing in it is read anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl

from desk_phone.ui import browser as module
from desk_phone.ui.browser import show_page


class Browser:
    """In the place of QDesktopServices."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.takes = True

    def openUrl(self, url: QUrl) -> bool:
        self.asked.append(bytes(url.toEncoded().data()).decode())
        return self.takes


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(module, "QDesktopServices", browser)
    return browser


@pytest.mark.parametrize(
    "page",
    [
        "https://crm.example/?q=%2B3726403231&n=%C3%95ie%20%26%20Pojad",
        "https://crm.example/c/..%2F..%2Fadmin/x",
        "https://crm.example/#/search/%23%3F%2F",
        "https://crm.example/?q=%252e%252e",
        "mycrm://call/%2B3726403231",
    ],
)
def test_an_address_stays_as_it_was_made(browser: Browser, page: str) -> None:
    assert show_page(page)
    assert browser.asked == [page]


@pytest.mark.parametrize("page", ["", "https://[broken/", "https://crm.example/%zz"])
def test_what_is_no_address_opens_nothing(browser: Browser, page: str) -> None:
    assert not show_page(page)
    assert browser.asked == []


def test_where_nothing_takes_it_that_is_told(browser: Browser) -> None:
    browser.takes = False
    assert not show_page("https://crm.example/")
