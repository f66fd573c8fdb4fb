"""The settings of notices: nothing is told to the service before a person has read what is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desk_phone.app import notices_state
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.notices_activation import Activation
from desk_phone.app.notices_state import Stage
from desk_phone.errors import Offline
from desk_phone.model.notices import Finding, Refusal
from desk_phone.ui.settings import notices_words
from desk_phone.ui.settings.notices_section import NoticesSection
from tests.notices import get
from tests.ui.behind import relay_desk
from tests.ui.conftest import HOSTILE, OWN, Desk
from tests.ui.noticing import activation, call, knock, notices, settings

__all__ = ["activation", "notices", "settings"]  # fixtures


@pytest.fixture
def section(desk: Desk, notices: NoticeDesk) -> Iterator[NoticesSection]:
    section = NoticesSection(notices, desk.preferences, desk.now, relay_desk(desk))
    desk.qtbot.addWidget(section)
    section.resize(700, 900)
    section.show()
    yield section
    section.hide()


def settled(desk: Desk, notices: NoticeDesk) -> None:
    desk.qtbot.waitUntil(lambda: not notices.state.busy)


def test_the_service_is_told_only_after_the_warning(
    desk: Desk, notices: NoticeDesk, section: NoticesSection
) -> None:
    section.tell.click()
    assert "CRM" in section.asks
    assert section.no.hasFocus() or not section.isActiveWindow()
    section.no.click()
    assert section.asks == ""
    assert desk.telco.notices == {}
    section.tell.click()
    section.yes.click()
    assert not section.tell.isEnabled()
    settled(desk, notices)
    assert desk.telco.notices == {OWN: section.whole.text()}
    assert "calls this address for 640 3231" in section.status
    section.take_back.click()
    settled(desk, notices)
    assert desk.telco.notices == {}
    assert "was not told" in section.status


def test_the_address_with_its_secret_can_be_copied(section: NoticesSection) -> None:
    section.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied == section.whole.text()
    assert copied.startswith("https://notices.company.example/desk-phone/")


def test_a_bad_address_is_told_and_not_kept(desk: Desk, section: NoticesSection) -> None:
    before = desk.preferences.settings.notices_url
    section.url.setText("ftp://nowhere")
    section.url.editingFinished.emit()
    assert section._problem.text()
    assert desk.preferences.settings.notices_url == before
    section.url.setText(" https://other.example/x ")
    section.url.editingFinished.emit()
    assert section._problem.text() == ""
    assert section.whole.text().startswith("https://other.example/x/")


def test_without_an_address_nothing_can_be_told(desk: Desk, section: NoticesSection) -> None:
    desk.change(notices_url="")
    assert section.whole.text() == ""
    assert not section.tell.isEnabled()
    assert not section.copy.isEnabled()


def test_the_switch_listens_and_stops(desk: Desk, section: NoticesSection) -> None:
    assert "Listening at 127.0.0.1:" in section.status
    section.on.click()
    assert not desk.preferences.settings.notices_on
    assert "Off:" in section.status
    assert not section.test.isEnabled()


def test_a_new_secret_says_that_the_service_must_be_told(
    desk: Desk, notices: NoticeDesk, section: NoticesSection
) -> None:
    section.tell.click()
    section.yes.click()
    settled(desk, notices)
    before = section.whole.text()
    section.renew.click()
    assert section.whole.text() != before
    assert "tell it again" in section.status
    assert desk.telco.notices == {OWN: before}


def test_trouble_is_said(desk: Desk, notices: NoticeDesk, section: NoticesSection) -> None:
    desk.telco.trouble["activate_notices"].append(Offline("No connection", "Try later."))
    section.tell.click()
    section.yes.click()
    settled(desk, notices)
    assert "No connection" in section.status
    desk.change(notices_address="203.0.113.1")
    assert "cannot be listened for" in section.status


def test_the_last_notice_and_the_last_refusal_are_said(
    desk: Desk, notices: NoticeDesk, activation: Activation, section: NoticesSection
) -> None:
    assert "none yet" in section.status
    hostile = "%3Cimg%20src=x%3E%E2%80%AE%00"
    knock(desk.qtbot, notices, call(desk, activation, fn=hostile), get("/"))
    desk.qtbot.waitUntil(lambda: notices.state.last_refused is not None)
    assert "<img src=x>, " in section.status
    assert "a stranger's path, from 84.50.42.87" in section.status
    assert section._last.textFormat() is Qt.TextFormat.PlainText


def test_a_test_says_what_to_do_and_what_it_found(
    desk: Desk, notices: NoticeDesk, activation: Activation, section: NoticesSection
) -> None:
    section.test.click()
    assert section.test.text() == "Stop the test"
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.WAITING)
    assert "call your own desk phone from another phone" in section.status
    knock(desk.qtbot, notices, call(desk, activation))
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.DONE)
    assert "It works" in section.status
    section.test.click()
    section.test.click()
    assert notices.state.trial.stage is Stage.NONE


def test_silence_is_said(desk: Desk, notices: NoticeDesk, section: NoticesSection) -> None:
    section.tell.click()
    section.yes.click()
    settled(desk, notices)
    desk.clock.pass_(minutes=5)
    desk.miss(ago=timedelta(minutes=2))
    notices.polled()
    assert "no notice told of" in section.status


def test_lists_of_addresses_are_kept_when_they_are_some(
    desk: Desk, section: NoticesSection
) -> None:
    fields = section.fields
    fields.callers.setText("198.51.100.7, 10.0.0.0/8")
    fields.callers.editingFinished.emit()
    assert desk.preferences.settings.notices_callers == "198.51.100.7, 10.0.0.0/8"
    fields.proxies.setText(HOSTILE)
    fields.proxies.editingFinished.emit()
    assert fields.problem
    assert desk.preferences.settings.notices_proxies == "127.0.0.1 ::1"


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_has_words(why: Refusal) -> None:
    assert notices_state.why_refused(why)


@pytest.mark.parametrize("finding", Finding)
def test_every_finding_says_what_to_do(finding: Finding) -> None:
    assert notices_words.finding(finding)
