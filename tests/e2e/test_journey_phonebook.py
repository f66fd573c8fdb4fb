"""The Phonebook page as its user knows it, by keyboard and mouse: edits that meet all the trouble
there is."""

from __future__ import annotations

import pytest

from desk_phone.ui.look import LIGHT
from tests.desktop import Desktop, until
from tests.e2e.phonebook import (
    begin,
    find_entry,
    has_banner,
    names,
    open_menu,
    open_page,
    rename,
    states,
    unlock,
)
from tests.e2e.program import Company, Phone
from tests.e2e.shown import keep_picture

pytestmark = pytest.mark.e2e

SAMPLES = ["Alice", "Bob", "A Client"]  # what the company has from the start
KRISTIINA, MOBILE = "Kristiina Õunapuu", "51234567"
KRISTIINA_ON_RUSSIAN_KEYS = "лкшыешшт"


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def test_an_edit_without_a_connection_outlives_kill_9_and_is_sent_once(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = begin(phone)
    open_page(desktop, program)
    unlock(desktop, program, phone)
    company.tell(fault="500@listPhoneBookEntries")
    rename(desktop, program, "alice", "Alice Uus")
    until(lambda: states(phone).get("Alice Uus") == "waiting", "it is kept", shown=program.said)
    keep_picture(desktop, "phonebook-offline")
    program.wait_for("phonebook: The service has a fault of its own")
    program.kill_all()
    assert names(company) == SAMPLES

    company.tell(clear=True)
    program = begin(phone)
    open_page(desktop, program)
    until(lambda: states(phone).get("Alice Uus") == "synced", "it settles", shown=program.said)
    keep_picture(desktop, "phonebook-settled")
    assert names(company) == ["Alice Uus", *SAMPLES[1:]]
    assert company.requests("updateEntry") == 1


def test_two_edit_the_same_entry_and_the_second_decides_by_keyboard(
    desktop: Desktop, company: Company
) -> None:
    phone = Phone(desktop, company.url, phonebook_unlocked=True)
    other = Phone(desktop, company.url, "colleague", phonebook_unlocked=True)
    first, second = begin(phone), begin(other)
    open_page(desktop, first)
    rename(desktop, first, "alice", "Alice Esimene")
    until(lambda: names(company)[0] == "Alice Esimene", "the first edit arrives")
    open_page(desktop, second)
    rename(desktop, second, "alice", "Alice Teine")
    until(lambda: states(other).get("Alice Esimene") == "conflict", "a conflict", shown=second.said)
    keep_picture(desktop, "phonebook-conflict")
    assert names(company)[0] == "Alice Esimene"
    assert "conflict" not in states(phone).values()
    assert company.requests("updateEntry") == 1

    open_menu(desktop, second)
    desktop.key("Up", "Up", "Up", "Up", "Return")  # Decide...
    desktop.key("space")  # Keep mine
    until(lambda: names(company)[0] == "Alice Teine", "mine is sent", shown=second.said)
    until(lambda: states(other).get("Alice Teine") == "synced", "it settles", shown=second.said)
    keep_picture(desktop, "phonebook-decided")
    assert company.requests("updateEntry") == 2
    assert company.requests("clickToCall") == 0


def test_a_list_that_is_empty_at_once_loses_nobody_and_a_banner_tells(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    for n in range(20):
        company.tell(entry={"name": f"Colleague {n}", "number1": f"640{n:04}"})
    program = begin(phone)
    open_page(desktop, program)
    known = states(phone)
    assert len(known) == 23
    company.tell(fault="empty-list@listPhoneBookEntries")
    assert not has_banner(desktop, program, LIGHT.warn_soft)
    phone.run("phonebook", "sync")
    program.wait_for("phonebook suspicious")
    until(lambda: has_banner(desktop, program, LIGHT.warn_soft), "a banner tells")
    keep_picture(desktop, "phonebook-empty-list")
    assert states(phone).keys() == known.keys()

    company.tell(clear=True)
    phone.run("phonebook", "sync")
    until(lambda: not has_banner(desktop, program, LIGHT.warn_soft), "the banner goes")
    assert states(phone) == known


def test_somebody_sought_on_the_wrong_keyboard_is_called_with_enter(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    company.tell(entry={"name": KRISTIINA, "number1": MOBILE})
    desktop.screen.teach(KRISTIINA_ON_RUSSIAN_KEYS)  # a program sees new keys only a moment later
    program = begin(phone)
    open_page(desktop, program)
    find_entry(desktop, program, KRISTIINA_ON_RUSSIAN_KEYS)
    keep_picture(desktop, "phonebook-found")
    assert company.requests("clickToCall") == 0
    desktop.key("Return")
    until(company.dialled, "a call", shown=program.said)
    assert company.dialled() == [MOBILE]
