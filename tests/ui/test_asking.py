"""The question before a call and the choice of a number, which are made when they are needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk_phone.model.dialing import Source
from desk_phone.ui.dialling.asking import Asking
from tests.ui.conftest import Desk

MOBILE = "5123 4567"


@pytest.fixture
def asking(desk: Desk) -> Iterator[Asking]:
    asking = Asking(desk.dialler)
    yield asking
    for window in (asking._box, asking._choice):
        if window is not None:
            desk.qtbot.addWidget(window)
            window.hide()
    asking.deleteLater()


def test_there_is_nothing_until_somebody_wishes_a_call(desk: Desk, asking: Asking) -> None:
    asking.speak_again()
    desk.poll()
    assert asking._box is None
    assert asking._choice is None


def test_the_first_question_is_asked_and_so_is_the_next(desk: Desk, asking: Asking) -> None:
    desk.dialler.dial(MOBILE, Source.LINK)
    assert asking.box.isVisible()
    assert asking.box.said.startswith("Call 5123")
    assert "more call" not in asking.box.said  # it was asked once
    asking.box.close()
    desk.dialler.dial("+358 40 1234567", Source.LINK)
    assert asking.box.said.startswith("Call +358")
    assert "more call" not in asking.box.said


def test_what_cannot_be_called_is_told_at_the_first_time(desk: Desk, asking: Asking) -> None:
    desk.dialler.dial("12", Source.LINK)
    assert asking._box is not None
    assert asking.box.isVisible()
    assert not asking.box.call.isVisible()


def test_a_call_that_nobody_was_asked_about_is_told(desk: Desk, asking: Asking) -> None:
    desk.dialler.dial(MOBILE, Source.HOTKEY)
    desk.qtbot.waitUntil(lambda: asking._box is not None and "lift the handset" in asking.box.said)
    assert asking.box.isVisible()
    assert len(desk.telco.dialled) == 1


def test_a_call_from_our_windows_makes_no_box(desk: Desk, asking: Asking) -> None:
    """Who is dialled by key is not asked: the window itself tells how it goes."""
    with desk.qtbot.waitSignal(desk.dialler.progressed):
        desk.dialler.dial_key("+37251234567")
    assert asking._box is None


def test_a_number_of_several_is_chosen(desk: Desk, asking: Asking) -> None:
    plans = [desk.dialler.plan(text, Source.WINDOW) for text in (MOBILE, "640 3231")]
    chosen: list[str] = []
    asking.chosen.connect(chosen.append)
    asking.choice.show_plans(plans)
    asking.choice._deaf.stop()
    asking.choice.buttons[0].click()
    assert chosen == [MOBILE]
