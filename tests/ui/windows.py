"""Every window with something to show, for the tests that look at all of them alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from desk_phone.app.no_password import no_token
from desk_phone.errors import BadCredentials, Offline
from desk_phone.model.dialing import Source
from desk_phone.model.secret import Secret
from desk_phone.telco.refusals import refusal
from desk_phone.ui.calls.person_pane import PersonPane
from desk_phone.ui.calls.view import CallsView
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.dialling.ask_box import AskBox
from desk_phone.ui.dialling.dialer import DialPalette
from desk_phone.ui.dialling.number_choice import NumberChoice
from desk_phone.ui.main_window import MainWindow, Page, Section
from desk_phone.ui.phonebook.cells import Column
from desk_phone.ui.phonebook.draft import Field
from desk_phone.ui.phonebook.parts import Part
from desk_phone.ui.wizard import Wizard
from tests.ui.behind import behind
from tests.ui.card_stack import FakeDeeds, ring
from tests.ui.conftest import OWN, Desk


@dataclass
class Windows:
    """Made as in the program; the cards stay until they are closed."""

    desk: Desk
    main: MainWindow
    palette: DialPalette
    box: AskBox
    stack: CardStack
    choice: NumberChoice

    @cached_property
    def wizard(self) -> Wizard:
        """Large, and seldom looked at: made on first use."""
        return Wizard(behind(self.desk))

    @property
    def plain(self) -> tuple[QWidget, ...]:
        """All that are no cards."""
        wizard = (self.wizard,) if "wizard" in vars(self) else ()
        return (self.main, self.palette, self.box, self.choice, *wizard)

    def close(self) -> None:
        self.stack.clear()
        for window in self.plain:
            window.hide()
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def make_windows(desk: Desk) -> Windows:
    desk.change(missed_card_seconds=0)
    parts = (desk.calls, desk.dialler, desk.account, desk.preferences)
    return Windows(
        desk,
        MainWindow(behind(desk)),
        DialPalette(*parts, desk.directory, desk.now, deaf_ms=0),
        AskBox(desk.dialler, deaf_ms=0),
        CardStack(
            *(desk.calls, desk.dialler, desk.preferences),
            now=desk.now,
            deeds=FakeDeeds(about={"+37251234567": "Asked for the price list by Friday."}).deeds,
            has_crm=lambda: True,
        ),
        NumberChoice(deaf_ms=0),
    )


def prepare(windows: Windows, name: str) -> QWidget:
    """The window of that name with what it shows, laid out."""
    window = PREPARED[name](windows)
    windows.desk.qtbot.waitUntil(window.isVisible)
    for _ in range(5):
        QApplication.processEvents()
    return window


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


def _call_chosen(windows: Windows) -> QWidget:
    """A missed call of somebody unknown that was put off, after two of them; noted, and noted
    again."""
    desk, page = windows.desk, windows.main.calls_page
    for minutes in (3, 300, 3000):
        desk.add("55512345", "", timedelta(minutes=minutes))
    _calls(windows)
    (view,), (pane,) = page.findChildren(CallsView), page.findChildren(PersonPane)
    view.choose(0)
    for text in ("Wants an offer for new windows", "", "Wants an offer for new windows by Friday"):
        for note in (pane.call_note, pane.person_note):
            note.replace_with(text)
    desk.calls.take(
        desk.ledger.follow_up.snooze(
            "+37255512345", desk.clock.at + timedelta(hours=20), desk.clock.at
        )
    )
    return windows.main


def _call_done(windows: Windows) -> QWidget:
    desk, page = windows.desk, windows.main.calls_page
    desk.add("55512345", "", timedelta(minutes=3))
    _calls(windows)
    (view,) = page.findChildren(CallsView)
    view.choose(0)
    desk.calls.handle("+37255512345")
    return windows.main


def _calls_of_the_week(windows: Windows) -> QWidget:
    windows.desk.change(week_shown=True)
    windows.desk.add("55512345", "", timedelta(days=8))
    return _calls(windows)


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


def _phonebook(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.contacts.unlock()
    desk.list_entries(
        ("Anneli Saar", "+37250227781"),
        ("Kristiina Õunapuu", "+37251234567", "+3726403231"),
        ("Jaan Tamm", "+3726123410"),
    )
    desk.contacts.add("Сергей Иванов", "+37256981122")
    desk.contacts.add("Ülle Žukova", "+37129123456")
    windows.main.show_phonebook()
    desk.qtbot.waitUntil(lambda: windows.main.phonebook_page.entries.model.rowCount() == 5)
    return windows.main


def _phonebook_locked(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.list_entries(("Anneli Saar", "+37250227781"))
    windows.main.show_phonebook()
    desk.qtbot.waitUntil(lambda: windows.main.phonebook_page.entries.model.rowCount() == 1)
    return windows.main


def _phonebook_empty(windows: Windows) -> QWidget:
    windows.main.show_phonebook()
    return windows.main


def _phonebook_form(windows: Windows) -> QWidget:
    _phonebook(windows)
    page = windows.main.phonebook_page
    page.begin_new("")
    page.entries.form.field(Field.NAME).insert("Žanna Šmidt")
    page.entries.form.field(Field.NUMBER1).insert("+372 51")
    page.entries.form.save.click()
    return windows.main


def _phonebook_unsaved(windows: Windows) -> QWidget:
    _phonebook(windows)
    model = windows.main.phonebook_page.entries.model
    model.setData(model.index(0, Column.NUMBER1), "+372 51")
    windows.main.phonebook_page.entries.table.setCurrentIndex(model.index(0, Column.NUMBER1))
    return windows.main


def _phonebook_offline(windows: Windows) -> QWidget:
    _phonebook(windows)
    windows.desk.telco.trouble["entries"].append(
        Offline("No connection to the phone service", "Is the network cable plugged in?")
    )
    windows.desk.sync()
    return windows.main


def _phonebook_conflict(windows: Windows) -> QWidget:
    """Somebody else changed what we changed; another entry was refused."""
    _phonebook(windows)
    desk = windows.desk
    first = desk.contacts.book.contacts()[0]
    desk.contacts.save(first.id, first.effective, "Anneli Saar-Kask", "+37250227781")
    desk.telco.entries_["1"] = replace(desk.telco.entries_["1"], name="Anneli Kask")
    desk.telco.trouble["add_entry"].append(refusal("ERR1003", "Bad name"))
    desk.sync()
    windows.main.phonebook_page.parts.show_part(Part.DECIDE)
    return windows.main


def _phonebook_trash(windows: Windows) -> QWidget:
    _phonebook(windows)
    desk = windows.desk
    contact = desk.contacts.book.contacts()[1]
    desk.contacts.delete(contact.id, contact.effective)
    desk.sync()
    windows.main.phonebook_page.parts.show_part(Part.TRASH)
    return windows.main


def _phonebook_doubt(windows: Windows) -> QWidget:
    _phonebook(windows)
    desk = windows.desk
    desk.sync()
    desk.telco.entries_.clear()
    for _ in range(3):
        desk.clock.pass_(minutes=11)
        desk.sync()
    return windows.main


def _phonebook_import(windows: Windows) -> QWidget:
    _phonebook(windows)
    transfer = windows.main.phonebook_page.transfer
    with TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        file.write_text(
            "Eesnimi;Perekonnanimi;Telefon;Mobiil\nAnneli;Saar;;5022 7781\n"
            "Jaan;Tamm;612 3499;\nŽanna;Šmidt;6400001, 6400002;6400003\nUno;;12;\n"
            "Mari;;640 1111;\n",
            encoding="utf-8",
        )
        transfer.import_file(file)
        windows.desk.qtbot.waitUntil(lambda: not transfer.pane.busy)
    return windows.main


def _phonebook_imported(windows: Windows) -> QWidget:
    _phonebook_import(windows)
    pane = windows.main.phonebook_page.transfer.pane
    pane.start.click()
    windows.desk.qtbot.waitUntil(lambda: not pane.busy)
    return windows.main


def _phonebook_snapshots(windows: Windows) -> QWidget:
    _phonebook(windows)
    desk = windows.desk
    desk.sync()
    desk.clock.pass_(days=2)
    desk.sync()
    contact = desk.contacts.book.contacts()[1]
    desk.contacts.delete(contact.id, contact.effective)
    page = windows.main.phonebook_page
    page.parts.show_part(Part.SNAPSHOTS)
    page.snapshots.list.choose(page.snapshots.list.lines[0].key)
    page.snapshots.restore.click()
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


def _relay_code(windows: Windows) -> QWidget:
    windows.main.show_settings(Section.ACCOUNT)
    page = windows.main.settings_page
    page.account.by_code.click()
    page.account.relay.address.setText("https://relay.company.example")
    return windows.main


def _relay_refused(windows: Windows) -> QWidget:
    """Enrolled, and taken off the list there; asked whether to leave."""
    desk = windows.desk
    place = {"relay_url": "https://relay.company.example", "relay_device": "d1"}
    desk.change(**place, relay_numbers="+3726403231 +3726401234", relay_notices=False)
    desk.keyring.kept["d1"] = Secret("token")
    desk.fail(no_token())
    desk.account.tell()
    windows.main.show_settings(Section.ACCOUNT)
    windows.main.settings_page.account.relay.leave.click()
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


def _card_that_rings(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.change(ringing_card_seconds=0)
    desk.add("51234567", "", timedelta(hours=3), timedelta(minutes=3))
    desk.poll()
    ring(desk, name="Kristiina Õunapuu-Lindström")
    return windows.stack.cards[-1]


def _card_of_nobody(windows: Windows) -> QWidget:
    windows.desk.change(ringing_card_seconds=0)
    ring(windows.desk, "+358401234567")
    return windows.stack.cards[-1]


def _card_with_a_note(windows: Windows) -> QWidget:
    card = _card_that_rings(windows)
    assert isinstance(card, CallerCard)
    card.take_note.click()
    return card


def _card_that_calls(windows: Windows) -> QWidget:
    desk = windows.desk
    card = _card(windows)
    with desk.qtbot.waitSignals([desk.dialler.progressed] * 2):
        desk.dialler.dial_key("+37251234567")
    return card


def _cards(windows: Windows) -> QWidget:
    for n in range(4):
        windows.desk.miss(f"5123450{n}")
    # The top one of those that the screen has room for: it says how many more there are.
    return next(card for card in windows.stack.cards if card.isVisible())


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


def _answered(windows: Windows) -> QWidget:
    """It stays, since somebody holds the mouse over it."""
    ring(windows.desk, ago=3)
    card = windows.stack.cards[-1]
    card.hold("mouse", True)
    ring(windows.desk, ago=1, type_="End", answer="Yes")
    return card


def _company(windows: Windows) -> QWidget:
    desk = windows.desk
    desk.telco.numbers_ = ("+3726403240", OWN, "+3726403233")
    desk.account.refresh_numbers()
    desk.qtbot.waitUntil(lambda: len(desk.account.numbers) == 3)
    desk.calls.ledger.name_line("+3726403233", "Юрий Иванов")
    windows.main.show_page(Page.COMPANY)
    windows.main.company_page.list.choose(0)
    windows.main.present()
    return windows.main


def _company_nobody(windows: Windows) -> QWidget:
    windows.main.company_page.search.setText("qqqq")
    windows.main.show_page(Page.COMPANY)
    windows.main.present()
    return windows.main


def _choice(windows: Windows) -> QWidget:
    texts = ("51234567", "6403232", "+358401234567", "900 1234")
    plans = [windows.desk.dialler.plan(text, Source.WINDOW) for text in texts]
    windows.choice.show_plans(plans, 3)
    return windows.choice


def _wizard(at: int) -> Callable[[Windows], QWidget]:
    def prepare(windows: Windows) -> QWidget:
        desk, wizard = windows.desk, windows.wizard
        desk.telco.trouble["numbers"].append(
            Offline("No connection to the phone service", "Is the network cable plugged in?")
        )
        desk.change(own_number="")
        desk.account.refresh_numbers()
        desk.qtbot.waitUntil(lambda: not desk.account.state.busy)
        wizard.tell_tray(False)
        for button in wizard.findChildren(QToolButton):
            if button.isCheckable() and button.text():  # what is seldom needed
                button.click()
        wizard.open(wizard.steps[at])
        return wizard

    return prepare


PREPARED: dict[str, Callable[[Windows], QWidget]] = {
    "empty": _empty,
    "calls": _calls,
    "call chosen": _call_chosen,
    "call done": _call_done,
    "calls of the week": _calls_of_the_week,
    "trouble": _in_trouble,
    "phonebook": _phonebook,
    "phonebook locked": _phonebook_locked,
    "phonebook empty": _phonebook_empty,
    "phonebook form": _phonebook_form,
    "phonebook unsaved": _phonebook_unsaved,
    "phonebook offline": _phonebook_offline,
    "phonebook conflict": _phonebook_conflict,
    "phonebook trash": _phonebook_trash,
    "phonebook doubt": _phonebook_doubt,
    "phonebook import": _phonebook_import,
    "phonebook imported": _phonebook_imported,
    "phonebook snapshots": _phonebook_snapshots,
    **{f"settings {section}": _settings(section) for section in Section},
    "settings locked": _locked,
    "settings relay code": _relay_code,
    "settings relay refused": _relay_refused,
    **{f"wizard {at + 1}": _wizard(at) for at in range(4)},
    "palette": _palette(""),
    "palette number": _palette("5123"),
    "palette problem": _palette("*21#"),
    "palette nothing": _palette("qqqq"),
    "palette nobody": _palette_of_nobody,
    "palette refused": _palette_after_a_refusal,
    "card": _card,
    "card ringing": _card_that_rings,
    "card of nobody": _card_of_nobody,
    "card with a note": _card_with_a_note,
    "card calling": _card_that_calls,
    "cards": _cards,
    "summary": _summary,
    "card answered": _answered,
    "company": _company,
    "company nobody": _company_nobody,
    "number choice": _choice,
    "question": _question,
    "guess": _guess,
}
