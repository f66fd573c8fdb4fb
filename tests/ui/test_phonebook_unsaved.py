"""What is said of an entry that cannot be saved as it was typed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from desk_phone import i18n
from desk_phone.assets import resource
from desk_phone.ui.phonebook.cells import Unsaved
from desk_phone.ui.phonebook.draft import Draft, Field
from desk_phone.ui.settings.form_area import FormArea
from tests.ui.conftest import Desk
from tests.ui.phonebook_list import shown_page, some_entries

TOO_SHORT = "Too short for a phone number."


@pytest.mark.parametrize(
    ("language", "said"), [("en", "“+372 51”: ?"), ("et", "„+372 51“: ?"), ("ru", "«+372 51»: ?")]
)
def test_what_was_typed_is_quoted_as_the_language_does(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n.catalogue(language, resource("locale")))
    assert Unsaved(Draft(number1="+372 51"), {Field.NUMBER1: "?"}).first == said


def test_an_empty_field_is_not_quoted() -> None:
    assert Unsaved(Draft(), {Field.NAME: "Nobody"}).first == "Nobody"


def test_what_is_wrong_is_seen_in_a_small_window(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.resize(700, 400)
    page.begin_new("")
    form = page.entries.form
    form.field(Field.NAME).insert("Žanna Šmidt")
    form.field(Field.NUMBER1).insert("+372 51")
    form.save.click()
    (area,) = (area for area in page.findChildren(FormArea) if area.widget() is form)
    (note,) = (label for label in form.findChildren(QLabel) if label.text() == TOO_SHORT)

    def seen() -> bool:
        return area.viewport().rect().contains(note.geometry().translated(form.pos()))

    desk.qtbot.waitUntil(seen)
