"""Earlier states of the phonebook: compared with what is so now, in pieces and truly."""

from __future__ import annotations

from desk_phone.telco.service import Entry
from desk_phone.ui.phonebook.page import PhonebookPage
from desk_phone.ui.phonebook.parts import Part
from tests.ui.conftest import Desk
from tests.ui.phonebook_list import shown_page


def _page(desk: Desk, count: int) -> PhonebookPage:
    """At the earlier states, of which there is one with so many entries; one was deleted since."""
    desk.contacts.unlock()
    for n in range(1, count + 1):
        desk.telco.entries_[str(n)] = Entry(str(n), f"Person {n}", f"64{n:05}", f"51{n:06}")
    desk.sync()
    page = shown_page(desk)
    first = desk.contacts.book.contacts()[0]
    desk.contacts.delete(first.id, first.effective)
    page.parts.show_part(Part.SNAPSHOTS)
    return page


def test_comparing_a_long_phonebook_holds_nobody_up(desk: Desk) -> None:
    page = _page(desk, 5000)
    snapshot = page.snapshots.list.lines[0].key
    pieces = desk.contacts.comparing(snapshot)
    assert len(list(pieces)) >= 3 * 5000 / 500  # each of a few milliseconds
    page.snapshots.list.choose(snapshot)
    assert page.snapshots.busy
    assert page.snapshots.said == "Comparing..."
    assert not page.snapshots.restore.isEnabled()
    desk.qtbot.waitUntil(lambda: not page.snapshots.busy, timeout=20_000)
    assert page.snapshots.said == "1 would come back."
    assert page.snapshots.restore.isEnabled()


def test_what_changes_while_it_compares_is_compared_anew(desk: Desk) -> None:
    page = _page(desk, 5000)
    page.snapshots.list.choose(page.snapshots.list.lines[0].key)
    assert page.snapshots.said == "Comparing..."
    last = desk.contacts.book.contacts()[-1]
    desk.contacts.delete(last.id, last.effective)
    desk.qtbot.waitUntil(lambda: page.snapshots.said != "Comparing...", timeout=20_000)
    assert page.snapshots.said == "2 would come back."
    assert len(page.snapshots.steps.lines) == 2


def test_a_state_that_is_not_chosen_any_more_is_not_told(desk: Desk) -> None:
    page = _page(desk, 5000)
    page.snapshots.list.choose(page.snapshots.list.lines[0].key)
    page.snapshots.list.clearSelection()
    assert not page.snapshots.busy
    assert page.snapshots.said.startswith("Choose a state")
    assert len(page.snapshots.steps.lines) == 0


def test_two_states_of_one_minute_are_told_apart(desk: Desk) -> None:
    page = _page(desk, 20)
    desk.sync()
    first = {line.cells[0] for line in page.snapshots.list.lines}
    desk.clock.pass_(seconds=2)
    second = desk.contacts.book.contacts()[1]
    desk.contacts.delete(second.id, second.effective)
    desk.sync()
    page.snapshots.read_again()
    moments = [line.cells[:2] for line in page.snapshots.list.lines]
    assert len(moments) > len(first)
    assert len(set(moments)) == len(moments)
    assert all(when.count(":") == 2 for when, _ in moments)  # each tells its time once
