"""From the palette, which a hotkey opens, to the pages of the window without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from desk_phone.ui.side_panel import Page
from desk_phone.ui.windows import PAGE_KEYS, Windows
from tests.ui.behind import behind
from tests.ui.conftest import Desk


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    windows = Windows(behind(desk))
    yield windows
    windows.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize(("key", "page"), list(zip(PAGE_KEYS, Page, strict=True)))
def test_a_key_leads_to_the_page(desk: Desk, windows: Windows, key: str, page: Page) -> None:
    windows.show_palette()
    desk.qtbot.waitUntil(windows.palette.isActiveWindow)
    digit = Qt.Key(ord(key[-1]))
    desk.qtbot.keyClick(windows.palette.field, digit, Qt.KeyboardModifier.ControlModifier)
    assert not windows.palette.isVisible()
    assert windows.main.isVisible()
    assert windows.main._pages.shown is page
