"""Every window with something to show, for the tests that look at all of them alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from desk_phone.errors import BadCredentials, Offline
from desk_phone.model.dialing import Source
from desk_phone.ui.ask_box import AskBox
from desk_phone.ui.cards import CardStack
from desk_phone.ui.dialer import DialPalette
from desk_phone.ui.main_window import MainWindow, Section
from tests.ui.conftest import Desk


@dataclass
class Windows:
    """Made as in the program; the cards stay until they are closed."""

    desk: Desk
    main: MainWindow
    palette: DialPalette
    box: AskBox
    stack: CardStack

    def hide(self) -> None:
        self.stack.clear()
        for window in (self.main, self.palette, self.box):
            window.hide()


def make_windows(desk: Desk) -> Windows:
    desk.change(missed_card_seconds=0)
    parts = (desk.calls, desk.dialler, desk.account, desk.preferences)
    return Windows(
        desk,
        MainWindow(*parts, desk.now),
        DialPalette(*parts, deaf_ms=0),
        AskBox(desk.dialler, deaf_ms=0),
        CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now),
    )


def _history(windows: Windows) -> None:
    desk = windows.desk
    desk.add("51234567", "Kristiina Õunapuu", timedelta(minutes=5), timedelta(minutes=3))
    desk.add("56981122", "Сергей Иванов", timedelta(hours=1), timedelta(minutes=12), outgoing=True)
    desk.add("00358401234567", "", timedelta(days=1))
    desk.poll()


def _empty(windows: Windows) -> QWidget:
    windows.main.show_calls()
    return windows.main


def _calls(windows: Windows) -> QWidget:
    _history(windows)
    windows.main.show_calls()
    return windows.main


def _in_trouble(windows: Windows) -> QWidget:
    desk = windows.desk
    _history(windows)
    windows.main.tell_tray(False)
    desk.fail(Offline("No connection to the phone service", "Is the network cable plugged in?"))
    desk.calls.plan_next(desk.clock.at + timedelta(minutes=3), True)
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 3600)
    desk.dialler.dial("+870123456789")
    windows.main.show_calls()
    return windows.main


def _settings(section: Section) -> Callable[[Windows], QWidget]:
    def prepare(windows: Windows) -> QWidget:
        windows.main.show_settings(section)
        return windows.main

    return prepare


def _locked(windows: Windows) -> QWidget:
    windows.desk.fail(BadCredentials("The password was refused", "Enter the new password."))
    windows.main.show_settings(Section.ACCOUNT)
    return windows.main


def _palette(text: str) -> Callable[[Windows], QWidget]:
    def prepare(windows: Windows) -> QWidget:
        _history(windows)
        windows.palette.open_with(text)
        return windows.palette

    return prepare


def _palette_of_nobody(windows: Windows) -> QWidget:
    windows.palette.open()
    return windows.palette


def _palette_after_a_refusal(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.telco.trouble["call"].append(BadCredentials("The password was refused", "Enter it again."))
    windows.palette.open_with("51234560")
    with desk.qtbot.waitSignals([desk.dialler.progressed] * 2):
        desk.dialler.dial("51234560")
    return windows.palette


def _card(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.add("51234567", "", timedelta(hours=3), timedelta(minutes=3))
    desk.miss("51234567", "Kristiina Õunapuu-Lindström")
    return windows.stack.cards[-1]


def _card_that_calls(windows: Windows) -> QWidget:
    desk = windows.desk
    card = _card(windows)
    with desk.qtbot.waitSignals([desk.dialler.progressed] * 2):
        desk.dialler.dial_key("+37251234567")
    return card


def _cards(windows: Windows) -> QWidget:
    for n in range(4):
        windows.desk.miss(f"5123450{n}")
    return windows.stack.cards[1]


def _summary(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.calls.woke()
    for n in range(7):
        desk.add(f"5123450{n % 5}", "", timedelta(days=3, hours=n))
    desk.poll()
    return windows.stack.cards[0]


def _question(windows: Windows) -> QWidget:
    for text in ("+358401234567", "51234567"):
        windows.desk.dialler.dial(text, Source.COMMAND)
    return windows.box


def _guess(windows: Windows) -> QWidget:
    windows.desk.dialler.dial("8 495 123 45 67", Source.CLIPBOARD)
    return windows.box


PREPARED: dict[str, Callable[[Windows], QWidget]] = {
    "empty": _empty,
    "calls": _calls,
    "trouble": _in_trouble,
    **{f"settings {section}": _settings(section) for section in Section},
    "settings locked": _locked,
    "palette": _palette(""),
    "palette number": _palette("5123"),
    "palette problem": _palette("*21#"),
    "palette nothing": _palette("qqqq"),
    "palette nobody": _palette_of_nobody,
    "palette refused": _palette_after_a_refusal,
    "card": _card,
    "card calling": _card_that_calls,
    "cards": _cards,
    "summary": _summary,
    "question": _question,
    "guess": _guess,
}
