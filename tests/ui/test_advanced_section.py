"""What helps when something is wrong: the log, the report, settings as a file, erasing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desk_phone.app import licences
from desk_phone.app.diagnosis import Diagnosis
from desk_phone.app.diagnostics import Probes
from desk_phone.app.housekeeping import Housekeeping
from desk_phone.app.licences import LUCIDE
from desk_phone.app.settings_copy import save
from desk_phone.errors import Offline
from desk_phone.model.diagnostics import Part
from desk_phone.paths import Paths
from desk_phone.settings import Settings
from desk_phone.store import changing
from desk_phone.store.erasing import TOLD_AGAIN, Erasing
from desk_phone.system.secrets import NoKeyring
from desk_phone.ui.behind import Behind
from desk_phone.ui.settings.about_section import AboutSection
from desk_phone.ui.settings.advanced_section import AdvancedSection
from desk_phone.ui.settings.log_pane import LogPane
from desk_phone.ui.settings.page import Section, SettingsPage
from desk_phone.web.inspecting import Secured
from tests.offices import full_disk
from tests.ui.behind import behind
from tests.ui.conftest import HOSTILE, Desk
from tests.ui.crm_desk import HOOK, CrmDesk

ANNA = "+37251234567"
LINE = "2026-11-25 18:46:27,357 {} desk_phone.app.calls: {}\n"


@pytest.fixture
def made(desk: Desk) -> Behind:
    return behind(desk)


@pytest.fixture
def section(desk: Desk, made: Behind) -> Iterator[AdvancedSection]:
    page = SettingsPage(made)
    desk.qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.isActiveWindow)
    page.reveal(Section.ADVANCED)
    yield page.advanced
    page.hide()


# the log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk-phone.log").write_text(
        LINE.format("INFO", "line ready")
        + LINE.format("WARNING", "no room")
        + "    of which more\n"
        + LINE.format("INFO", HOSTILE),
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def pane(qtbot: QtBot, folder: Path) -> Iterator[LogPane]:
    pane = LogPane(folder, every_ms=5)
    qtbot.addWidget(pane)
    pane.show()
    yield pane
    pane.hide()


def test_the_log_is_shown_as_plain_text_and_goes_along(
    qtbot: QtBot, pane: LogPane, folder: Path
) -> None:
    assert "line ready" in pane.text.toPlainText()
    assert "<img src='file:///x'>" in pane.text.toPlainText()
    with (folder / "desk-phone.log").open("a", encoding="utf-8") as file:
        file.write(LINE.format("INFO", "something new"))
    qtbot.waitUntil(lambda: "something new" in pane.text.toPlainText())


def test_without_following_nothing_moves(pane: LogPane, folder: Path) -> None:
    pane.follow.setChecked(False)
    (folder / "desk-phone.log").write_text("", encoding="utf-8")
    assert not pane._looking.isActive()
    assert "line ready" in pane.text.toPlainText()
    pane.follow.setChecked(True)
    assert pane.text.toPlainText() == ""


def test_only_what_is_grave_is_shown_with_what_belongs_to_it(pane: LogPane) -> None:
    pane.level.setCurrentIndex(1)
    assert pane.text.toPlainText().splitlines() == [
        LINE.format("WARNING", "no room").strip(),
        "    of which more",
    ]


def test_what_is_shown_is_copied(pane: LogPane) -> None:
    pane.copy.click()
    assert QGuiApplication.clipboard().text() == pane.text.toPlainText()


def test_the_folder_is_opened_when_asked_for(
    pane: LogPane, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    pane.open.click()
    assert opened == [str(folder)]


def test_a_log_that_is_not_there_is_no_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    pane = LogPane(tmp_path / "none")
    qtbot.addWidget(pane)
    pane.show()
    assert pane.text.toPlainText() == ""
    pane.hide()


def test_in_the_settings_the_log_is_read_only_when_it_is_wanted(section: AdvancedSection) -> None:
    assert not section.log.isVisible()
    assert section.show_log.hasFocus()
    section.show_log.click()
    assert section.log.isVisible()


# the report


def test_a_report_is_saved_and_where_is_told(
    desk: Desk, section: AdvancedSection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    section.diagnosis.save.click()
    dialog = section.diagnosis.findChild(QFileDialog)
    assert dialog is not None
    file = tmp_path / "report.zip"
    dialog.fileSelected.emit(str(file))
    assert not section.diagnosis.save.isEnabled()
    desk.qtbot.waitUntil(section.diagnosis.save.isEnabled)
    dialog.close()
    assert str(file) in section.diagnosis.status
    with zipfile.ZipFile(file) as packed:
        assert "report.txt" in packed.namelist()
    assert opened == []


def test_a_report_that_cannot_be_written_is_told(
    desk: Desk, made: Behind, section: AdvancedSection, tmp_path: Path
) -> None:
    made.diagnosis.save(tmp_path / "none" / "report.zip")
    desk.qtbot.waitUntil(section.diagnosis.save.isEnabled)
    assert "could not be written" in section.diagnosis.status


def test_a_report_has_what_the_program_says_of_itself(desk: Desk, tmp_path: Path) -> None:
    def no_keyring() -> str:
        raise NoKeyring("none")

    diagnosis = Diagnosis(
        *(desk.lanes, Paths(tmp_path), desk.preferences),
        *(lambda: (Part("Tray", (("kind", "xembed"),)),), Probes(no_keyring, lambda _: Secured())),
        desk.now,
    )
    with desk.qtbot.waitSignal(diagnosis.saved):
        diagnosis.save(tmp_path / "r.zip")
        diagnosis.save(tmp_path / "another.zip")  # one at a time
    with zipfile.ZipFile(tmp_path / "r.zip") as packed:
        said = {p["title"]: p["facts"] for p in json.loads(packed.read("report.json"))["parts"]}
    assert said["Tray"] == [["kind", "xembed"]]
    assert said["Keyring"] == [["usable", "no"], ["why", "NoKeyring"]]
    assert not (tmp_path / "another.zip").exists()


# settings as a file


def test_nothing_changes_before_it_was_seen_and_said_yes_to(
    desk: Desk, section: AdvancedSection, tmp_path: Path
) -> None:
    file = tmp_path / "s.json"
    save(file, replace(desk.preferences.settings, theme="dark", crm_program="open x"))
    section.copy.look_at(file)
    assert "theme: system \u2192 dark" in section.copy.changes
    assert section.copy._caution.isVisible()
    assert desk.preferences.settings.theme == "system"
    section.copy.leave.click()
    assert section.copy.changes == ""
    assert not section.copy.apply.isVisible()
    section.copy.look_at(file)
    section.copy.apply.click()
    assert desk.preferences.settings.theme == "dark"
    assert section.copy.status == "2 settings were changed."


def test_settings_are_saved_without_what_may_be_secret(
    desk: Desk, section: AdvancedSection, tmp_path: Path
) -> None:
    desk.change(crm_webhook="https://crm.example/h?token=geheim")
    section.copy.save_to(tmp_path / "s.json")
    assert "geheim" not in (tmp_path / "s.json").read_text(encoding="utf-8")
    assert "crm_webhook" in section.copy.status


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{}", "no settings of Desk Phone", id="another file"),
        pytest.param(None, "could not be read", id="no file"),
    ],
)
def test_a_file_that_is_none_is_told(
    section: AdvancedSection, tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "s.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    section.copy.look_at(file)
    assert said in section.copy.status
    assert not section.copy.apply.isVisible()


def test_the_same_settings_change_nothing(
    desk: Desk, section: AdvancedSection, tmp_path: Path
) -> None:
    section.copy.save_to(tmp_path / "s.json")
    section.copy.look_at(tmp_path / "s.json")
    assert section.copy.status == "Nothing would change."


# erasing


def test_a_number_is_erased_only_after_the_question(
    desk: Desk, made: Behind, section: AdvancedSection
) -> None:
    desk.miss("51234567", "Anna Vares")
    desk.miss("5551234", "Boris Kask")
    made.follow_up.write_person_note(ANNA, "polite")
    desk.qtbot.keyClicks(section.erase.number, "5123 4567")
    desk.qtbot.keyClick(section.erase.number, Qt.Key.Key_Return)
    assert "1 call and 1 note" in section.erase.status
    assert "1 call of the last month is hidden" in section.erase.status
    assert len(desk.ledger.page()) == 2
    with desk.qtbot.waitSignal(desk.calls.changed):
        section.erase.erase.click()
    assert [call.other for call in desk.ledger.page()] == ["+3725551234"]
    assert made.follow_up.person_note(ANNA) == ""
    assert [found.other for found in desk.directory.search("Anna")] == []
    assert section.erase.status == "5123 4567 is erased."
    desk.poll()
    assert len(desk.ledger.page()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("abc", "This is no phone number.", id="no number"),
        pytest.param("", "This is no phone number.", id="nothing"),
        pytest.param("5999 9999", "Nothing is known of 5999 9999.", id="unknown"),
    ],
)
def test_what_is_not_known_cannot_be_erased(
    section: AdvancedSection, typed: str, said: str
) -> None:
    section.erase.number.setText(typed)
    section.erase.look.click()
    assert section.erase.status == said
    assert not section.erase.erase.isVisible()


def test_another_number_takes_the_question_back(desk: Desk, section: AdvancedSection) -> None:
    desk.miss("51234567")
    section.erase.number.setText("5123 4567")
    section.erase.look.click()
    assert section.erase.erase.isVisible()
    desk.qtbot.keyClicks(section.erase.number, "8")
    assert not section.erase.erase.isVisible()


def test_a_full_disk_is_told_and_nothing_is_erased(
    desk: Desk, section: AdvancedSection, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.miss("51234567")
    section.erase.number.setText("5123 4567")
    section.erase.look.click()
    monkeypatch.setattr(changing, "writing", full_disk)
    section.erase.erase.click()
    assert "room" in section.erase.status.lower()
    assert len(desk.ledger.page()) == 1


# what is kept


@pytest.mark.parametrize(
    ("months", "left"),
    [
        pytest.param(24, 2, id="two years"),
        pytest.param(3, 1, id="a quarter"),
        pytest.param(1, 2, id="never less than the service tells"),
        pytest.param(0, 2, id="for ever"),
    ],
)
def test_calls_are_kept_as_long_as_was_chosen(
    desk: Desk, made: Behind, months: int, left: int
) -> None:
    ago = timedelta(days=120) if months == 3 else timedelta(days=40)
    desk.add("51234567", ago=ago)
    desk.add("5551234", ago=timedelta(days=1))
    desk.poll()
    desk.change(keep_months=months)
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: len(desk.ledger.page()) == left)


def test_many_old_calls_go_in_pieces(desk: Desk, made: Behind) -> None:
    for n in range(250):
        desk.add("51234567", ago=timedelta(days=100, minutes=n // 2))
    desk.add("5551234", ago=timedelta(days=1))
    desk.poll()
    desk.change(keep_months=3)
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: len(desk.ledger.page(limit=500)) == 1)


def test_a_clock_that_is_years_ahead_lets_nothing_go(desk: Desk, made: Behind) -> None:
    desk.miss("51234567")
    desk.clock.pass_(days=5 * 365)
    desk.fail(Offline("The certificate is not valid", "Is the clock right?"))
    with desk.qtbot.assertNotEmitted(made.housekeeping.purged):
        made.housekeeping.look()
        desk.qtbot.waitUntil(lambda: not made.housekeeping._work.busy)
    assert len(desk.ledger.page()) == 1
    desk.poll()  # so it is five years later
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: desk.ledger.page() == [])


def test_a_full_disk_puts_the_clearing_off(
    desk: Desk, made: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add("51234567", ago=timedelta(days=200))
    desk.poll()
    desk.change(keep_months=3)
    with monkeypatch.context() as full:
        full.setattr(changing, "writing", full_disk)
        made.housekeeping.look()
    assert len(desk.ledger.page()) == 1
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: desk.ledger.page() == [])


def test_the_choice_is_kept_and_shown(desk: Desk, section: AdvancedSection) -> None:
    months = section.erase.months
    months.setCurrentIndex(months.findText("for ever"))
    months.activated.emit(months.currentIndex())
    assert desk.preferences.settings.keep_months == 0
    desk.change(keep_months=7)
    assert months.currentText() == "7 months"


def test_what_was_put_off_is_erased_in_its_time(desk: Desk, made: Behind) -> None:
    desk.miss("51234567")
    assert made.housekeeping.erase(ANNA)
    desk.clock.pass_(days=TOLD_AGAIN.days * 2)
    made.housekeeping.look()
    desk.qtbot.waitUntil(lambda: Erasing(desk.ledger._db).known(ANNA, desk.now()).calls == 0)


def test_it_looks_by_itself_after_the_start(desk: Desk) -> None:
    desk.add("51234567", ago=timedelta(days=200))
    desk.poll()
    desk.change(keep_months=3)
    keeper = Housekeeping(desk.calls, Erasing(desk.ledger._db), desk.preferences, desk.now)
    keeper.start(after_ms=0)
    desk.qtbot.waitUntil(lambda: desk.ledger.page() == [])
    keeper.stop()


# about


def test_it_says_what_the_password_can_do_and_whose_work_it_stands_on(
    desk: Desk, qtbot: QtBot
) -> None:
    made = behind(desk)
    section = AboutSection(made.update, desk.preferences)
    qtbot.addWidget(section)
    section.show()
    assert "The password opens everything" in section.said
    assert "LGPL" in section.said
    assert section.packages.count() == 0
    section.show_licences.click()
    names = [section.packages.itemData(n) for n in range(section.packages.count())]
    assert {"lxml", "zeep", LUCIDE} <= set(names)
    section.packages.setCurrentIndex(names.index(LUCIDE))
    assert "ISC" in section.text.toPlainText()
    section.show_licences.click()
    assert not section.text.isVisible()


def test_every_package_has_a_name_for_its_terms() -> None:
    assert [one.name for one in licences.licences() if not one.terms] == []


def test_it_stands_last_in_the_settings(section: AdvancedSection, settings: Settings) -> None:
    page = section.window()
    assert isinstance(page, SettingsPage)
    page.reveal(Section.ABOUT)
    QApplication.processEvents()
    assert page.about.update_fields.address.hasFocus()


def test_a_crm_is_told_of_nobody_who_was_erased_and_of_nothing_twice(desk: Desk) -> None:
    crm = CrmDesk(desk)
    desk.change(crm_webhook=HOOK)
    keeper = Housekeeping(desk.calls, Erasing(desk.ledger._db), desk.preferences, desk.now)
    desk.qtbot.waitUntil(lambda: bool(crm.queue.since()))
    crm.ring(ANNA)
    heard = crm.heard(1)
    assert keeper.erase(ANNA)
    desk.poll()
    crm.stop()
    crm.start()
    crm.ring("+3725551234")
    assert crm.heard(len(heard) + 1) == [*heard, "ringing"]
    crm.stop()
