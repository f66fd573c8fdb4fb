"""What a page that is made anew in another language goes on with: the place, the choice, the text.

Each function looks at the page as it is, and gives what puts the same into the page made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)

from desk_phone.ui.calls.filters import CallFilters
from desk_phone.ui.calls.model import CallsModel
from desk_phone.ui.calls.person_pane import PersonPane
from desk_phone.ui.calls.view import CallsView
from desk_phone.ui.search_field import SEARCH

if TYPE_CHECKING:
    from desk_phone.ui.calls.page import CallsPage
    from desk_phone.ui.company_page import CompanyPage
    from desk_phone.ui.phonebook.page import PhonebookPage
    from desk_phone.ui.settings.page import SettingsPage
    from desk_phone.ui.wizard import Wizard

_SETTLES_MS = 200  # after this somebody else scrolls
_Child = TypeVar("_Child", bound=QObject)


def is_kept(page: CallsPage) -> bool:
    """Whether every note on it is saved."""
    return all(pane.keep() for pane in page.findChildren(PersonPane))


def is_finished(page: PhonebookPage) -> bool:
    """Whether nothing is on it that a person began and only this page knows."""
    from desk_phone.ui.phonebook.import_pane import ImportPane
    from desk_phone.ui.phonebook.parts import Part

    entries, forms = page.entries, (page.entries.form, page.decisions.form)
    typing = entries.table.state() is QAbstractItemView.State.EditingState
    typed = typing or bool(entries.model.unsaved) or any(form.changed for form in forms)
    importing = page.parts.part is Part.IMPORT
    importing = importing or any(pane.busy for pane in page.findChildren(ImportPane))
    return not (typed or importing or page.snapshots.busy)


def of_calls(page: CallsPage) -> Callable[[CallsPage], None]:
    view = _one(page, CallsView)
    text, call, at = _search(page).text(), view.chosen(), view.verticalScrollBar().value()
    chosen = _one(page, CallFilters).chosen

    def put(new: CallsPage) -> None:
        _search(new).setText(text)
        new.show_filter(chosen)
        row = -1 if call is None else _one(new, CallsModel).row_of(call.id)
        if row >= 0:
            _one(new, CallsView).choose(row)
        _scroll(_one(new, CallsView), at)

    return put


def of_company(page: CompanyPage) -> Callable[[CompanyPage], None]:
    text, lines = page.search.text(), page.list.chosen()

    def put(new: CompanyPage) -> None:
        new.search.setText(text)
        for line in lines[:1]:
            new.list.choose(line)

    return put


def of_phonebook(page: PhonebookPage) -> Callable[[PhonebookPage], None]:
    text, part, row = page.head.search.text(), page.parts.part, page.entries.table.current()

    def put(new: PhonebookPage) -> None:
        new.head.search.setText(text)
        new.parts.show_part(part)
        if row is not None:
            once = Qt.ConnectionType.SingleShotConnection
            read = new.entries.reader.read
            read.connect(lambda: new.entries.table.choose(row.id), once)

    return put


def of_settings(page: SettingsPage) -> Callable[[SettingsPage], None]:
    """Also what was typed and not kept yet, and which parts are open."""
    fill = _typed(page)
    at = page.sections.area.verticalScrollBar().value()
    focused = page.window().focusWidget()  # also of a window behind others
    had_keyboard = focused in page.findChildren(QWidget)
    alike = page.findChildren(type(focused)) if had_keyboard else []

    def put(new: SettingsPage) -> None:
        fill(new)
        again = new.findChildren(type(focused)) if had_keyboard else []
        if had_keyboard and len(again) == len(alike):
            again[alike.index(focused)].setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_keyboard:
            new.look.focus_first()
        _scroll(new.sections.area, at)

    return put


def of_wizard(wizard: Wizard) -> Callable[[Wizard], None]:
    at, proposed = wizard.steps.index(wizard.step), wizard.line.section.proposed
    fills = [_typed(step) for step in wizard.steps]  # a stack has its children in any order

    def put(new: Wizard) -> None:
        for fill, step in zip(fills, new.steps, strict=True):
            fill(step)
        numbers = new.line.section.numbers
        numbers.setCurrentIndex(numbers.findData(proposed))
        new.show_step(at)

    return put


def _typed(page: QWidget) -> Callable[[QWidget], None]:
    typed = [(field.text(), field.isModified()) for field in _fields(page)]
    opened = [button.isChecked() for button in _folds(page)]

    def put(new: QWidget) -> None:
        for field, (text, modified) in zip(_fields(new), typed, strict=False):
            if modified and field.text() != text:
                field.setText(text)
                field.setModified(True)
        for button, is_open in zip(_folds(new), opened, strict=False):
            button.setChecked(is_open)

    return put


def _fields(page: QWidget) -> list[QLineEdit]:
    """Without those inside of a spin box or a list, whose values are kept at once."""
    fields = page.findChildren(QLineEdit)
    return [field for field in fields if not field.objectName().startswith("qt_")]


def _folds(page: QWidget) -> list[QToolButton]:
    """What opens a part that is seldom needed, or a password."""
    return [button for button in page.findChildren(QToolButton) if button.isCheckable()]


def _scroll(area: QScrollArea | CallsView, at: int) -> None:
    """As soon as what is inside is laid out: until then there is no room to scroll in. What has
    the keyboard stays in sight, however long the words are now."""
    bar = area.verticalScrollBar()

    def scroll() -> None:
        bar.setValue(at)
        focused = area.window().focusWidget()
        if isinstance(area, QScrollArea) and focused in area.findChildren(QWidget):
            area.ensureWidgetVisible(focused)

    scroll()
    laid_out = bar.rangeChanged.connect(scroll)
    QTimer.singleShot(_SETTLES_MS, bar, lambda: bar.rangeChanged.disconnect(laid_out))


def _search(page: CallsPage) -> QLineEdit:
    return next(field for field in page.findChildren(QLineEdit) if field.objectName() == SEARCH)


def _one(page: QWidget, kind: type[_Child]) -> _Child:
    return page.findChildren(kind)[0]
