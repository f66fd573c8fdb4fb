"""A name that comes from a source says from which, wherever a call or a number is shown."""

from __future__ import annotations

from datetime import date

import pytest

from desk_phone.model.calls import Call, NameSource
from desk_phone.model.elsewhere import Outsider, SourceKind
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.ui import words
from desk_phone.ui.cards import words as card_words
from desk_phone.ui.company_page import CompanyPage
from desk_phone.ui.dialling.dial_rows import Finder
from tests.ui.conftest import HOSTILE, OWN, Desk

MOBILE, COLLEAGUE = "+37251234567", "+3726403240"


@pytest.fixture
def call(desk: Desk) -> Call:
    """Missed, from somebody whom a source knows."""
    desk.miss("51234567")
    source = Sources(desk.ledger._db).add(SourceKind.FILE, "contacts.csv", "My phone", "", "")
    people = (Outsider("Rita", (MOBILE,), ("",)), Outsider("Paul", (COLLEAGUE,), ("",)))
    for _ in Outsiders(desk.ledger._db).replacing(source.id, people):
        pass
    while changes := desk.ledger.rename():
        desk.calls.take(changes)
    desk.directory.put_outside(source.id, source.label, people)
    desk.qtbot.waitUntil(lambda: not desk.directory.busy)
    return desk.ledger.page()[0]


def test_on_the_card(desk: Desk, call: Call) -> None:
    said = card_words.of_missed([call], card_words.NOTHING, desk.clock.at)
    assert said.title == "Rita"
    assert said.source.startswith("Name: from My phone")
    assert "from My phone" in said.sentence


def test_in_the_list_of_calls_and_as_a_screen_reader_speaks_it(call: Call) -> None:
    assert words.about(call) == "5123 4567 · from My phone"
    assert "from Rita, 5123 4567, from My phone," in words.sentence(call, date(2026, 11, 24))


def test_in_the_call_window(desk: Desk, call: Call) -> None:
    finder = Finder(desk.ledger, desk.directory, OWN, frozenset(), desk.clock.at)
    (row,) = finder.rows("rita")
    assert (row.title, row.source) == ("Rita", "from My phone")


def test_among_the_companys_numbers(desk: Desk, call: Call) -> None:
    desk.telco.numbers_ = (OWN, COLLEAGUE)
    desk.account.refresh_numbers()
    desk.qtbot.waitUntil(lambda: len(desk.account.numbers) == 2)
    page = CompanyPage(desk.calls, desk.dialler, desk.account, desk.preferences)
    desk.qtbot.addWidget(page)
    cells = next(line.cells for line in page.list.lines if line.cells[0] == "Paul")
    assert cells[2] == "from My phone"


def test_a_label_is_plain_text_everywhere(desk: Desk, call: Call) -> None:
    Sources(desk.ledger._db).call(1, HOSTILE)
    desk.calls.take(desk.ledger.rename())
    (renamed,) = desk.ledger.page()
    assert renamed.name_source is NameSource.ELSEWHERE
    said = (words.about(renamed), words.sentence(renamed, date(2026, 11, 24)))
    assert all("\u202e" not in text and "%(who)s" in text for text in said)
