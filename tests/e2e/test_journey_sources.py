"""Contacts from elsewhere: a command adds a list beside the running program, and its people have
names on the card, in the list of calls and in the search of the phonebook."""

from __future__ import annotations

import json

import pytest

from desk_phone.ui.phonebook.parts import Part
from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import CARD, MAIN, find, keep_picture

pytestmark = pytest.mark.e2e

RITA, RITAS = "Rita Žukova", "51230001"
A_NEW_CALL = 1.0  # second from now: records tell whole ones


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def test_a_caller_is_named_after_a_list_that_a_command_added(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin()
    file = desktop.folder / "contacts.csv"
    file.write_text(f"Name;Mobile Phone\n{RITA};{RITAS}\n", "utf-8")
    added = phone.run("sources", "add", "file", str(file), "--label", "Old list")
    assert added.status == 0, added
    assert "1 person" in added.out

    company.ring(RITAS, after=A_NEW_CALL)
    find(desktop, program, CARD)
    keep_picture(desktop, "sources-card")
    (call,) = phone.calls()
    assert (call["name"], call["name_source"]) == (RITA, "elsewhere")

    main = find(desktop, program, MAIN)
    desktop.focus(main)
    keep_picture(desktop, "sources-calls")
    desktop.key("ctrl+2")
    desktop.key("ctrl+f")
    desktop.type("zukova")  # at once, while the page is made
    desktop.key("Return")
    keep_picture(desktop, f"sources-{Part.OUTSIDE}")
    desktop.key("Return")
    until(lambda: company.dialled() == [RITAS], "it is called", shown=program.said)

    gone = phone.run("sources", "remove", "1", "--json")
    assert (gone.status, json.loads(gone.out)) == (0, [])
    assert phone.calls()[-1]["name"] == ""
