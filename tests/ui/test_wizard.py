"""The first start, by keyboard alone: every step can be left, and nothing that was done is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused
from desk_phone.model.secret import Secret
from desk_phone.settings import Preset, Settings
from desk_phone.system.autostart import Start
from desk_phone.system.keyring_trouble import locked
from desk_phone.system.links import Scheme
from desk_phone.ui.windows import Windows
from desk_phone.ui.wizard import Wizard
from tests.ui.behind import behind
from tests.ui.conftest import OWN, USER, Desk, FakeKeyring

PASSWORD = "battery staple"
WRONG = BadCredentials("The password was refused", "Enter it again.")
OFFLINE = Offline("No connection to the phone service", "Is the network cable plugged in?")
OTHER = "+3726401234"


class Keyboard:
    """All a person has; keys go where the focus is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def type(self, text: str) -> None:
        self._desk.qtbot.keyClicks(_focused(), text)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self._desk.qtbot.keyClick(_focused(), key)


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def keyboard(empty_desk: Desk) -> Keyboard:
    return Keyboard(empty_desk)


@pytest.fixture
def wizard(empty_desk: Desk) -> Iterator[Wizard]:
    wizard = Wizard(behind(empty_desk))
    empty_desk.qtbot.addWidget(wizard)
    _show(empty_desk, wizard)
    yield wizard
    wizard.hide()


def _show(desk: Desk, wizard: Wizard) -> None:
    wizard.open_where_needed()
    desk.qtbot.waitUntil(wizard.isActiveWindow)


def _enter(desk: Desk, keyboard: Keyboard, password: str = PASSWORD) -> None:
    """The account, from its first field."""
    keyboard.type(USER)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type(password)
    keyboard.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)


def _said(wizard: Wizard) -> str:
    return "\n".join(x.text() for x in wizard.findChildren(QLabel) if x.isVisibleTo(wizard))


def test_it_is_gone_through_by_keyboard_alone(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    desk = empty_desk
    desk.ledger.name_line(OTHER, "Jaan Tamm")
    _enter(desk, keyboard)
    assert wizard.step is wizard.line
    assert desk.keyring.kept == {USER: Secret(PASSWORD)}
    assert not wizard.next.isEnabled()
    numbers = wizard.line.section.numbers
    assert [numbers.itemText(at) for at in range(2)] == ["640 1234 · Jaan Tamm", "640 3231"]
    keyboard.press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert desk.preferences.settings.own_number == OWN
    assert wizard.step is wizard.popups
    keyboard.press(Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert not desk.preferences.settings.popups
    assert wizard.step is wizard.keys
    keyboard.press(Qt.Key.Key_Space)
    assert not desk.preferences.settings.hotkey_on
    with desk.qtbot.waitSignal(wizard.finished):
        keyboard.press(Qt.Key.Key_Return)
    assert wizard.isHidden()
    assert wizard.hint == ""


def test_links_and_the_start_at_login_are_part_of_it(wizard: Wizard) -> None:
    wizard.open(wizard.keys)
    links = wizard.keys.links
    links.schemes[Scheme.TEL].click()
    links.start.click()
    assert links.schemes[Scheme.TEL].isChecked()
    assert links._autostart.state() is Start.ON


def test_everything_can_be_left_for_later_and_is_named_in_the_end(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    before = empty_desk.preferences.settings
    for _ in range(3):
        wizard.later.setFocus()
        keyboard.press(Qt.Key.Key_Return)
    assert wizard.step is wizard.keys
    assert wizard.hint == "Left for later, in the settings: Account, My line."
    assert not wizard.later.isVisible()
    wizard.next.click()
    assert wizard.isHidden()
    assert empty_desk.preferences.settings == before
    assert empty_desk.telco.asked == []


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(WRONG, id="wrong password"),
        pytest.param(OFFLINE, id="no network"),
        pytest.param(Refused("The service said no", "Ask your administrator."), id="refused"),
    ],
)
def test_what_holds_somebody_up_is_said_with_a_way_on(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard, trouble: PhoneError
) -> None:
    empty_desk.telco.trouble["numbers"].append(trouble)
    _enter(empty_desk, keyboard, "typed wrongly")
    assert wizard.step is wizard.account
    assert str(trouble) in _said(wizard)
    assert wizard.hint == "Or go on without it: Later leaves it for the settings."
    assert wizard.account.section.password.hasFocus()
    wizard.later.click()
    assert wizard.step is wizard.line
    assert "once the password works" in _said(wizard)
    assert wizard.hint == "Go back to the account, or leave this for later."


def test_a_password_that_is_mended_goes_on(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    empty_desk.telco.trouble["numbers"].append(WRONG)
    _enter(empty_desk, keyboard, "typed wrongly")
    wizard.account.section.password.selectAll()
    keyboard.type(PASSWORD)
    wizard.next.click()
    empty_desk.qtbot.waitUntil(lambda: wizard.step is wizard.line)


class TestWithoutAKeyring:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring(absent=True)

    def test_that_is_said_before_anything_else_is_asked(
        self, empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
    ) -> None:
        _enter(empty_desk, keyboard)
        assert wizard.step is wizard.account
        assert "This computer has no keyring" in _said(wizard)
        keyboard.press(Qt.Key.Key_Return)
        assert wizard.step is wizard.line


class LockedKeyring(FakeKeyring):
    """``is_locked`` until the person opens it."""

    is_locked = True

    def read(self, user: str) -> Secret:
        if self.is_locked:
            raise locked()
        return super().read(user)


class TestWithALockedKeyring:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return LockedKeyring({USER: Secret(PASSWORD)})

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER)

    def test_it_is_said_and_can_be_tried_again(self, empty_desk: Desk, wizard: Wizard) -> None:
        desk = empty_desk
        desk.account.entered.connect(desk.calls.poll)
        desk.calls.line_changed.connect(desk.account.tell)
        with desk.qtbot.waitSignal(desk.calls.failed):
            desk.calls.poll()
        assert "The keyring is locked" in _said(wizard)
        desk.keyring.is_locked = False  # type: ignore[attr-defined]
        wizard.account.section.test.click()
        desk.qtbot.waitUntil(lambda: wizard.account.done and wizard.next.isEnabled())
        wizard.next.click()
        assert wizard.step is wizard.line
        assert wizard.line.section.numbers.count() == 2


def test_no_network_at_the_line_is_said_there(empty_desk: Desk, wizard: Wizard) -> None:
    desk = empty_desk
    desk.account.enter(USER, Secret(PASSWORD))
    desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
    desk.access._memory.forget(f"company numbers {USER}")
    desk.telco.trouble["numbers"].append(OFFLINE)
    wizard.later.click()
    desk.qtbot.waitUntil(lambda: wizard.line.section.status == str(OFFLINE))
    assert wizard.hint
    wizard.line.section.refresh.click()
    desk.qtbot.waitUntil(lambda: wizard.line.section.numbers.count() == 2)


def test_a_desktop_without_a_tray_is_told_of(wizard: Wizard) -> None:
    wizard.open(wizard.popups)
    assert "no tray icons" not in _said(wizard)
    wizard.tell_tray(False)
    assert "This desktop shows no tray icons" in _said(wizard)
    assert "beside the clock" not in _said(wizard)
    wizard.tell_tray(True)
    assert "no tray icons" not in _said(wizard)
    assert "its icon stays beside the clock" in _said(wizard)


def test_closed_and_opened_again_it_is_as_it_was_without_the_password(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    keyboard.type(USER)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("half a passw")
    keyboard.press(Qt.Key.Key_Escape)
    assert wizard.isHidden()
    wizard.open_where_needed()
    assert wizard.account.section.user.text() == USER
    assert wizard.account.section.password.text() == ""


def test_an_answer_that_comes_after_it_was_closed_moves_nothing(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    keyboard.type(USER)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type(PASSWORD)
    keyboard.press(Qt.Key.Key_Return)
    wizard.close()
    empty_desk.qtbot.waitUntil(lambda: not empty_desk.account.state.busy)
    assert wizard.step is wizard.account
    assert wizard.isHidden()
    wizard.open_where_needed()
    assert wizard.step is wizard.line


def test_back_goes_back_and_is_out_of_reach_in_the_first_step(wizard: Wizard) -> None:
    assert not wizard.back.isEnabled()
    wizard.later.click()
    wizard.back.click()
    assert wizard.step is wizard.account


def test_a_line_is_chosen_only_by_going_on(empty_desk: Desk, wizard: Wizard) -> None:
    empty_desk.account.enter(USER, Secret(PASSWORD))
    empty_desk.qtbot.waitUntil(lambda: not empty_desk.account.state.busy)
    wizard.open(wizard.line)
    wizard.line.section.numbers.setCurrentIndex(1)
    wizard.later.click()
    assert empty_desk.preferences.settings.own_number == ""


class TestWithFixedSettings:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER, own_number=OWN, popups=False)

    def test_what_is_fixed_is_shown_and_passed(self, empty_desk: Desk, keyboard: Keyboard) -> None:
        desk = empty_desk
        fixed = {"user": USER, "own_number": OWN, "popups": False}
        desk.preferences._kept._preset = Preset(locked=fixed)
        wizard = Wizard(behind(desk))
        desk.qtbot.addWidget(wizard)
        _show(desk, wizard)
        assert "Fixed for everybody on this computer: User name." in _said(wizard)
        assert not wizard.account.section.user.isEnabled()
        keyboard.type(PASSWORD)
        keyboard.press(Qt.Key.Key_Return)
        desk.qtbot.waitUntil(lambda: wizard.step is wizard.line)
        assert not wizard.line.section.numbers.isEnabled()
        assert wizard.next.hasFocus() or wizard.line.isAncestorOf(_focused())
        wizard.next.click()
        assert wizard.step is wizard.popups
        assert not wizard.popups.section.none.isEnabled()
        assert desk.preferences.settings.own_number == OWN
        wizard.hide()


# where it comes from


@pytest.fixture
def windows(empty_desk: Desk) -> Iterator[Windows]:
    windows = Windows(behind(empty_desk))
    yield windows
    windows.close()


def test_the_first_start_opens_it_and_done_leads_to_the_calls(windows: Windows) -> None:
    windows.show_first()
    assert windows.wizard.isVisible()
    assert windows.wizard.step is windows.wizard.account
    windows.wizard.open(windows.wizard.keys)
    windows.wizard.next.click()
    assert windows.wizard.isHidden()
    assert windows.main.isVisible()


def test_a_second_start_leaves_an_open_one_where_it_is(windows: Windows) -> None:
    windows.show_first()
    windows.wizard.later.click()
    windows.show_first()
    assert windows.wizard.step is windows.wizard.line


def test_the_settings_open_it_again_from_the_first_step(windows: Windows) -> None:
    windows.show_first()
    windows.wizard.later.click()
    windows.wizard.close()
    windows.main.show_settings()
    windows.main.settings_page.again.click()
    assert windows.wizard.isVisible()
    assert windows.wizard.step is windows.wizard.account


def test_another_language_leaves_it_at_its_step_with_what_was_typed(
    empty_desk: Desk, windows: Windows
) -> None:
    windows.show_first()
    empty_desk.qtbot.keyClicks(windows.wizard.account.section.user, USER)
    windows.wizard.later.click()
    before = windows.wizard
    windows.speak_again()
    assert windows.wizard is not before
    assert windows.wizard.isVisible()
    assert windows.wizard.step is windows.wizard.line
    assert windows.wizard.account.section.user.text() == USER


def test_what_tab_comes_to_is_always_in_sight(
    empty_desk: Desk, wizard: Wizard, keyboard: Keyboard
) -> None:
    wizard.open(wizard.keys)
    assert wizard.keys.verticalScrollBar().maximum() > 0, "all of it fits"
    wizard.next.setFocus(Qt.FocusReason.TabFocusReason)
    wizard.keys.verticalScrollBar().setValue(wizard.keys.verticalScrollBar().maximum())
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Backtab, Qt.Key.Key_Backtab):
        keyboard.press(key)
        empty_desk.qtbot.waitUntil(
            lambda: _focused().visibleRegion().boundingRect() == _focused().rect()
        )
