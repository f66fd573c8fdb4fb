"""The banners: what is so, what to do, one button; and they stay true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desk_phone.errors import BadCredentials, BadInput, Offline, Refused, Uncertain
from desk_phone.model.dialing import Source
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.banner import Banner
from desk_phone.ui.notices import Notices
from desk_phone.ui.trouble import Act, Kind, Message
from tests.ui.conftest import HOSTILE, Desk, FakeKeyring


@pytest.fixture
def notices(desk: Desk) -> Notices:
    notices = Notices(
        desk.calls, desk.dialler, desk.account, desk.preferences, desk.now, ringing_shown_ms=40
    )
    desk.qtbot.addWidget(notices)
    notices.resize(640, 100)
    notices.show()
    return notices


def _message(notices: Notices, name: str) -> Message:
    message = notices.message(name)
    assert message is not None
    return message


def _press(notices: Notices, text: str) -> None:
    button = next(b for b in notices.findChildren(QPushButton) if b.text() == text)
    button.click()


# the line


def test_all_is_well_without_a_banner(notices: Notices) -> None:
    assert notices.isHidden()


def test_offline_says_what_one_sees_and_counts_down(desk: Desk, notices: Notices) -> None:
    assert desk.calls.line.updated is not None
    at = words.clock(desk.calls.line.updated)
    desk.clock.pass_(minutes=1)
    desk.fail(Offline("No connection to the phone service"))
    desk.calls.plan_next(desk.clock.at + timedelta(seconds=20), False)
    message = _message(notices, "line")
    assert message.kind is Kind.BAD
    assert message.title == "No connection to the phone service"
    assert message.text == f"Showing calls as of {at}. Next try in 20 s."
    desk.clock.pass_(seconds=5)
    desk.qtbot.waitUntil(lambda: "in 15 s" in _message(notices, "line").text)
    desk.clock.pass_(seconds=20)
    desk.qtbot.waitUntil(lambda: "Trying now." in _message(notices, "line").text)


def test_try_now_tries_and_the_banner_goes(desk: Desk, notices: Notices) -> None:
    desk.fail(Offline("No connection"))
    with desk.qtbot.waitSignal(desk.calls.polled):
        _press(notices, "Try now")
    assert notices.message("line") is None
    assert notices.isHidden()


def test_a_hidden_page_does_not_count(desk: Desk, notices: Notices) -> None:
    desk.fail(Offline("No connection"))
    desk.calls.plan_next(desk.clock.at + timedelta(seconds=20), False)
    assert notices._second.isActive()
    notices.hide()
    assert not notices._second.isActive()


def test_a_refused_password_leads_to_the_account(desk: Desk, notices: Notices) -> None:
    desk.fail(BadCredentials("The password was refused", "Enter it again."))
    assert _message(notices, "line").title == "The password was refused"
    with desk.qtbot.waitSignal(notices.wanted) as asked:
        _press(notices, "Open account")
    assert asked.args == [Act.ACCOUNT]


# the password's place


class TestWithoutAKeyring:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring(absent=True)

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        with empty_desk.qtbot.waitSignal(empty_desk.account.entered):
            empty_desk.account.enter("P0000000@example.ee", Secret("correct horse"))
        return empty_desk

    def test_a_password_in_memory_only_is_said(self, desk: Desk, notices: Notices) -> None:
        assert _message(notices, "memory").kind is Kind.WARN
        desk.account.forget()
        desk.qtbot.waitUntil(lambda: notices.message("memory") is None)

    def test_whoever_read_it_is_not_told_again(self, desk: Desk, notices: Notices) -> None:
        _press(notices, "Close")
        assert notices.message("memory") is None
        desk.poll()
        desk.fail(Offline("No connection to the phone service"))
        assert notices.message("memory") is None

    def test_of_a_refused_one_it_is_not_said(self, desk: Desk, notices: Notices) -> None:
        desk.fail(BadCredentials("Refused"))
        assert notices.message("memory") is None


class TestBeforeAnything:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings()

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.failed):
            empty_desk.calls.poll()
        return empty_desk

    def test_an_empty_page_says_it_alone(self, notices: Notices) -> None:
        assert notices.message("line") is None


# a dial


def test_ringing_is_told_and_goes(desk: Desk, notices: Notices) -> None:
    desk.dialler.dial("51234567")
    desk.qtbot.waitUntil(lambda: notices.message("dial") is not None)
    assert "640 3231 is ringing" in _message(notices, "dial").title
    desk.qtbot.waitUntil(lambda: notices.message("dial") is None)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Refused("The service said no", "Try later."), id="refused"),
        pytest.param(Uncertain("No answer", "Look at your phone."), id="uncertain"),
    ],
)
def test_a_failed_dial_stays_until_it_is_closed(
    desk: Desk, notices: Notices, error: Exception
) -> None:
    desk.telco.trouble["call"].append(error)
    desk.dialler.dial("51234567")
    desk.qtbot.waitUntil(lambda: notices.message("dial") is not None)
    message = _message(notices, "dial")
    assert f"{message.title}\n{message.text}" == str(error)
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed, wait=100):
        pass
    _press(notices, "Close")
    assert notices.message("dial") is None


def test_offline_it_is_said_that_the_call_was_not_made(desk: Desk, notices: Notices) -> None:
    desk.telco.trouble["call"].append(Offline("No connection", "Try later."))
    desk.dialler.dial("51234567")
    desk.qtbot.waitUntil(lambda: notices.message("dial") is not None)
    message = _message(notices, "dial")
    assert message.title == "The call could not be made"
    assert message.text == "No connection. Try later."


def test_that_there_was_no_line_is_over_once_it_is_back_and_was_read(
    desk: Desk, notices: Notices
) -> None:
    window = QWidget()
    desk.qtbot.addWidget(window)
    notices.setParent(window)
    desk.telco.trouble["call"].append(Offline("No connection", "Try later."))
    desk.dialler.dial("51234567")
    desk.qtbot.waitUntil(lambda: notices.message("dial") is not None)
    desk.fail(Offline("No connection"))
    desk.clock.pass_(minutes=1)
    desk.poll()
    with desk.qtbot.assertNotEmitted(notices._dial_read.timeout, wait=100):
        pass  # nobody sees it yet
    assert notices.message("dial") is not None
    window.show()
    assert notices.message("dial") is not None
    desk.qtbot.waitUntil(lambda: notices.message("dial") is None)


def test_what_else_a_dial_met_stays_though_the_line_is_well(desk: Desk, notices: Notices) -> None:
    desk.telco.trouble["call"].append(Uncertain("No answer", "Look at your phone."))
    desk.dialler.dial("51234567")
    desk.qtbot.waitUntil(lambda: notices.message("dial") is not None)
    with desk.qtbot.assertNotEmitted(notices._dial_read.timeout, wait=100):
        desk.poll()
    assert _message(notices, "dial").title == "No answer"


def test_a_refused_number_is_said(desk: Desk, notices: Notices) -> None:
    desk.dialler.dial("*21#")
    assert "switch services" in _message(notices, "dial").text


def test_what_no_window_asked_for_is_refused_elsewhere(desk: Desk, notices: Notices) -> None:
    for source in (Source.LINK, Source.HOTKEY):
        desk.dialler.dial("112", source)
    assert notices.message("dial") is None


# pop-ups, settings, tray


def test_a_pause_is_said_and_can_be_ended(desk: Desk, notices: Notices) -> None:
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 3600)
    until = words.clock(desk.clock.at + timedelta(hours=1))
    assert _message(notices, "pause").title == f"Pop-ups are paused until {until}"
    _press(notices, "Resume")
    assert notices.message("pause") is None
    assert desk.preferences.settings.popups_paused_until == 0


def test_a_pause_ends_by_itself(desk: Desk, notices: Notices) -> None:
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 0.05)
    assert notices.message("pause") is not None
    desk.clock.pass_(seconds=1)
    desk.qtbot.waitUntil(lambda: notices.message("pause") is None)


@pytest.mark.parametrize("until", [1e300, float("inf"), float("nan"), -1.0])
def test_nonsense_in_the_settings_is_survived(desk: Desk, notices: Notices, until: float) -> None:
    desk.change(popups_paused_until=until)
    assert notices.isHidden() is not (until > 1e9)


def test_a_setting_that_could_not_be_kept_is_said(desk: Desk, notices: Notices) -> None:
    desk.preferences.failed.emit(BadInput("The settings could not be written down", "Disk full."))
    assert _message(notices, "dial").title == "The settings could not be written down"


def test_a_desktop_without_a_tray_is_told(desk: Desk, notices: Notices) -> None:
    notices.tell_tray(False)
    assert _message(notices, "tray").kind is Kind.INFO
    with desk.qtbot.waitSignal(notices.wanted) as asked:
        _press(notices, "Quit")
    assert asked.args == [Act.QUIT]
    notices.tell_tray(True)
    assert notices.isHidden()


def test_banners_keep_their_order(desk: Desk, notices: Notices) -> None:
    notices.tell_tray(False)
    desk.dialler.dial("*21#")
    desk.fail(Offline("No connection"))
    banners = notices.findChildren(Banner)
    desk.qtbot.waitUntil(lambda: len({banner.y() for banner in banners}) == 3)
    in_order = sorted(banners, key=lambda banner: banner.y())
    assert [banner.message.title.split()[0] for banner in in_order] == ["No", "*21#", "This"]


def test_the_words_of_the_service_are_text(desk: Desk, notices: Notices) -> None:
    desk.fail(Refused(HOSTILE, HOSTILE))
    labels = notices.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
