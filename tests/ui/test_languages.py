"""Another language, chosen while everything is open."""

from __future__ import annotations

import gc
import gettext
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QScrollBar,
    QWidget,
)

from desk_phone import i18n
from desk_phone.model.calls import Call
from desk_phone.model.dialing import Source
from desk_phone.store.calls import CallFilter
from desk_phone.ui import languages
from desk_phone.ui.calls.filters import CallFilters
from desk_phone.ui.calls.person_pane import PersonPane
from desk_phone.ui.calls.view import CallsView
from desk_phone.ui.dialling.number_choice import NumberChoice
from desk_phone.ui.languages import Languages
from desk_phone.ui.main_window import MainWindow, Section
from desk_phone.ui.phonebook.draft import Field
from desk_phone.ui.phonebook.parts import Part
from desk_phone.ui.settings.look_section import LookSection
from desk_phone.ui.settings.page import SettingsPage
from desk_phone.ui.windows import Windows
from tests.pseudo import PseudoLanguage
from tests.ui.behind import behind
from tests.ui.conftest import Desk
from tests.ui.windows import Windows as Every
from tests.ui.windows import make_windows

_QTS_OWN = (QWidget, QScrollBar, QListView, QHeaderView)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Estonian is the language of brackets here; English is English again afterwards."""

    def catalogue(language: str, _: object) -> gettext.NullTranslations:
        return PseudoLanguage() if language == "et" else gettext.NullTranslations()

    monkeypatch.setattr(i18n, "catalogue", catalogue)
    monkeypatch.setattr(i18n, "_catalogue", gettext.NullTranslations())
    monkeypatch.setattr(i18n, "_spoken", "en")
    yield
    for window in QApplication.topLevelWidgets():
        window.hide()


@pytest.fixture
def tongue(desk: Desk, spoken: None, qapp: QApplication) -> Iterator[Languages]:
    desk.change(language="en")
    made = Languages(qapp, desk.preferences)
    yield made
    qapp.removeTranslator(made._of_qt)
    made.deleteLater()


@pytest.fixture
def windows(desk: Desk, tongue: Languages) -> Iterator[Windows]:
    windows = Windows(behind(desk))
    tongue.changed.connect(windows.speak_again)
    yield windows
    windows.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def switch(desk: Desk, tongue: Languages, language: str = "et") -> None:
    with desk.qtbot.waitSignal(tongue.changed):
        desk.change(language=language)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def texts(window: QWidget) -> list[str]:
    """The words that can be seen."""
    found = [label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window)]
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisibleTo(window)]
    return [text for text in (*found, *(button.text() for button in buttons)) if text]


def history(desk: Desk) -> None:
    desk.add("51234567", "Kristiina", timedelta(minutes=5), timedelta(minutes=3))
    desk.add("55512345", "", timedelta(hours=1))
    desk.add("56981122", "Сергей", timedelta(hours=2))
    desk.poll()


# the main window


def test_the_window_says_everything_in_the_new_language(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    history(desk)
    windows.show_calls()
    main = windows.main
    assert "Calls" in texts(main)
    switch(desk, tongue)
    assert windows.main is main
    assert "Calls" not in texts(main)
    assert "[Ćàłłś~]" in texts(main)
    switch(desk, tongue, "en")
    assert "Calls" in texts(main)


def kept() -> Counter[str]:
    """What stands for a widget of Qt's own, by its kind."""
    gc.collect()
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in _QTS_OWN)


def test_nothing_of_the_pages_of_before_is_kept(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    counted = []
    for language in ("et", "en") * 3:
        for show in (windows.show_calls, windows.show_phonebook, windows.show_settings):
            show()
        switch(desk, tongue, language)
        counted.append(kept())
    assert counted[-1] == counted[1]


def test_the_calls_keep_filter_search_and_choice(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    history(desk)
    windows.show_calls(CallFilter.MISSED)
    page = windows.main.calls_page
    page.findChild(QLineEdit, "search").setText("5551")
    page.findChildren(CallsView)[0].choose(0)
    switch(desk, tongue)
    new = windows.main.calls_page
    assert new is not page
    assert new.findChild(QLineEdit, "search").text() == "5551"
    assert new.findChildren(CallFilters)[0].chosen is CallFilter.MISSED
    chosen = new.findChildren(CallsView)[0].chosen()
    assert isinstance(chosen, Call)
    assert chosen.other == "+37255512345"


def test_a_note_that_is_being_typed_is_kept(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    history(desk)
    windows.show_calls()
    page = windows.main.calls_page
    page.findChildren(CallsView)[0].choose(0)
    page.findChildren(PersonPane)[0].call_note.field.insertPlainText("wants an offer")
    switch(desk, tongue)
    pane = windows.main.calls_page.findChildren(PersonPane)[0]
    assert pane.call_note.text == "wants an offer"
    assert pane.call_note.is_kept


def test_a_note_that_cannot_be_saved_keeps_its_page_until_it_can(
    desk: Desk, windows: Windows, tongue: Languages, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(desk)
    windows.show_calls()
    page = windows.main.calls_page
    page.findChildren(CallsView)[0].choose(0)
    note = page.findChildren(PersonPane)[0].call_note
    note._write = lambda _: False
    note.field.insertPlainText("wants an offer")
    switch(desk, tongue)
    assert windows.main.calls_page is page
    assert note.text == "wants an offer"
    note._write = lambda _: True
    desk.qtbot.waitUntil(lambda: windows.main.calls_page is not page)


def test_a_form_with_unsaved_text_goes_on_and_speaks_later(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    desk.contacts.unlock()
    windows.show_phonebook()
    page = windows.main.phonebook_page
    page.begin_new("+37251234567")
    QTest.keyClicks(page.entries.form.field(Field.NAME), "Jaan")
    switch(desk, tongue)
    assert windows.main.phonebook_page is page
    assert page.entries.form.draft.name == "Jaan"
    page.entries.form.cancel.click()
    desk.qtbot.waitUntil(lambda: windows.main.phonebook_page is not page)
    assert windows.main.phonebook_page.isVisible()


def test_the_phonebook_keeps_part_and_search(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    desk.list_entries(("Anneli Saar", "+37250227781"), ("Jaan Tamm", "+3726123410"))
    windows.show_phonebook()
    page = windows.main.phonebook_page
    desk.qtbot.waitUntil(lambda: page.entries.model.rowCount() == 2)
    page.head.search.setText("Saar")
    page.entries.table.choose_first()
    switch(desk, tongue)
    new = windows.main.phonebook_page
    desk.qtbot.waitUntil(lambda: new.entries.table.current() is not None)
    assert new is not page
    assert new.head.search.text() == "Saar"
    assert new.entries.table.current().name == "Anneli Saar"
    new.parts.show_part(Part.TRASH)
    switch(desk, tongue, "en")
    assert windows.main.phonebook_page.parts.part is Part.TRASH


def test_the_settings_stay_at_the_choice_of_the_language(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    windows.main.show_settings(Section.LOOK)
    page = windows.main.settings_page
    page.account.password.insert("hunter2")
    desk.qtbot.waitUntil(lambda: page.sections.area.verticalScrollBar().value() > 100)
    desk.qtbot.waitUntil(windows.main.isActiveWindow)
    with desk.qtbot.waitSignal(tongue.changed):
        QTest.mouseClick(page.look.languages["et"], Qt.MouseButton.LeftButton)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    new = windows.main.settings_page
    assert new is not page
    assert new.isVisible()
    assert new.account.password.text() == "hunter2"
    assert windows.main.focusWidget() is new.look.languages["et"]
    desk.qtbot.waitUntil(lambda: _is_seen(new.look.languages["et"], new))
    assert new.look.languages["et"].text() == "Eesti"


def _is_seen(widget: QWidget, page: SettingsPage) -> bool:
    area = page.sections.area
    place = widget.mapTo(area.viewport(), QPoint(0, 0))
    return 0 <= place.y() <= area.viewport().height() - widget.height()


def test_a_changed_setting_after_that_reaches_only_what_is_there(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    """Pages that are gone hear of nothing any more."""
    history(desk)
    windows.show_calls()
    windows.show_phonebook()
    for section in Section:
        windows.main.show_settings(section)
    windows.main.company_page.look()
    switch(desk, tongue)
    desk.change(theme="dark", own_name="Other")
    desk.sync()
    desk.miss("55500000")
    assert "[Ćàłłś~]" in texts(windows.main)


def test_the_palette_keeps_its_text_and_where_it_came_from(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    windows.fill_palette("512 3456", Source.CLIPBOARD)
    before = windows.palette
    switch(desk, tongue)
    assert windows.palette is not before
    assert windows.palette.isVisible()
    assert windows.palette.field.text() == "512 3456"
    assert windows.palette.source is Source.CLIPBOARD
    assert windows.palette.field.placeholderText().startswith("[")


def test_a_palette_that_is_closed_stays_closed(
    desk: Desk, windows: Windows, tongue: Languages
) -> None:
    windows.show_palette()
    windows.palette.hide()
    switch(desk, tongue)
    assert not windows.palette.isVisible()
    assert windows.palette.field.placeholderText().startswith("[")


# the small windows


@pytest.fixture
def every(desk: Desk, tongue: Languages) -> Iterator[Every]:
    every = make_windows(desk)
    for part in (every.box, every.stack):
        tongue.changed.connect(part.speak_again)
    yield every
    every.close()


def test_an_open_question_is_asked_in_the_new_language_and_still_waits(
    desk: Desk, every: Every, tongue: Languages
) -> None:
    for text in ("+358401234567", "51234567"):
        desk.dialler.dial(text, Source.COMMAND)
    before = every.box.said
    switch(desk, tongue)
    assert every.box.said != before
    assert all("[" in line for line in texts(every.box))
    desk.qtbot.waitUntil(every.box.call.isEnabled)
    with desk.qtbot.waitSignal(desk.dialler.progressed):
        every.box.call.click()


def test_a_card_says_all_of_it_anew(desk: Desk, every: Every, tongue: Languages) -> None:
    desk.miss("51234567", "Kristiina")
    desk.miss("55512345")
    assert len(every.stack.cards) == 2
    switch(desk, tongue)
    assert len(every.stack.cards) == 2
    for card in every.stack.cards:
        assert card.isVisible()
        assert card.heading.startswith("[")
        assert card.done.text().startswith("[")
    assert "Kristiina" in texts(every.stack.cards[0])


def test_numbers_to_choose_from_stay(desk: Desk, tongue: Languages) -> None:
    choice = NumberChoice(deaf_ms=0)
    tongue.changed.connect(choice.speak_again)
    choice.show_plans([desk.dialler.plan(t, Source.WINDOW) for t in ("51234567", "6403232")], 2)
    switch(desk, tongue)
    assert choice.isVisible()
    assert len(choice.buttons) == 2
    assert choice.cancel.text().startswith("[")
    with desk.qtbot.waitSignal(choice.chosen) as chosen:
        QTest.keyClick(choice, Qt.Key.Key_2)
    assert chosen.args == ["6403232"]
    choice.deleteLater()


# which language


def test_dates_and_the_words_of_qt_follow(desk: Desk, tongue: Languages) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    desk.qtbot.addWidget(box)
    field = QLineEdit()
    desk.qtbot.addWidget(field)
    assert QLocale().name() == "en_GB"
    switch(desk, tongue)
    assert QLocale().name() == "et_EE"
    desk.qtbot.waitUntil(lambda: box.buttons()[0].text().startswith("["))
    menu = field.createStandardContextMenu()
    said = [action.text() for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert [text for text in said if not text.startswith("[")] == []


def test_each_language_is_offered_by_its_own_name(desk: Desk, tongue: Languages) -> None:
    section = LookSection(desk.preferences)
    desk.qtbot.addWidget(section)
    assert [b.text() for b in section.languages.values()] == ["Eesti", "Русский", "English"]
    section.languages["ru"].click()
    assert desk.preferences.settings.language == "ru"


def test_where_none_was_chosen_it_is_the_systems(
    desk: Desk, spoken: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "system", lambda: "ru")
    assert languages.chosen("") == "ru"
    assert languages.chosen("et") == "et"
    assert languages.chosen("xx") == "ru"
    section = LookSection(desk.preferences)
    desk.qtbot.addWidget(section)
    assert section.languages["ru"].isChecked()


def test_the_window_itself_stays(desk: Desk, windows: Windows, tongue: Languages) -> None:
    """No new window for the desktop: it keeps its place, its size and the keyboard."""
    windows.show_calls()
    main = windows.main
    main.resize(1000, 640)
    native, size = main.winId(), main.size()
    switch(desk, tongue)
    assert isinstance(windows.main, MainWindow)
    assert (windows.main.winId(), windows.main.size()) == (native, size)
