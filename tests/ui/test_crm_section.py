"""The settings of the CRM connection: what is typed is shown filled in, and kept if it works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from desk_phone.errors import Offline
from desk_phone.model.crm import OpenOn
from desk_phone.model.crm_template import Placeholder
from desk_phone.model.secret import Secret
from desk_phone.ui.settings.crm_section import CrmSection
from desk_phone.ui.settings.crm_template_field import TemplateField
from desk_phone.ui.settings.page import Section, SettingsPage
from desk_phone.web.posting import Heard
from tests.ui.behind import behind
from tests.ui.conftest import Desk
from tests.ui.crm_desk import HOOK, PAGE, CrmDesk


@pytest.fixture
def crm(desk: Desk) -> Iterator[CrmDesk]:
    crm = CrmDesk(desk)
    yield crm
    crm.crm.stop()


@pytest.fixture
def section(desk: Desk, crm: CrmDesk) -> Iterator[CrmSection]:
    page = SettingsPage(replace(behind(desk), crm=crm.crm))
    desk.qtbot.addWidget(page)
    page.resize(700, 900)
    page.show()
    page.activateWindow()
    desk.qtbot.waitUntil(page.isActiveWindow)
    page.reveal(Section.CRM)
    yield page.crm
    page.hide()


def enter(desk: Desk, field: QLineEdit, text: str) -> None:
    """Type it instead of what is there, and leave the field."""
    field.setFocus()
    field.selectAll()
    desk.qtbot.keyClicks(field, text)
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)


def test_revealing_it_puts_the_keyboard_there(section: CrmSection) -> None:
    assert section.page.field.hasFocus()


def test_an_address_is_shown_filled_in_while_it_is_typed_and_kept_after(
    desk: Desk, section: CrmSection
) -> None:
    desk.qtbot.keyClicks(section.page.field, PAGE + "&n={name}")
    assert section.page.shown == (
        "Opens https://crm.example/?q=%2B3726403231&n=%C3%95ie%20%26%20Pojad"
    )
    assert desk.preferences.settings.crm_url == ""
    desk.qtbot.keyClick(section.page.field, Qt.Key.Key_Return)
    assert desk.preferences.settings.crm_url == PAGE + "&n={name}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://crm.example/{phone}", "There is no placeholder {phone}. Known are: {e164}"),
        ("javascript:alert({name})", "Addresses that begin with javascript: are not opened."),
        ("crm", "This is no address."),
    ],
)
def test_an_address_that_cannot_be_used_says_why_and_is_not_kept(
    desk: Desk, section: CrmSection, text: str, words: str
) -> None:
    desk.change(crm_url=PAGE)
    enter(desk, section.page.field, text)
    assert section.page.shown.startswith(words)
    assert desk.preferences.settings.crm_url == PAGE


def test_a_program_is_shown_as_the_arguments_it_gets(desk: Desk, section: CrmSection) -> None:
    enter(desk, section.program.field, "crm --number={e164} '{name} x' {note}")
    assert section.program.shown == (
        "Runs [crm] [--number=+3726403231] [Õie & Pojad x] [Asked for the new price list]"
    )
    assert desk.preferences.settings.crm_program == "crm --number={e164} '{name} x' {note}"


def test_a_shell_is_not_kept(desk: Desk, section: CrmSection) -> None:
    enter(desk, section.program.field, "sh -c 'echo {name}'")
    assert section.program.shown.startswith("A placeholder must not stand in program text.")
    assert desk.preferences.settings.crm_program == ""


def test_what_is_emptied_is_off(desk: Desk, section: CrmSection) -> None:
    enter(desk, section.page.field, PAGE)
    section.page.field.clear()
    desk.qtbot.keyClick(section.page.field, Qt.Key.Key_Return)
    assert desk.preferences.settings.crm_url == ""
    assert section.page.shown == ""


@pytest.mark.parametrize("placeholder", Placeholder)
def test_the_menu_inserts_each_placeholder_where_the_cursor_is(
    section: CrmSection, placeholder: Placeholder
) -> None:
    section.page.field.setText("ab")
    section.page.field.setCursorPosition(1)
    (action,) = [a for a in section.page.menu.actions() if f"{{{placeholder}}}" in a.text()]
    action.trigger()
    assert section.page.field.text() == f"a{{{placeholder}}}b"
    assert section.page.field.hasFocus()


def test_by_default_nothing_opens_by_itself(desk: Desk, section: CrmSection) -> None:
    desk.change(crm_url=PAGE)
    assert section.choices[OpenOn.CLICK].isChecked()
    assert section.caution == "Nothing opens by itself."
    assert not any(box.isEnabled() for box in section.filters.values())


def test_choosing_when_it_opens_says_what_that_means(desk: Desk, section: CrmSection) -> None:
    desk.change(crm_url=PAGE)
    section.choices[OpenOn.RINGING].click()
    assert desk.preferences.settings.crm_open == "ringing"
    assert "forged" in section.caution
    assert "at most 3 times a minute" in section.caution
    section.filters["crm_unknown_only"].click()
    section.filters["crm_incoming_only"].click()
    settings = desk.preferences.settings
    assert (settings.crm_unknown_only, settings.crm_incoming_only) == (True, False)


def test_pages_that_did_not_open_are_told(desk: Desk, crm: CrmDesk, section: CrmSection) -> None:
    desk.change(crm_url=PAGE, crm_open="ringing")
    for n in range(5):
        crm.ring(f"+3725123{n:04}")
    assert section.caution.endswith("2 did not open.")


def test_nothing_can_be_chosen_before_there_is_anything_to_open(section: CrmSection) -> None:
    assert not any(button.isEnabled() for button in section.choices.values())


# the webhook


def test_an_address_of_a_webhook_is_kept(desk: Desk, section: CrmSection) -> None:
    assert not section.webhook.test.isEnabled()
    enter(desk, section.webhook.address, HOOK)
    assert desk.preferences.settings.crm_webhook == HOOK
    assert section.webhook.queue == "Nothing waits."
    assert section.webhook.test.isEnabled()


def test_an_address_without_protection_is_not_kept(desk: Desk, section: CrmSection) -> None:
    enter(desk, section.webhook.address, "http://crm.example/hook")
    assert section.webhook.problem.startswith("This address cannot be used.")
    assert desk.preferences.settings.crm_webhook == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(Heard(202), "It was taken (HTTP 202).", id="taken"),
        pytest.param(Heard(404), "crm.example refused (HTTP 404)\nCheck the address", id="no"),
        pytest.param(Offline("No network", "Later."), "No network\nLater.", id="offline"),
    ],
)
def test_a_test_event_says_in_words_what_became_of_it(
    desk: Desk, crm: CrmDesk, section: CrmSection, answer: Heard | Offline, words: str
) -> None:
    desk.change(crm_webhook=HOOK)
    crm.receiver.answers = [answer]
    section.webhook.test.click()
    assert section.webhook.tested == "Sending..."
    assert not section.webhook.test.isEnabled()
    desk.qtbot.waitUntil(lambda: section.webhook.tested != "Sending...")
    assert section.webhook.tested.startswith(words)
    assert section.webhook.test.isEnabled()


def test_the_queue_says_what_waits_and_why(desk: Desk, crm: CrmDesk, section: CrmSection) -> None:
    crm.receiver.answers = [Offline("No network")]
    desk.change(crm_webhook=HOOK)
    desk.miss(ago=timedelta(0))
    desk.qtbot.waitUntil(lambda: "Last trouble" in section.webhook.queue)
    assert section.webhook.queue == "1 event waits. Last trouble: No network."


def test_what_was_given_up_is_counted(desk: Desk, crm: CrmDesk, section: CrmSection) -> None:
    crm.receiver.answers = [Heard(404)]
    desk.change(crm_webhook=HOOK)
    desk.miss(ago=timedelta(0))
    desk.qtbot.waitUntil(lambda: "given up" in section.webhook.queue)
    assert section.webhook.queue.startswith("Nothing waits. 1 was given up.")


def test_a_secret_goes_to_the_keyring_and_stays_in_no_widget(
    desk: Desk, section: CrmSection
) -> None:
    enter(desk, section.webhook.secret, "verborgen")
    desk.qtbot.waitUntil(lambda: desk.preferences.settings.crm_signed)
    assert desk.keyring.kept["CRM webhook"] == Secret("verborgen")
    assert section.webhook.secret.text() == ""
    assert section.webhook.secret.echoMode() is QLineEdit.EchoMode.Password
    section.webhook.forget.click()
    desk.qtbot.waitUntil(lambda: not desk.preferences.settings.crm_signed)
    assert "CRM webhook" not in desk.keyring.kept or not desk.keyring.kept["CRM webhook"]


# for everybody


def test_every_label_shows_plain_text(desk: Desk, section: CrmSection) -> None:
    enter(desk, section.page.field, "https://crm.example/<b>{name}")
    for label in section.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_every_control_has_a_name(section: CrmSection) -> None:
    fields = (section.page.field, section.program.field)
    named = (*fields, section.webhook.address, section.webhook.secret)
    assert [field.accessibleName() for field in named] == [
        *("Page to open", "Program to run", "Webhook", "Secret that signs it"),
    ]
    for field in section.findChildren(TemplateField):
        assert field._button.accessibleName() == "Insert a placeholder"
