"""Another language, chosen while a card and the question before a call are open."""

from __future__ import annotations

import pytest

from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import CARD, click_call_back, find, keep_picture

pytestmark = pytest.mark.e2e

SECTION = 8  # of the settings, from 0: language and look
RUSSIAN_CARD = "Пропущенный звонок"


def test_russian_is_spoken_at_once_and_the_open_card_still_calls(desktop: Desktop) -> None:
    company = Company(desktop)
    program = Phone(desktop, company.url, missed_card_seconds=0, language="en").begin()
    window = find(desktop, program, "Desk Phone")
    company.ring("51234567", "Kristiina Õunapuu", after=1.0)
    find(desktop, program, CARD)
    keep_picture(desktop, "language-before")
    desktop.focus(window)
    desktop.key("ctrl+4", "Home")
    for _ in range(SECTION):
        desktop.key("Down")
    desktop.key("Return", "Left")
    card = find(desktop, program, RUSSIAN_CARD)
    keep_picture(desktop, "language-after")
    click_call_back(desktop, card)
    until(company.dialled, "a call", shown=program.said)
    assert company.dialled() == ["51234567"]
