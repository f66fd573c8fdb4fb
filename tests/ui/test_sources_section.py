"""The settings of sources of others' contacts: everything by keyboard, and no password kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.errors import BadCredentials, Offline
from desk_phone.model.elsewhere import Listing, Outsider, SourceKind
from desk_phone.model.secret import Secret
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.ui import words
from desk_phone.ui.main_window import MainWindow, Section
from desk_phone.ui.settings.sources_section import SourcesSection
from tests.ui.behind import behind
from tests.ui.conftest import HOSTILE, Desk
from tests.ui.test_outside_contacts import Server

MOBILE = "+37251234567"
PEOPLE = Listing((Outsider("Anna", (MOBILE,), ("5123 4567",)),), left_out=3)
PASSWORD = "verborgen"
Key = Qt.Key


@pytest.fixture
def server() -> Server:
    server = Server()
    server.says = PEOPLE
    return server


@pytest.fixture
def outside(desk: Desk, server: Server) -> Iterator[OutsideContacts]:
    db = desk.ledger._db
    elsewhere = Elsewhere(
        *(Sources(db), Outsiders(db), desk.ledger, desk.keyring),
        *(lambda: desk.preferences.settings, desk.now, server),
    )
    outside = OutsideContacts(desk.lanes, elsewhere, desk.calls, desk.now)
    yield outside
    server.gate.set()
    outside.close()


@pytest.fixture
def section(desk: Desk, outside: OutsideContacts) -> Iterator[SourcesSection]:
    section = SourcesSection(outside, desk.now)
    desk.qtbot.addWidget(section)
    section.resize(660, 600)
    section.show()
    section.activateWindow()
    desk.qtbot.waitUntil(section.isActiveWindow)
    yield section
    section.hide()


def begin(section: SourcesSection, kind: SourceKind, address: str) -> None:
    section.add.click()
    section.form.kind.setCurrentIndex(section.form.kind.findData(kind))
    section.form.address.setText(address)


def add(
    desk: Desk,
    section: SourcesSection,
    label: str = "Cloud",
    user: str = "",
    address: str = "https://cloud.example/",
) -> None:
    """By the keyboard, and wait until it was read."""
    begin(section, SourceKind.CARDDAV, address)
    section.form.label.setText(label)
    section.form.user.setText(user)
    if user:
        desk.qtbot.keyClicks(section.form.password, PASSWORD)
    desk.qtbot.keyClick(section.form.password, Key.Key_Return)
    settle(desk, section)


def settle(desk: Desk, section: SourcesSection) -> None:
    outside = section._outside
    desk.qtbot.waitUntil(lambda: not section.form.isVisible() and not outside.reading)


def listed(section: SourcesSection) -> list[tuple[str, ...]]:
    return [line.cells for line in section.list.lines]


def fields_with(section: SourcesSection, text: str) -> list[QLineEdit]:
    return [field for field in section.findChildren(QLineEdit) if text in field.text()]


def test_nothing_is_there_at_first_and_it_says_what_will_be(section: SourcesSection) -> None:
    assert "No source yet" in section.said
    assert not section.list.isVisible()
    assert not any(b.isVisible() for b in (section.read, section.rename, section.remove))
    section.focus_first()
    assert section.add.hasFocus()


def test_a_source_is_added_and_read_and_its_password_stays_in_no_field(
    desk: Desk, section: SourcesSection
) -> None:
    add(desk, section, user="mari")
    assert listed(section) == [("Cloud", "1 person", words.clock(desk.clock.at))]
    assert "Address book · https://cloud.example/ · as mari" in section.said
    assert "3 left out" in section.said
    assert fields_with(section, PASSWORD) == []
    assert PASSWORD in {secret.reveal() for secret in desk.keyring.kept.values()}
    assert section.list.hasFocus()


@pytest.mark.parametrize(
    ("kind", "address", "user", "password", "said"),
    [
        pytest.param(SourceKind.WEB, " ", "", "", "The address is missing.", id="no address"),
        pytest.param(
            *(SourceKind.WEB, "https://a.example/", "mari", "", "The password is missing."),
            id="no password",
        ),
        pytest.param(
            *(SourceKind.WEB, "https://a.example/", "", "x", "The user name is missing."),
            id="no user",
        ),
        pytest.param(SourceKind.WEB, "http://a.example/", "", "", "https://", id="in the open"),
        pytest.param(SourceKind.LDAP, "dc.example", "", "", "ldap", id="no directory"),
    ],
)
def test_what_cannot_be_added_is_said_in_the_form_and_stays_typed(
    desk: Desk,
    section: SourcesSection,
    kind: SourceKind,
    address: str,
    user: str,
    password: str,
    said: str,
) -> None:
    begin(section, kind, address)
    section.form.user.setText(user)
    section.form.password.setText(password)
    section.form.add.click()
    desk.qtbot.waitUntil(lambda: said in section.form.problem)
    assert section.form.add.isEnabled()
    assert section.form.address.text() == address
    assert listed(section) == []


def test_a_password_is_gone_once_the_form_is_out_of_sight(section: SourcesSection) -> None:
    begin(section, SourceKind.WEB, "https://a.example/")
    section.form.password.setText(PASSWORD)
    section.hide()
    assert fields_with(section, PASSWORD) == []


def test_a_closed_form_takes_no_password(section: SourcesSection) -> None:
    """As a page that is made anew in another language would put one back."""
    for field in (section.form.password, section.asked.password):
        field.setText(PASSWORD)
    assert fields_with(section, PASSWORD) == []


def test_escape_closes_the_form_and_forgets_it(desk: Desk, section: SourcesSection) -> None:
    begin(section, SourceKind.WEB, "https://a.example/")
    desk.qtbot.keyClick(section.form.address, Key.Key_Escape)
    assert not section.form.isVisible()
    assert fields_with(section, "example") == []


def test_escape_in_a_question_is_not_for_the_window(desk: Desk) -> None:
    """Whose Esc closes it."""
    window = MainWindow(behind(desk))
    desk.qtbot.addWidget(window)
    window.show_settings(Section.SOURCES)
    desk.qtbot.waitUntil(window.isActiveWindow)
    section = window.settings_page.sources
    for place in ("kind", "address", "cancel"):
        section.add.click()
        field = getattr(section.form, place)
        field.setFocus()
        desk.qtbot.keyClick(field, Key.Key_Escape)
        assert not section.form.isVisible()
        assert window.isVisible()
    desk.qtbot.keyClick(section.add, Key.Key_Escape)  # to the list of sections
    desk.qtbot.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_a_file_asks_for_no_password_and_is_chosen_in_a_dialog(
    desk: Desk, section: SourcesSection, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Name,Phone\nMari,6401234\n")
    begin(section, SourceKind.FILE, "")
    assert not section.form.password.isVisible()
    section.form.browse.click()
    (dialog,) = section.form.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    assert section.form.address.text() == str(file)
    section.form.add.click()
    settle(desk, section)
    assert listed(section)[0][:2] == ("contacts", "1 person")


def test_a_trouble_is_told_in_words_and_the_people_stay(
    desk: Desk, section: SourcesSection, server: Server
) -> None:
    add(desk, section)
    server.says = Offline("The server does not answer", "It is asked again later.")
    section.list.setFocus()
    desk.qtbot.keyClick(section.list, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: "does not answer" in section.said)
    assert listed(section)[0][2] == "The server does not answer"
    assert "The people it had (1 person) are still known." in section.said
    server.says = PEOPLE
    section.read.click()
    desk.qtbot.waitUntil(lambda: "does not answer" not in section.said)


def test_while_it_is_read_it_says_so(desk: Desk, section: SourcesSection, server: Server) -> None:
    add(desk, section)
    server.gate.clear()
    section.read.click()
    assert listed(section)[0][2] == "reading..."
    server.gate.set()
    desk.qtbot.waitUntil(lambda: listed(section)[0][2] != "reading...")


def test_a_refused_password_is_asked_for_anew(
    desk: Desk, section: SourcesSection, server: Server
) -> None:
    add(desk, section, user="mari")
    server.says = BadCredentials("The password was refused", "Enter it again")
    section.read.click()
    desk.qtbot.waitUntil(lambda: "was refused" in section.said)
    assert "until you give the password anew" in section.said
    server.says = PEOPLE
    section.password.click()
    assert section.asked.password.hasFocus()
    desk.qtbot.keyClicks(section.asked.password, "another")
    desk.qtbot.keyClick(section.asked.password, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: "was refused" not in section.said)
    assert fields_with(section, "another") == []
    assert Secret("another") in desk.keyring.kept.values()


def test_a_first_reading_that_fails_is_said_in_the_form_and_adds_nothing(
    desk: Desk, section: SourcesSection, server: Server
) -> None:
    server.says = BadCredentials("The password was refused", "Enter it again")
    begin(section, SourceKind.CARDDAV, "https://cloud.example/")
    section.form.user.setText("mari")
    desk.qtbot.keyClicks(section.form.password, "wrong")
    section.form.add.click()
    desk.qtbot.waitUntil(lambda: "The password was refused" in section.form.problem)
    assert section.form.isVisible()
    assert section.form.user.text() == "mari"
    assert listed(section) == []
    server.says = PEOPLE
    section.form.password.setText(PASSWORD)
    section.form.add.click()
    settle(desk, section)
    assert listed(section)[0][1] == "1 person"


def test_it_is_renamed_by_f2_and_calls_follow(desk: Desk, section: SourcesSection) -> None:
    desk.miss(MOBILE)
    add(desk, section)
    desk.qtbot.keyClick(section.list, Key.Key_F2)
    assert section.asked.name.selectedText() == "Cloud"
    section.asked.name.clear()
    assert not section.asked.yes.isEnabled()
    desk.qtbot.keyClicks(section.asked.name, "My phone")
    desk.qtbot.keyClick(section.asked.name, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: listed(section)[0][0] == "My phone")
    assert desk.ledger.page()[0].name_label == "My phone"


def test_removing_asks_first_and_leaves_no_name(desk: Desk, section: SourcesSection) -> None:
    desk.miss(MOBILE)
    add(desk, section, user="mari")
    desk.qtbot.keyClick(section.list, Key.Key_Delete)
    assert "Remove “Cloud”?" in section.asked.said
    assert section.asked.no.hasFocus()
    section.asked.no.click()
    assert len(listed(section)) == 1
    section.remove.click()
    section.asked.yes.click()
    desk.qtbot.waitUntil(lambda: listed(section) == [])
    desk.qtbot.waitUntil(lambda: desk.ledger.page()[0].name == "")
    desk.qtbot.waitUntil(lambda: not any("contacts" in name for name in desk.keyring.kept))
    assert "No source yet" in section.said


def test_a_question_about_a_source_that_a_command_removed_is_withdrawn(
    desk: Desk, section: SourcesSection, outside: OutsideContacts
) -> None:
    add(desk, section)
    section.remove.click()
    outside.remove(outside.states()[0].source.id)
    desk.qtbot.waitUntil(lambda: listed(section) == [])
    assert not section.asked.isVisible()


def test_without_a_keyring_it_works_and_is_said(desk: Desk, section: SourcesSection) -> None:
    desk.keyring.absent = True
    add(desk, section, user="mari")
    assert listed(section)[0][1] == "1 person"
    assert "keyring" in section.said
    assert fields_with(section, PASSWORD) == []


def test_labels_from_outside_are_plain_text(desk: Desk, section: SourcesSection) -> None:
    add(desk, section, label=HOSTILE)
    section.remove.click()
    assert "<img" in section.asked.said
    assert "\u202e" not in section.asked.said + listed(section)[0][0]
