"""The one question before a call: what it says, what a careless Enter does, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desk_phone.app.dial import Plan
from desk_phone.errors import Refused
from desk_phone.model.dialing import Source
from desk_phone.ui.dialling.ask_box import AskBox
from tests.ui.conftest import HOSTILE, Desk

MOBILE, FINNISH = "5123 4567", "+358 40 1234567"
OTHERS = [Source.LINK, Source.CLIPBOARD, Source.COMMAND]


@pytest.fixture
def cancelled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    plans: list[Plan] = []
    monkeypatch.setattr(desk.dialler, "cancel", plans.append)
    return plans


@pytest.fixture
def box(desk: Desk, cancelled: list[Plan]) -> Iterator[AskBox]:
    """It hears at once: the half second has a test of its own."""
    box = AskBox(desk.dialler, deaf_ms=0, ringing_shown_ms=40)
    desk.qtbot.addWidget(box)
    yield box
    box.hide()


def _wait_till_it_hears(desk: Desk, box: AskBox) -> None:
    desk.qtbot.waitUntil(lambda: box.cancel.isEnabled() and box.isActiveWindow())


def _press(box: AskBox, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or box, key)


# what it says


def test_an_ordinary_number_from_a_link(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial("tel:+37251234567", Source.LINK)
    assert box.isVisible()
    assert box.said.split("\n") == [
        "Call 5123\u00a04567?",
        "Mobile",
        "Your phone 640\u00a03231 rings first.",
        "A link asked for this call.",
    ]


@pytest.mark.parametrize("text", [FINNISH, MOBILE, "112 112"])
def test_no_line_of_the_title_ends_inside_a_number(desk: Desk, box: AskBox, text: str) -> None:
    desk.dialler.dial(text, Source.LINK)
    title = box.said.split("\n")[0]
    assert "\u00a0" in title
    assert not re.search(r"\d \d", title)


def test_a_person_who_is_known_is_named(desk: Desk, box: AskBox) -> None:
    desk.add("51234567", "Jaan Tamm", timedelta(hours=1), timedelta(minutes=1))
    desk.poll()
    desk.dialler.dial(MOBILE, Source.COMMAND)
    assert "Jaan Tamm" in box.said
    assert "A command or another program" in box.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(FINNISH, "A call abroad: Finland.", id="abroad"),
        pytest.param("9001234", "premium rate", id="premium"),
        pytest.param("1234", "service number", id="service"),
        pytest.param("6789", "short number", id="short"),
        pytest.param("8 (495) 123-45-67", "added by Desk Phone: Russia", id="assumed"),
    ],
)
def test_the_kind_of_cost_is_said_also_for_a_click(
    desk: Desk, box: AskBox, text: str, said: str
) -> None:
    desk.dialler.dial(text)
    assert said.lower() in box.said.lower()
    assert "asked for this call" not in box.said


@pytest.mark.parametrize("text", ["112", "*21#", "+870123456789", "", "abc"])
def test_what_is_refused_is_said_and_not_asked_about(desk: Desk, box: AskBox, text: str) -> None:
    desk.dialler.dial(text, Source.WINDOW)
    assert not box.isVisible()  # the window that asked for it says why
    desk.dialler.dial(text, Source.LINK)
    assert box.isVisible()
    assert not box.call.isVisible()
    assert "asked for this call" not in box.said
    _wait_till_it_hears(desk, box)
    box.cancel.click()
    assert not box.isVisible()
    assert desk.telco.dialled == []


def test_a_refusal_does_not_take_the_place_of_a_question(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(FINNISH, Source.LINK)
    asked = box.said
    desk.dialler.dial("112", Source.LINK)
    assert box.said == asked
    assert box.call.isVisible()


def test_the_hotkey_without_a_question_tells_the_outcome(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(MOBILE, Source.HOTKEY)
    desk.qtbot.waitUntil(lambda: "lift the handset" in box.said)
    assert desk.telco.dialled == [("+3726403231", "+37251234567")]
    assert not box.call.isVisible()


# answering


def test_yes_dials_once(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(FINNISH)
    _wait_till_it_hears(desk, box)
    desk.qtbot.mouseDClick(box.call, Qt.MouseButton.LeftButton)
    box.call.click()
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    assert desk.telco.dialled == [("+3726403231", "+358401234567")]
    assert not box.isVisible()


@pytest.mark.parametrize("source", OTHERS)
def test_a_careless_enter_calls_nobody_for_others(
    desk: Desk, box: AskBox, cancelled: list[Plan], source: Source
) -> None:
    desk.dialler.dial(MOBILE, source)
    _wait_till_it_hears(desk, box)
    assert box.cancel.hasFocus()
    _press(box, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert [plan.source for plan in cancelled] == [source]
    assert desk.telco.dialled == []


def test_enter_calls_after_a_click_in_our_window(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(FINNISH)
    _wait_till_it_hears(desk, box)
    assert box.call.hasFocus()
    _press(box, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))


def test_the_keyboard_alone_reaches_call(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(MOBILE, Source.LINK)
    _wait_till_it_hears(desk, box)
    _press(box, Qt.Key.Key_Tab)
    assert box.call.hasFocus()
    _press(box, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))


@pytest.mark.parametrize("way", ["esc", "close"])
def test_leaving_is_no(desk: Desk, box: AskBox, cancelled: list[Plan], way: str) -> None:
    desk.dialler.dial(FINNISH)
    _wait_till_it_hears(desk, box)
    if way == "esc":
        _press(box, Qt.Key.Key_Escape)
    else:
        box.close()
    assert not box.isVisible()
    assert len(cancelled) == 1
    assert desk.telco.dialled == []


def test_what_is_typed_in_the_first_half_second_is_not_meant_for_it(
    desk: Desk, cancelled: list[Plan]
) -> None:
    box = AskBox(desk.dialler, deaf_ms=60_000)
    desk.qtbot.addWidget(box)
    desk.dialler.dial(FINNISH)
    desk.qtbot.waitUntil(box.isActiveWindow)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        _press(box, key)
    for button in (box.call, box.cancel):
        desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert box.isVisible()
    assert cancelled == []
    assert desk.telco.dialled == []
    box.close()


def test_a_key_that_is_held_down_answers_nothing(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(FINNISH)
    _wait_till_it_hears(desk, box)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    QApplication.sendEvent(box.call, held)
    assert box.isVisible()
    assert desk.telco.dialled == []


# one at a time


def test_fifty_requests_open_one_box_and_the_first_stays(
    desk: Desk, box: AskBox, cancelled: list[Plan]
) -> None:
    for n in range(50):
        desk.dialler.dial(f"tel:+372512345{n:02}", Source.LINK)
    assert "Call 5123\u00a04500?" in box.said
    assert "49 more calls were asked for meanwhile and not taken." in box.said
    assert len(cancelled) == 49
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, AskBox) and w.isVisible()]
    assert windows == [box]


def test_the_same_number_again_is_the_same_question(
    desk: Desk, box: AskBox, cancelled: list[Plan]
) -> None:
    desk.dialler.dial(MOBILE, Source.LINK)
    desk.dialler.dial(MOBILE, Source.LINK)
    assert "meanwhile" not in box.said
    assert len(cancelled) == 1


def test_the_next_question_starts_anew(desk: Desk, box: AskBox) -> None:
    for text in (MOBILE, FINNISH):
        desk.dialler.dial(text, Source.LINK)
    _wait_till_it_hears(desk, box)
    box.cancel.click()
    desk.dialler.dial(FINNISH, Source.LINK)
    assert "Finland" in box.said
    assert "meanwhile" not in box.said


# the outcome, for a wish that no window of ours knows


def test_the_outcome_of_a_links_call_is_told(desk: Desk, box: AskBox) -> None:
    desk.dialler.dial(MOBILE, Source.LINK)
    _wait_till_it_hears(desk, box)
    box.call.click()
    desk.qtbot.waitUntil(lambda: "Your phone 640\u00a03231 is ringing" in box.said)
    assert not box.call.isVisible()
    desk.qtbot.waitUntil(lambda: not box.isVisible())


def test_why_a_links_call_failed_stays_until_it_is_read(desk: Desk, box: AskBox) -> None:
    desk.telco.trouble["call"].append(Refused("The service said no", "Try later."))
    desk.dialler.dial(MOBILE, Source.LINK)
    _wait_till_it_hears(desk, box)
    box.call.click()
    desk.qtbot.waitUntil(lambda: box.said == "The service said no\nTry later.")
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed, wait=100):
        pass
    assert box.isVisible()
    box.cancel.click()
    assert not box.isVisible()


def test_a_question_takes_the_place_of_an_outcome(desk: Desk, box: AskBox) -> None:
    desk.telco.trouble["call"].append(Refused("The service said no"))
    desk.dialler.dial(MOBILE, Source.LINK)
    _wait_till_it_hears(desk, box)
    box.call.click()
    desk.qtbot.waitUntil(lambda: "said no" in box.said)
    desk.dialler.dial(FINNISH, Source.LINK)
    assert box.call.isVisible()
    assert "said no" not in box.said


def test_a_hostile_name_is_text(desk: Desk, box: AskBox) -> None:
    desk.add("51234567", HOSTILE, timedelta(hours=1), timedelta(minutes=1))
    desk.poll()
    desk.dialler.dial(MOBILE, Source.LINK)
    labels = box.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert "<img src='file:///x'>" in box.said
    assert "\u202e" not in box.said
