"""Whatever a caller calls himself, it is harmless text wherever it is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desk_phone.system.bus_message import Answer
from desk_phone.system.notifications import Notifications
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.cards.notified import Notified
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.dialling.dialer import DialPalette
from desk_phone.ui.tray import Tray
from tests.ui.calls_list import show, view_of
from tests.ui.card_stack import FakeDeeds, ring
from tests.ui.conftest import Desk

KEY = "+37251234567"
NAMES = [
    pytest.param("<img src='file:///x'>", id="markup"),
    pytest.param("<b>&lt;i&gt;</b> <a href='tel:112'>x</a>", id="markup in markup"),
    pytest.param("Jaan \u202e34 \u2066Tamm\u2069\u200f\u200b", id="direction marks"),
    pytest.param("Jaan\r\n\tTamm\x00\x1b[31m\u2028\u2029", id="control characters"),
    pytest.param("x" * 10_000, id="endless"),
    pytest.param("Q" + "\u0321\u0353\u0338" * 200, id="marks above marks"),
    pytest.param("%s %(who)s {0} %n & && &x", id="formats"),
]
AT_MOST = 420  # characters of the longest sentence that holds a name

Seen = tuple[list[str], list[str]]  # plain texts, and texts that are read as markup


@dataclass
class FakeBus:
    """A server that understands markup and buttons, and what it was sent."""

    notes: list[tuple[object, ...]] = field(default_factory=list)

    def listen(self, *_: object) -> None: ...

    def watch_name(self, *_: object) -> None: ...

    def call(
        self,
        _target: object,
        method: str,
        _signature: str,
        body: tuple[object, ...],
        answered: Callable[[Answer], None] | None = None,
    ) -> None:
        if method == "Notify":
            self.notes.append(body)
        if answered is not None:
            is_notify = method == "Notify"
            answered(Answer((1,) if is_notify else (["body", "body-markup", "actions"],)))


def of_widget(top: QWidget) -> Seen:
    labels = top.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    every = (top, *top.findChildren(QWidget))
    named = [w.accessibleName() for w in every] + [top.windowTitle()]
    return [label.text() for label in labels] + named, [w.toolTip() for w in every]


def of_model(model: QAbstractItemModel) -> Seen:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
    cells = [model.index(r, c) for r in range(model.rowCount()) for c in range(columns)]
    plain = [str(cell.data(role) or "") for cell in cells for role in roles]
    return plain, [str(cell.data(Qt.ItemDataRole.ToolTipRole) or "") for cell in cells]


def ringing_card(desk: Desk, name: str) -> Iterator[Seen]:
    fake = FakeDeeds(about={KEY: name})
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now, deeds=fake.deeds)
    ring(desk, name=name)
    (card,) = stack.cards
    card.grab()
    assert card.width() < 700
    yield of_widget(card)
    stack.clear()


def missed_card(desk: Desk, name: str) -> Iterator[Seen]:
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now)
    desk.miss("51234567", name)
    (card,) = stack.cards
    card.grab()
    assert card.width() < 700
    yield of_widget(card)
    stack.clear()


def notification(desk: Desk, name: str) -> Iterator[Seen]:
    bus, fake = FakeBus(), FakeDeeds(about={KEY: name})
    notifications = Notifications(bus)  # type: ignore[arg-type]
    notified = Notified(
        *(desk.calls, desk.dialler, desk.preferences, notifications, True),
        now=desk.now,
        deeds=fake.deeds,
    )
    ring(desk, name=name)
    (note,) = bus.notes
    yield [str(note[3])], [line for line in str(note[4]).splitlines() if line]
    notified.clear()


def tray_menu(desk: Desk, name: str) -> Iterator[Seen]:
    tray = Tray(desk.calls, desk.account, desk.preferences, desk.now)
    tray.remake()
    desk.miss("51234567", name)
    tray.fill_menu()
    texts = [action.text() for action in tray.menu.actions()]
    assert all("&" not in text.replace("&&", "") for text in texts)
    assert all(len(text) <= 60 for text in texts)
    yield [text.replace("&&", "&") for text in texts], tray.tooltip().splitlines()
    tray.remove()
    tray.menu.deleteLater()


def calls_list(desk: Desk, name: str) -> Iterator[Seen]:
    notices = QWidget()
    page = CallsPage(*(desk.calls, desk.dialler, desk.account, desk.directory, notices, desk.now))
    desk.qtbot.addWidget(page)
    desk.miss("51234567", name)
    show(desk, page)
    page.grab()
    yield of_model(view_of(page).model())


def palette(desk: Desk, name: str) -> Iterator[Seen]:
    desk.add("51234567", name, timedelta(minutes=30), timedelta(minutes=1))
    desk.poll()
    window = DialPalette(
        *(desk.calls, desk.dialler, desk.account, desk.preferences, desk.directory), deaf_ms=0
    )
    desk.qtbot.addWidget(window)
    window.open()
    desk.qtbot.waitUntil(lambda: window.list.model().rowCount() > 0)
    window.grab()
    plain, markup = of_widget(window)
    listed, tips = of_model(window.list.model())
    yield plain + listed, markup + tips


PLACES = [ringing_card, missed_card, notification, tray_menu, calls_list, palette]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_name_is_harmless_text(
    desk: Desk, place: Callable[[Desk, str], Iterator[Seen]], name: str
) -> None:
    for plain, markup in place(desk, name):
        assert any(name[:1] in text for text in (*plain, *markup))  # it is shown at all
        for text in (*plain, *markup):
            assert len(text) < AT_MOST
            assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in text)
        for text in markup:
            inner = text.removeprefix("<qt>").removesuffix("</qt>")
            assert "<" not in inner
            assert unescape(inner).count("<") <= name.count("<")
