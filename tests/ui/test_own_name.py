"""The own display name: kept here as it is spelt, sent in the letters that phones show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from desk_phone.app.line_name import Naming
from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.calls import NameSource
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.ui.settings.own_name_fields import OwnNameFields
from tests.ui.conftest import OWN, USER, Desk


@pytest.fixture
def fields(desk: Desk) -> Iterator[OwnNameFields]:
    fields = OwnNameFields(desk.account, desk.preferences)
    desk.qtbot.addWidget(fields)
    fields.show()
    yield fields
    fields.hide()


def _type(desk: Desk, fields: OwnNameFields, first: str, last: str) -> None:
    for field, text in ((fields.first, first), (fields.last, last)):
        field.setFocus()
        field.clear()
        field.insert(text)  # Qt cannot press Estonian keys
        desk.qtbot.keyClick(field, Qt.Key.Key_Return)


def _send(desk: Desk, fields: OwnNameFields) -> None:
    fields.send.click()
    desk.qtbot.waitUntil(lambda: not desk.account.line_name.state.busy)


def test_what_is_kept_stands_in_two_fields(fields: OwnNameFields) -> None:
    assert (fields.first.text(), fields.last.text()) == ("Mari", "Maasikas")
    assert fields.preview == "Phones show: Mari Maasikas"
    assert fields.hint == ""


def test_a_sent_name_is_at_the_service_in_the_ledger_and_here(
    desk: Desk, fields: OwnNameFields
) -> None:
    _type(desk, fields, "Žanna", "Õun")
    assert fields.hint == "Ž becomes Zh."
    assert fields.preview == "Phones show: Zhanna Õun"
    with desk.qtbot.waitSignal(desk.account.numbers_changed):
        _send(desk, fields)
    assert desk.telco.line_names[OWN] == ("Zhanna", "Õun")
    assert desk.ledger.name_of(OWN) == ("Zhanna Õun", NameSource.COMPANY)
    assert desk.preferences.settings.own_name == "Žanna Õun"
    assert fields.outcome == "640 3231 is now called Zhanna Õun."


def test_a_name_of_three_words_stays_where_it_was_typed(desk: Desk, fields: OwnNameFields) -> None:
    _type(desk, fields, "Jaan", "van der Berg")
    desk.change(card_sound=True)
    assert (fields.first.text(), fields.last.text()) == ("Jaan", "van der Berg")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param("", "Maasikas", id="no first name"),
        pytest.param("Mari", "", id="no last name"),
        pytest.param("Mari", "李", id="nothing of it can be shown"),
    ],
)
def test_half_a_name_is_not_sent(desk: Desk, fields: OwnNameFields, first: str, last: str) -> None:
    _type(desk, fields, first, last)
    assert not fields.send.isEnabled()


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(Offline("No connection", "Try later."), id="offline"),
        pytest.param(Refused("The service said no", "Another name?"), id="refused"),
        pytest.param(Uncertain("No answer", "Look at your phone."), id="uncertain"),
    ],
)
def test_why_it_was_not_sent_is_said(
    desk: Desk, fields: OwnNameFields, trouble: PhoneError
) -> None:
    desk.telco.trouble["name_line"].append(trouble)
    _send(desk, fields)
    assert fields.outcome == str(trouble)
    assert fields.send.isEnabled()
    assert desk.ledger.name_of(OWN)[0] == ""


def test_while_one_is_sent_no_other_is(desk: Desk, fields: OwnNameFields) -> None:
    fields.send.click()
    assert fields.outcome == "Sending..."
    assert not fields.send.isEnabled()
    desk.account.line_name.send("Other", "Name")
    desk.qtbot.waitUntil(lambda: not desk.account.line_name.state.busy)
    assert desk.telco.line_names == {OWN: ("Mari", "Maasikas")}


def test_a_full_disk_does_not_undo_what_the_service_took(
    desk: Desk, fields: OwnNameFields, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: str) -> None:
        raise BadInput("The disk is full")

    monkeypatch.setattr(desk.account.line_name, "_named", full)
    _send(desk, fields)
    assert desk.account.line_name.state == Naming(sent="Mari Maasikas")


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER, own_name="Mari Maasikas")

    @pytest.fixture
    def desk(self, empty_desk: Desk) -> Desk:
        empty_desk.account.enter(USER, Secret("correct horse"))
        empty_desk.qtbot.waitUntil(lambda: not empty_desk.account.state.busy)
        return empty_desk

    def test_there_is_nothing_to_name(self, desk: Desk, fields: OwnNameFields) -> None:
        assert not fields.send.isEnabled()
        desk.account.line_name.send("Mari", "Maasikas")
        assert desk.account.line_name.state == Naming()
        assert desk.telco.line_names == {}
