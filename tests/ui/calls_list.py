"""What the tests of the Calls page share."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QLabel, QToolButton

from desk_phone.store.calls import CallFilter
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.calls.view import CallsView
from tests.ui.conftest import Desk


def show(desk: Desk, page: CallsPage) -> CallsView:
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.isActiveWindow)
    page.window_state_changed()  # as its window says
    return view_of(page)


def view_of(page: CallsPage) -> CallsView:
    (view,) = page.findChildren(CallsView)
    return view


def names(page: CallsPage) -> list[str]:
    model = view_of(page).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def filter_button(page: CallsPage, chosen: CallFilter) -> QToolButton:
    (button,) = page.findChildren(QToolButton, f"filter {chosen}")
    return button


def texts(page: CallsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def some_history(desk: Desk) -> None:
    desk.add("51234567", "Jaan Tamm", timedelta(minutes=5), timedelta(minutes=3))
    desk.add("6401111", "Mari Õunapuu", timedelta(hours=1), timedelta(minutes=1), outgoing=True)
    desk.add("", "", timedelta(days=1))
    desk.poll()
