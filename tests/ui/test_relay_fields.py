"""The relay on the account page, in the wizard and beside the notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desk_phone.app import relay_acts
from desk_phone.app.relay import RelayDesk
from desk_phone.app.relay_acts import broker_item
from desk_phone.errors import PhoneError, Refused, Uncertain
from desk_phone.model.relayed import DOWN, UP
from desk_phone.settings import Preset, Settings
from desk_phone.telco.enrolled import Enrolled
from desk_phone.telco.feed_events import Connected
from desk_phone.telco.refusals import refusal
from desk_phone.ui.settings.account_section import AccountSection
from desk_phone.ui.settings.notices_section import NoticesSection
from desk_phone.ui.wizard import Wizard
from tests.relayed import OTHER_LINE, OWN, RELAY, enrolled, relay_says
from tests.ui.behind import behind, relay_desk
from tests.ui.conftest import Desk, FakeKeyring
from tests.ui.feeding import GONE, Feeding
from tests.ui.gate import heard

CODE = "ABCD EFGH"


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def feeding(empty_desk: Desk) -> Feeding:
    feeding = Feeding(empty_desk)
    feeding.desk_of_relay = relay_desk(empty_desk, feeding.make)
    feeding.it.feed.start()
    return feeding


@pytest.fixture
def section(empty_desk: Desk, feeding: Feeding) -> Iterator[AccountSection]:
    section = AccountSection(empty_desk.account, empty_desk.preferences, feeding.it)
    empty_desk.qtbot.addWidget(section)
    section.resize(700, 600)
    section.show()
    yield section
    section.hide()


def gives(relay: RelayDesk, given: Enrolled | PhoneError) -> None:
    def ask(*_: object) -> Enrolled:
        if isinstance(given, PhoneError):
            raise given
        return given

    relay.enrolment._ask = ask


def join(desk: Desk, section: AccountSection, relay: RelayDesk, address: str = RELAY) -> None:
    section.by_code.click()
    section.relay.address.setText(address)
    section.relay.code.setText(CODE)
    section.relay.enrol.click()
    desk.qtbot.waitUntil(lambda: not relay.state.busy)


# the account page


def test_a_password_is_the_usual_way(section: AccountSection) -> None:
    assert section.by_password.isChecked()
    assert section.user.isVisible()
    assert not section.relay.isVisible()
    section.by_code.click()
    assert not section.user.isVisible()
    assert not section.password.isVisible()
    assert section.relay.code.isVisible()
    assert not section.relay.enrol.isEnabled()


def test_a_code_joins(empty_desk: Desk, section: AccountSection, feeding: Feeding) -> None:
    entered = heard(empty_desk.account.entered)
    join(empty_desk, section, feeding.it)
    assert "640\u00a03231" in section.relay._enrolled.text()
    assert RELAY in section.relay._enrolled.text()
    assert not section._ways.isVisible()
    assert not section.relay.code.isVisible()
    assert section.relay.code.text() == ""
    assert section.relay.leave.isVisible()
    assert not section.relay.keep.isVisible()
    assert empty_desk.keyring.kept.keys() == {"d1", broker_item("d1")}
    assert empty_desk.preferences.settings.own_number == OWN
    assert len(entered) == 1
    empty_desk.qtbot.waitUntil(lambda: bool(feeding.feeds))
    assert feeding.feed.subscription.numbers == (OWN,)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Refused("The relay does not take this code", "Ask for a new one."), "does not take"),
        (Uncertain("closed"), "may be used up"),
    ],
)
def test_one_that_does_not_work_is_told(
    empty_desk: Desk, section: AccountSection, feeding: Feeding, trouble: PhoneError, said: str
) -> None:
    gives(feeding.it, trouble)
    join(empty_desk, section, feeding.it)
    assert said in section.status
    assert section.relay.code.text() == CODE  # to be looked at again
    assert section.relay.enrol.isEnabled()
    gives(feeding.it, enrolled())
    join(empty_desk, section, feeding.it)
    assert feeding.it.state.enrolled
    assert said not in section.status


def test_without_a_keyring_no_code_is_used(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    asked: list[object] = []
    feeding.it.enrolment._ask = lambda *given: asked.append(given) or enrolled()
    empty_desk.keyring.absent = True
    join(empty_desk, section, feeding.it)
    assert "The code was not used" in section.status
    assert asked == []


def test_what_the_keyring_did_not_keep_can_be_kept_later(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    def ask(*_: object) -> Enrolled:
        empty_desk.keyring.absent = True
        return enrolled()

    feeding.it.enrolment._ask = ask
    join(empty_desk, section, feeding.it)
    assert feeding.it.state.enrolled
    assert section.relay.keep.isVisible()
    assert "no keyring" in section.status
    empty_desk.keyring.absent = False
    section.relay.keep.click()
    empty_desk.qtbot.waitUntil(lambda: not feeding.it.state.busy)
    assert not section.relay.keep.isVisible()
    assert empty_desk.keyring.kept.keys() == {"d1", broker_item("d1")}


def test_leaving_asks_first(empty_desk: Desk, section: AccountSection, feeding: Feeding) -> None:
    join(empty_desk, section, feeding.it)
    section.relay.leave.click()
    assert "new code" in section.relay.asks
    # "Leave it" is what others call to keep something as it is, in every other language too
    assert section.relay.yes.text() == "Leave the relay"
    section.relay.no.click()
    assert section.relay.asks == ""
    assert feeding.it.state.enrolled
    section.relay.leave.click()
    section.relay.yes.click()
    empty_desk.qtbot.waitUntil(lambda: not feeding.it.state.enrolled)
    empty_desk.qtbot.waitUntil(lambda: not feeding.it.state.busy)
    assert section._ways.isVisible()
    assert section.relay.code.isVisible()
    assert section.relay.address.text() == RELAY
    assert empty_desk.keyring.kept == {}


def test_an_address_for_everybody_leaves_only_the_code(empty_desk: Desk, feeding: Feeding) -> None:
    preferences = empty_desk.preferences
    preferences._kept._preset = Preset(locked={"relay_url": RELAY})
    preferences._kept._overrides["relay_url"] = RELAY
    section = AccountSection(empty_desk.account, preferences, feeding.it)
    empty_desk.qtbot.addWidget(section)
    section.show()
    assert section.by_code.isChecked()
    assert section.relay.address.text() == RELAY
    assert not section.relay.address.isEnabled()
    assert "Address of the relay" in section.fixed
    section.relay.code.setText(CODE)
    assert section.relay.enrol.isEnabled()
    section.hide()


def test_only_the_numbers_of_this_computer_can_be_the_own_line(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    gives(feeding.it, enrolled(numbers=(OWN, OTHER_LINE)))
    join(empty_desk, section, feeding.it)
    assert empty_desk.account.lines == (OWN, OTHER_LINE)
    assert empty_desk.preferences.settings.own_number == ""


# the wizard


@pytest.fixture
def wizard(empty_desk: Desk) -> Iterator[Wizard]:
    wizard = Wizard(behind(empty_desk))
    empty_desk.qtbot.addWidget(wizard)
    wizard.open_where_needed()
    empty_desk.qtbot.waitUntil(wizard.isActiveWindow)
    yield wizard
    wizard.hide()


def test_a_code_is_the_second_way_of_the_wizard(empty_desk: Desk, wizard: Wizard) -> None:
    section = wizard.account.section
    section.by_code.click()
    section.focus_first()
    QTest.keyClicks(section.relay.address, RELAY)
    QTest.keyClick(section.relay.address, Qt.Key.Key_Return)
    assert section.relay.code.hasFocus()
    assert not wizard.next.isEnabled()
    QTest.keyClicks(section.relay.code, CODE)
    assert wizard.next.isEnabled()
    QTest.keyClick(section.relay.code, Qt.Key.Key_Return)
    empty_desk.qtbot.waitUntil(lambda: wizard.step is wizard.line)
    assert wizard.account.done
    assert wizard.line.done
    wizard.back.click()
    wizard.next.click()
    assert wizard.step is wizard.line


def test_a_code_that_does_not_work_stays_at_its_step(
    empty_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = behind(empty_desk)
    gives(window.relay, Refused("The relay does not take this code", "Ask for a new one."))
    wizard = Wizard(window)
    empty_desk.qtbot.addWidget(wizard)
    wizard.open_where_needed()
    section = wizard.account.section
    section.by_code.click()
    section.relay.address.setText(RELAY)
    section.relay.code.setText(CODE)
    wizard.next.click()
    empty_desk.qtbot.waitUntil(lambda: not window.relay.state.busy)
    assert wizard.step is wizard.account
    assert "does not take" in section.status
    assert not wizard.account.done
    wizard.close()
    assert section.relay.code.text() == ""  # nothing typed stays in a window nobody sees


# the notices


def test_the_relay_takes_the_place_of_an_address(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    desk = empty_desk
    notices = NoticesSection(behind(desk).notices, desk.preferences, desk.now, feeding.it)
    desk.qtbot.addWidget(notices)
    notices.show()
    assert notices.url.isVisible()
    assert not notices.relay.isVisible()
    join(desk, section, feeding.it)
    assert not notices.url.isVisible()
    assert notices.relay.isVisible()
    desk.qtbot.waitUntil(lambda: bool(feeding.feeds))
    assert "Connecting" in notices.relay.status
    feeding.say(Connected(kept=False), relay_says(UP))
    assert "while they ring" in notices.relay.status
    feeding.say(relay_says(DOWN))
    assert "is down" in notices.relay.status
    feeding.say(GONE)
    assert "connection was lost" in notices.relay.status
    notices.relay.on.click()
    assert not desk.preferences.settings.relay_notices
    assert "looked up" in notices.relay.status
    notices.hide()


def test_the_trial_of_the_keyring_leaves_nothing(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    gives(feeding.it, Refused("no"))
    join(empty_desk, section, feeding.it)
    assert relay_acts._TRIAL not in empty_desk.keyring.kept


def test_a_refused_computer_is_asked_for_a_new_code(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    desk = empty_desk
    join(desk, section, feeding.it)
    desk.qtbot.waitUntil(lambda: not desk.calls.polling)
    desk.fail(refusal("ERR001", "x"))
    desk.account.tell()
    assert feeding.it.state.refused
    assert section.relay.code.isVisible()
    assert section.relay.again.isVisible()
    assert not section.relay.address.isVisible()
    section.relay.again.click()  # it was the relay's mistake
    assert not feeding.it.state.refused
    assert not section.relay.code.isVisible()
    desk.fail(refusal("ERR001", "x"))
    desk.account.tell()
    gives(feeding.it, enrolled("d2"))
    section.relay.code.setText(CODE)
    section.relay.enrol.click()
    desk.qtbot.waitUntil(lambda: not feeding.it.state.busy)
    assert desk.preferences.settings.relay_device == "d2"
    assert not feeding.it.state.refused
    assert desk.keyring.kept.keys() == {"d2", broker_item("d2")}


def test_one_without_its_secrets_too(
    empty_desk: Desk, section: AccountSection, feeding: Feeding
) -> None:
    desk = empty_desk
    join(desk, section, feeding.it)
    desk.qtbot.waitUntil(lambda: bool(feeding.feeds))
    desk.keyring.kept.clear()
    desk.change(relay_numbers=f"{OWN} {OTHER_LINE}")
    desk.qtbot.waitUntil(lambda: feeding.it.state.refused)
    assert "no longer enrolled" in section.status
    assert section.relay.code.isVisible()
