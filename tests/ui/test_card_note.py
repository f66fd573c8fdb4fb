"""A note typed on a card: it keeps itself, holds the card, and nothing of it gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desk_phone.ui.calls import note_edit
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.stack import CardStack
from tests.ui.card_stack import JAAN, FakeDeeds, Room, only, ring
from tests.ui.conftest import Desk

KEY = "+37251234567"


@pytest.fixture
def fake() -> FakeDeeds:
    return FakeDeeds()


@pytest.fixture
def stack(desk: Desk, room: Room, fake: FakeDeeds) -> Iterator[CardStack]:
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, room, desk.now, deeds=fake.deeds)
    yield stack
    stack.clear()


def begin(card: CallerCard) -> QPlainTextEdit:
    """Press Note, and wait until the field has the keyboard."""
    card.take_note.click()
    assert card.note is not None
    field = card.note.field
    QTest.qWaitForWindowActive(card)
    return field


def leave(field: QPlainTextEdit) -> None:
    """The person clicks into another window."""
    event = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(field, event)


def call_id(desk: Desk) -> int:
    (call,) = desk.ledger.page()
    return call.id


def test_only_the_click_on_note_lets_the_card_have_the_keyboard(
    desk: Desk, stack: CardStack
) -> None:
    ring(desk)
    card = only(stack)
    assert card.note is None
    handle = card.windowHandle()
    assert handle.flags() & Qt.WindowType.WindowDoesNotAcceptFocus
    field = begin(card)
    assert not handle.flags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert field.hasFocus()
    assert card.isVisible()
    assert not card.take_note.isVisible()
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert handle.flags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert not field.isVisible()
    assert card.take_note.isVisible()


def test_it_keeps_itself_after_a_moment(
    desk: Desk, stack: CardStack, fake: FakeDeeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_edit, "SAVES_AFTER_MS", 20)
    ring(desk)
    field = begin(only(stack))
    desk.qtbot.keyClicks(field, "Price list")
    desk.qtbot.waitUntil(lambda: fake.notes == {call_id(desk): "Price list"})
    note = only(stack).note
    assert note is not None
    assert note.state == "Saved"


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda d, c, f: d.qtbot.keyClick(f, Qt.Key.Key_Escape), id="Esc"),
        pytest.param(lambda d, c, f: d.qtbot.keyClick(f, Qt.Key.Key_Return), id="Enter"),
        pytest.param(lambda d, c, f: leave(f), id="another window"),
        pytest.param(lambda d, c, f: c.closed.emit(), id="closed"),
        pytest.param(lambda d, c, f: c.expired.emit(), id="expired"),
        pytest.param(lambda d, c, f: d.change(popups=False), id="pop-ups off"),
    ],
)
def test_however_it_ends_nothing_is_lost(
    desk: Desk, stack: CardStack, fake: FakeDeeds, end: object
) -> None:
    ring(desk)
    card = only(stack)
    field = begin(card)
    desk.qtbot.keyClicks(field, "Call after 15:00")
    assert callable(end)
    end(desk, card, field)
    assert fake.notes == {call_id(desk): "Call after 15:00"}


def test_shift_and_enter_begin_another_line(desk: Desk, stack: CardStack, fake: FakeDeeds) -> None:
    ring(desk)
    field = begin(only(stack))
    desk.qtbot.keyClicks(field, "a")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    desk.qtbot.keyClicks(field, "b")
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert fake.notes == {call_id(desk): "a\nb"}


def test_what_was_noted_before_is_there(desk: Desk, stack: CardStack, fake: FakeDeeds) -> None:
    ring(desk)
    fake.notes[call_id(desk)] = "Before"
    field = begin(only(stack))
    assert field.toPlainText() == "Before"
    desk.qtbot.keyClicks(field, " and now")
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert fake.notes == {call_id(desk): "Before and now"}


def test_nothing_typed_writes_nothing(desk: Desk, stack: CardStack, fake: FakeDeeds) -> None:
    ring(desk)
    desk.qtbot.keyClick(begin(only(stack)), Qt.Key.Key_Escape)
    assert fake.notes == {}


def test_while_it_is_typed_the_card_stays_whatever_happens(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    ring(desk)
    card = only(stack)
    field = begin(card)
    desk.qtbot.keyClicks(field, "He")
    card.stay(1)
    with desk.qtbot.assertNotEmitted(card.expired, wait=50):
        pass
    ring(desk, type_="Answer", answer="Yes", ago=0)
    assert only(stack) is card
    assert card.heading == "Answered on 640 3231"
    desk.qtbot.keyClicks(field, "llo")
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: stack.cards == ())
    assert fake.notes == {call_id(desk): "Hello"}


def test_missed_or_seen_elsewhere_meanwhile_the_note_stays(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    ring(desk)
    card = only(stack)
    field = begin(card)
    desk.qtbot.keyClicks(field, "He")
    desk.clock.pass_(seconds=20)
    ring(desk, type_="Missed", ago=0)
    desk.calls.mark_seen()
    assert only(stack) is card
    assert field.isVisible()
    assert field.toPlainText() == "He"
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: stack.cards == ())
    assert fake.notes == {call_id(desk): "He"}


def test_a_note_is_of_the_call_also_when_that_becomes_another_row(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    desk.add(JAAN, ago=timedelta(seconds=12), talked=timedelta(seconds=3))
    ring(desk)
    field = begin(only(stack))
    desk.qtbot.keyClicks(field, "Hello")
    desk.poll()
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert set(fake.notes) <= {call.id for call in desk.ledger.page()}


def test_what_cannot_be_kept_stays_on_the_screen_until_it_can(
    desk: Desk, stack: CardStack, fake: FakeDeeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_edit, "TRIES_AGAIN_MS", 20)
    ring(desk)
    card = only(stack)
    field = begin(card)
    desk.qtbot.keyClicks(field, "Hello")
    fake.is_full = True
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    card.closed.emit()
    leave(field)
    note = card.note
    assert note is not None
    assert note.state == "Not saved. Trying again."
    assert only(stack) is card
    card.stay(1)
    with desk.qtbot.assertNotEmitted(card.expired, wait=50):
        pass
    fake.is_full = False
    desk.qtbot.waitUntil(lambda: fake.notes == {call_id(desk): "Hello"})


def test_the_last_note_is_told_at_once(desk: Desk, stack: CardStack, fake: FakeDeeds) -> None:
    ring(desk)
    fake.about[KEY] = "Hello"
    desk.qtbot.waitUntil(lambda: only(stack).told == "Note: Hello")
