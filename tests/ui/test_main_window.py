"""The main window: pages, keys, closing, and the place it remembers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton, QWidget

from desk_phone.errors import BadCredentials, Offline
from desk_phone.settings import Settings
from desk_phone.store.calls import CallFilter
from desk_phone.ui import trouble
from desk_phone.ui.main_window import MainWindow, Page, Section
from desk_phone.ui.phonebook.cells import Column
from desk_phone.ui.phonebook.draft import Field
from desk_phone.ui.settings.page import SettingsPage
from desk_phone.ui.sign import Sign, StateDot
from tests.ui.behind import behind
from tests.ui.conftest import Desk
from tests.ui.gate import heard
from tests.ui.phonebook_list import cell_editor, choose, column, some_entries

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(desk: Desk) -> Iterator[MainWindow]:
    window = _make(desk)
    window.present()
    desk.qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.hide()


def _make(desk: Desk) -> MainWindow:
    window = MainWindow(behind(desk))
    desk.qtbot.addWidget(window)
    return window


def _page(window: MainWindow) -> Page:
    if window.phonebook_page.isVisible():
        return Page.PHONEBOOK
    if window.company_page.isVisible():
        return Page.COMPANY
    return Page.CALLS if window.calls_page.isVisible() else Page.SETTINGS


def _sign(window: MainWindow) -> Sign:
    (dot,) = window.findChildren(StateDot)
    return dot.sign


def test_its_size(desk: Desk, window: MainWindow) -> None:
    assert window.size() == QSize(920, 600)
    assert window.minimumSize() == QSize(880, 480)


class Watcher(QObject):
    """Notes what is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(watched)
        return False


def test_nothing_of_a_page_is_a_window_while_it_is_made(desk: Desk, qapp: QApplication) -> None:
    """It would take the keyboard for a moment, and what is typed then is lost."""
    desk.fail(Offline("No connection to the phone service", "Check the network."))
    watcher = Watcher()
    qapp.installEventFilter(watcher)
    window = _make(desk)
    for page in Page:
        window.show_page(page)
    assert watcher.windows == []
    window.present()
    assert watcher.windows == [window]
    qapp.removeEventFilter(watcher)
    window.hide()


def test_two_banners_leave_six_calls_in_sight(desk: Desk, window: MainWindow) -> None:
    for minutes in range(8):
        desk.add(f"5123456{minutes}", ago=timedelta(minutes=minutes + 2))
    desk.poll()
    desk.fail(Offline("No connection to the phone service", "Check the network."))
    window.notices.put("memory", trouble.of_memory_only())
    window.notices.put("tray", None)
    view = window.calls_page._view

    def in_sight() -> int:
        bottoms = (view.rowViewportPosition(row) + view.rowHeight(row) for row in range(8))
        return sum(bottom <= view.viewport().height() for bottom in bottoms)

    desk.qtbot.waitUntil(lambda: in_sight() >= 6)


# the keys


def test_ctrl_k_wants_the_palette(desk: Desk, window: MainWindow) -> None:
    with desk.qtbot.waitSignal(window.palette_wanted):
        desk.qtbot.keyClick(window, Key.Key_K, Ctrl)


def test_ctrl_and_a_digit_choose_the_page(desk: Desk, window: MainWindow) -> None:
    desk.qtbot.keyClick(window, Key.Key_4, Ctrl)
    assert _page(window) is Page.SETTINGS
    desk.qtbot.keyClick(window, Key.Key_2, Ctrl)
    assert _page(window) is Page.PHONEBOOK
    desk.qtbot.keyClick(window, Key.Key_3, Ctrl)
    assert _page(window) is Page.COMPANY
    desk.qtbot.keyClick(window, Key.Key_1, Ctrl)
    assert _page(window) is Page.CALLS


def test_ctrl_f_searches_from_any_page(desk: Desk, window: MainWindow) -> None:
    window.show_page(Page.SETTINGS)
    desk.qtbot.keyClick(window, Key.Key_F, Ctrl)
    assert _page(window) is Page.CALLS
    assert isinstance(window.focusWidget(), QLineEdit)


def test_ctrl_f_searches_the_phonebook_on_its_page(desk: Desk, window: MainWindow) -> None:
    desk.qtbot.keyClick(window, Key.Key_2, Ctrl)
    desk.qtbot.keyClick(window, Key.Key_F, Ctrl)
    assert _page(window) is Page.PHONEBOOK
    assert window.phonebook_page.head.search.hasFocus()


def test_ctrl_n_and_esc_open_and_close_the_form_of_an_entry(desk: Desk, window: MainWindow) -> None:
    desk.contacts.unlock()
    window.show_phonebook()
    desk.qtbot.keyClick(window.phonebook_page, Key.Key_N, Ctrl)
    form = window.phonebook_page.entries.form
    assert form.isVisible()
    desk.qtbot.keyClick(form.field(Field.NAME), Key.Key_Escape)
    assert not form.isVisible()
    assert window.isVisible()
    window.phonebook_page.entries.table.setFocus()
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_esc_in_a_cell_of_the_phonebook_closes_no_window(desk: Desk, window: MainWindow) -> None:
    some_entries(desk)
    window.show_phonebook()
    page = window.phonebook_page
    desk.qtbot.waitUntil(lambda: page.entries.model.count == 3)
    choose(page, "Jaan Tamm")
    desk.qtbot.keyClick(page.entries.table, Key.Key_F2)
    editor = cell_editor(page)
    editor.insert("x")
    desk.qtbot.keyClick(editor, Key.Key_Escape)
    assert window.isVisible()
    assert "Jaan Tamm" in column(page)


def test_ctrl_z_in_a_field_undoes_typing_and_no_deletion(desk: Desk, window: MainWindow) -> None:
    some_entries(desk)
    window.show_phonebook()
    page = window.phonebook_page
    desk.qtbot.waitUntil(lambda: page.entries.model.count == 3)
    choose(page, "Jaan Tamm")
    desk.qtbot.keyClick(page.entries.table, Key.Key_Delete)
    search = page.head.search
    search.setFocus()
    desk.qtbot.keyClicks(search, "jaan")
    desk.qtbot.keyClick(search, Key.Key_Z, Ctrl)
    assert search.text() == ""
    assert column(page, Column.STATE).count("Being deleted") == 1


def test_an_unknown_number_of_the_calls_leads_into_the_form(desk: Desk, window: MainWindow) -> None:
    desk.contacts.unlock()
    desk.miss("51234567")
    window.calls_page.add_wanted.emit("+37251234567")
    assert _page(window) is Page.PHONEBOOK
    assert window.phonebook_page.entries.form.field(Field.NUMBER1).text() == "5123 4567"


def test_what_is_added_names_the_calls_at_once(desk: Desk, window: MainWindow) -> None:
    desk.contacts.unlock()
    desk.miss("51234567")
    desk.contacts.add("Kristiina", "5123 4567")
    (call,) = desk.ledger.page()
    assert call.name == "Kristiina"


def test_esc_empties_the_search_leads_to_the_list_and_closes_from_there(
    desk: Desk, window: MainWindow
) -> None:
    desk.miss()
    desk.qtbot.keyClick(window, Key.Key_F, Ctrl)
    desk.qtbot.keyClicks(window.focusWidget(), "tamm")
    field, page = window.focusWidget(), window.calls_page
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert (window.isVisible(), window.focusWidget()) == (True, field)
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert (window.isVisible(), window.focusWidget()) == (True, page._view)
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


@pytest.mark.parametrize(
    ("page", "name"),
    [
        pytest.param(Page.CALLS, "filter missed", id="a filter"),
        pytest.param(Page.PHONEBOOK, "part entries", id="a part of the phonebook"),
    ],
)
def test_esc_on_a_filter_closes_no_window(
    desk: Desk, window: MainWindow, page: Page, name: str
) -> None:
    desk.miss()
    desk.list_entries(("Jaan Tamm", "+37251234567"))
    window.show_page(page)
    desk.qtbot.waitUntil(
        lambda: window.phonebook_page.entries.model.count == 1 or page is Page.CALLS
    )
    button = window.findChild(QToolButton, name)
    button.setFocus()
    desk.qtbot.keyClick(button, Key.Key_Escape)
    assert window.isVisible()
    assert not button.hasFocus()
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_esc_from_the_side_closes_the_window(desk: Desk, window: MainWindow) -> None:
    button = window.side.findChild(QPushButton)
    button.setFocus()
    desk.qtbot.keyClick(button, Key.Key_Escape)
    assert not window.isVisible()


def test_enter_presses_the_button_with_the_keyboard_once(desk: Desk, window: MainWindow) -> None:
    button = window.findChild(QToolButton, "filter missed")
    button.setFocus()
    pressed = heard(button.clicked)
    desk.qtbot.keyClick(button, Key.Key_Return)
    assert (button.isChecked(), len(pressed)) == (True, 1)
    call = window.side.findChild(QPushButton)
    call.setFocus()
    wanted = heard(window.palette_wanted)
    desk.qtbot.keyClick(call, Key.Key_Enter)
    assert len(wanted) == 1


def test_enter_in_the_list_calls_and_presses_nothing(desk: Desk, window: MainWindow) -> None:
    desk.miss()
    wanted = heard(window.palette_wanted)
    view = window.calls_page._view
    view.setFocus()
    desk.qtbot.keyClick(view, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    desk.settle()
    assert (len(desk.telco.dialled), wanted) == (1, [])


def test_the_row_of_a_missed_call_has_all_deeds_of_its_card(desk: Desk, window: MainWindow) -> None:
    desk.change(crm_url="https://crm.example/?q={e164}")
    desk.miss()
    (call,) = desk.ledger.page()
    said = [action.text() for action in window.calls_page.menu_for(call).actions()]
    wanted = ("Call", "Copy number", "Add to phonebook", "Open in CRM", "Note", "Later", "Done")
    assert said == list(wanted)


def test_shift_f10_opens_the_menu_of_the_row(desk: Desk, window: MainWindow) -> None:
    desk.miss()
    desk.list_entries(("Jaan Tamm", "+37251234567"))
    views = (window.calls_page._view, window.phonebook_page.entries.table)
    for page, view in zip((Page.CALLS, Page.PHONEBOOK), views, strict=True):
        window.show_page(page)
        desk.qtbot.waitUntil(lambda view=view: view.model().rowCount() == 1)
        view.setFocus()
        desk.qtbot.keyClick(view, Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.close()


def test_down_leads_from_the_search_into_the_list(desk: Desk, window: MainWindow) -> None:
    desk.miss()
    desk.qtbot.keyClick(window, Key.Key_F, Ctrl)
    desk.qtbot.keyClick(window.focusWidget(), Key.Key_Down)
    view = window.calls_page._view
    assert view.hasFocus()
    assert view.chosen() is not None


def test_the_settings_open_with_the_keyboard_on_the_list_of_sections(
    desk: Desk, window: MainWindow
) -> None:
    desk.qtbot.keyClick(window, Key.Key_F, Ctrl)
    desk.qtbot.keyClick(window, Key.Key_4, Ctrl)
    assert window.focusWidget() is window.settings_page.sections.list


def test_ctrl_q_wants_to_quit(desk: Desk, window: MainWindow) -> None:
    with desk.qtbot.waitSignal(window.quit_wanted):
        desk.qtbot.keyClick(window, Key.Key_Q, Ctrl)


def test_tab_reaches_every_page(desk: Desk, window: MainWindow) -> None:
    reached = set()
    for _ in range(20):
        desk.qtbot.keyClick(window.focusWidget() or window, Key.Key_Tab)
        widget = window.focusWidget()
        if isinstance(widget, QToolButton):
            reached.add(widget.text())
    assert {"Calls", "Settings", "All"} <= reached


def test_tab_comes_to_a_banner_where_it_stands(desk: Desk, window: MainWindow) -> None:
    desk.fail(BadCredentials("The password was refused", "Enter it again."))
    desk.qtbot.keyClick(window, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.focusWidget(), QLineEdit)
    desk.qtbot.keyClick(window.focusWidget(), Key.Key_Tab)
    banner = window.focusWidget()
    assert isinstance(banner, QPushButton)
    assert banner.accessibleDescription() == "The password was refused"


# how the line stands


def test_the_own_name_and_line_are_at_the_bottom(desk: Desk, window: MainWindow) -> None:
    assert window.side.state_text == "Mari Maasikas\n640 3231 · ready"
    assert _sign(window) is Sign.READY


@pytest.mark.parametrize(
    ("error", "said", "shown"),
    [
        pytest.param(Offline("No connection"), "not connected", Sign.APART, id="offline"),
        pytest.param(BadCredentials("Refused"), "password refused", Sign.LOCKED, id="refused"),
    ],
)
def test_trouble_is_said_in_words_and_by_a_sign(
    desk: Desk, window: MainWindow, error: Exception, said: str, shown: Sign
) -> None:
    desk.fail(error)
    assert window.side.state_text == f"Mari Maasikas\n640 3231 · {said}"
    assert _sign(window) is shown


def test_a_day_that_runs_short_of_bytes_is_said(desk: Desk, window: MainWindow) -> None:
    desk.calls.plan_next(desk.clock.at + timedelta(minutes=15), True)
    assert window.side.state_text.endswith("ready, looks less often")


def test_paused_and_quiet_are_said(desk: Desk, window: MainWindow) -> None:
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 0.05)
    assert _sign(window) is Sign.PAUSED
    desk.clock.pass_(seconds=1)
    desk.qtbot.waitUntil(lambda: _sign(window) is Sign.READY)
    desk.change(popups=False)
    assert window.side.state_text.endswith("pop-ups off")
    assert _sign(window) is Sign.QUIET


# what others ask of it


def test_it_comes_with_the_calls_somebody_wants(desk: Desk, window: MainWindow) -> None:
    window.show_page(Page.SETTINGS)
    window.hide()
    window.show_calls(CallFilter.MISSED)
    assert window.isVisible()
    assert _page(window) is Page.CALLS
    assert window.findChildren(QToolButton, "filter missed")[0].isChecked()


@pytest.mark.parametrize("section", Section)
def test_it_comes_with_the_section_somebody_wants(
    desk: Desk, window: MainWindow, section: Section
) -> None:
    window.show_settings(section)
    (page,) = window.findChildren(SettingsPage)
    frame = page._sections()[section]
    focused = window.focusWidget()
    assert focused is not None
    assert frame.isAncestorOf(focused)
    assert not focused.visibleRegion().isEmpty()


@pytest.mark.parametrize(
    ("error", "button", "section"),
    [(BadCredentials("The password was refused"), "Open account", Section.ACCOUNT)],
)
def test_a_banner_leads_to_its_section(
    desk: Desk, window: MainWindow, error: Exception, button: str, section: Section
) -> None:
    desk.fail(error)
    next(b for b in window.findChildren(QPushButton) if b.text() == button).click()
    (page,) = window.findChildren(SettingsPage)
    assert page.isVisible()
    focused = window.focusWidget()
    assert focused is not None
    assert page._sections()[section].isAncestorOf(focused)


# closing


def test_closing_hides_it_where_there_is_a_tray(desk: Desk, window: MainWindow) -> None:
    window.close()
    assert not window.isVisible()


def test_closing_makes_it_small_where_there_is_none(desk: Desk, window: MainWindow) -> None:
    window.tell_tray(False)
    with desk.qtbot.assertNotEmitted(window.quit_wanted):
        window.close()
    assert window.isMinimized()
    window.present()
    assert not window.isMinimized()


def test_it_remembers_its_place(desk: Desk, window: MainWindow) -> None:
    window.resize(900, 640)
    window.close()
    assert _make(desk).height() == 640  # the screen of these tests is only 800 wide


@pytest.mark.parametrize("place", ["nonsense", "AAAA", "!!", "ä"])
def test_a_place_that_is_nonsense_is_forgotten(desk: Desk, place: str) -> None:
    desk.change(window_geometry=place)
    assert _make(desk).size() == QSize(920, 600)


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user="P0000000@example.ee")

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.line_changed):
            empty_desk.calls.poll()
        return empty_desk

    def test_the_foot_says_what_to_do(self, desk: Desk, window: MainWindow) -> None:
        assert window.side.state_text == "My line\nchoose your line"
        assert _sign(window) is Sign.WAITING


def test_calls_that_are_kept_no_longer_leave_the_open_list(desk: Desk) -> None:
    made = behind(desk)
    window = MainWindow(made)
    desk.qtbot.addWidget(window)
    window.present()
    desk.add("51234567", ago=timedelta(days=100))
    desk.add("5551234", ago=timedelta(days=1))
    desk.poll()
    page = window.calls_page
    page._view.choose(0)
    assert page._model.rowCount() == 2
    desk.change(keep_months=3)
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: page._model.rowCount() == 1)
    chosen = page._view.chosen()
    assert chosen is not None
    assert chosen.other == "+3725551234"
    window.hide()
