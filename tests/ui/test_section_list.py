"""The list of sections: it leads there, and tells where one is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from desk_phone.settings import Preset, Settings
from desk_phone.ui.main_window import MainWindow
from desk_phone.ui.settings.page import Section, SettingsPage
from desk_phone.ui.settings.section import SectionFrame
from tests.ui.behind import behind
from tests.ui.conftest import OWN, USER, Desk


@pytest.fixture
def window(desk: Desk) -> Iterator[MainWindow]:
    window = MainWindow(behind(desk))
    desk.qtbot.addWidget(window)
    window.resize(880, 480)
    window.show_settings()
    desk.qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.hide()


@pytest.fixture
def page(window: MainWindow) -> SettingsPage:
    return window.settings_page


def _shown_at(page: SettingsPage, frame: SectionFrame) -> int:
    """px below the top of what is seen."""
    return frame.mapTo(page.sections.area.viewport(), QPoint()).y()


def _place(page: SettingsPage) -> str:
    return page.sections.list.currentItem().text()


@pytest.mark.parametrize("section", Section)
def test_a_section_that_is_asked_for_is_at_the_top_and_chosen_in_the_list(
    desk: Desk, window: MainWindow, page: SettingsPage, section: Section
) -> None:
    window.show_settings(section)
    frame, bar = page.frame(section), page.sections.area.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: _shown_at(page, frame) == 0 or bar.value() == bar.maximum())
    assert _place(page) == frame.title
    assert frame.isAncestorOf(QApplication.focusWidget())


def test_the_list_fits_beside_every_section_in_the_smallest_window(page: SettingsPage) -> None:
    assert page.sections.list.isVisible()
    area = page.sections.area
    assert area.widget().width() <= area.viewport().width()


def test_the_list_has_every_section_by_its_title(page: SettingsPage) -> None:
    names = page.sections.list
    shown = [names.item(at).text() for at in range(names.count())]
    assert shown == [page.frame(section).title for section in Section]


def test_arrows_in_the_list_lead_and_enter_goes_in(desk: Desk, page: SettingsPage) -> None:
    names = page.sections.list
    names.setFocus()
    for _ in range(2):
        desk.qtbot.keyClick(names, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: _shown_at(page, page.popups) == 0)
    assert names.hasFocus()
    desk.qtbot.keyClick(names, Qt.Key.Key_Return)
    assert page.popups.none.hasFocus()


def test_a_click_leads_there_again_after_somebody_scrolled(desk: Desk, page: SettingsPage) -> None:
    names, bar = page.sections.list, page.sections.area.verticalScrollBar()
    middle = names.visualItemRect(names.item(1)).center()
    for _ in range(2):
        desk.qtbot.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert _shown_at(page, page.line) == 0
        bar.setValue(bar.value() + 60)
        assert _place(page) == page.line.title


def test_the_list_follows_whoever_scrolls(page: SettingsPage) -> None:
    bar = page.sections.area.verticalScrollBar()
    seen = []
    for at in range(0, bar.maximum() + 40, 40):
        bar.setValue(at)
        if _place(page) not in seen:
            seen.append(_place(page))
    assert seen == [page.frame(section).title for section in Section]


def test_tab_goes_from_the_list_into_the_first_section(desk: Desk, page: SettingsPage) -> None:
    page.again.setFocus()
    reached = []
    for _ in range(2):
        desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [page.sections.list, page.account.by_password]


def test_where_there_is_no_room_beside_the_sections_the_list_drops_down(
    desk: Desk, page: SettingsPage
) -> None:
    page.account.forget.setText("Words of another language, always longer than ours are, and more")
    desk.qtbot.waitUntil(page.sections.picker.isVisible)
    assert not page.sections.list.isVisible()
    page.sections.picker.setFocus()
    desk.qtbot.keyClick(page.sections.picker, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: _shown_at(page, page.line) == 0)
    page.account.forget.setText("Short")
    desk.qtbot.waitUntil(page.sections.list.isVisible)
    assert not page.sections.picker.isVisible()


class TestFixedForEverybody:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER, own_number=OWN, own_name="Mari Maasikas")

    @pytest.fixture
    def page(self, desk: Desk) -> Iterator[SettingsPage]:
        fixed = {name: getattr(desk.preferences.settings, name) for name in Settings.__slots__}
        desk.preferences._kept._preset = Preset(locked=fixed)
        page = SettingsPage(behind(desk))
        desk.qtbot.addWidget(page)
        page.show()
        yield page
        page.hide()

    def test_each_section_says_what_is_fixed(self, page: SettingsPage) -> None:
        assert page.popups.fixed.startswith(
            "Fixed for everybody on this computer: I look at my desk phone: no pop-ups, "
        )
        assert page.look.fixed == "Fixed for everybody on this computer: Language, Look."
        assert page.hotkey.fixed.endswith("What the keys do.")
        assert page.account.fixed.endswith("Service address, Proxy, Address of the relay.")
        assert page.line.fixed == (
            "Fixed for everybody on this computer: Number of my desk phone, My name."
        )

    def test_no_change_elsewhere_opens_them(self, desk: Desk, page: SettingsPage) -> None:
        desk.preferences.changed.emit(desk.preferences.settings)
        desk.account.changed.emit(desk.account.state)
        desk.account.refresh_numbers()
        desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
        page.setEnabled(False)
        page.setEnabled(True)
        fixed = (
            *(page.account.user, page.line.numbers, page.line.use, page.line.own_name.send),
            *(page.popups.none, page.popups.seconds, page.popups.quiet.since, page.popups.hour),
            *(page.hotkey.on, page.hotkey.keys, *page.hotkey.modes.values()),
            *(*page.look.choices.values(), *page.look.languages.values()),
            *(page.crm.page.field, *page.crm.choices.values(), *page.crm.filters.values()),
            *(page.notices.on, page.notices.url, page.notices.fields.port),
        )
        assert [widget for widget in fixed if widget.isEnabled()] == []

    def test_what_is_nobodys_setting_stays_open(self, page: SettingsPage) -> None:
        assert page.account.password.isEnabled()
        assert page.links.start.isEnabled()


def test_each_setting_that_has_a_control_can_be_shown_as_fixed(desk: Desk) -> None:
    made, open_ones = behind(desk), set()
    for name in Settings.__slots__:
        value = getattr(desk.preferences.settings, name)
        desk.preferences._kept._preset = Preset(locked={name: value})
        page = SettingsPage(made)
        desk.qtbot.addWidget(page)
        if not any(page.frame(section).fixed for section in Section):
            open_ones.add(name)
    assert open_ones == {
        *("poll_seconds", "hidden_at_start", "week_shown", "window_geometry"),
        *("phonebook_unlocked", "crm_signed"),
        *("relay_device", "relay_broker", "relay_numbers"),
    }


def test_without_an_administrator_nothing_is_fixed(page: SettingsPage) -> None:
    assert {page.frame(section).fixed for section in Section} == {""}


def test_what_is_the_same_already_is_no_change_of_something_fixed(desk: Desk) -> None:
    desk.preferences._kept._preset = Preset(locked={"notices_proxies": "127.0.0.1 ::1"})
    with desk.qtbot.assertNotEmitted(desk.preferences.failed):
        desk.change(notices_address="0.0.0.0", notices_proxies="127.0.0.1 ::1")
    assert desk.preferences.settings.notices_address == "0.0.0.0"


def test_enter_leads_into_a_section_and_presses_nothing_there(
    desk: Desk, page: SettingsPage
) -> None:
    names = page.sections.list
    names.setFocus()
    names.setCurrentRow(list(Section).index(Section.ADVANCED))
    desk.qtbot.keyClick(names, Qt.Key.Key_Return)
    first = QApplication.focusWidget()
    assert isinstance(first, QPushButton)
    assert page.advanced.isAncestorOf(first)
    assert first.text() == "Show the log"
