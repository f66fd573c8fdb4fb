"""The settings: everything applies at once, and the password stays in no widget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea

from desk_phone.errors import BadCredentials, BadInput, Offline, Refused
from desk_phone.model.secret import Secret
from desk_phone.settings import SERVICE_URL, Settings
from desk_phone.ui.pause import tomorrow
from desk_phone.ui.settings.page import Section, SettingsPage
from tests.ui.behind import behind
from tests.ui.conftest import HOSTILE, OWN, USER, Desk, FakeKeyring

WRONG = BadCredentials("The password was refused", "Enter it again.")


@pytest.fixture
def page(desk: Desk) -> Iterator[SettingsPage]:
    page = SettingsPage(behind(desk))
    desk.qtbot.addWidget(page)
    page.resize(700, 900)
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.isActiveWindow)
    yield page
    page.hide()


def _enter(desk: Desk, page: SettingsPage, password: str = "battery staple") -> None:
    desk.qtbot.keyClicks(page.account.password, password)
    desk.qtbot.keyClick(page.account.password, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)


@pytest.mark.parametrize("section", Section)
def test_a_section_is_shown_from_its_top(page: SettingsPage, section: Section) -> None:
    """Also the account, which a small window cannot show whole."""
    page.resize(700, 380)
    page.reveal(section)
    frame = page.frame(section)
    (area,) = page.findChildren(QScrollArea)
    assert 0 <= frame.mapTo(area, QPoint()).y() < area.height()


# the account


def test_a_password_that_works_is_kept_and_the_field_is_empty(
    desk: Desk, page: SettingsPage
) -> None:
    _enter(desk, page)
    assert desk.keyring.kept[USER] == Secret("battery staple")
    assert page.account.password.text() == ""
    assert page.account.status == "The password is kept in the system's keyring."


def test_a_password_that_is_refused_stays_to_be_mended(desk: Desk, page: SettingsPage) -> None:
    desk.telco.trouble["numbers"].append(WRONG)
    _enter(desk, page)
    assert page.account.status == "The password was refused\nEnter it again."
    assert page.account.password.text() == "battery staple"
    assert desk.keyring.kept[USER] == Secret("correct horse")


def test_the_password_is_covered_until_somebody_looks(desk: Desk, page: SettingsPage) -> None:
    assert page.account.password.echoMode() is QLineEdit.EchoMode.Password
    page.account._eye.click()
    assert page.account.password.echoMode() is QLineEdit.EchoMode.Normal
    _enter(desk, page)
    assert page.account.password.echoMode() is QLineEdit.EchoMode.Password


def test_while_the_service_is_asked_nothing_can_be_asked_again(
    desk: Desk, page: SettingsPage
) -> None:
    desk.qtbot.keyClicks(page.account.password, "battery staple")
    page.account.test.click()
    assert page.account.status == "Asking the phone service..."
    assert not page.account.test.isEnabled()
    desk.qtbot.keyClick(page.account.password, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
    assert [asked[0] for asked in desk.telco.asked].count("numbers") == 1


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Offline("No connection", "Try later."), id="offline"),
        pytest.param(Refused("The service said no", "Ask your administrator."), id="refused"),
    ],
)
def test_other_trouble_is_said(desk: Desk, page: SettingsPage, error: Exception) -> None:
    desk.telco.trouble["numbers"].append(error)
    _enter(desk, page)
    assert page.account.status == str(error)


def test_a_refused_password_can_be_tried_again_as_it_is(desk: Desk, page: SettingsPage) -> None:
    desk.fail(WRONG)
    assert page.account.test.text() == "Try again"
    assert page.account.test.isEnabled()
    with desk.qtbot.waitSignal(desk.account.entered):
        page.account.test.click()
    assert page.account.test.text() == "Save and test"
    assert not page.account.test.isEnabled()
    desk.poll()


def test_a_new_password_takes_the_place_of_trying_again(desk: Desk, page: SettingsPage) -> None:
    desk.fail(WRONG)
    desk.qtbot.keyClicks(page.account.password, "x")
    assert page.account.test.text() == "Save and test"
    page.account.password.clear()
    desk.qtbot.keyClicks(page.account.user, "x")
    assert page.account.test.text() == "Save and test"
    assert not page.account.test.isEnabled()


def test_after_three_refusals_the_page_says_when_to_try(desk: Desk, page: SettingsPage) -> None:
    for _ in range(3):
        desk.telco.trouble["numbers"].append(WRONG)
        page.account.password.clear()
        _enter(desk, page)
    page.account.password.clear()
    _enter(desk, page)
    assert page.account.status.startswith("Too many wrong passwords within an hour")


def test_forgetting_forgets_it_in_the_keyring_too(desk: Desk, page: SettingsPage) -> None:
    page.account.forget.click()
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
    assert desk.keyring.kept == {}
    assert not page.account.forget.isEnabled()


class TestWithoutAKeyring:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring(absent=True)

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        return empty_desk

    def test_the_page_says_that_it_is_in_memory_only(self, desk: Desk, page: SettingsPage) -> None:
        _enter(desk, page)
        assert "no keyring" in page.account.status
        assert desk.account.state.password_known


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("http://company.example/external/", "password travels", id="plain http"),
        pytest.param("company.example", "no web address", id="no scheme"),
        pytest.param("https://u:p@company.example/", "user name and password", id="credentials"),
        pytest.param("https://company.example/?x", "what follows ?", id="query"),
        pytest.param("ftp://company.example/", "must begin with https", id="ftp"),
    ],
)
def test_an_address_that_cannot_be_is_not_kept(
    desk: Desk, page: SettingsPage, address: str, said: str
) -> None:
    fields = page.account._advanced_box
    fields.service.setText(address)
    fields.service.editingFinished.emit()
    assert said in fields.problem
    assert desk.preferences.settings.service_url == SERVICE_URL


def test_an_address_that_can_be_is_kept_at_once(desk: Desk, page: SettingsPage) -> None:
    page.account._advanced.click()
    fields = page.account._advanced_box
    assert fields.isVisible()
    for field, text in ((fields.service, "https://a.example/x/"), (fields.proxy, "http://p:3128")):
        field.setText(text)
        field.editingFinished.emit()
    assert fields.problem == ""
    assert desk.preferences.settings.service_url == "https://a.example/x/"
    assert desk.preferences.settings.proxy == "http://p:3128"
    fields.service.setText("")
    fields.service.editingFinished.emit()
    assert desk.preferences.settings.service_url == SERVICE_URL


# my line


def test_a_line_is_proposed_by_the_list_and_chosen_by_the_button(
    desk: Desk, page: SettingsPage
) -> None:
    page.line.refresh.click()
    desk.qtbot.waitUntil(lambda: page.line.numbers.count() == 2)
    page.line.numbers.setCurrentIndex(page.line.numbers.findData("+3726401234"))
    assert desk.preferences.settings.own_number == OWN
    assert page.line.use.isEnabled()
    with desk.qtbot.waitSignal(desk.calls.polled):
        page.line.use.click()
    assert desk.preferences.settings.own_number == "+3726401234"
    assert page.line.status == "Your line is 640 1234."
    assert not page.line.use.isEnabled()


def test_a_wheel_over_the_list_chooses_nobodys_phone(desk: Desk, page: SettingsPage) -> None:
    page.line.refresh.click()
    desk.qtbot.waitUntil(lambda: page.line.numbers.count() == 2)
    before = page.line.numbers.currentIndex()
    for box in (page.line.numbers, page.popups.seconds):
        where = QPointF(5, 5)
        turn = QWheelEvent(
            where, box.mapToGlobal(where), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, turn)
    assert page.line.numbers.currentIndex() == before
    assert desk.preferences.settings.missed_card_seconds == 10


def test_the_own_line_is_in_the_list_even_when_the_company_forgot_it(
    desk: Desk, page: SettingsPage
) -> None:
    desk.telco.numbers_ = ("+3726401234",)
    page.line.refresh.click()
    desk.qtbot.waitUntil(lambda: page.line.numbers.count() == 2)
    assert page.line.numbers.currentData() == OWN


def test_the_own_name_is_kept_clean(desk: Desk, page: SettingsPage) -> None:
    page.line.own_name.first.setText("  Mari\u202e  Liis ")
    page.line.own_name.last.setText(" Maasikas")
    page.line.own_name.last.editingFinished.emit()
    assert desk.preferences.settings.own_name == "Mari Liis Maasikas"


class TestBeforeAnything:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings()

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        return empty_desk

    def test_the_line_waits_for_the_password(self, desk: Desk, page: SettingsPage) -> None:
        assert not page.line.numbers.isEnabled()
        assert not page.line.use.isEnabled()
        assert not page.line.refresh.isEnabled()
        assert "once the password works" in page.line.status

    def test_the_first_account_brings_the_list(self, desk: Desk, page: SettingsPage) -> None:
        desk.qtbot.keyClicks(page.account.user, USER)
        _enter(desk, page)
        assert page.line.numbers.isEnabled()
        assert page.line.numbers.count() == 2
        assert page.line.numbers.currentIndex() == -1
        assert not page.line.use.isEnabled()
        assert page.line.status == "No line is chosen yet."
        page.line.numbers.setCurrentIndex(1)
        assert page.line.use.isEnabled()
        assert page.line.status == ""  # it stands above, about to be chosen


# pop-ups and look


def test_no_pop_ups_is_a_choice(desk: Desk, page: SettingsPage) -> None:
    page.popups.none.click()
    assert not desk.preferences.settings.popups
    assert not page.popups.seconds.isEnabled()
    assert page.popups.status == "No cards; the tray icon still shows missed calls."


def test_zero_seconds_are_said_in_words(desk: Desk, page: SettingsPage) -> None:
    page.popups.seconds.setValue(0)
    assert page.popups.seconds.text() == "until I close it"
    assert desk.preferences.settings.missed_card_seconds == 0


def test_a_pause_ends_in_the_page_too(desk: Desk, page: SettingsPage) -> None:
    page.popups.hour.click()
    assert desk.preferences.settings.popups_paused_until == pytest.approx(
        (desk.clock.at + timedelta(hours=1)).timestamp()
    )
    assert page.popups.status.startswith("Paused until ")
    page.popups.resume.click()
    assert page.popups.status == "Not paused."
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 0.05)
    desk.clock.pass_(seconds=1)
    desk.qtbot.waitUntil(lambda: page.popups.status == "Not paused.")


def test_until_tomorrow_ends_before_the_working_day(desk: Desk, page: SettingsPage) -> None:
    page.popups.until_tomorrow.click()
    until = desk.preferences.settings.popups_paused_until
    assert until == tomorrow(desk.clock.at).timestamp()
    assert tomorrow(desk.clock.at).hour == 6


def test_the_look_is_a_setting(desk: Desk, page: SettingsPage) -> None:
    for theme, button in page.look.choices.items():
        button.click()
        assert desk.preferences.settings.theme == theme


def test_a_look_that_nobody_knows_is_the_systems(desk: Desk, page: SettingsPage) -> None:
    desk.change(theme="sepia")
    assert page.look.choices["system"].isChecked()


def test_a_setting_that_could_not_be_kept_is_said(desk: Desk, page: SettingsPage) -> None:
    desk.preferences.failed.emit(BadInput("The settings could not be written down", HOSTILE))
    texts = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "The settings could not be written down" in texts
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
