"""The phonebook of one company and the account of another: what the page says and does."""

from __future__ import annotations

import pytest

from desk_phone.app import sync_clock
from desk_phone.app.phonebook_news import Answer
from desk_phone.model.secret import Secret
from tests.ui.conftest import USER, Desk
from tests.ui.phonebook_list import ANNELI, button, buttons, column, shown_page, texts

OTHER = "P9999999@example.ee"
TITLE = f"This phonebook belongs to {USER}; you are now {OTHER}"


@pytest.fixture
def moved(desk: Desk) -> Desk:
    """An edit of ours waits, and the settings name another company's account."""
    desk.contacts.unlock()
    desk.list_entries(ANNELI)
    desk.contacts.add("Bob", "+37251230000")
    desk.keyring.kept[OTHER] = Secret("correct horse")
    desk.telco.asked.clear()
    desk.change(user=OTHER)
    return desk


def asked(desk: Desk) -> int:
    return sum(each[0] in ("entries", "add_entry") for each in desk.telco.asked)


def test_another_accounts_phonebook_is_told_and_nothing_is_asked(moved: Desk) -> None:
    page = shown_page(moved)
    assert TITLE in texts(page)
    assert "1 change waits." in texts(page)
    moved.sync()
    assert TITLE in texts(page)
    assert moved.contacts.state.trouble is None
    assert moved.contacts.state.next_try is None
    assert asked(moved) == 0
    assert column(page) == ["Anneli Saar", "Bob"]


def test_a_mistyped_account_is_no_harm(moved: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_clock, "AFTER_EDIT", sync_clock.AFTER_EDIT / 100)
    page = shown_page(moved)
    moved.sync()
    moved.change(user=USER)
    assert TITLE not in texts(page)
    moved.qtbot.waitUntil(lambda: moved.contacts.state.waiting == 0)
    assert len(moved.telco.entries_) == 2


def test_the_same_company_goes_on_with_a_click(moved: Desk) -> None:
    page = shown_page(moved)
    button(page, "It is the same company").click()
    moved.qtbot.waitUntil(lambda: moved.contacts.state.waiting == 0)
    moved.qtbot.waitUntil(lambda: not moved.contacts.state.busy)
    assert TITLE not in texts(page)
    assert len(moved.telco.entries_) == 2


def test_a_new_copy_shows_the_other_company_and_the_old_one_can_be_taken_again(
    moved: Desk,
) -> None:
    ours, moved.telco.entries_ = moved.telco.entries_, {}
    moved.telco.add_entry("Stranger", "+3726123410", "")
    page = shown_page(moved)
    button(page, "Start a new copy").click()
    moved.qtbot.waitUntil(lambda: column(page) == ["Stranger"])
    moved.qtbot.waitUntil(lambda: not moved.contacts.state.busy)
    assert [entry.name for entry in moved.telco.entries_.values()] == ["Stranger"]
    assert not moved.contacts.state.can_undo
    moved.telco.entries_ = ours
    moved.change(user=USER)
    (again,) = [b for b in buttons(page) if b.text().startswith("Take the copy of")]
    again.click()
    moved.qtbot.waitUntil(lambda: column(page) == ["Anneli Saar", "Bob"])
    moved.qtbot.waitUntil(lambda: moved.contacts.state.waiting == 0)
    assert len(ours) == 2


def test_an_account_that_is_taken_away_is_nobodys(moved: Desk) -> None:
    moved.change(user="")
    assert moved.contacts.state.stranger is None
    moved.sync()
    assert moved.contacts.state.locked
    assert asked(moved) == 0


def test_an_answer_in_the_middle_of_a_sync_mixes_nothing(moved: Desk) -> None:
    """The list of our company is under way while the person takes another copy."""
    moved.change(user=USER)
    moved.contacts.sync()
    moved.change(user=OTHER)
    moved.contacts.answer(Answer.NEW_COPY)
    moved.qtbot.waitUntil(lambda: not moved.contacts.state.busy)
    assert moved.contacts.book.contacts() == []
    assert [entry.name for entry in moved.telco.entries_.values()] == ["Anneli Saar"]
